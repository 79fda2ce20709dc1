# The program declares the domain `support`. It was created by a run that was killed: the state lists a pending operation only.
python -c 'import boto3; boto3.client("customer-profiles", "eu-west-2").create_domain(DomainName="support", DefaultExpirationDays=366)'
echo 'customerprofiles.Domain("support", domain_name="support", default_expiration_days=366)' >>__main__.py
pulumi stack export >state.json
python -c '
import copy
import json

with open("state.json") as file:
    state = json.load(file)
[crm] = [each for each in state["deployment"]["resources"] if each["urn"].endswith("::crm")]
made = copy.deepcopy(crm)
del made["id"], made["outputs"]
made["urn"] = crm["urn"].replace("Domain::crm", "Domain::support")
made["inputs"]["domain_name"] = "support"
state["deployment"]["pending_operations"] = [{"resource": made, "type": "creating"}]
with open("state.json", "w") as file:
    json.dump(state, file)'
pulumi stack import --file state.json >/dev/null
