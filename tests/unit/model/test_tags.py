"""Tags: default ones merged, ignored ones left alone, and the steps from one set to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.model import tags
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.model.values import Unknown
from pulumi_connect_domains.registry import resource_types

SCHEMA = resource_types()["customerprofiles"].schema
IGNORING = TagPolicy({"team": "crm", "k8s/x": "default"}, frozenset({"owner"}), ("k8s/",))
KEYS = st.sampled_from(["team", "owner", "k8s/x", "k8s/y", "aws:cloudformation", "AWS:x", "cost"])
TAGS = st.dictionaries(KEYS, st.sampled_from(["1", "2"]))


def settled(inputs: dict[str, Any], policy: TagPolicy = IGNORING) -> dict[str, Any]:
    return tags.settled(SCHEMA, inputs, policy)


def test_own_tags_win_over_default_ones_and_ignored_ones_are_left_out() -> None:
    assert settled({"tags": {"team": "own", "owner": "x", "cost": "1"}})["tags_all"] == {"team": "own", "cost": "1"}


def test_without_any_tag_there_is_no_tags_all() -> None:
    assert settled({"tags_all": {"old": "1"}}, TagPolicy()) == {}
    assert settled({}, TagPolicy({"team": "crm"})) == {"tags_all": {"team": "crm"}}


def test_unknown_tags_stay_unknown() -> None:
    unknown = Unknown()
    assert settled({"tags": unknown})["tags_all"] is unknown
    assert settled({"tags": {"cost": unknown}})["tags_all"] == {"team": "crm", "cost": unknown}


def test_declared_tags_that_are_ignored_are_counted() -> None:
    assert tags.ignored(SCHEMA, {"tags": {"owner": "s3cr3t", "k8s/y": "1", "cost": "1"}}, IGNORING) == 2
    assert tags.ignored(SCHEMA, {"tags": {"aws:team": "refused anyway"}}, IGNORING) == 0
    assert tags.ignored(SCHEMA, {"tags": {"cost": "1"}}, IGNORING) == tags.ignored(SCHEMA, {}, IGNORING) == 0


def test_what_is_live_is_read_in_the_programs_words() -> None:
    declared = {
        "tags": {"cost": "1", "gone": "1", "owner": "me"},
        "tags_all": {"cost": "1", "gone": "1", "team": "crm"},
    }
    live = {"tags": {"cost": "2", "team": "crm", "new": "1", "owner": "other", "aws:x": "1"}}
    inputs = tags.read(SCHEMA, declared, live, IGNORING)
    assert inputs == {"tags": {"cost": "2", "owner": "me"}, "tags_all": {"cost": "2", "team": "crm", "new": "1"}}


def test_a_resource_that_comes_under_pulumi_declares_what_the_configuration_does_not_give_it() -> None:
    live = {"team": "crm", "k8s/y": "1", "owner": "me", "aws:x": "1", "cost": "1"}
    both = {"tags": {"cost": "1"}, "tags_all": {"cost": "1", "team": "crm"}}
    assert tags.imported(SCHEMA, {"region": "x", "tags": live}, IGNORING) == both
    sales = {"team": "sales"}
    assert tags.imported(SCHEMA, {"tags": sales}, IGNORING) == {"tags": sales, "tags_all": sales}
    assert tags.imported(SCHEMA, {"tags": {"team": "crm"}}, IGNORING) == {"tags_all": {"team": "crm"}}
    assert tags.imported(SCHEMA, {}, IGNORING) == {}


def test_without_declared_tags_the_live_ones_are_nobodys_business() -> None:
    assert tags.read(SCHEMA, {}, {"tags": {"new": "1"}}, IGNORING) == {}


def test_a_tag_that_is_ignored_by_now_is_neither_change_nor_removed() -> None:
    outputs = tags.owned(
        SCHEMA, {"tags": {"owner": "me"}, "tags_all": {"owner": "me", "team": "crm"}, "days": 1}, IGNORING
    )
    assert outputs == {"tags": {}, "tags_all": {"team": "crm"}, "days": 1}
    assert tags.updates(SCHEMA, {"tags_all": {"team": "crm"}}, outputs) == ({}, [])


@given(TAGS, TAGS)
def test_steps_lead_from_one_set_to_the_other_and_touch_nothing_else(
    wanted: dict[str, str], there: dict[str, str]
) -> None:
    put, removed = tags.updates(SCHEMA, {"tags_all": wanted}, {"tags_all": there})
    after = {key: value for key, value in {**there, **put}.items() if key not in removed}
    assert after == wanted
    assert all(there.get(key) != value for key, value in put.items())
    assert not set(removed) & set(wanted)


@given(TAGS, TAGS, TAGS)
def test_ignored_tags_are_never_touched(own: dict[str, str], before: dict[str, str], default: dict[str, str]) -> None:
    policy = replace(IGNORING, defaults=default)
    inputs = settled({"tags": own}, policy)
    put, removed = tags.updates(SCHEMA, inputs, tags.owned(SCHEMA, {"tags_all": before}, policy))
    assert not any(policy.is_ignored(key) for key in [*put, *removed])
