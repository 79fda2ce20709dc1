"""The command line: which commands there are, and what becomes of mistakes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from pulumi_connect_domains import __version__, cli
from pulumi_connect_domains.core.errors import Refused
from pulumi_connect_domains.local.aws import LocalAws


def test_every_command_of_the_table_loads_and_explains_itself() -> None:
    for name in [*cli.COMMANDS, *(f"local {name}" for name in cli.LOCAL_COMMANDS if name != "pulumi")]:
        result = CliRunner().invoke(cli.cli, [*name.split(), "--help"])
        assert result.exit_code == 0, name
        assert "Usage:" in result.output, name


def test_the_overview_names_every_command_and_imports_none() -> None:
    probe = (
        "import sys; from pulumi_connect_domains import cli; code = cli.run(['--help']); "
        "print(code, [name for name in ('pulumi', 'boto3', 'jsonschema', 'moto') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert all(name in said for name in cli.COMMANDS)
    assert said.splitlines()[-1] == "0 []"


MISTAKES = {
    "an unknown command": ["bogus"],
    "an unknown option": ["drift", "--bogus"],
    "an argument that is missing": ["validate"],
    "a file that does not exist": ["drift", "--state", "no-such-file.json"],
    "an unknown command of the local engine": ["local", "pulumi", "bogus"],
}


@pytest.mark.parametrize("arguments", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_arguments_exits_with_1(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 1
    said = capfd.readouterr()
    assert said.err + said.out
    assert "Traceback" not in said.err + said.out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_our_own_errors_are_their_text_and_bugs_keep_their_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Refused("not this one")

    def break_(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli.cli, "main", refuse)
    assert cli.run([]) == 1
    assert capsys.readouterr().err == "error: not this one\n"
    monkeypatch.setattr(cli.cli, "main", break_)
    with pytest.raises(ZeroDivisionError):
        cli.run([])


def test_connect_domains_local_starts_the_local_aws_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pulumi_connect_domains", "local"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    try:
        exported = next(line for line in process.stdout if "AWS_ENDPOINT_URL=" in line)
        endpoint = exported.partition("AWS_ENDPOINT_URL=")[2].strip().strip("'\"")
        assert LocalAws.connect(endpoint).calls() == []
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(endpoint)
