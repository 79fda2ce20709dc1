"""A Customer Profiles domain that finds duplicate profiles by two rules, and merges none yet."""

import pulumi
from pulumi_connect_domains import customerprofiles

config = pulumi.Config()

customers = customerprofiles.Domain(
    "customers",
    default_expiration_days=config.require_int("default_expiration_days"),
    rule_based_matching={
        "enabled": True,
        # The order is the level: profiles with the same e-mail address are the surest to be one person's.
        "matching_rules": [
            {"rule": ["EmailAddress"]},
            {"rule": ["LastName", "PhoneNumber"]},
        ],
        "max_allowed_rule_level_for_matching": 2,
        # When you have looked at what is matched, merge up to the level that you trust:
        # "max_allowed_rule_level_for_merging": 1,
    },
    tags={"team": config.require("team")},
)

pulumi.export("domain_name", customers.domain_name)
pulumi.export("arn", customers.arn)
