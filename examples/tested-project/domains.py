"""What the stages have in common, and what not. `__main__.py` and the tests both use it."""

from pulumi_connect_domains import customerprofiles

RETENTION_DAYS = {"dev": 30, "staging": 90, "production": 730}
"""Real customers' data is in production alone."""


def profiles(stage: str, owner: str) -> customerprofiles.Domain:
    """The stage's domain. Raises KeyError for a stage that there is not."""
    is_production = stage == "production"
    return customerprofiles.Domain(
        "profiles",
        default_expiration_days=RETENTION_DAYS[stage],
        rule_based_matching={
            "enabled": True,
            "matching_rules": [{"rule": ["EmailAddress"]}, {"rule": ["LastName", "PhoneNumber"]}],
            "max_allowed_rule_level_for_matching": 2,
        },
        tags={"owner": owner, "stage": stage},
        # Outside production a domain goes with its test data; in production the guard stays on.
        force_destroy=not is_production,
    )
