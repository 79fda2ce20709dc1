"""comparison: what counts as a change, and what is live in the words of the program."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.model.comparison import Change, changes, project, replacing
from pulumi_connect_domains.model.path import Path
from pulumi_connect_domains.model.values import ABSENT, Unknown
from pulumi_connect_domains.registry import resource_types

SCHEMA = resource_types()["customerprofiles"].schema
ON = {"enabled": True}
OFF = {"enabled": False}
RULES = [{"rule": ["EmailAddress"]}, {"rule": ["LastName", "PhoneNumber"]}]


def selector(*emails: str) -> dict[str, Any]:
    return {
        "rule_based_matching": {
            "enabled": True,
            "attribute_types_selector": {"attribute_matching_model": "ONE_TO_ONE", "email_address": list(emails)},
        }
    }


def schedule(time: str) -> dict[str, Any]:
    return {"matching": {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": time}}}


SAME = {
    "nothing on either side": ({}, {}),
    "null and absent": ({"dead_letter_queue_url": None}, {}),
    "matching taken out, and off already": ({}, {"matching": OFF}),
    "a data store taken out, and off already": ({}, {"data_store": OFF}),
    "a schedule taken out that is AWS's own default": (
        {"matching": ON},
        {"matching": {**ON, "job_schedule": {"day_of_the_week": "SATURDAY", "time": "00:00"}}},
    ),
    "off, with a default and with what is off beside it": (
        {},
        {"matching": {**OFF, "auto_merging": OFF, "job_schedule": {"day_of_the_week": "SATURDAY", "time": "00:00"}}},
    ),
    "a key taken out, and empty already": ({}, {"default_encryption_key": ""}),
    "no rules and an empty list of rules": (
        {"rule_based_matching": {"enabled": True, "matching_rules": []}},
        {"rule_based_matching": ON},
    ),
    "no tags and an empty map": ({"tags": {}}, {}),
    "9:05 and 09:05": (schedule("9:05"), schedule("09:05")),
    "days as int and as float": ({"default_expiration_days": 30}, {"default_expiration_days": 30.0}),
    "the selector's lists in another order": (selector("a", "b"), selector("b", "a")),
    "computed properties": ({}, {"arn": "arn:x", "stats": {"profile_count": 3}, "created_at": "2026-01-01"}),
    "tags in another order": ({"tags": {"a": "1", "b": "2"}}, {"tags": {"b": "2", "a": "1"}}),
}

DIFFERENT = {
    "a number": (
        {"default_expiration_days": 30},
        {"default_expiration_days": 31},
        [Change(("default_expiration_days",), 31, 30)],
    ),
    "a setting taken out while it is on": ({}, {"matching": ON}, [Change(("matching",), ON, ABSENT)]),
    "off said for the first time, since AWS may have it on": (
        {"matching": OFF},
        {},
        [Change(("matching",), ABSENT, OFF)],
    ),
    "off, with a schedule of its own beside it": (
        {},
        {"matching": {**OFF, "job_schedule": {"day_of_the_week": "MONDAY", "time": "00:00"}}},
        [Change(("matching",), {**OFF, "job_schedule": {"day_of_the_week": "MONDAY", "time": "00:00"}}, ABSENT)],
    ),
    "a tag without a value taken out": (
        {"tags": {"a": "1"}},
        {"tags": {"a": "1", "b": ""}},
        [Change(("tags", "b"), "", ABSENT)],
    ),
    "a data store taken out": ({}, {"data_store": ON}, [Change(("data_store",), ON, ABSENT)]),
    "a member taken out of a structure": (
        {"matching": ON},
        {"matching": {**ON, "exporting_config": {"s3_exporting": {"s3_bucket_name": "b-1"}}}},
        [Change(("matching", "exporting_config"), {"s3_exporting": {"s3_bucket_name": "b-1"}}, ABSENT)],
    ),
    "rules in another order": (
        {"rule_based_matching": {"enabled": True, "matching_rules": RULES}},
        {"rule_based_matching": {"enabled": True, "matching_rules": RULES[::-1]}},
        [
            Change(("rule_based_matching", "matching_rules", 0, "rule", 0), "LastName", "EmailAddress"),
            Change(("rule_based_matching", "matching_rules", 0, "rule", 1), "PhoneNumber", ABSENT),
            Change(("rule_based_matching", "matching_rules", 1, "rule", 0), "EmailAddress", "LastName"),
            Change(("rule_based_matching", "matching_rules", 1, "rule", 1), ABSENT, "PhoneNumber"),
        ],
    ),
    "true is not one": (
        {"default_expiration_days": True},
        {"default_expiration_days": 1},
        [Change(("default_expiration_days",), 1, True)],
    ),
    "a threshold of zero is a value": (
        {"matching": {**ON, "auto_merging": {"enabled": True, "min_allowed_confidence_score_for_merging": 0}}},
        {"matching": {**ON, "auto_merging": {"enabled": True}}},
        [Change(("matching", "auto_merging", "min_allowed_confidence_score_for_merging"), ABSENT, 0)],
    ),
    "a foreign tag in an owned set": (
        {"tags_all": {"team": "crm"}},
        {"tags_all": {"team": "crm", "owner": "x"}},
        [Change(("tags_all", "owner"), "x", ABSENT)],
    ),
    "one more of the same in a list without order": (
        selector("a", "a"),
        selector("a", "b"),
        [Change(("rule_based_matching", "attribute_types_selector", "email_address"), ["a", "b"], ["a", "a"])],
    ),
}


@pytest.mark.parametrize(("desired", "actual"), SAME.values(), ids=SAME)
def test_what_means_the_same_is_no_change(desired: dict[str, Any], actual: dict[str, Any]) -> None:
    assert changes(SCHEMA, desired, actual) == ()


@pytest.mark.parametrize(("desired", "actual", "expected"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_change_names_its_path_and_both_sides(desired: Any, actual: Any, expected: list[Change]) -> None:
    assert list(changes(SCHEMA, desired, actual)) == expected


@pytest.mark.parametrize("place", ["default_expiration_days", "matching", "tags"])
def test_an_unknown_value_counts_as_a_change(place: str) -> None:
    unknown = Unknown()
    found = changes(SCHEMA, {place: unknown}, {place: unknown})
    assert [str(change.path) for change in found] == [place]


def test_an_unknown_within_a_list_without_order_counts_as_a_change() -> None:
    assert changes(SCHEMA, selector("a", Unknown()), selector("a", "b"))  # type: ignore[arg-type]  # unknowns stand for texts


def test_paths_are_written_as_people_write_them() -> None:
    keys = ("rule_based_matching", "matching_rules", 1, "rule", 0)
    assert str(Path(keys)) == "rule_based_matching.matching_rules[1].rule[0]"


def test_only_name_and_region_replace() -> None:
    found = changes(
        SCHEMA,
        {"domain_name": "b", "region": "eu-west-2", "default_expiration_days": 2},
        {"domain_name": "a", "region": "us-east-1", "default_expiration_days": 1},
    )
    assert sorted(replacing(SCHEMA, found)) == ["domain_name", "region"]


PROJECTIONS = {
    "what nobody declared disappears": (
        {"default_expiration_days": 30},
        {"default_expiration_days": 30, "matching": ON, "tags": {"a": "1"}, "default_encryption_key": ""},
        {"default_expiration_days": 30},
    ),
    "what the server filled in disappears": (
        {"matching": ON},
        {"matching": {**ON, "auto_merging": OFF, "job_schedule": {"day_of_the_week": "SATURDAY", "time": "0:00"}}},
        {"matching": ON},
    ),
    "the program's wording stays": (schedule("9:05"), schedule("09:05"), schedule("9:05")),
    "off, and AWS says nothing": ({"matching": OFF}, {}, {"matching": OFF}),
    "off with settings, and AWS says nothing": (
        {"matching": {**OFF, "auto_merging": OFF}},
        {},
        {"matching": {**OFF, "auto_merging": OFF}},
    ),
    "off with settings, and AWS says only off": (
        {"matching": {**OFF, "auto_merging": OFF}},
        {"matching": OFF},
        {"matching": {**OFF, "auto_merging": OFF}},
    ),
    "a key that was cleared": (
        {"default_encryption_key": "k"},
        {"default_encryption_key": ""},
        {"default_encryption_key": ""},
    ),
    "a setting that was turned off elsewhere": ({"matching": ON}, {"matching": OFF}, {"matching": OFF}),
    "a setting that is gone": ({"matching": ON}, {}, {}),
    "a rule that was added elsewhere": (
        {"rule_based_matching": {**ON, "matching_rules": RULES[:1]}},
        {"rule_based_matching": {**ON, "matching_rules": RULES, "status": "ACTIVE"}},
        {"rule_based_matching": {**ON, "matching_rules": RULES}},
    ),
    "declared tags only": ({"tags": {"a": "1", "b": "2"}}, {"tags": {"a": "9", "c": "3"}}, {"tags": {"a": "9"}}),
    "the program's order in a list without order": (selector("b", "a"), selector("a", "b"), selector("b", "a")),
}


@pytest.mark.parametrize(("declared", "live", "expected"), PROJECTIONS.values(), ids=PROJECTIONS)
def test_live_in_the_words_of_the_program(declared: Any, live: Any, expected: dict[str, Any]) -> None:
    assert project(SCHEMA, declared, live) == expected


documents = st.fixed_dictionaries(
    {"default_expiration_days": st.integers(1, 1098)},
    optional={
        "default_encryption_key": st.text(max_size=5),
        "matching": st.fixed_dictionaries(
            {"enabled": st.booleans()},
            optional={
                "job_schedule": st.fixed_dictionaries(
                    {"day_of_the_week": st.just("SUNDAY"), "time": st.sampled_from(["9:05", "09:05", "23:59"])}
                ),
                "auto_merging": st.fixed_dictionaries({"enabled": st.booleans()}),
            },
        ),
        "rule_based_matching": st.fixed_dictionaries(
            {"enabled": st.booleans()},
            optional={
                "matching_rules": st.lists(
                    st.fixed_dictionaries({"rule": st.lists(st.sampled_from("abc"), min_size=1)})
                )
            },
        ),
        "tags": st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")),
    },
)


@given(documents)
def test_a_document_never_differs_from_itself(document: dict[str, Any]) -> None:
    assert changes(SCHEMA, document, document) == ()


@given(documents)
def test_what_is_live_as_declared_projects_to_the_declared(document: dict[str, Any]) -> None:
    assert project(SCHEMA, document, document) == document


@given(documents, documents)
def test_a_projection_is_stable(declared: dict[str, Any], live: dict[str, Any]) -> None:
    once = project(SCHEMA, declared, live)
    assert project(SCHEMA, once, live) == once
