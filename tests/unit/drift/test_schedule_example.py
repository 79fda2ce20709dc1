"""examples/drift-schedule: the workflows, units and alerts are what their systems accept, and ask for what exists."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from pulumi_connect_domains import cli
from pulumi_connect_domains.drift.command import drift
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.model import STATUSES
from pulumi_connect_domains.drift.policy import from_policy
from pulumi_connect_domains.drift.wording import report_lines
from pulumi_connect_domains.iam_policy import policy
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import resource_types

from .reports import EVERYTHING, export, resource

EXAMPLE = Path(__file__).parents[3] / "examples" / "drift-schedule"
YAML = [
    "github/drift.yml",
    "gitlab/.gitlab-ci.yml",
    "policy.yaml",
    "prometheus/alerts.yml",
    "prometheus/alerts_test.yml",
]
SCRIPTS = ["systemd/connect-domains-drift.sh"]
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


@pytest.mark.parametrize("file", SCRIPTS)
def test_every_drift_command_in_the_files_is_one(file: str) -> None:
    text = (EXAMPLE / file).read_text().replace("\\\n", " ")
    text = re.sub(r">-\n\s+(connect-domains[^\n]*)\n\s+", r"\1 ", text)
    commands = [
        shlex.split(found.split("||")[0], comments=True)[2:]
        for found in re.findall(r"connect-domains drift [^\n]*", text)
    ]
    assert commands
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


# -- metrics ----------------------------------------------------------------------------------------------------------

ALERTS = EXAMPLE / "prometheus" / "alerts.yml"
DASHBOARD: dict[str, Any] = json.loads((EXAMPLE / "grafana" / "dashboard.json").read_text())
METRICS = {
    family.name: {name for sample in family.samples for name in sample.labels}
    for family in text_string_to_metric_families(FORMATS.named("openmetrics").render(EVERYTHING))
}
"""Every metric that a check writes, and its labels."""

has_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="no promtool on PATH: queries were looked through, and not parsed"
)


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = DASHBOARD["panels"]
    return found


def expressions() -> dict[str, str]:
    """Every query of the alerts and of the dashboard, with a value for each of its variables."""
    alerts = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    of_panels = {
        f"panel {panel['title']} {target['refId']}": re.sub(r"\$\w+", "x", target["expr"])
        for panel in panels()
        for target in panel["targets"]
    }
    return {f"alert {rule['alert']}": rule["expr"] for rule in alerts} | of_panels


@pytest.mark.parametrize("where", expressions())
def test_a_query_asks_for_metrics_and_labels_that_exist(where: str) -> None:
    query = expressions()[where]
    asked = re.findall(r"(connect_domains_\w+)(?:\{(.*?)\})?", query)
    assert asked
    for metric, selector in asked:
        assert metric in METRICS
        labels = set(re.findall(r"(\w+)=~?\"", selector)) | set(
            re.findall(r"\w+", " ".join(re.findall(r"by \((.*?)\)", query)))
        )
        assert labels <= METRICS[metric], labels - METRICS[metric]
        kinds = re.findall(r'(?:kind|status)=~?"([^"]*)"', selector)
        assert all(each in KINDS for kind in kinds for each in kind.split("|"))


KINDS = {line.kind.replace(" ", "_") for domain in EVERYTHING.domains for line in report_lines(domain)} | set(STATUSES)


def test_every_kind_of_drift_has_an_alert() -> None:
    """The kinds for which a check exits with 2; the others are for information, or make the exit code 1."""
    text = ALERTS.read_text()
    for kind in ("drifted", "missing", "suspended", "requirement", "declared_twice"):
        assert re.search(rf'kind=~"[^"]*\b{kind}\b', text), kind
    for kind in ("ignored", "note", "cannot_tell", "unmanaged"):
        assert not re.search(rf'kind=~"[^"]*\b{kind}\b', text), kind


@has_promtool
def test_prometheus_understands_the_alerts_and_they_fire() -> None:
    for command in (["check", "rules", str(ALERTS)], ["test", "rules", str(ALERTS.with_name("alerts_test.yml"))]):
        done = run("promtool", *command)
        assert done.returncode == 0, done.stdout + done.stderr


@has_promtool
def test_prometheus_understands_the_dashboards_queries(tmp_path: Path) -> None:
    rules = [{"record": f"a:b{place}", "expr": query} for place, query in enumerate(expressions().values())]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    done = run("promtool", "check", "rules", str(file))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboards_panels_have_room() -> None:
    assert len({panel["id"] for panel in panels()}) == len(panels())
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_the_dashboard_asks_the_data_source_that_is_chosen() -> None:
    variables = {each["name"]: each for each in DASHBOARD["templating"]["list"]}
    assert list(variables) == ["datasource", "check", "stack"]
    for name in ("check", "stack"):
        found = re.fullmatch(r"label_values\((\w+), (\w+)\)", variables[name]["query"]["query"])
        assert found
        assert found[2] in METRICS[found[1]]
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(panels()))) - {"__all"}
    assert used == set(variables)


def test_the_script_writes_metrics_where_it_is_told(tmp_path: Path, local_aws: LocalAws) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    stacks = tmp_path / "backend" / ".pulumi" / "stacks" / "shop"
    stacks.mkdir(parents=True)
    (stacks / "dev.json").write_text(export(resource("crm")))
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=31)
    for name, text in {
        "curl": 'echo "$*" >> told',
        "connect-domains": f'exec {sys.executable} -m pulumi_connect_domains "$@"',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    collected = tmp_path / "my collector"
    collected.mkdir()
    environment = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "STATE_URL": f"file://{tmp_path}/backend",
        "SLACK_WEBHOOK": "https://hook.example",
        "METRICS_FILE": str(collected / "drift.prom"),
        **local_aws.environment(),
    }
    script = ["bash", str(EXAMPLE / "systemd" / "connect-domains-drift.sh")]
    done = subprocess.run(script, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert [file.name for file in collected.iterdir()] == ["drift.prom"], "nothing half written is left beside it"
    assert 'connect_domains_drift_exit_code{check="drift"} 2\n' in (collected / "drift.prom").read_text()
    assert "https://hook.example" in (tmp_path / "told").read_text()


def test_the_command_is_mounted() -> None:
    assert cli.cli.get_command(click.Context(cli.cli), "drift") is drift
