"""documents and tags: inputs and outputs, and how one follows from the other."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_connect_domains.model import documents, tags
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.model.values import Unknown
from pulumi_connect_domains.registry import resource_types

SCHEMA = resource_types()["customerprofiles"].schema
LIVE: dict[str, Any] = {
    "domain_name": "crm",
    "default_expiration_days": 30,
    "rule_based_matching": {"enabled": True, "status": "ACTIVE"},
    "data_store": {"enabled": True, "readiness": {"progress_percentage": 100}},
    "stats": {"profile_count": 3, "object_count": 1},
    "created_at": "2026-05-01T10:00:00+00:00",
    "tags": {"team": "crm", "aws:x": "1"},
    "arn": "arn:aws:profile:us-east-1:123456789012:domains/crm",
}
COMPUTED = {
    "arn": LIVE["arn"],
    "created_at": LIVE["created_at"],
    "stats": LIVE["stats"],
    "rule_based_matching_status": "ACTIVE",
    "data_store_readiness": {"progress_percentage": 100},
}


def test_outputs_are_the_inputs_as_given_then_what_aws_computed() -> None:
    inputs = {"default_expiration_days": 30, "rule_based_matching": {"enabled": True}, "force_destroy": True}
    assert documents.outputs(SCHEMA, inputs, LIVE) == {**inputs, **COMPUTED}


def test_an_update_without_an_answer_keeps_what_was_known() -> None:
    assert documents.outputs(SCHEMA, {"default_expiration_days": 31}, {}, COMPUTED) == {
        "default_expiration_days": 31,
        **COMPUTED,
    }


def test_an_answer_without_stats_keeps_them_and_a_status_goes_with_its_setting() -> None:
    answer = {"rule_based_matching": {"enabled": False}, "created_at": LIVE["created_at"], "arn": LIVE["arn"]}
    found = documents.outputs(SCHEMA, {}, answer, COMPUTED)
    assert found["stats"] == LIVE["stats"]
    assert "rule_based_matching_status" not in found


def test_inputs_of_outputs_leave_out_what_is_computed() -> None:
    inputs = {"default_expiration_days": 30, "region": "us-east-1", "tags_all": {"a": "1"}}
    assert documents.inputs_of(SCHEMA, {**inputs, **COMPUTED}) == inputs


def test_all_that_could_be_declared() -> None:
    assert documents.settable(SCHEMA, LIVE) == {
        "domain_name": "crm",
        "default_expiration_days": 30,
        "rule_based_matching": {"enabled": True},
        "data_store": {"enabled": True},
        "tags": {"team": "crm", "aws:x": "1"},
    }


def test_read_inputs_keep_what_only_the_provider_knows() -> None:
    declared = {"default_expiration_days": 7, "region": "us-east-1", "force_destroy": True}
    assert documents.read_inputs(SCHEMA, declared, LIVE, TagPolicy()) == {**declared, "default_expiration_days": 30}


def test_owned_tags_are_read_as_a_whole_and_declared_ones_by_key() -> None:
    declared = {"tags": {"team": "x"}, "tags_all": {"team": "x", "default": "d"}}
    live = {"tags": {"team": "crm", "foreign": "1", "aws:x": "1"}}
    found = documents.read_inputs(SCHEMA, declared, live, TagPolicy())
    assert found == {"tags": {"team": "crm"}, "tags_all": {"team": "crm", "foreign": "1"}}


def test_tags_of_others_are_nobodys_business() -> None:
    assert documents.read_inputs(SCHEMA, {}, {"tags": {"foreign": "1"}}, TagPolicy()) == {}


SETTLED: dict[str, tuple[dict[str, Any], dict[str, str], dict[str, Any]]] = {
    "none": ({}, {}, {}),
    "own": ({"tags": {"a": "1"}}, {}, {"tags": {"a": "1"}, "tags_all": {"a": "1"}}),
    "defaults": ({}, {"d": "0"}, {"tags_all": {"d": "0"}}),
    "own over defaults": (
        {"tags": {"d": "1"}},
        {"d": "0", "e": "2"},
        {"tags": {"d": "1"}, "tags_all": {"d": "1", "e": "2"}},
    ),
    "an empty map declares none": ({"tags": {}}, {}, {"tags": {}}),
    "the candidate of the constructor goes": ({"tags_all": {"a": "1"}}, {}, {}),
}


@pytest.mark.parametrize(("inputs", "defaults", "expected"), SETTLED.values(), ids=SETTLED)
def test_tags_all(inputs: dict[str, Any], defaults: dict[str, str], expected: dict[str, Any]) -> None:
    assert tags.settled(SCHEMA, inputs, TagPolicy(defaults)) == expected


def test_unknown_tags_are_unknown_together() -> None:
    inputs: dict[str, object] = {"tags": Unknown()}
    assert isinstance(tags.settled(SCHEMA, inputs, TagPolicy({"d": "0"}))["tags_all"], Unknown)


def test_tag_updates_add_and_change_first_and_remove_only_what_went() -> None:
    found = tags.updates(
        SCHEMA,
        {"tags_all": {"same": "1", "new": "2", "changed": "3"}},
        {"tags_all": {"same": "1", "changed": "0", "gone": "9"}},
    )
    assert found == ({"new": "2", "changed": "3"}, ["gone"])
