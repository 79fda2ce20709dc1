"""The Pulumi CLI as a process: what it is asked, what it says when it fails, and what Ctrl-C does to it."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.model.errors import ConfigurationError
from pulumi_connect_domains.stacks.cli import LANGUAGE_HOST, Answer, Pulumi


def program(folder: Path, script: str) -> str:
    file = folder / "pulumi"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


def test_it_is_run_in_its_folder_without_questions(tmp_path: Path) -> None:
    script = 'echo "$PWD $* $PULUMI_SKIP_UPDATE_CHECK"; read line; echo "error: no" >&2; exit 3'
    answer = Pulumi(program(tmp_path, script), str(tmp_path)).run("stack", "ls", "--json")
    assert answer == Answer(3, f"{tmp_path} stack ls --json --non-interactive true\n".encode(), b"error: no\n")


@pytest.mark.parametrize(
    ("errors", "output", "first", "everything"),
    [
        (b"warning: old\nerror: one\n\n error: two \n", b"", "one", "one\ntwo"),
        (b"a\nb\nc\nd\n", b"", "a", "b\nc\nd"),
        (b"", b"error: of the output\n", "it gave no reason", "of the output"),
        (b"", b"", "it gave no reason", "it gave no reason"),
        (b"error: \xff\n", b"", "\ufffd", "\ufffd"),
    ],
    ids=["lines of errors", "other lines", "nothing on standard error", "nothing", "no text"],
)
def test_why_it_failed(errors: bytes, output: bytes, first: str, everything: str) -> None:
    answer = Answer(1, output, errors)
    assert (answer.first_error, answer.all_errors) == (first, everything)


def test_without_a_cli_it_is_said_how_to_do_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError) as error:
        Pulumi.find(".", "it is needed\nwithout it: do this")
    assert str(error.value) == "the Pulumi CLI is not on PATH, and it is needed\nwithout it: do this"
    program(tmp_path, "true")
    assert Pulumi.find("here", "") == Pulumi(str(tmp_path / "pulumi"), "here")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"the Pulumi CLI cannot be run in .*none: No such file or directory"):
        Pulumi(program(tmp_path, "true"), str(tmp_path / "none")).run("version")


@pytest.mark.parametrize("changes", [False, True], ids=["one that only looks is ended", "one that changes goes on"])
def test_ctrl_c_while_a_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: bool) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    pulumi = Pulumi(program(tmp_path, f'read line < "{gate}"; touch "{tmp_path}/done"'), str(tmp_path))
    wait, waits = subprocess.Popen.communicate, 0

    def communicate(process: Any, timeout: float | None = None) -> Any:
        nonlocal waits
        waits += 1
        if waits == 1:
            raise KeyboardInterrupt
        if changes:  # which is let go on to its end
            threading.Thread(target=lambda: gate.write_text("go\n")).start()
        return wait(process, timeout=timeout)

    monkeypatch.setattr(subprocess.Popen, "communicate", communicate)
    with pytest.raises(KeyboardInterrupt):
        pulumi.run("import", changes=changes)
    assert (tmp_path / "done").exists() == changes


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    pulumi = Pulumi(program(tmp_path, f'echo $$ > "{tmp_path}/number"; exec /bin/sleep 60'), str(tmp_path))
    with pytest.raises(ConfigurationError, match="did not answer within"):
        pulumi.run("version", seconds=0.5)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "number").read_text()), 0)


def test_whether_it_can_run_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside, elsewhere = tmp_path / "beside", tmp_path / "elsewhere"
    for folder in (beside, elsewhere):
        folder.mkdir()
    monkeypatch.setenv("PATH", str(elsewhere))
    pulumi = Pulumi(program(beside, "true"))
    assert not pulumi.has_python
    for folder in (beside, elsewhere):
        host = folder / LANGUAGE_HOST
        host.write_text("#!/bin/sh\n")
        host.chmod(0o755)
        assert pulumi.has_python
        host.unlink()
