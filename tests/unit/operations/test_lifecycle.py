"""The operations without a host: requests in, answers out, and nothing that was handed in is changed."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi_connect_domains.model.errors import AccessDenied, NotFound, Refused
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.model.values import Json, Unknown
from pulumi_connect_domains.model.warning import Notice
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.operations.lifecycle import Operations
from pulumi_connect_domains.operations.requests import CheckRequest, DiffRequest, UpdateRequest
from pulumi_connect_domains.registry import resource_types

PROFILES, VOICE = resource_types().values()
STACK = Configuration(region="eu-west-2", tags=TagPolicy({"team": "crm"}))
KNOWN: Json = {"arn": "arn:aws:profile:eu-west-2:123456789012:domains/crm", "created_at": "2026-05-01T10:00:00+00:00"}
INPUTS: Json = {"domain_name": "crm", "default_expiration_days": 30, "region": "eu-west-2"}
VOICE_KNOWN: Json = {
    "arn": "arn:aws:voiceid:eu-west-2:123456789012:domain/Abcdefghijklmnopqrstuv",
    "created_at": "2026-05-01T10:00:00+00:00",
}


def voice(key: str, **others: Any) -> Json:
    return {
        "name": "calls",
        "server_side_encryption_configuration": {"kms_key_id": key},
        "region": "eu-west-2",
        **others,
    }


def test_check_settles_tags_region_and_name_and_leaves_the_request_alone() -> None:
    inputs: Json = {"domain_name": "proposed", "default_expiration_days": 30, "tags": {"mine": "1"}}
    request = CheckRequest("urn", {"domain_name": "crm-1234567"}, inputs, is_auto_named=True)
    before = copy.deepcopy(request)
    answer = Operations(PROFILES, STACK).check(request)
    assert answer.inputs == {
        "domain_name": "crm-1234567",
        "default_expiration_days": 30,
        "tags": {"mine": "1"},
        "tags_all": {"team": "crm", "mine": "1"},
        "region": "eu-west-2",
    }
    assert (answer.failures, answer.warnings) == ((), ())
    assert request == before


def test_check_says_every_mistake_and_every_warning() -> None:
    inputs: Json = {"default_expiration_days": 0, "adopt_existing": True, "tags": {"aws:x": "1", "other": "1"}}
    policy = TagPolicy(ignored_keys=frozenset({"other"}))
    answer = Operations(PROFILES, Configuration(region="nowhere", tags=policy)).check(CheckRequest("", {}, inputs))
    assert [text.partition(":")[0] for text in answer.failures] == [
        "default_expiration_days",
        "tags.<1st of 2 keys, sorted>",
        "region",
    ]
    assert {notice.rule for notice in answer.warnings} == {"tag-ignored", "adopts-existing"}
    [ignored] = [notice.text for notice in answer.warnings if notice.rule == "tag-ignored"]
    assert ignored.startswith("1 of them "), "the other is a mistake, and no warning too"


WARNINGS: dict[str, tuple[Any, Json, Json, Configuration, str]] = {
    "a setting that AWS keeps": (PROFILES, {**INPUTS, **KNOWN, "data_store": {"enabled": True}}, INPUTS, STACK, "setting-stays"),
    "a replacement": (PROFILES, {**INPUTS, **KNOWN}, {**INPUTS, "domain_name": "other"}, STACK, "replacement-deletes"),
    "a change that AWS failed": (
        VOICE,
        {
            **voice("k2"),
            **VOICE_KNOWN,
            "server_side_encryption_update_details": {"update_status": "FAILED", "old_kms_key_id": "k1", "message": "k2?"},
        },
        voice("k2"),
        STACK,
        "change-failed",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("type", "outputs", "inputs", "configuration", "rule"), WARNINGS.values(), ids=WARNINGS)
def test_each_warning_of_a_diff_has_a_rule_and_can_be_silenced(
    type: Any, outputs: Json, inputs: Json, configuration: Configuration, rule: str
) -> None:
    request = DiffRequest("urn", "crm", outputs, inputs)
    before = copy.deepcopy(request)
    (notice,) = Operations(type, configuration).diff(request).warnings
    assert notice.rule == rule
    silent = Configuration(region="eu-west-2", silenced=frozenset({rule}))
    assert Operations(type, silent).diff(request).warnings == ()
    assert request == before


def test_aws_own_words_on_a_failed_change_show_no_value_of_the_program() -> None:
    outputs = WARNINGS["a change that AWS failed"][1]
    outputs = {**outputs, **voice("alias/secret-key")}
    details = {"update_status": "FAILED", "old_kms_key_id": "k1", "message": "alias/secret-key is disabled."}
    request = DiffRequest(
        "", "id", {**outputs, "server_side_encryption_update_details": details}, voice("alias/secret-key")
    )
    answer = Operations(VOICE, STACK).diff(request)
    assert [(change.actual, change.desired) for change in answer.changes] == [("k1", "alias/secret-key")]
    assert answer.warnings == (
        Notice(
            "change-failed",
            "server_side_encryption_configuration.kms_key_id",
            "AWS could not carry out the latest change: <kms_key_id> is disabled. The next `pulumi up` tries it again",
        ),
    )
    assert answer.has_failed


@pytest.mark.parametrize("error", [NotFound("gone"), AccessDenied("no"), Refused("will not"), KeyError("a secret")])
def test_what_is_done_of_a_change_is_answered_whatever_ends_it(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def update(*_: object) -> Json:
        raise error

    call = SimpleNamespace(parts=[({"default_expiration_days": 31}, {})])
    monkeypatch.setattr(Operations, "call", lambda self, *_, **__: call)
    monkeypatch.setattr(ResourceType, "functions", property(lambda self: SimpleNamespace(update=update)))
    request = UpdateRequest("", "crm", {**INPUTS, **KNOWN}, {**INPUTS, "default_expiration_days": 31})
    answer = Operations(PROFILES, STACK).update(request)
    assert answer.outputs == {**INPUTS, **KNOWN, "default_expiration_days": 31}
    (said,) = answer.unfinished
    assert "`pulumi up` does the rest" in said
    assert "a secret" not in said


DIFFERENCES: dict[str, tuple[Json, Json, tuple[str, ...], bool | None]] = {
    "nothing": (INPUTS, {}, (), None),
    "a number": ({**INPUTS, "default_expiration_days": 31}, {}, (), True),
    "another name, while the guard is on": ({**INPUTS, "domain_name": "other"}, {}, ("domain_name",), True),
    "another name, when the guard is off": (
        {**INPUTS, "domain_name": "other", "force_destroy": True},
        {"force_destroy": True},
        ("domain_name",),
        False,
    ),
    "a name that is not known yet": ({**INPUTS, "domain_name": Unknown()}, {}, ("domain_name",), True),
}


@pytest.mark.parametrize(("inputs", "outputs", "replaces", "deletes_first"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_diff_says_what_is_replaced_and_in_which_order(
    inputs: Json, outputs: Json, replaces: tuple[str, ...], deletes_first: bool | None
) -> None:
    answer = Operations(PROFILES, STACK).diff(DiffRequest("", "crm", {**INPUTS, **KNOWN, **outputs}, inputs))
    assert (answer.replaces, answer.deletes_first) == (replaces, deletes_first)
    assert answer.is_different is bool(answer.changes)


def test_the_region_that_is_not_the_resource_s_own_is_warned_of_too() -> None:
    """It becomes an input in check, so a rule about Regions sees it."""
    inputs: Json = {"domain_name": "crm", "default_expiration_days": 365}
    for says_all in (True, False):
        request = CheckRequest("", {}, inputs, says_all=says_all)
        answer = Operations(PROFILES, Configuration(region="eu-north-1")).check(request)
        assert [notice.rule for notice in answer.warnings] == ["region-unknown"]
        assert answer.inputs["region"] == "eu-north-1"
