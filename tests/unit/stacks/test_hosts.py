"""Entries of both hosts, read as the same thing: names, secrets, patterns, steps of previews; and how a program spells its properties."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_connect_domains.model.path import Path
from pulumi_connect_domains.model.spelling import Spelling
from pulumi_connect_domains.model.values import SECRET, Unknown
from pulumi_connect_domains.registry import by_token, resource_types
from pulumi_connect_domains.stacks import hosts, preview, secret
from pulumi_connect_domains.stacks.deployment import parse

from ...natives import native_tokens
from ..drift.reports import encrypted, export, in_clear, resource
from ..review.previews import UNKNOWN, document, state, step

PROFILES = resource_types()["customerprofiles"]
NATIVE = PROFILES.native_token
URN = f"urn:pulumi:dev::shop::{NATIVE}::crm"


def entry(inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A domain of the native host in a deployment, whose outputs are its inputs."""
    return {"urn": URN, "type": NATIVE, "custom": True, "id": "crm", "inputs": inputs, "outputs": inputs, **more}


def read(document: dict[str, Any]) -> Any:
    (found,) = parse(export(document)).of_types(by_token())
    return hosts.in_our_words(found, PROFILES)


def test_a_native_entry_has_our_names_and_keys_of_maps_stay() -> None:
    tags = {"costCenter": "1", "cost_center": "2"}
    found = read(
        entry({"defaultExpirationDays": 30, "tags": tags, "ruleBasedMatching": {"matchingRules": [{"rule": ["A"]}]}})
    )
    wanted = {"default_expiration_days": 30, "tags": tags, "rule_based_matching": {"matching_rules": [{"rule": ["A"]}]}}
    assert (found.inputs, found.outputs) == (wanted, wanted)
    assert (found.type, str(found.urn)) == (NATIVE, URN)


def test_a_dynamic_entry_is_not_touched() -> None:
    (found,) = parse(export(resource("crm"))).of_types(by_token())
    assert hosts.in_our_words(found, PROFILES) is found


def test_secrets_stay_at_their_leaves_and_what_is_in_one_has_our_names() -> None:
    inputs = {
        "deadLetterQueueUrl": encrypted(),
        "matching": {"enabled": True, "jobSchedule": in_clear({"dayOfTheWeek": "SUNDAY", "time": "9:05"})},
        "tags": {"teamName": in_clear("x")},
    }
    found = read(entry(inputs)).inputs
    assert set(secret.places(found)) == {
        Path(("dead_letter_queue_url",)),
        Path(("matching", "job_schedule")),
        Path(("tags", "teamName")),
    }
    opened = secret.opened(found)
    assert opened["matching"] == {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}}
    assert opened["tags"] == {"teamName": "x"}


def test_a_damaged_secret_is_left_to_who_opens_it() -> None:
    broken = {**encrypted(), "plaintext": "{"}
    assert read(entry({"deadLetterQueueUrl": broken})).inputs == {"dead_letter_queue_url": broken}


def test_patterns_of_ignore_changes_have_our_names() -> None:
    patterns = ["matching.jobSchedule.time", 'tags["a.bC"]', "ruleBasedMatching.matchingRules[*].rule", "not[a path"]
    assert read(entry({}, ignoreChanges=patterns)).ignore_changes == (
        "matching.job_schedule.time",
        'tags["a.bC"]',
        "rule_based_matching.matching_rules[*].rule",
        "not[a path",
    )


# -- previews ---------------------------------------------------------------------------------------------------------


def read_step(one: dict[str, Any]) -> preview.Step:
    found = preview.parse(json.dumps(document(one)).encode(), "x")
    return hosts.preview_in_our_words(found, by_token()).steps[-1]


def test_a_native_step_has_our_names() -> None:
    one = step(
        "replace",
        state({"domainName": "crm", "deadLetterQueueUrl": "[secret]"}),
        state({"domainName": "sales", "defaultExpirationDays": UNKNOWN}),
        type=NATIVE,
        diffReasons=["domainName", "defaultExpirationDays"],
        replaceReasons=["domainName"],
        detailedDiff={"domainName": {"kind": "update-replace"}, 'tags["aB.c"]': {}, "matching.jobSchedule.time": {}},
    )
    found = read_step(one)
    assert found.before
    assert found.after
    assert found.before.inputs == {"domain_name": "crm", "dead_letter_queue_url": SECRET}
    assert isinstance(found.after.inputs["default_expiration_days"], Unknown)
    assert found.changed == ("domain_name", "default_expiration_days")
    assert found.replacing == ("domain_name",)
    assert found.detail == ("domain_name", 'tags["aB.c"]', "matching.job_schedule.time")


def test_without_a_detailed_diff_there_is_none() -> None:
    assert read_step(step("update", state({}), state({}), type=NATIVE)).detail is None


@pytest.mark.parametrize("to", [NATIVE, PROFILES.type_token], ids=["to native", "to dynamic"])
def test_each_side_of_a_move_is_read_by_its_own_type(to: str) -> None:
    native = state({"defaultExpirationDays": 30}, type=NATIVE)
    dynamic = state({"default_expiration_days": 30, "__provider": "gASV"}, type=PROFILES.type_token)
    old, new = (dynamic, native) if to == NATIVE else (native, dynamic)
    found = read_step(step("update", old, new, type=to))
    assert found.before
    assert found.after
    assert found.before.inputs == found.after.inputs == {"default_expiration_days": 30}
    assert hosts.goes_over(found.before, found.after)
    assert not hosts.goes_over(found.before, found.before)


def test_resources_of_others_are_not_touched() -> None:
    one = step("update", state({"defaultExpirationDays": 1}), state({"a": 2}), type="aws:sqs/queue:Queue")
    assert read_step(one).before == preview.parse(json.dumps(document(one)).encode(), "x").steps[-1].before


# -- spelling ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "declared_at", "python_project", "spelling"),
    [
        (PROFILES.type_token, "", "", Spelling.SNAKE),
        (PROFILES.type_token, "index.ts:3", "", Spelling.SNAKE),
        (NATIVE, "", "", Spelling.CAMEL),
        (NATIVE, "index.ts:3", "shop", Spelling.CAMEL),
        (NATIVE, "main.go:3", "", Spelling.CAMEL),
        (NATIVE, "parts.py:3", "", Spelling.SNAKE),
        (NATIVE, "", "shop", Spelling.SNAKE),
        (NATIVE, "", "other", Spelling.CAMEL),
    ],
)
def test_the_program_decides_on_the_spelling(
    token: str, declared_at: str, python_project: str, spelling: Spelling
) -> None:
    urn = f"urn:pulumi:dev::shop::a:b:C${token}::crm"
    assert hosts.spelling_of_urn(urn, declared_at, python_project) is spelling


@pytest.mark.parametrize("text", ["", "no URN", "connect-domains: no URN"])
def test_what_is_no_urn_is_as_it_is(text: str) -> None:
    assert (hosts.spelling_of_urn(text), hosts.identity_of(text)) == (Spelling.SNAKE, text)


def test_a_resource_is_known_by_one_urn_whichever_host_manages_it() -> None:
    dynamic = f"urn:pulumi:dev::shop::{PROFILES.type_token}$a:b:C${PROFILES.type_token}::x::connect-domains:a:B"
    assert native_tokens(dynamic) != dynamic
    assert hosts.identity_of(native_tokens(dynamic)) == hosts.identity_of(dynamic) == dynamic
