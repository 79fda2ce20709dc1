"""What a preview's steps mean: actions, rows, what is lost, why a domain is replaced, and what must stay hidden."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_connect_domains.model.path import Path
from pulumi_connect_domains.model.values import ABSENT, SECRET, is_unknown
from pulumi_connect_domains.review.model import Loss, Other, Row

from .previews import (
    HELD,
    INPUTS,
    PROFILES,
    QUEUE,
    STACK,
    UNKNOWN,
    VOICES,
    document,
    domain,
    reviewed,
    state,
    step,
    urn,
)

RENAMED = {**INPUTS, "domain_name": "sales"}

pytestmark = pytest.mark.usefixtures("host")


def rows(old: dict[str, Any], new: dict[str, Any], **more: Any) -> list[tuple[str, object, object, str]]:
    """The rows of an update between two documents of inputs."""
    found = domain(step("update", state({**INPUTS, **old}), state({**INPUTS, **new}), **more)).rows
    return [(row.path, row.before, row.after, row.meaning) for row in found]


# -- actions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "actions"),
    [
        pytest.param([step("create", None, state())], ["create"], id="created"),
        pytest.param([step("same", state(), state())], [], id="unchanged, with --show-sames"),
        pytest.param([step("refresh", state(), state()), step("same", state(), state())], [], id="unchanged, with --refresh"),
        pytest.param([step("refresh", state(), state()), step("delete", state())], ["delete"], id="deleted, with --refresh"),
        pytest.param([step("read", None, state())], [], id="only read"),
        pytest.param([step("replace", state(), state(RENAMED))], ["replace"], id="replaced"),
        pytest.param(
            [step("delete-replaced", state()), step("replace", state(), state(RENAMED)), step("create-replacement", None, state(RENAMED))],
            ["replace"],
            id="replaced, with --show-replacement-steps",
        ),
        pytest.param(
            [step("replace", state(), state(RENAMED)), step("delete-replaced", state(id="older"))],
            ["replace", "delete"],
            id="replaced, and an older one left over from a failed replacement",
        ),
        pytest.param([step("delete-replaced", state())], ["delete"], id="left over from a failed replacement"),
        pytest.param([step("read-replacement", state(), state(external=True))], ["replace"], id="read instead of managed"),
        pytest.param([step("import-replacement", state(), state())], ["replace"], id="replaced by an import"),
        pytest.param([step("import", None, state())], ["import"], id="imported"),
        pytest.param([step("discard", state(external=True))], ["forget"], id="no longer read"),
        pytest.param([step("remove-pending-replace", state())], [], id="an entry of the state alone"),
    ],
)  # fmt: skip
def test_one_action_a_resource(steps: list[dict[str, Any]], actions: list[str]) -> None:
    assert [each.action for each in reviewed(*steps).domains] == actions


def test_counts_include_other_providers_and_not_the_stack() -> None:
    found = reviewed(
        step("create", None, state()),
        step(
            "replace",
            state(),
            state(),
            type=QUEUE,
            name="lost",
            diffReasons=["name"],
            detailedDiff={"name": {}, "tags.a": {}},
        ),
        step("create", None, state(), type=STACK, name="other"),
    )
    assert dict(found.counts) == {"create": 1, "replace": 1}
    assert found.others == (Other("replace", QUEUE, "lost", ("name", "tags")),)
    assert (found.stack, found.source) == ("shop/dev", "preview.json")


# -- rows -------------------------------------------------------------------------------------------------------------


def test_rows_stand_in_the_schemas_order_and_members_of_a_new_block_are_rows() -> None:
    matching = {"job_schedule": {"time": "9:05", "day_of_the_week": "SUNDAY"}, "enabled": True}
    assert rows({}, {"tags": {"b": "2", "a": "1"}, "matching": matching, "default_expiration_days": 60}) == [
        ("default_expiration_days", 30, 60, "data is kept longer unless its object type says otherwise"),
        ("matching.enabled", ABSENT, True, "identity resolution turned on: a weekly job looks for duplicate profiles"),
        ("matching.job_schedule.day_of_the_week", ABSENT, "SUNDAY", "the weekly job runs on this day"),
        ("matching.job_schedule.time", ABSENT, "9:05", "the weekly job runs at this time, UTC"),
        ("tags.a", ABSENT, "1", "added"),
        ("tags.b", ABSENT, "2", "added"),
    ]


def test_a_block_that_went_is_one_row() -> None:
    matching = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}}
    assert rows({"matching": matching}, {}) == [
        ("matching", matching, ABSENT, "identity resolution turned off: matches stop")
    ]


def test_merging_level_raised() -> None:
    def rules(level: int) -> dict[str, Any]:
        return {"rule_based_matching": {"enabled": True, "max_allowed_rule_level_for_merging": level}}

    path = "rule_based_matching.max_allowed_rule_level_for_merging"
    said = "merging level raised: more profiles merge, merges cannot be undone"
    assert rows(rules(1), rules(2)) == [(path, 1, 2, said)]


def test_swapped_rules_are_two_rows_that_say_so() -> None:
    def rules(*names: str) -> dict[str, Any]:
        return {"rule_based_matching": {"enabled": True, "matching_rules": [{"rule": [name]} for name in names]}}

    found = rows(rules("A", "B", "C"), rules("A", "C", "B"))
    assert found == [
        ("rule_based_matching.matching_rules[1]", {"rule": ["B"]}, {"rule": ["C"]}, "levels 2 and 3 swapped"),
        ("rule_based_matching.matching_rules[2]", {"rule": ["C"]}, {"rule": ["B"]}, "levels 2 and 3 swapped"),
    ]


def test_nothing_is_shown_that_aws_would_not_change() -> None:
    def selector(*names: str, time: str = "9:05") -> dict[str, Any]:
        chosen = {"attribute_matching_model": "ONE_TO_ONE", "address": list(names)}
        schedule = {"day_of_the_week": "SUNDAY", "time": time}
        return {
            "rule_based_matching": {"enabled": True, "attribute_types_selector": chosen},
            "matching": {"enabled": True, "job_schedule": schedule},
        }

    assert rows(selector("A", "B"), selector("B", "A", time="09:05")) == []


def test_a_tag_is_told_once_and_a_default_tag_under_tags_all() -> None:
    old = {"tags": {"team": "a"}, "tags_all": {"team": "a", "stage": "dev"}}
    new = {"tags": {"team": "b"}, "tags_all": {"team": "b", "stage": "prod"}}
    assert rows(old, new) == [("tags.team", "a", "b", "changed"), ("tags_all.stage", "dev", "prod", "changed")]


def test_what_is_not_known_yet_is_a_change() -> None:
    ((path, before, after, said),) = rows({"tags": {"key": "k"}}, {"tags": {"key": UNKNOWN}})
    assert (path, before, said) == ("tags.key", "k", "known only when it is applied")
    assert is_unknown(after)


def test_a_new_domain_is_not_explained_as_a_change() -> None:
    (*_, last) = domain(step("create", None, state({**INPUTS, "tags": {"a": "1"}}))).rows[:-1]
    assert last == Row("tags.a", ABSENT, "1", "")


def test_an_update_without_a_difference_says_so() -> None:
    found = domain(step("update", state(initErrors=["the key change failed"]), state()))
    assert found.rows == ()
    assert found.notes == (
        "no property differs: Pulumi completes or repeats an earlier change",
        "its last change was not completed: the key change failed",
    )


# -- replacement and loss ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "reasons", "why"),
    [
        pytest.param(
            {"pendingReplacement": True},
            ["domain_name"],
            "`domain_name` cannot change in place. First the old one is deleted, then a new, empty one is made.",
            id="its name, deleted first",
        ),
        pytest.param(
            {"delete": True},
            ["domain_name", "region"],
            "`domain_name` and `region` cannot change in place. First a new, empty one is made, then the old one is deleted.",
            id="name and region, created first",
        ),
        pytest.param(
            {"delete": True},
            ["default_expiration_days"],
            "the program's options replace it when `default_expiration_days` changes. "
            "First a new, empty one is made, then the old one is deleted.",
            id="replace_on_changes",
        ),
        pytest.param(
            {"retainOnDelete": True},
            [],
            "Pulumi was told to replace it (`--replace`), or something that it depends on is replaced. "
            "First a new, empty one is made, then Pulumi lets go of the old one.",
            id="no reason given, and retained",
        ),
    ],
)
def test_why_it_is_replaced(old: dict[str, Any], reasons: list[str], why: str) -> None:
    found = domain(step("replace", state(**old), state(RENAMED), replaceReasons=reasons))
    assert found.why == why
    assert [row.path for row in found.rows if row.is_replacing] == ["domain_name"]


@pytest.mark.parametrize("op", ["replace", "delete", "delete-replaced"])
@pytest.mark.parametrize(
    ("old", "held"),
    [
        pytest.param(state(outputs=HELD), "5 profiles and 6 objects (7.0 kB)", id="data"),
        pytest.param(state(), "not known", id="never refreshed"),
        pytest.param(state(outputs={"stats": {"profile_count": 0}}), "not known", id="one count is missing"),
        pytest.param(
            state(outputs={"stats": {"profile_count": 0, "object_count": 0}}),
            "no data",
            id="empty as of the last refresh",
        ),
        pytest.param(state(outputs=HELD, retainOnDelete=True), None, id="retained"),
        pytest.param(state(outputs=HELD, external=True), None, id="only read"),
    ],
)
def test_what_is_lost(op: str, old: dict[str, Any], held: str | None) -> None:
    loss = domain(step(op, old, state(RENAMED) if op == "replace" else None)).loss
    assert (str(loss.held) if loss else None) == held


def test_updates_and_creations_lose_nothing() -> None:
    assert domain(step("update", state(outputs=HELD), state({**INPUTS, "default_expiration_days": 1}))).loss is None
    assert domain(step("create", None, state())).loss is None


def test_the_guard_is_told_by_what_was_applied() -> None:
    off = state({**INPUTS, "force_destroy": True})
    found = [domain(step("delete", old)).loss for old in (state(), off)]
    assert [loss.guard for loss in found if isinstance(loss, Loss)] == [
        "The provider refuses that while the domain holds data, unless force_destroy was applied before",
        "The guard is off (force_destroy), so nothing stops it",
    ]


def test_voices_are_never_counted() -> None:
    inputs = {"name": "voices", "server_side_encryption_configuration": {"kms_key_id": "k"}, "region": "us-east-1"}
    loss = domain(step("delete", state(inputs), type=VOICES)).loss
    assert loss is not None
    assert (loss.is_known, loss.remark, loss.guard) == (False, "AWS gives no count", "")


@pytest.mark.parametrize(
    ("found", "note"),
    [
        (step("delete", state(protect=True)), "it is protected: `pulumi up` refuses until `protect` is taken off and applied"),
        (step("delete", state(retainOnDelete=True)), "Pulumi lets go of it and leaves it as it is in AWS"),
        (step("delete-replaced", state()), "it is left over from an earlier replacement that was not completed"),
        (
            step("delete", state(outputs={"stats": {"profile_count": 0, "object_count": 0}})),
            "it held no data when this preview refreshed it; a deletion loses all of its customer data, at once and for good",
        ),
    ],
)  # fmt: skip
def test_notes(found: dict[str, Any], note: str) -> None:
    assert note in domain(step("refresh", state(), state()), found).notes


def test_zeros_of_the_state_are_as_old_as_its_last_refresh() -> None:
    old = step("delete", state(outputs={"stats": {"profile_count": 0, "object_count": 0}}))
    loss = domain(old).loss
    assert loss is not None
    assert (loss.is_known, loss.source) == (False, "state")
    assert loss.remark == "no data as of the last refresh; `--live` asks AWS now"
    assert domain(step("refresh", state(), state()), old).loss is None
    another = {**step("refresh", state(), state()), "oldState": state(id="older")}
    assert domain(another, old).loss == loss, "another domain was read: the one that a replacement left over"


# -- messages ---------------------------------------------------------------------------------------------------------


def test_warnings_stand_with_their_domain_and_are_not_said_twice() -> None:
    mine = urn("pulumi-python:dynamic/customerprofiles:Domain", "crm")
    said = [
        {"urn": mine, "message": "warning: replacing deletes the domain with 5 profiles", "severity": "warning"},
        {"urn": mine, "message": "warning: the list may lag", "severity": "warning"},
        {"urn": urn(QUEUE, "lost"), "message": "warning: deprecated", "severity": "warning"},
        {"message": "hello", "severity": "info"},
    ]
    found = reviewed(step("replace", state(), state(RENAMED)), diagnostics=said)
    assert found.domains[0].notes == ("the list may lag",)
    assert [(each.text, each.resource) for each in found.warnings] == [("deprecated", "lost")]
    assert found.errors == ()


def test_a_warning_of_another_resource_with_the_same_name_stands_by_itself() -> None:
    """A name is a resource's own within its type and parents only."""
    component = "pkg:mod:Component"
    said = [
        {"urn": urn(QUEUE, "crm"), "message": "warning: the queue is old", "severity": "warning"},
        {"urn": urn(f"{component}${PROFILES}", "crm"), "message": "warning: of the component's", "severity": "warning"},
    ]
    found = reviewed(step("update", state(), state({**INPUTS, "default_expiration_days": 60})), diagnostics=said)
    assert found.domains[0].notes == ()
    assert [(each.text, each.resource) for each in found.warnings] == [
        ("the queue is old", "crm"),
        ("of the component's", "crm"),
    ]


def test_domains_of_one_name_in_several_components_are_several() -> None:
    steps = [
        step("replace", state(outputs=HELD), state(RENAMED), type=f"pkg:mod:{parent}${PROFILES}") for parent in "AB"
    ]
    mine = {"urn": steps[1]["urn"], "message": "warning: the list may lag", "severity": "warning"}
    found = reviewed(*steps, diagnostics=[mine])
    assert [each.action for each in found.domains] == ["replace", "replace"]
    assert [each.notes for each in found.domains] == [(), ("the list may lag",)]
    assert len(found.losses) == 2


def test_errors_that_only_follow_from_others_are_left_out() -> None:
    follows = {"message": "error: Resource monitor has terminated, shutting down", "severity": "error"}
    cause = {"message": "error: no", "severity": "error"}
    assert [each.text for each in reviewed(diagnostics=[cause, follows]).errors] == ["no"]
    assert len(reviewed(diagnostics=[follows]).errors) == 1


def test_a_failed_check_is_not_opened_twice() -> None:
    said = {
        "urn": urn("t:m:T", "crm"),
        "message": "error: t:m:T resource 'crm' has a problem: days: too many",
        "severity": "error",
    }
    (error,) = reviewed(diagnostics=[said]).errors
    assert (error.resource, error.text) == ("crm", "days: too many")


# -- secrets ----------------------------------------------------------------------------------------------------------


def test_a_value_that_becomes_secret_is_masked_on_both_sides() -> None:
    old = {
        "dead_letter_queue_url": "https://q/hush",
        "tags": {"a": "hush-a", "b": "1"},
        "tags_all": {"a": "hush-a", "b": "1"},
    }
    new = {"dead_letter_queue_url": SECRET, "tags": {"a": SECRET, "b": "2"}, "tags_all": {"a": SECRET, "b": "2"}}
    assert rows(old, new) == [
        (
            "dead_letter_queue_url",
            SECRET,
            SECRET,
            "what cannot be ingested goes to another queue; its policy must let Customer Profiles send messages",
        ),
        ("tags.a", SECRET, SECRET, "changed, but it is secret"),
        ("tags.b", "1", "2", "changed"),
    ]


def test_a_secret_that_differs_is_known_by_the_engines_word_alone() -> None:
    both = {"dead_letter_queue_url": SECRET, "tags": {"a": SECRET}, "tags_all": {"a": SECRET}}
    assert rows(both, both) == []
    detail = {
        "dead_letter_queue_url": {"kind": "update"},
        "tags.a": {"kind": "update"},
        "tags_all.a": {"kind": "update"},
    }
    assert [row[:3] for row in rows(both, both, detailedDiff=detail)] == [
        ("dead_letter_queue_url", SECRET, SECRET),
        ("tags.a", SECRET, SECRET),
    ]


def test_a_value_that_becomes_secret_and_stays_the_same_is_no_change() -> None:
    old = {"dead_letter_queue_url": "hush", "tags": {"a": "hush"}, "tags_all": {"a": "hush"}}
    new = {"dead_letter_queue_url": SECRET, "tags": {"a": SECRET}, "tags_all": {"a": SECRET}}
    detail = {"tags.a": {"kind": "update"}, "tags_all.a": {"kind": "update"}}
    assert [row[:3] for row in rows(old, new, detailedDiff=detail)] == [("tags.a", SECRET, SECRET)]


@pytest.mark.parametrize("key", ["cost.center", "a b", 'say "hi"', "back\\slash", "x[0]"])
def test_a_secret_tag_of_any_name_is_found(key: str) -> None:
    both = {"tags": {key: SECRET}, "tags_all": {key: SECRET}}
    quoted = json.dumps(key)
    detail = {f"tags[{quoted}]": {"kind": "update"}, f"tags_all[{quoted}]": {"kind": "update"}}
    assert [row[:3] for row in rows(both, both, detailedDiff=detail)] == [(str(Path(("tags", key))), SECRET, SECRET)]


def test_a_secret_name_shows_nowhere() -> None:
    old = state(
        {**INPUTS, "domain_name": "hush"}, {"arn": "arn:aws:profile:eu-central-1:1:domains/hush", **HELD}, id="hush"
    )
    said = [
        {
            "urn": urn(document()["steps"][0]["urn"].split("::")[2], "x"),
            "message": "error: domain 'hush' is taken",
            "severity": "error",
        }
    ]
    found = reviewed(
        step("replace", old, state({**INPUTS, "domain_name": SECRET}), replaceReasons=["domain_name"]), diagnostics=said
    )
    assert found.domains[0].domain == ""
    assert found.errors[0].text == "domain '[secret]' is taken"
    assert "hush" not in repr(found)


def test_what_the_engine_prints_of_a_secret_is_masked() -> None:
    said = [
        {
            "message": "error: property dead_letter value {&{{s3cr3t\nvalue}}} has a problem: too long",
            "severity": "error",
        }
    ]
    assert reviewed(diagnostics=said).errors[0].text == "property dead_letter value {[secret]} has a problem: too long"
