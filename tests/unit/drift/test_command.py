"""The command line: what is asked for, where reports go, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains import cli
from pulumi_connect_domains.core import aws
from pulumi_connect_domains.local.aws import LocalAws

from .reports import export, resource


@pytest.fixture(autouse=True)
def _cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def state(tmp_path: Path, local_aws: LocalAws) -> str:
    """A state file with one domain, which is there as declared."""
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    file = tmp_path / "state.json"
    file.write_text(export(resource("crm")))
    return str(file)


def drifted(cloud: LocalAws) -> None:
    cloud.change("customer-profiles", "crm", DefaultExpirationDays=31)


def test_in_sync_is_0(state: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["drift", "--state", state]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("1 of 1 domain in sync")
    assert captured.err == ""  # no progress bar where nobody looks


@pytest.mark.parametrize(("options", "code"), [([], 2), (["--exit-zero"], 0)])
def test_drift_is_2_and_can_be_hidden(
    state: str, local_aws: LocalAws, capsys: pytest.CaptureFixture[str], options: list[str], code: int
) -> None:
    drifted(local_aws)
    assert cli.run(["drift", "--state", state, *options]) == code
    assert "raised from 30 to 31 days" in capsys.readouterr().out


def test_an_error_is_1_and_cannot_be_hidden(state: str, local_aws: LocalAws, tmp_path: Path) -> None:
    drifted(local_aws)
    assert cli.run(["drift", "--state", state, "--state", str(tmp_path / "none"), "--exit-zero"]) == 1


def test_nothing_to_check_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.json").write_text(export())
    assert cli.run(["drift", "--state-dir", str(tmp_path), "--exit-zero"]) == 1
    assert "Nothing to check" in capsys.readouterr().out


def test_several_reports_at_once(state: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outs = [f"{name}={tmp_path / name}" for name in ("text", "json", "markdown", "junit", "github", "slack", "html")]
    assert cli.run(["drift", "--state", state, *(word for out in outs for word in ("--out", out))]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "json").read_text())["counts"]["in_sync"] == 1
    assert (tmp_path / "html").read_text().startswith("<!doctype html>")
    assert cli.run(["drift", "--state", state, "--out", "json=-", "--out", f"text={tmp_path / 'again'}"]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == "in_sync"


def test_standard_input(state: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with open(state) as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert cli.run(["drift", "--state", "-", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["stacks"] == ["shop/dev"]


def test_nothing_but_reads_reaches_aws(state: str, local_aws: LocalAws) -> None:
    cli.run(["drift", "--state", state, "--unmanaged", "--strict"])
    assert [call.operation for call in local_aws.calls()] == ["GetCallerIdentity", "GetDomain", "ListDomains"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "what is to be checked?", id="no source"),
        pytest.param(["--state", "x", "--out", "pdf=x"], "FORMAT=FILE was expected", id="an unknown format"),
        pytest.param(["--state", "x", "--out", "json"], "FORMAT=FILE was expected", id="no file"),
        pytest.param(["--state", "x", "--rate", "fast"], "calls per second", id="a rate that is no number"),
        pytest.param(["--state", "x", "--rate", "GetDomain=-1"], "calls per second", id="a negative rate"),
        pytest.param(
            ["--state", "x", "--require", "nope=1"], "no resource has the property nope", id="an unknown property"
        ),
        pytest.param(["--state", "x", "--policy", "none.yaml"], "cannot be read", id="a policy that is not there"),
        pytest.param(["--state-dir", "none"], "there is no such folder", id="a folder that is not there"),
        pytest.param(["--state", "x", "--type", "s3"], "Invalid value for '--type'", id="an unknown resource"),
    ],
)
def test_a_mistake_in_the_arguments_is_1_and_asks_nothing(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], local_aws: LocalAws
) -> None:
    assert cli.run(["drift", *arguments]) == 1
    assert said in capsys.readouterr().err
    assert local_aws.calls() == []


def test_a_report_that_cannot_be_written_is_1(state: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["drift", "--state", state, "--out", "json=/no/such/folder/x.json"]) == 1
    assert "cannot be written" in capsys.readouterr().err
