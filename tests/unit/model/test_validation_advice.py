"""`advice`: each rule speaks where it should, and is silent where the program leaves no doubt or nobody can know yet."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_connect_domains.model.validation import advice, failures
from pulumi_connect_domains.model.values import Unknown
from pulumi_connect_domains.model.warning import Notice, unsilenced

from .validation_documents import FULL_PROFILES, FULL_VOICE, PROFILES, VOICE, changed, paths

MERGING = "matching.auto_merging"
RULES = "rule_based_matching"

SPEAKS = {
    "SOURCE without a source": (f"{MERGING}.conflict_resolution.source_name", None, "source-name-missing"),
    "a source that RECENCY does not use": (
        f"{MERGING}.conflict_resolution.conflict_resolving_model",
        "RECENCY",
        "source-name-unused",
    ),
    "no rules while matching by rules is on": (f"{RULES}.matching_rules", [], "rules-missing"),
    "an attribute that no document names": (
        f"{RULES}.matching_rules.0.rule.0",
        "BusinessAddress.City",
        "rule-attribute-unknown",
    ),
    "a selector value that no document names": (
        f"{RULES}.attribute_types_selector.address.0",
        "MailingAddress",
        "selector-value-unknown",
    ),
    "a queue's ARN in place of its URL": ("dead_letter_queue_url", "arn:aws:sqs:eu-central-1:1:q", "queue-is-no-url"),
    "a Region without the service": ("region", "eu-north-1", "region-unknown"),
    "results of matching that nobody keeps": ("matching.exporting_config", None, "results-not-exported"),
    "results of rules that nobody keeps": (f"{RULES}.exporting_config", {}, "results-not-exported"),
    "criteria that are off": (f"{MERGING}.enabled", False, "auto-merging-is-off"),
}


def rules(schema: dict[str, Any], inputs: object) -> set[str]:
    return {item.rule for item in advice(schema, inputs)}


def test_a_document_that_leaves_no_doubt_gets_no_advice() -> None:
    assert advice(PROFILES, FULL_PROFILES) == []


@pytest.mark.parametrize(("path", "value", "rule"), SPEAKS.values(), ids=SPEAKS.keys())
def test_it_speaks_of(path: str, value: object, rule: str) -> None:
    document = changed(FULL_PROFILES, path, value)
    assert failures(PROFILES, document) == []
    assert rules(PROFILES, document) >= {rule}


@pytest.mark.parametrize("key", ["matching_rule", "matchingRules", "MatchingRules"])
def test_a_misspelt_property_is_not_missing(key: str) -> None:
    document = {"default_expiration_days": 30, RULES: {"enabled": True, key: [{"rule": ["EmailAddress"]}]}}
    assert [str(each.path) for each in failures(PROFILES, document)] == [f"{RULES}.{key}"]
    assert "rules-missing" not in rules(PROFILES, document)
    document[RULES] = {"enabled": True, "something": 1}
    assert "rules-missing" in rules(PROFILES, document)


def test_levels_are_compared_with_each_other_and_with_the_rules() -> None:
    document = changed(FULL_PROFILES, f"{RULES}.max_allowed_rule_level_for_merging", 4.0)
    document = changed(document, f"{RULES}.max_allowed_rule_level_for_matching", 3)
    assert [str(item) for item in advice(PROFILES, document)] == [
        f"{RULES}.max_allowed_rule_level_for_matching: level 3 has no rule; the number of matching_rules is 2",
        f"{RULES}.max_allowed_rule_level_for_merging: level 4 has no rule; the number of matching_rules is 2",
        f"{RULES}.max_allowed_rule_level_for_merging: level 4 is above max_allowed_rule_level_for_matching, 3:"
        " profiles are merged only where they are matched",
    ]


@pytest.mark.parametrize("level", [1, 2, 2.0])
def test_a_merging_level_up_to_the_matching_level_is_fine(level: float) -> None:
    assert advice(PROFILES, changed(FULL_PROFILES, f"{RULES}.max_allowed_rule_level_for_merging", level)) == []


def test_settings_of_matching_that_is_off_are_named_one_by_one() -> None:
    document = changed(FULL_PROFILES, "matching.enabled", False)
    assert [(item.rule, item.path) for item in advice(PROFILES, document)] == [
        ("matching-is-off", "matching.auto_merging"),
        ("matching-is-off", "matching.job_schedule"),
    ]


def test_each_place_in_a_list_has_its_own_line() -> None:
    document = changed(FULL_PROFILES, f"{RULES}.matching_rules", [{"rule": ["LastName", "Shoe"]}, {"rule": ["Hat"]}])
    assert [item.path for item in advice(PROFILES, document)] == [
        f"{RULES}.matching_rules[0].rule[1]",
        f"{RULES}.matching_rules[1].rule[0]",
    ]


@pytest.mark.parametrize("attribute", ["Attributes.LoyaltyId", "AttributesX", "Address.Province", "EmailAddress"])
def test_documented_attributes_are_fine(attribute: str) -> None:
    assert advice(PROFILES, changed(FULL_PROFILES, f"{RULES}.matching_rules.0.rule.0", attribute)) == []


@pytest.mark.parametrize("path", paths(FULL_PROFILES))
def test_an_unknown_value_brings_no_advice(path: str) -> None:
    assert advice(PROFILES, changed(FULL_PROFILES, path, Unknown())) == []


@pytest.mark.parametrize(
    ("path", "unknown"),
    [
        (f"{MERGING}.conflict_resolution.source_name", f"{MERGING}.conflict_resolution.conflict_resolving_model"),
        (f"{RULES}.matching_rules", f"{RULES}.enabled"),
        ("matching.exporting_config", "matching.enabled"),
    ],
)
def test_a_rule_that_needs_an_unknown_value_is_silent(path: str, unknown: str) -> None:
    document = changed(FULL_PROFILES, path, None)
    assert advice(PROFILES, document) != []
    assert advice(PROFILES, changed(document, unknown, Unknown())) == []


def test_an_unknown_value_does_not_count_as_given() -> None:
    document = changed(FULL_PROFILES, "matching.enabled", False)
    assert "job_schedule" in {item.path.rpartition(".")[2] for item in advice(PROFILES, document)}
    unknown = changed(document, "matching.job_schedule", Unknown())
    assert "job_schedule" not in {item.path.rpartition(".")[2] for item in advice(PROFILES, unknown)}


@pytest.mark.parametrize("path", paths(FULL_PROFILES))
def test_values_of_the_wrong_kind_are_left_to_failures(path: str) -> None:
    for wrong in (7, "text", [], {}, None, True, float("inf"), [None], {"enabled": 1}):
        found = advice(PROFILES, changed(FULL_PROFILES, path, wrong))
        assert all(item.text for item in found)


def test_a_rule_can_be_silenced() -> None:
    document = changed(FULL_PROFILES, "region", "eu-north-1")
    document["dead_letter_queue_url"] = "queue"
    assert rules(PROFILES, document) == {"queue-is-no-url", "region-unknown"}
    assert [item.rule for item in unsilenced(advice(PROFILES, document), {"region-unknown"})] == ["queue-is-no-url"]


def test_voice_id_always_tells_of_its_end_and_of_keys_that_it_does_not_take() -> None:
    document = changed(FULL_VOICE, "server_side_encryption_configuration.kms_key_id", "alias/aws/connect")
    assert [(item.rule, item.path) for item in advice(VOICE, document)] == [
        ("end-of-support", ""),
        ("key-is-aws-managed", "server_side_encryption_configuration.kms_key_id"),
    ]
    assert rules(VOICE, FULL_VOICE) == {"end-of-support"}


def test_advice_reads_as_a_line() -> None:
    assert str(Notice("rule", "a.b", "is odd")) == "a.b: is odd"
    assert str(Notice("rule", "", "is odd")) == "is odd"


@pytest.mark.parametrize("path", ["dead_letter_queue_url", f"{RULES}.matching_rules.0.rule.0", "region"])
def test_free_text_is_never_shown(path: str) -> None:
    found = advice(PROFILES, changed(FULL_PROFILES, path, "hunter2"))
    assert found != []
    assert "hunter2" not in "".join(map(str, found))


def test_a_rule_about_each_item_goes_through_lists_and_never_through_the_keys_of_a_map() -> None:
    told = [
        changed(FULL_PROFILES, f"{RULES}.matching_rules", value)
        for value in ([{"rule": ["Nick"]}], {"a": {"rule": ["Nick"]}})
    ]
    assert ["rule-attribute-unknown" in rules(PROFILES, document) for document in told] == [True, False]
