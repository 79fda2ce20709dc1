"""Completion: the scripts for shells, what click's protocol answers, and bash itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import get_completion_class
from click.testing import CliRunner
from pulumi_connect_domains import cli
from pulumi_connect_domains.completion import MENDED, SHELLS
from pulumi_connect_domains.registry import resource_types

HEAVY = ("pulumi", "boto3", "jsonschema", "moto", "rich", "jinja2")


def completed(*words: str) -> list[str]:
    """What the words complete to, the last of them the one at the cursor, as the script for fish asks: kind, value, help."""
    environment = {
        "_CONNECT_DOMAINS_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["connect-domains", *words]),
        "COMP_CWORD": str(len(words)),
    }
    result = CliRunner().invoke(cli.cli, prog_name="connect-domains", env=environment)
    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.output
    return result.output.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param([""], [f"plain,{name}" for name in cli.COMMANDS], id="all commands"),
        pytest.param(["dr"], ["plain,drift"], id="a command"),
        pytest.param(["local", "st"], ["plain,start", "plain,status", "plain,stop"], id="a subcommand"),
        pytest.param(["local", "pulumi", "sta"], ["plain,stack", "plain,state"], id="a command of the local engine"),
        pytest.param(["local", "pulumi", "stack", "exp"], ["plain,export"], id="a subcommand of the local engine"),
        pytest.param(["drift", "--unm"], ["plain,--unmanaged"], id="an option"),
        pytest.param(
            ["review", "--format", ""], ["plain,markdown", "plain,json", "plain,text", "plain,sarif"], id="formats"
        ),
        pytest.param(["review", "--format", "m"], ["plain,markdown"], id="a format"),
        pytest.param(["drift", "--type", ""], [f"plain,{key}" for key in resource_types()], id="resource types"),
        pytest.param(["completion", ""], [f"plain,{shell}" for shell in SHELLS], id="shells"),
        pytest.param(["drift", "--state", "sta"], ["file,sta"], id="a file"),
        pytest.param(["validate", "crm"], ["file,crm"], id="a file that is an argument"),
        pytest.param(["drift", "--state-dir", ""], ["dir,"], id="a folder"),
        pytest.param(["bogus", ""], [f"plain,{name}" for name in cli.COMMANDS], id="after an unknown command"),
        pytest.param(["drift", "--bogus", "--unm"], ["plain,--unmanaged"], id="after an unknown option"),
    ],
)
def test_what_is_completed(words: list[str], expected: list[str]) -> None:
    assert completed(*words) == expected


@pytest.mark.parametrize("words", ["connect-domains ", "connect-domains local st"])
def test_completing_the_name_of_a_command_imports_none(words: str) -> None:
    probe = (
        "import sys, atexit; from pulumi_connect_domains import cli; "
        f"atexit.register(lambda: print([name for name in {HEAVY} if name in sys.modules])); cli.run([])"
    )
    environment = {
        **os.environ,
        "_CONNECT_DOMAINS_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    done = subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True)
    assert "plain," in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_of_commands_is_offered_to_shells_that_show_it() -> None:
    environment = {
        "_CONNECT_DOMAINS_COMPLETE": "fish_complete",
        "COMP_WORDS": "connect-domains dr",
        "COMP_CWORD": "dr",
    }
    result = CliRunner().invoke(cli.cli, prog_name="connect-domains", env=environment)
    assert cli.COMMANDS["drift"][1] in result.output


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # it may be for another machine
    assert cli.run(["completion", shell]) == 0
    said = capsys.readouterr()
    assert f"_CONNECT_DOMAINS_COMPLETE={shell}_complete" in said.out
    assert "connect-domains" in said.out
    assert said.err == ""


def in_shell(folder: Path, *command: str) -> tuple[list[str], str]:
    """What the command of a shell prints on standard output, line by line, and on standard error; `connect-domains` is on its PATH.

    The user's own files are not read: the home is an empty folder.
    """
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]}")
    program = folder / "bin" / "connect-domains"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pulumi_connect_domains "$@"\n')
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.splitlines(), done.stderr


def test_bash_itself_completes(tmp_path: Path) -> None:
    """The script is loaded into a bash, and the function that it registers is called as bash calls it."""
    script = """
set -eu
eval "$(connect-domains completion bash)"
function=$(complete -p connect-domains | sed 's/.*-F \\([^ ]*\\).*/\\1/')
ask() { COMP_WORDS=(connect-domains "$@"); COMP_CWORD=$#; COMPREPLY=(); "$function" connect-domains; echo "${COMPREPLY[*]}"; }
ask dr
ask local sta
ask drift --format j
"""
    said, errors = in_shell(tmp_path, "bash", "--norc", "-c", script)
    assert (said, errors) == (["drift", "start status", "json junit"], "")


def test_zsh_itself_takes_the_script_where_nothing_has_prepared_it(tmp_path: Path) -> None:
    """As on a new account, whose files do not run compinit."""
    script = 'eval "$(connect-domains completion zsh)"; print -- $_comps[connect-domains]'
    said, errors = in_shell(tmp_path, "zsh", "-f", "-c", script)
    assert (said, errors) == (["_connect_domains_completion"], "")


def test_fish_itself_completes_and_explains_each_command_whole(tmp_path: Path) -> None:
    script = 'connect-domains completion fish | source; complete --do-complete "connect-domains c"'
    said, errors = in_shell(tmp_path, "fish", "--no-config", "-c", script)
    assert (said, errors) == ([f"completion\t{cli.COMMANDS['completion'][1]}"], "")


@pytest.mark.parametrize("shell", MENDED)
def test_what_is_changed_in_a_script_is_still_in_it(shell: str) -> None:
    text, _ = MENDED[shell]
    made = get_completion_class(shell)
    assert made
    assert made(cli.cli, {}, "connect-domains", "_X").source().count(text) == 1
