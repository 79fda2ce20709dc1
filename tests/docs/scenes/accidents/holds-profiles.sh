# The domain `crm` holds profiles and objects.
python -c '
import os
from pulumi_connect_domains.local.aws import LocalAws

aws = LocalAws.connect(os.environ["AWS_ENDPOINT_URL"])
aws.change("customer-profiles", "crm", **{"Stats.ProfileCount": 120000, "Stats.ObjectCount": 250000})'
