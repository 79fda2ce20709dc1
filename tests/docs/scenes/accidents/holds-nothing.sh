# The domain `crm` holds nothing any more, and the state knows that.
python -c '
import os
from pulumi_connect_domains.local.aws import LocalAws

aws = LocalAws.connect(os.environ["AWS_ENDPOINT_URL"])
aws.change("customer-profiles", "crm", **{"Stats.ProfileCount": 0, "Stats.ObjectCount": 0})'
pulumi up --refresh --yes >/dev/null 2>&1
