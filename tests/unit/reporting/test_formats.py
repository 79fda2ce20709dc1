"""The tables of formats: every format of every command renders, and one more is one function and one row."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pulumi_connect_domains import cli
from pulumi_connect_domains.doctor import command as doctor_command
from pulumi_connect_domains.doctor import formats as doctor_formats
from pulumi_connect_domains.drift import command as drift_command
from pulumi_connect_domains.drift import formats as drift_formats
from pulumi_connect_domains.drift import merge_command, saying
from pulumi_connect_domains.reporting import formats
from pulumi_connect_domains.reporting.formats import Format, Formats, Screen
from pulumi_connect_domains.review import command as review_command
from pulumi_connect_domains.review import formats as review_formats
from pulumi_connect_domains.validate import command as validate_command
from pulumi_connect_domains.validate import formats as validate_formats

TOKEN = "pulumi-python:dynamic/customerprofiles:Domain"
URN = f"urn:pulumi:dev::shop::{TOKEN}::crm"
INPUTS = {"domain_name": "crm", "default_expiration_days": 30}  # no region, so nothing is asked

PREVIEW = {"steps": [{"op": "create", "urn": URN, "newState": {"inputs": INPUTS}}], "changeSummary": {"create": 1}}
STATE = {"urn": URN, "type": TOKEN, "id": "crm", "inputs": INPUTS, "outputs": {}}
FILES = {"preview": PREVIEW, "state": {"version": 3, "deployment": {"resources": [STATE]}}, "domain": INPUTS}

COMMANDS = {
    "doctor": ["--offline"],
    "drift": ["--state", "state.json"],
    "review": ["preview.json"],
    "validate": ["domain.json"],
}
TABLES = {
    "doctor": doctor_formats.FORMATS,
    "drift": drift_formats.FORMATS,
    "review": review_formats.FORMATS,
    "validate": validate_formats.FORMATS,
}
MODULES = {
    "doctor": [doctor_formats, doctor_command],
    "drift": [drift_formats, saying, merge_command, drift_command],
    "review": [review_formats, review_command],
    "validate": [validate_formats, validate_command],
}
"""What each command's table, and then its options, are made in."""


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for name, content in FILES.items():
        Path(f"{name}.json").write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("command", "name"), [(command, name) for command, table in TABLES.items() for name in table.names]
)
def test_every_format_of_every_command_renders(command: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([command, *COMMANDS[command], "--out", f"{name}=report", "--out", f"{name}=-"]) in (0, 1)
    text = Path("report").read_text()
    assert text.strip()
    assert text.endswith("\n")
    assert capsys.readouterr().out == text


def shout(report: object, screen: Screen) -> str:
    """A format of this test's own."""
    return f"{report}!{screen.width}"


@pytest.fixture(params=COMMANDS)
def command(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A command whose table has one more row: its modules are loaded again with it, and afterwards are what they were."""
    modules: list[ModuleType] = MODULES[request.param]
    before = [dict(vars(module)) for module in modules]
    row = Format("shout", f"{__name__}:shout")
    monkeypatch.setattr(formats, "Formats", lambda rows: Formats((*rows, row)))
    for module in modules:
        importlib.reload(module)
    yield request.param
    for module, members in zip(modules, before, strict=True):
        vars(module).update(members)


def test_a_new_format_is_a_function_and_a_row(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [command, *COMMANDS[command]]
    assert cli.run([*arguments, "--format", "shout"]) in (0, 1)
    assert capsys.readouterr().out.endswith("!None\n")
    assert cli.run([*arguments, "--out", "shout=report"]) in (0, 1)
    assert Path("report").read_text().endswith("!None\n")
    assert capsys.readouterr().out == ""
    assert cli.run([*arguments, "--out", "whisper=report"]) == 1
    assert "FORMAT=FILE was expected, with one of the formats" in (said := capsys.readouterr().err)
    assert "shout" in said
    cli.run([command, "--help"])
    assert "shout" in capsys.readouterr().out


def test_a_format_that_nobody_added_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for command, arguments in COMMANDS.items():
        assert cli.run([command, *arguments, "--format", "shout"]) == 1
        assert "shout" in capsys.readouterr().err
