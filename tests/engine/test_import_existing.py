"""Domains that exist, met by a program: only read (`Domain.get`), or taken over by a creation (`adopt_existing`)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_connect_domains import customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack

from ..natives import program_host, stacks_of
from .test_import import CP, READS, VID, fails, settled

__all__ = ["program_host"]  # a fixture

MINIMAL = {"domain_name": "crm", "default_expiration_days": 30}
LET_GO = "let go of that entry first (`pulumi state delete`)"
OTHER_ENTRY = "an aws.customerprofiles.Domain"

LIVE = {
    "DefaultExpirationDays": 366,
    "RuleBasedMatching": {"Enabled": True, "MatchingRules": [{"Rule": ["EmailAddress"]}], "Status": "ACTIVE"},
    "DataStore": {"Enabled": True, "Readiness": {"ProgressPercentage": 100}},
    "Stats": {"ProfileCount": 5, "ObjectCount": 1, "TotalSize": 2048},
    "Tags": {"team": "crm"},
}


@pytest.fixture
def pulumi_stack(program_host: str, pulumi_stack: MakeStack, monkeypatch: pytest.MonkeyPatch) -> MakeStack:
    """Makes stacks whose programs declare their domains for one of the two hosts."""
    return stacks_of(program_host, pulumi_stack, monkeypatch, sys.modules[__name__])


# -- Domain.get -------------------------------------------------------------------------------------------------------


def test_get_gives_typed_outputs_of_a_domain_that_somebody_else_manages(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    local_aws.seed(CP, "crm", region="eu-west-2", **LIVE)

    def program() -> None:
        theirs = customerprofiles.Domain.get("theirs", "crm", region="eu-west-2")
        for name in ("default_expiration_days", "rule_based_matching", "data_store", "stats", "tags", "arn", "region"):
            pulumi.export(name, getattr(theirs, name))
        pulumi.export("status", theirs.rule_based_matching_status)
        pulumi.export("readiness", theirs.data_store_readiness)
        pulumi.export("is int", theirs.default_expiration_days.apply(lambda days: type(days).__name__))
        customerprofiles.Domain("ours", domain_name="ours", default_expiration_days=theirs.default_expiration_days)

    stack = pulumi_stack(program)
    assert stack.preview().change_summary["create"] == 2
    stack.up()
    assert stack.outputs() == {
        "default_expiration_days": 366,
        "rule_based_matching": {"enabled": True, "matching_rules": [{"rule": ["EmailAddress"]}]},
        "data_store": {"enabled": True},
        "stats": {"profile_count": 5, "object_count": 1, "total_size": 2048},
        "tags": {"team": "crm"},
        "arn": "arn:aws:profile:eu-west-2:123456789012:domains/crm",
        "region": "eu-west-2",
        "status": "ACTIVE",
        "readiness": {"progress_percentage": 100},
        "is int": "int",
    }
    assert local_aws.domains(CP)["ours"]["DefaultExpirationDays"] == 366
    stack.destroy()
    assert "crm" in local_aws.domains(CP, region="eu-west-2")


def test_get_of_a_voice_id_domain(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    key = {"KmsKeyId": "alias/voice"}
    made = local_aws.client(VID).create_domain(Name="voice", ServerSideEncryptionConfiguration=key)

    def program() -> None:
        theirs = voiceid.Domain.get("theirs", made["Domain"]["DomainId"])
        pulumi.export("key", theirs.server_side_encryption_configuration["kms_key_id"])
        pulumi.export("status", theirs.domain_status)

    stack = pulumi_stack(program)
    stack.up()
    assert stack.outputs() == {"key": "alias/voice", "status": "ACTIVE"}


@pytest.mark.parametrize(
    ("get", "subject"),
    [
        (lambda: customerprofiles.Domain.get("x", "nope"), "Customer Profiles domain 'nope'"),
        (lambda: voiceid.Domain.get("x", "n" * 22), f"Voice ID domain '{'n' * 22}'"),
    ],
    ids=["customerprofiles", "voiceid"],
)
def test_get_of_a_missing_domain_fails_the_preview(
    pulumi_stack: MakeStack, local_aws: LocalAws, get: Callable[[], Any], subject: str
) -> None:
    told = fails(pulumi_stack(get).preview)
    assert f"there is no {subject} in us-east-1, account 123456789012" in told
    assert "Traceback" not in told


def test_get_that_is_denied_is_not_taken_for_missing(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    local_aws.seed(CP, "crm")
    local_aws.fault("GetDomain", code="AccessDeniedException", message="no", times=None)
    told = fails(pulumi_stack(lambda: customerprofiles.Domain.get("x", "crm")).preview)
    assert "profile:GetDomain" in told
    assert "there is no" not in told


# -- adopt_existing ---------------------------------------------------------------------------------------------------


def declares(**arguments: Any) -> Callable[[], None]:
    return lambda: customerprofiles.Domain("crm", **{**MINIMAL, **arguments}) and None


def test_without_it_the_error_names_both_ways_out_and_how_to_let_go(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    local_aws.seed(CP, "crm", DefaultExpirationDays=7)
    stack = pulumi_stack(declares())
    told = fails(stack.up)
    assert "cannot create Customer Profiles domain 'crm': the name is taken in us-east-1, account 123456789012" in told
    assert "adopt_existing=True" in told
    assert "an import file (`connect-domains import`)" in told
    assert LET_GO in told
    assert OTHER_ENTRY in told
    assert local_aws.domains(CP)["crm"]["DefaultExpirationDays"] == 7
    assert "crm" not in stack.state()


def test_a_preview_says_to_let_go_first_and_stops_saying_so_once_the_domain_is_ours(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    local_aws.seed(CP, "crm", DefaultExpirationDays=30)
    stack = pulumi_stack(declares(adopt_existing=True))
    stack.preview()
    (warning,) = [text for text in stack.messages() if text.startswith("adopt_existing:")]
    assert LET_GO in warning
    assert warning.endswith("[adopts-existing]")
    stack.up()
    stack.preview(expect_no_changes=True)
    assert stack.messages() == []


@pytest.mark.parametrize(
    ("live", "arguments", "changed"),
    [
        ({"DefaultExpirationDays": 30}, {}, "nothing"),
        ({"DefaultExpirationDays": 7}, {}, "default_expiration_days"),
        (
            {"DefaultExpirationDays": 7, "Tags": {"left": "over"}},
            {"tags": {"team": "crm"}, "data_store": {"enabled": True}},
            "default_expiration_days, data_store, tags_all.team, tags_all.left",
        ),
    ],
    ids=["already as declared", "a setting", "settings and tags"],
)
def test_it_takes_the_domain_over_and_says_what_it_changed(
    pulumi_stack: MakeStack, local_aws: LocalAws, live: dict[str, Any], arguments: dict[str, Any], changed: str
) -> None:
    local_aws.seed(CP, "crm", **live)
    stack = pulumi_stack(declares(adopt_existing=True, **arguments))
    stack.up()
    (warning,) = [text for text in stack.messages() if "was adopted" in text]
    assert warning.startswith(f"the existing domain 'crm' was adopted; changed on it: {changed}. ")
    assert LET_GO in warning
    assert OTHER_ENTRY in warning
    assert local_aws.domains(CP)["crm"]["DefaultExpirationDays"] == 30
    settled(stack)
    if changed == "nothing":
        assert {call.operation for call in local_aws.calls()} <= READS | {"CreateDomain"}


def test_what_it_took_over_keeps_its_data_behind_the_guard(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    local_aws.seed(CP, "crm", **LIVE)
    stack = pulumi_stack(declares(adopt_existing=True))
    stack.up()
    assert "it holds 5 profiles and 1 object" in fails(stack.destroy)
    assert "crm" in local_aws.domains(CP)


def test_a_change_that_is_denied_leaves_the_domain_out_of_the_stack_and_the_next_up_goes_on(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    local_aws.seed(CP, "crm", DefaultExpirationDays=7)
    local_aws.fault("UpdateDomain", code="AccessDeniedException", message="no")
    stack = pulumi_stack(declares(adopt_existing=True))
    assert "profile:UpdateDomain" in fails(stack.up)
    assert "crm" not in stack.state()
    stack.up()
    assert local_aws.domains(CP)["crm"]["DefaultExpirationDays"] == 30
    settled(stack)


def test_it_creates_a_domain_where_there_is_none(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(adopt_existing=True))
    stack.up()
    assert not any("was adopted" in text for text in stack.messages())
    settled(stack)
