"""The command line: what is asked for, where reports go, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains import aws, cli
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
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert captured.err.startswith("1 of 1 domain in sync (1 stack, 1 account, 1 region, ")
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
        pytest.param(["--state", "x", "--require", "force_destroy=false"], "AWS never says", id="what AWS never says"),
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


def test_a_report_that_cannot_be_written_is_1_and_the_others_are_written(
    state: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outs = ("json=/no/such/folder/x.json", f"text={tmp_path / 'report'}", f"html={tmp_path}")
    assert cli.run(["drift", "--state", state, *(word for out in outs for word in ("--out", out))]) == 1
    told = capsys.readouterr().err
    assert told.count("cannot be written") == 2
    assert "--out json=/no/such/folder/x.json: cannot be written: No such file or directory" in told
    assert (tmp_path / "report").read_text().startswith("1 of 1 domain in sync")


def test_a_full_disk_leaves_the_old_report(state: str, tmp_path: Path, local_aws: LocalAws) -> None:
    report = tmp_path / "report.json"
    report.write_text("the old one")
    script = (
        "import resource, sys; from pulumi_connect_domains import cli; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); sys.exit(cli.run(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, "drift", "--state", state, "--out", f"json={report}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, report.read_text()) == (1, "the old one")
    assert "cannot be written: File too large" in done.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["report.json", "state.json"]


def test_a_report_keeps_the_permissions_and_the_link_of_the_old_one(state: str, tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("")
    real.chmod(0o640)
    link.symlink_to(real)
    assert cli.run(["drift", "--state", state, "--out", f"json={link}"]) == 0
    assert link.is_symlink()
    assert (json.loads(real.read_text())["exit_code"], real.stat().st_mode & 0o777) == (0, 0o640)


def test_a_domain_that_two_stacks_declare_is_2(state: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.json"
    other.write_text(export(resource("crm", stack="other")))
    assert cli.run(["drift", "--state", state, "--state", str(other)]) == 2
    shown = capsys.readouterr().out
    assert f"also declared in stack shop/other ({other}) as crm" in shown
    assert "2 domains declared twice" in shown


def test_a_finding_says_where_the_domain_is_declared(local_aws: LocalAws, tmp_path: Path) -> None:
    calls = [{"sourcePosition": "project:///../lib/resource.py#47"}, {"sourcePosition": "project:///parts.py#4"}]
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=31)
    file = tmp_path / "state.json"
    file.write_text(export(resource("crm", stackTrace=calls)))
    assert cli.run(["drift", "--state", str(file), "--out", f"json={tmp_path / 'drift.json'}"]) == 2
    (found,) = json.loads((tmp_path / "drift.json").read_text())["domains"]
    assert found["declared_at"] == "parts.py:4"


def test_metrics_name_the_check_and_sarif_the_projects_file(
    state: str, local_aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drifted(local_aws)
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path)
    outs = ["--out", "openmetrics=drift.prom", "--out", "sarif=drift.sarif"]
    assert cli.run(["drift", "--state", state, "--cwd", "infra", "--check-name", "nightly", *outs]) == 2
    assert 'connect_domains_drift_exit_code{check="nightly"} 2\n' in Path("drift.prom").read_text()
    (result,) = json.loads(Path("drift.sarif").read_text())["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "infra/Pulumi.yaml"}
