"""A Customer Profiles domain that finds duplicate profiles by two rules.

It merges nothing yet: AWS advises to look at what is matched first, and then to set max_allowed_rule_level_for_merging.
"""

import pulumi
from pulumi_connect_domains import customerprofiles

crm = customerprofiles.Domain(
    "crm",
    default_expiration_days=366,
    rule_based_matching={
        "enabled": True,
        "matching_rules": [
            {"rule": ["EmailAddress"]},
            {"rule": ["LastName", "PhoneNumber"]},
        ],
        "max_allowed_rule_level_for_matching": 2,
    },
    tags={"team": "crm"},
)

pulumi.export("domain_name", crm.domain_name)
pulumi.export("arn", crm.arn)
