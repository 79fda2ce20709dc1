"""What commands print beside their reports: errors with hostile names of files, resources and arguments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.local.aws import LocalAws

from . import hostile

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
named = hostile.text.map(
    lambda text: text.replace("\x00", "").encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
)
"""Texts as the arguments of a process can be."""


@few
@given(text=named)
@example(text="::error::x")
@example(text="x\n::error::x")
@example(text="\x1b[31m##[error]x")
@example(text="##[error]x")
@pytest.mark.parametrize(
    "arguments",
    [
        ["drift", "--state", "{}"],
        ["drift", "--state-dir", "{}"],
        ["drift", "--state", "x", "--require", "{}=1"],
        ["drift", "--state", "x", "--policy", "{}"],
        ["drift", "--state", "x", "--out", "{}=x"],
        ["drift", "--{}"],
        ["review", "{}"],
        ["review", "--format", "{}"],
        ["review", "--marker", "a-->{}"],
        ["validate", "{}"],
        ["import", "--name", "x", "--out", "y", "--state", "{}"],
        ["{}"],
    ],
    ids=" ".join,
)
def test_errors(
    arguments: list[str],
    text: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    cli.run([each.replace("{}", text) for each in arguments])
    said = capsys.readouterr()
    hostile.check_log(said.err)
    hostile.check_log(said.out)


@pytest.mark.parametrize("option", ["--region", "--account"])
def test_a_local_aws_is_not_started_with_a_hostile_variable(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its variables are printed for a shell, which would take them for commands."""
    for text in hostile.KINDS.values():
        assert cli.run(["local", "start", "--port", "0", option, text]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        hostile.check_log(said.err)


@pytest.mark.parametrize("options", [[], ["--read-only"], ["--validate-live"]], ids=" ".join)
def test_a_policy_has_no_hostile_key(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for text in hostile.KINDS.values():
        for key in (text, f"arn:aws:kms:us-east-1:123456789012:key/x{text}"):
            assert cli.run(["iam-policy", "--key", key, *options]) == 1
            said = capsys.readouterr()
            assert said.out == ""
            hostile.check_log(said.err)


def test_a_file_with_a_hostile_name_that_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x\n::error::y\x1b[31m.yaml"
    file.write_text("default_expiration_days: 1099\n::x: 1\n")
    assert cli.run(["validate", "--resource", "customerprofiles", str(file)]) == 1
    hostile.check_log(capsys.readouterr().out)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_state_with_a_number_that_json_has_not(
    number: str,
    tmp_path: Path,
    local_aws: LocalAws,
    capsys: pytest.CaptureFixture[str],
) -> None:
    aws.forget_clients()
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    token = "pulumi-python:dynamic/customerprofiles:Domain"
    inputs = {"domain_name": "crm", "region": "us-east-1", "default_expiration_days": float(number)}
    urn = f"urn:pulumi:dev::shop::{token}::crm"
    resource = {"urn": urn, "type": token, "id": "crm", "inputs": inputs, "outputs": {}}
    (tmp_path / "state.json").write_text(json.dumps({"version": 3, "deployment": {"resources": [resource]}}))
    code = cli.run(["drift", "--state", str(tmp_path / "state.json"), "--format", "json"])
    said = capsys.readouterr()
    assert "Traceback" not in said.err

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    report = json.loads(said.out, parse_constant=refuse)
    assert (code, report["domains"]) == (1, [])
    assert [each["origin"] for each in report["problems"]] == [str(tmp_path / "state.json")]
