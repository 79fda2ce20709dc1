"""examples/drift-schedule: the workflows are what their systems accept, and the script keeps to one issue."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from pulumi_connect_domains import cli
from pulumi_connect_domains.drift.command import drift
from pulumi_connect_domains.drift.policy import from_policy
from pulumi_connect_domains.iam_policy import policy
from pulumi_connect_domains.registry import resource_types

EXAMPLE = Path(__file__).parents[3] / "examples" / "drift-schedule"
YAML = ["github/drift.yml", "gitlab/.gitlab-ci.yml", "policy.yaml"]
SCRIPTS = ["github/one-issue.sh", "systemd/connect-domains-drift.sh"]
STYLE = """{extends: default, rules: {line-length: {max: 140}, document-start: disable, truthy: {check-keys: false},
    comments: {min-spaces-from-content: 1}}}"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("schema", "file"), [("vendor.github-workflows", "github/drift.yml"), ("vendor.gitlab-ci", "gitlab/.gitlab-ci.yml")]
)
def test_a_workflow_is_as_its_systems_schema_says(schema: str, file: str) -> None:
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(EXAMPLE / file))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", YAML)
def test_yaml_is_tidy(file: str) -> None:
    done = run(sys.executable, "-m", "yamllint", "--strict", "-d", STYLE, str(EXAMPLE / file))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", SCRIPTS)
def test_scripts_are_bash(file: str) -> None:
    done = run("bash", "-n", str(EXAMPLE / file))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", [*YAML[:2], *SCRIPTS])
def test_every_drift_command_in_the_files_is_one(file: str) -> None:
    text = (EXAMPLE / file).read_text().replace("\\\n", " ")
    text = re.sub(r">-\n\s+(connect-domains[^\n]*)\n\s+", r"\1 ", text)
    commands = [
        shlex.split(found.split("||")[0], comments=True)[2:]
        for found in re.findall(r"connect-domains drift [^\n]*", text)
    ]
    assert commands or file == "github/one-issue.sh"
    for arguments in commands:
        context = click.Context(drift)
        parsed = drift.make_parser(context).parse_args(list(arguments))
        assert parsed[1] == []


def test_the_role_may_do_what_a_check_does_and_nothing_else() -> None:
    granted = json.loads((EXAMPLE / "iam/read-only.json").read_text())
    assert granted == policy(list(resource_types().values()), read_only=True)


def test_the_trust_is_for_one_branch() -> None:
    (statement,) = json.loads((EXAMPLE / "iam/trust-github.json").read_text())["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    subject = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert re.fullmatch(r"repo:[^:*]+:ref:refs/heads/[^*]+", subject)


def test_the_policy_is_understood() -> None:
    assert len(from_policy(str(EXAMPLE / "policy.yaml"))) == 3


def test_github_gets_no_more_than_it_needs() -> None:
    workflow = yaml.safe_load((EXAMPLE / "github/drift.yml").read_text())
    assert workflow["permissions"] == {"contents": "read", "id-token": "write", "issues": "write"}


def test_the_systemd_units_name_what_they_need() -> None:
    service, timer = (configparser.ConfigParser(interpolation=None, strict=False) for _ in range(2))
    for parser, name in ((service, "service"), (timer, "timer")):
        parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
        parser.read(EXAMPLE / f"systemd/connect-domains-drift.{name}")
    assert service["Service"]["Type"] == "oneshot"
    assert service["Service"]["SuccessExitStatus"] == "2"
    assert Path(service["Service"]["ExecStart"]).name == "connect-domains-drift.sh"
    assert timer["Install"]["WantedBy"] == "timers.target"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="no systemd-analyze on PATH: the timer's calendar was not checked"
)
def test_systemd_understands_the_calendar() -> None:
    timer = (EXAMPLE / "systemd/connect-domains-drift.timer").read_text()
    calendar = re.search(r"OnCalendar=(.*)", timer)
    assert calendar
    done = run("systemd-analyze", "calendar", calendar[1])
    assert done.returncode == 0, done.stderr


def test_the_crontab_has_five_fields_and_a_command() -> None:
    (line,) = [line for line in (EXAMPLE / "systemd/crontab").read_text().splitlines() if re.match(r"[\d*]", line)]
    *fields, command = line.split(" ", 5)
    assert all(re.fullmatch(r"[\d*,/-]+", field) for field in fields)
    assert command.endswith("connect-domains-drift.sh")


# -- one issue --------------------------------------------------------------------------------------------------------

GH = """#!/bin/bash
echo "$*" >> "$LOG"
if [ "$1 $2" = "issue list" ]; then printf '%s' "$FOUND"; fi
"""


@pytest.mark.parametrize(
    ("code", "found", "done"),
    [
        pytest.param("0", "", [], id="in sync, no issue"),
        pytest.param("0", "7 CLOSED\n", [], id="in sync, closed already"),
        pytest.param("0", "7 OPEN\n", ["issue close 7"], id="in sync again"),
        pytest.param("2", "", ["label create drift", "issue create"], id="drift for the first time"),
        pytest.param("2", "7 OPEN\n", ["issue edit 7"], id="drift still"),
        pytest.param("2", "7 CLOSED\n", ["issue reopen 7", "issue edit 7"], id="drift again"),
        pytest.param("1", "", ["label create drift", "issue create"], id="doubt counts as well"),
    ],
)
def test_there_is_one_issue(code: str, found: str, done: list[str], tmp_path: Path) -> None:
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "report.md").write_text("## 1 of 2 domains drifted\n")
    log = tmp_path / "log"
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "LOG": str(log), "FOUND": found}
    script = [str(EXAMPLE / "github/one-issue.sh"), code, str(tmp_path / "report.md"), "https://run"]
    subprocess.run(["bash", *script], check=True, env=environment)
    listed, *others = log.read_text().splitlines()
    assert listed.startswith("issue list --label drift --state all")
    assert [" ".join(line.split()[: len(wanted.split())]) for line, wanted in zip(others, done, strict=True)] == done
    if code != "0":
        assert (tmp_path / "report.md.body").read_text() == "## 1 of 2 domains drifted\n\n[the run](https://run)\n"


def test_the_command_is_mounted() -> None:
    assert cli.cli.get_command(click.Context(cli.cli), "drift") is drift
