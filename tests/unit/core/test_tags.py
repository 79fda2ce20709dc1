"""Tags: default ones merged, ignored ones left alone, and the steps from one set to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import Unknown
from pulumi_connect_domains.model import tags
from pulumi_connect_domains.operations.configuration import Configuration

IGNORING = Configuration(
    default_tags={"team": "crm", "k8s/x": "default"},
    ignored_tag_keys=frozenset({"owner"}),
    ignored_tag_prefixes=("k8s/",),
)
KEYS = st.sampled_from(["team", "owner", "k8s/x", "k8s/y", "aws:cloudformation", "AWS:x", "cost"])
TAGS = st.dictionaries(KEYS, st.sampled_from(["1", "2"]))


def settled(inputs: dict[str, Any], configuration: Configuration = IGNORING) -> dict[str, Any]:
    tags.settle(inputs, configuration)
    return inputs


def test_own_tags_win_over_default_ones_and_ignored_ones_are_left_out() -> None:
    assert settled({"tags": {"team": "own", "owner": "x", "cost": "1"}})["tags_all"] == {"team": "own", "cost": "1"}


def test_without_any_tag_there_is_no_tags_all() -> None:
    assert settled({"tags_all": {"old": "1"}}, Configuration()) == {}
    assert settled({}, Configuration(default_tags={"team": "crm"})) == {"tags_all": {"team": "crm"}}


def test_unknown_tags_stay_unknown() -> None:
    unknown = Unknown()  # type: ignore[no-untyped-call]  # the SDK's own, without types
    assert settled({"tags": unknown})["tags_all"] is unknown
    assert settled({"tags": {"cost": unknown}})["tags_all"] == {"team": "crm", "cost": unknown}


def test_declared_tags_that_are_ignored_are_counted_and_not_shown() -> None:
    [notice] = tags.notices({"tags": {"owner": "s3cr3t", "k8s/y": "1", "cost": "1"}}, IGNORING)
    assert str(notice) == "tags: 2 of them will never be set, since aws:ignoreTags ignores them"
    assert notice.rule == "tag-ignored"
    assert tags.notices({"tags": {"cost": "1"}}, IGNORING) == tags.notices({}, IGNORING) == []


def test_what_is_live_is_read_in_the_programs_words() -> None:
    declared = {
        "tags": {"cost": "1", "gone": "1", "owner": "me"},
        "tags_all": {"cost": "1", "gone": "1", "team": "crm"},
    }
    inputs: dict[str, Any] = {}
    tags.read(
        inputs, declared, {"tags": {"cost": "2", "team": "crm", "new": "1", "owner": "other", "aws:x": "1"}}, IGNORING
    )
    assert inputs == {"tags": {"cost": "2", "owner": "me"}, "tags_all": {"cost": "2", "team": "crm", "new": "1"}}


def test_without_declared_tags_the_live_ones_are_nobodys_business() -> None:
    inputs: dict[str, Any] = {}
    tags.read(inputs, {}, {"tags": {"new": "1"}}, IGNORING)
    assert inputs == {}


def test_a_tag_that_is_ignored_by_now_is_neither_change_nor_removed() -> None:
    outputs = tags.owned({"tags": {"owner": "me"}, "tags_all": {"owner": "me", "team": "crm"}, "days": 1}, IGNORING)
    assert outputs == {"tags": {}, "tags_all": {"team": "crm"}, "days": 1}
    assert tags.steps({"tags_all": {"team": "crm"}}, outputs) == ({}, [])


@given(TAGS, TAGS)
def test_steps_lead_from_one_set_to_the_other_and_touch_nothing_else(
    wanted: dict[str, str], there: dict[str, str]
) -> None:
    put, removed = tags.steps({"tags_all": wanted}, {"tags_all": there})
    after = {key: value for key, value in {**there, **put}.items() if key not in removed}
    assert after == wanted
    assert all(there.get(key) != value for key, value in put.items())
    assert not set(removed) & set(wanted)


@given(TAGS, TAGS, TAGS)
def test_ignored_tags_are_never_touched(own: dict[str, str], before: dict[str, str], default: dict[str, str]) -> None:
    configuration = replace(IGNORING, default_tags=default)
    inputs = settled({"tags": own}, configuration)
    put, removed = tags.steps(inputs, tags.owned({"tags_all": before}, configuration))
    assert not any(configuration.is_ignored(key) for key in [*put, *removed])
