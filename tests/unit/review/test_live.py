"""`--live`: what AWS says now clears a deletion, and nothing else does: no error, no other account, no other credentials."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from pulumi_connect_domains import aws
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.review.command import review

from .previews import document, state, step

EMPTY = {"ProfileCount": 0, "ObjectCount": 0, "TotalSize": 0}
ZEROS = {"stats": {"profile_count": 0, "object_count": 0, "total_size": 0}}
INPUTS = {"domain_name": "crm", "default_expiration_days": 30, "region": "us-east-1"}
ACCOUNT = "123456789012"

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture(autouse=True)
def _cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


def arn(account: str = ACCOUNT) -> dict[str, Any]:
    return {"arn": f"arn:aws:profile:us-east-1:{account}:domains/crm", "created_at": "2026-05-01T10:00:00+00:00"}


def reviewed(
    outputs: dict[str, Any], *options: str, inputs: dict[str, Any] = INPUTS
) -> tuple[int, str, dict[str, Any]]:
    """The exit code, what is said, and the domain in the document."""
    preview = json.dumps(document(step("delete", state(inputs, outputs))))
    given = ["--live", "--fail-on", "data-loss", *options]
    found = CliRunner(env={"GITHUB_STEP_SUMMARY": ""}).invoke(review, given, preview, standalone_mode=False)
    assert found.exception is None, found.output
    as_json = CliRunner().invoke(review, [*given, "--format", "json"], preview, standalone_mode=False)
    return found.return_value, found.output, json.loads(as_json.stdout)["stacks"][0]["domains"][0]


def test_an_empty_domain_is_cleared(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Stats=EMPTY)
    code, said, domain = reviewed(arn())
    assert (code, domain["loss"]) == (0, None)
    assert "it holds no data, as AWS says now" in said
    assert {call.operation for call in local_aws.calls()} == {"GetCallerIdentity", "GetDomain"}


def test_a_full_one_is_not_whatever_the_state_says(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Stats={**EMPTY, "ProfileCount": 7})
    code, said, domain = reviewed({**arn(), **ZEROS})
    assert (code, domain["loss"]["source"], domain["loss"]["holds"]["profiles"]) == (2, "live", 7)
    assert "7 profiles and 0 objects (0 bytes), as AWS says now" in said


def test_one_that_is_gone_is_cleared() -> None:
    code, said, _ = reviewed(arn())
    assert code == 0
    assert "it is not in AWS any more" in said


@pytest.mark.parametrize("is_there", [True, False])
def test_without_an_arn_nobody_knows_whose_it_is(is_there: bool, local_aws: LocalAws) -> None:
    """With credentials of another account neither "empty" nor "not found" says anything of the stack's own domain."""
    if is_there:
        local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Stats=EMPTY)
    code, said, domain = reviewed(ZEROS)
    assert (code, domain["loss"]["is_known"]) == (2, False)
    assert "the state has no ARN for it, so its account is not known" in said


def test_an_error_clears_nothing_and_is_said(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Stats=EMPTY)
    code, said, domain = reviewed(arn("999999999999"))
    assert (code, domain["loss"]["is_known"]) == (2, False)
    assert f"it belongs to account 999999999999, but the credentials are of account {ACCOUNT}" in said
    local_aws.fault("GetDomain", code="AccessDeniedException", status=403, times=None)
    code, said, domain = reviewed({**arn(), **ZEROS})
    assert (code, domain["loss"]["is_known"]) == (2, False)
    assert "access denied (AccessDeniedException)" in said


def test_a_role_is_assumed_in_the_domains_own_account(local_aws: LocalAws) -> None:
    other = "210987654321"
    code, said, _ = reviewed(arn(other), "--assume-role", "arn:aws:iam::{account}:role/reader")
    assert code == 0
    assert "it is not in AWS any more" in said
    assert {call.account for call in local_aws.calls("customer-profiles")} == {other}


def test_a_role_without_live_is_a_mistake() -> None:
    found = CliRunner().invoke(review, ["--assume-role", "arn"], "{}", standalone_mode=False)
    assert "--assume-role" in str(found.exception)


def test_a_secret_name_stays_out_of_the_error(local_aws: LocalAws) -> None:
    local_aws.fault("GetDomain", code="AccessDeniedException", status=403, times=None)
    _, said, domain = reviewed(arn(), inputs={**INPUTS, "domain_name": "[secret]"})
    assert "'crm'" not in domain["loss"]["remark"]
    assert "access denied" in said
