"""The command line of the doctor, as a process of its own: its exit code, its report, and no secret anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws

PROGRAM = [sys.executable, "-m", "pulumi_connect_domains", "doctor"]
SECRETS = ("hushhush", "AKIAHUSHHUSHHUSHHUSH")


def doctor(*options: str, **variables: str) -> tuple[int, str, str]:
    left_out = ("AWS_", "PULUMI_", "CONNECT_DOMAINS_")
    surrounding = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    done = subprocess.run(
        [*PROGRAM, *options], env={**surrounding, **variables}, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def statuses(text: str) -> Mapping[str, str]:
    return {check["name"]: check["status"] for check in json.loads(text)["checks"]}


def test_all_is_well(local_aws: LocalAws) -> None:
    code, out, err = doctor("--format", "json", **local_aws.environment())
    found = statuses(out)
    assert (code, err) == (0, ""), out
    assert set(found.values()) <= {"ok", "warning", "skipped"}
    assert found["host-partial-failures"] == found["service-voiceid"] == "ok"
    assert [call.operation for call in local_aws.calls()] != []


def test_nothing_but_reads_reaches_aws(local_aws: LocalAws) -> None:
    local_aws.forget_calls()
    doctor(**local_aws.environment())
    assert sorted(call.operation for call in local_aws.calls()) == ["GetCallerIdentity", "ListDomains", "ListDomains"]


def test_no_aws_and_no_credentials_and_no_cli(tmp_path: Path) -> None:
    """What a new machine has: everything is said in one run, and quickly."""
    begin = time.monotonic()
    code, out, err = doctor(
        "--format", "json", "--timeout", "30",
        HOME=str(tmp_path), PATH=str(tmp_path), AWS_REGION="eu-west-2", AWS_EC2_METADATA_DISABLED="true",
    )  # fmt: skip
    found = statuses(out)
    assert (code, err) == (1, "")
    assert (found["pulumi-cli"], found["credentials"], found["account"]) == ("warning", "failed", "skipped")
    assert time.monotonic() - begin < 60


def test_secrets_are_nowhere(tmp_path: Path) -> None:
    closed = "http://ada:hushhush@127.0.0.1:9"
    variables = {
        "AWS_ACCESS_KEY_ID": SECRETS[1],
        "AWS_SECRET_ACCESS_KEY": SECRETS[0],
        "AWS_SESSION_TOKEN": SECRETS[0],
        "AWS_ENDPOINT_URL": closed,
        "AWS_REGION": "eu-west-2",
        "HOME": str(tmp_path),
    }
    for form in ("text", "json"):
        code, out, err = doctor("--format", form, **variables)
        assert code == 1
        assert "no connection to http://…@127.0.0.1:9" in out
        assert not any(secret in out + err for secret in SECRETS)


def test_offline(tmp_path: Path) -> None:
    code, out, _ = doctor("--offline", "--format", "json", AWS_REGION="eu-west-2", HOME=str(tmp_path))
    assert code == 0, out
    assert statuses(out)["service-voiceid"] == "skipped"


@pytest.mark.parametrize(
    "options", [["--timeout", "0"], ["--timeout", "soon"], ["--format", "xml"], ["--bogus"], ["dev"]], ids=" ".join
)
def test_a_mistake_in_the_arguments_is_1(options: list[str]) -> None:
    code, out, err = doctor(*options)
    assert (code, out) == (1, "")
    assert "Error: " in err


def test_a_report_in_a_file(local_aws: LocalAws, tmp_path: Path) -> None:
    code, out, _ = doctor(
        "--out", f"json={tmp_path / 'r.json'}", "--out", "text=-", "--offline", **local_aws.environment()
    )
    assert code == 0
    assert json.loads((tmp_path / "r.json").read_text())["result"] == "works"
    assert "checks: " in out
