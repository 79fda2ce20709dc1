"""What a program says of a domain: all that somebody has set, nothing that AWS fills in, and tags that come out as they are."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_connect_domains.adopt import declaring
from pulumi_connect_domains.adopt.model import Found
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.registry import resource_types

TYPE = next(iter(resource_types().values()))
ARN = "arn:aws:profile:eu-west-2:123456789012:domains/crm"
DAYS = {"default_expiration_days": 30}
RULES = [{"rule": ["EmailAddress"]}]
SELECTOR = {"attribute_matching_model": "ONE_TO_ONE"}
ONLY_REGION = Configuration(region="eu-west-2")


def found(**live: Any) -> Found:
    return Found(TYPE, "123456789012", "eu-west-2", "crm", {"domain_name": "crm", **DAYS, "arn": ARN, **live})


@pytest.mark.parametrize(
    ("live", "declared"),
    [
        ({}, {}),
        ({"default_encryption_key": "", "dead_letter_queue_url": ""}, {}),
        ({"matching": {"enabled": False}, "rule_based_matching": {"enabled": False}, "data_store": {"enabled": False}}, {}),
        ({"matching": {"enabled": True, "auto_merging": {"enabled": False}}}, {"matching": {"enabled": True}}),
        (
            {"matching": {"enabled": True, "job_schedule": {"day_of_the_week": "SATURDAY", "time": "0:00"}}},
            {"matching": {"enabled": True}},
        ),
        (
            {"matching": {"enabled": True, "auto_merging": {"enabled": True, "min_allowed_confidence_score_for_merging": 0}}},
            {"matching": {"enabled": True, "auto_merging": {"enabled": True, "min_allowed_confidence_score_for_merging": 0}}},
        ),
        (
            {"rule_based_matching": {"enabled": True, "matching_rules": RULES, "status": "ACTIVE", "exporting_config": {}}},
            {"rule_based_matching": {"enabled": True, "matching_rules": RULES}},
        ),
        (
            {"rule_based_matching": {"enabled": False, "matching_rules": RULES, "status": "ACTIVE"}},
            {"rule_based_matching": {"enabled": False, "matching_rules": RULES}},
        ),
        (
            {"data_store": {"enabled": True, "readiness": {"progress_percentage": 100}}, "stats": {"profile_count": 1}},
            {"data_store": {"enabled": True}},
        ),
        (
            {"rule_based_matching": {"enabled": True, "attribute_types_selector": {**SELECTOR, "address": []}}},
            {"rule_based_matching": {"enabled": True, "attribute_types_selector": SELECTOR}},
        ),
    ],
    ids=[
        "only what is required",
        "no key, no queue",
        "switched off",
        "merging that AWS fills in",
        "the schedule that AWS fills in, however it is written",
        "zero is a threshold",
        "status and empty structures",
        "rules that somebody keeps while they are off",
        "readiness and counts are AWS's",
        "an empty list is none",
    ],
)  # fmt: skip
def test_settings(live: dict[str, Any], declared: dict[str, Any]) -> None:
    made = declaring.declare(found(**live), ONLY_REGION)
    assert made.declared == {"domain_name": "crm", **DAYS, **declared}
    assert made.inputs == {**made.declared, "region": "eu-west-2"}
    assert made.failures == ()


def test_outputs_echo_the_inputs_and_add_what_aws_computed() -> None:
    domain = found(stats={"profile_count": 3}, created_at="2026-01-01T00:00:00+00:00")
    made = declaring.declare(domain, Configuration())
    computed = {"arn": ARN, "stats": {"profile_count": 3}, "created_at": "2026-01-01T00:00:00+00:00"}
    assert declaring.outputs(domain, made.inputs) == {**made.inputs, **computed}


@pytest.mark.parametrize(("region", "declared"), [("", "eu-west-2"), ("us-east-1", "eu-west-2"), ("eu-west-2", None)])
def test_the_region_is_declared_unless_the_stacks_config_says_it(region: str, declared: str | None) -> None:
    assert declaring.declare(found(), Configuration(region=region)).declared.get("region") == declared


TAGGED = Configuration(
    region="eu-west-2",
    tags=TagPolicy({"team": "crm", "ci:run": "1"}, ignored_prefixes=("ci:",)),
)


@pytest.mark.parametrize(
    ("live", "tags", "tags_all", "missing"),
    [
        ({"team": "crm", "mine": "1"}, {"mine": "1"}, {"team": "crm", "mine": "1"}, []),
        ({"team": "sales"}, {"team": "sales"}, {"team": "sales"}, []),
        ({"team": "crm", "ci:run": "7", "aws:x": "y"}, None, {"team": "crm"}, []),
        ({}, None, {"team": "crm"}, ["team"]),
    ],
    ids=[
        "default tags are not repeated",
        "another value is declared",
        "ignored and AWS's own",
        "a default tag is missing",
    ],
)
def test_tags_come_out_as_they_are(
    live: dict[str, str], tags: dict[str, str] | None, tags_all: dict[str, str], missing: list[str]
) -> None:
    domain = found(tags=live)
    made = declaring.declare(domain, TAGGED)
    assert made.declared.get("tags") == tags
    assert made.inputs["tags_all"] == tags_all
    assert declaring.missing_default_tags(domain, TAGGED) == missing


def test_what_check_refuses_is_told() -> None:
    made = declaring.declare(found(default_expiration_days=4000), Configuration())
    assert made.failures == ("default_expiration_days: 4000 is too big; at most 1098 days",)


def test_an_item_of_a_list_is_never_left_out_since_its_place_has_a_meaning() -> None:
    rules = [{"rule": []}, {"rule": ["LastName"]}]
    made = declaring.declare(found(rule_based_matching={"enabled": True, "matching_rules": rules}), ONLY_REGION)
    assert made.declared["rule_based_matching"] == {"enabled": True, "matching_rules": rules}
    assert made.failures == ("rule_based_matching.matching_rules[0].rule: is empty; must be a list of 1 to 15 items",)


def test_whole_numbers_stand_in_the_state_as_the_engine_would_have_given_them() -> None:
    merging = {"enabled": True, "min_allowed_confidence_score_for_merging": 1.0}
    made = declaring.declare(found(matching={"enabled": True, "auto_merging": merging}), ONLY_REGION)
    assert str(made.inputs["matching"]) == str(
        {"enabled": True, "auto_merging": {"enabled": True, "min_allowed_confidence_score_for_merging": 1}}
    )
