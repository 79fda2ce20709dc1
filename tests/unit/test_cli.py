"""The command line: which commands there are, and what becomes of mistakes."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pulumi_connect_domains import __version__, cli
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.errors import Refused
from pulumi_connect_domains.reporting.command_line import Command


def commands(group: click.Group = cli.cli, words: str = "") -> Iterator[tuple[str, Command]]:
    """Every command with its words: `local start`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert isinstance(command, Command), name
        yield f"{words} {name}".strip(), command
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} {name}".strip())


ALL = dict(commands())
LAUNCHED = [
    pytest.param("from pulumi_connect_domains import cli; cli.main()", id="connect-domains"),
    pytest.param("import runpy; runpy.run_module('pulumi_local_engine.cli', run_name='__main__')", id="the launcher"),
]
EXAMPLES = [
    pytest.param(command, example.line, id=f"{words or 'connect-domains'}: {example.words}")
    for words, command in {"": cli.cli, **ALL}.items()
    for example in command.examples
]


@pytest.mark.parametrize("words", [words for words in ALL if words != "local pulumi"])
def test_every_command_explains_itself_within_80_columns(words: str) -> None:
    result = CliRunner().invoke(cli.cli, [*words.split(), "--help"], terminal_width=80)
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")
    assert [line for line in result.output.splitlines() if len(line) > 80] == []
    assert "Exit codes:" in result.output
    assert "Examples:" in result.output


@pytest.mark.parametrize("words", ALL)
def test_every_command_has_examples_and_exit_codes_and_every_option_its_sentence(words: str) -> None:
    command = ALL[words]
    assert command.examples
    assert {0, 1} <= command.exit_codes.keys()
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [each.name for each in options if not re.search(r"[.?\])]$", each.help or "")] == []
    assert [each.name for each in options if each.multiple and "may be repeated" not in (each.help or "")] == []


@pytest.mark.parametrize(("command", "line"), EXAMPLES)
def test_every_example_can_be_parsed(command: Command, line: str) -> None:
    """Each is a command line of the command that shows it, or of one below it. Nothing of it is run."""
    found: click.Command = cli.cli
    words = words_of(line)
    while isinstance(found, click.Group) and words and words[0] in found.list_commands(click.Context(found)):
        inner = found.get_command(click.Context(found), words.pop(0))
        assert inner
        found = inner
    assert found is command or isinstance(command, click.Group)
    with found.make_context("connect-domains", words) as parsed:
        assert parsed.command is found


def words_of(line: str) -> list[str]:
    """The arguments of `connect-domains` in a shell's command line."""
    inner = line.removeprefix('eval "$(').removesuffix(')"')
    words = shlex.split(inner.replace("\\\n", " "))
    after = words[words.index("connect-domains") + 1 :]
    end = next((place for place, word in enumerate(after) if word in (">", ">>", "|")), len(after))
    return after[:end]


def test_the_overview_names_every_command_and_imports_none() -> None:
    probe = (
        "import sys; from pulumi_connect_domains import cli; code = cli.run(['--help']); "
        "print(code, [name for name in ('pulumi', 'boto3', 'jsonschema', 'moto', 'rich', 'packaging') if name in sys.modules])"
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


CLOSE = {
    "a command": (["drfit"], "No such command 'drfit'. Did you mean 'drift'?"),
    "a subcommand": (["local", "strat"], "No such command 'strat'. Did you mean 'start'?"),
    "a command of the local engine": (["local", "pulumi", "prevew"], "no command 'prevew' for 'pulumi'; did you mean 'preview'?"),
    "a subcommand of the local engine": (
        ["local", "pulumi", "stack", "exprt"], "no command 'exprt' for 'pulumi stack'; did you mean 'export'?",
    ),
    "an option": (["drift", "--unmanagd"], "--unmanaged"),
    "a format": (["doctor", "--format", "jsno"], "Did you mean 'json'?"),
    "a format of a file": (["review", "x", "--out", "markdwn=comment.md"], "Did you mean 'markdown'?"),
    "a resource type": (["drift", "--type", "voice-id"], "Did you mean 'voiceid'?"),
    "a choice of a subcommand": (["local", "start", "--format", "shel"], "Did you mean 'shell'?"),
    "a shell": (["completion", "bsh"], "Did you mean 'bash'?"),
    "an option of the local engine": (["local", "pulumi", "preview", "--jsn"], "option --jsn of `pulumi preview`; did you mean '--json'?"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), CLOSE.values(), ids=CLOSE)
def test_a_typing_error_is_answered_with_the_closest_name(
    arguments: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 1
    assert said in capfd.readouterr().err


def test_a_command_that_is_like_no_other_gets_no_suggestion(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["bogus"]) == 1
    assert capfd.readouterr().err.endswith("Error: No such command 'bogus'.\n")


def test_a_port_that_is_taken_gets_a_hint() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "pulumi_connect_domains", "local", "start", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == f"Error: port {port}: Address already in use; `--port 0` takes any that is free\n"


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
    command = [sys.executable, "-m", "pulumi_connect_domains", "local", "start", "--port", "0"]
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


def test_without_a_command_local_starts_a_local_aws_on_its_usual_port() -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # somebody else has it already
            taken.bind(("127.0.0.1", 4599))
            taken.listen()
        command = [sys.executable, "-m", "pulumi_connect_domains", "local"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: port 4599: ")


@pytest.mark.parametrize("launched", LAUNCHED)
@pytest.mark.parametrize(("given", "kept"), [(None, "ERROR"), ("DEBUG", "DEBUG")])
def test_grpc_says_nothing_of_connections_unless_it_is_asked_to(launched: str, given: str | None, kept: str) -> None:
    """It reads the variable once, when it is loaded."""
    probe = (
        "import atexit, os, sys; import importlib.abc\n"
        "class Seen(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'grpc': print('loaded with', os.environ.get('GRPC_VERBOSITY'))\n"
        "sys.meta_path.insert(0, Seen())\n"
        "atexit.register(lambda: __import__('grpc') if 'grpc' not in sys.modules else None)\n"
        f"sys.argv = ['command', '--help']\n{launched}\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "GRPC_VERBOSITY"}
    if given:
        environment["GRPC_VERBOSITY"] = given
    done = subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True)
    assert [line for line in done.stdout.splitlines() if line.startswith("loaded")] == [f"loaded with {kept}"]
