"""A Customer Profiles domain that removes duplicate profiles by two rules."""

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
        "max_allowed_rule_level_for_merging": 1,
        "conflict_resolution": {"conflict_resolving_model": "RECENCY"},
    },
    tags={"team": "crm"},
)

pulumi.export("domain_name", crm.domain_name)
pulumi.export("arn", crm.arn)
