# A project `crm` in this folder, whose stack `dev` is up on a local AWS with the domain `crm`; this shell talks to that AWS.
mkdir stacks
export PULUMI_BACKEND_URL=file://$PWD/stacks PULUMI_CONFIG_PASSPHRASE=scene
printf 'name: crm\nruntime: python\n' >Pulumi.yaml
cat >__main__.py <<'PROGRAM'
from pulumi_connect_domains import customerprofiles

customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=366, tags={"team": "crm"})
PROGRAM
pulumi stack init dev >/dev/null &&
    pulumi config set aws:region eu-west-2 &&
    pulumi up --yes --skip-preview >/dev/null 2>&1 &&
    eval "$(connect-domains local status)"
