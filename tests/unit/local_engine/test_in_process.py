"""The local engine in the test's own process: commands side by side, and providers' processes that are forked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pulumi.automation import StackNotFoundError
from pulumi_connect_domains.testing import forking
from pulumi_connect_domains.testing.command import InProcessCommand, Lines
from pulumi_connect_domains.testing.forking import Forked, ForkServer
from pulumi_local_engine.model import secrets

pytestmark = pytest.mark.skipif(not forking.is_possible(), reason="processes are forked on Linux only")

SCRIPT = """\
import os, sys, json
import colorsys  # preloaded by the server
seen = getattr(colorsys, "seen", 0) + 1
colorsys.seen = seen
print(json.dumps([sys.argv[1:], os.getcwd(), os.environ["MARK"], seen, __name__, os.getsid(0) == os.getpid()]))
print("on standard error", file=sys.stderr)
if sys.argv[1] == "raise":
    raise RuntimeError("as told")
if sys.argv[1] == "thread":
    import threading
    threading.Timer(0.3, print, ["done"]).start()
if sys.argv[1] == "wait":
    import time
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    server = ForkServer(["colorsys"])
    yield server
    server.close()


def start(server: ForkServer, folder: Path, *arguments: str, mark: str = "m") -> Forked:
    script = folder / "script.py"
    script.write_text(SCRIPT)
    process = server.spawn([sys.executable, "-u", str(script), *arguments], folder, {"MARK": mark})
    assert isinstance(process, Forked)
    return process


def test_every_process_is_a_fresh_one_with_folder_environment_and_streams_of_its_own(
    server: ForkServer, tmp_path: Path
) -> None:
    for mark in ("first", "second", "of five million characters".ljust(5_000_000)):
        process = start(server, tmp_path, "a", "b", mark=mark)
        assert process.stdout.read() == f'[["a", "b"], "{tmp_path}", "{mark}", 1, "__main__", true]\n'
        assert process.stderr.read() == "on standard error\n"
        assert process.wait(10) == 0
        assert process.poll() == 0


def test_what_a_process_raises_is_on_its_standard_error(server: ForkServer, tmp_path: Path) -> None:
    assert start(server, tmp_path, "raise").stderr.read().endswith("RuntimeError: as told\n")


def test_a_process_ends_after_its_threads(server: ForkServer, tmp_path: Path) -> None:
    process = start(server, tmp_path, "thread")
    assert process.stdout.read().splitlines()[1:] == ["done"]


def test_a_process_that_goes_on_can_be_ended(server: ForkServer, tmp_path: Path) -> None:
    process = start(server, tmp_path, "wait")
    process.stdout.readline()
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.05)
    process.terminate()
    assert process.wait(10) == 0


def test_another_python_is_started_as_processes_usually_are(server: ForkServer, tmp_path: Path) -> None:
    process = server.spawn(["/bin/echo", "hello"], tmp_path, {})
    assert isinstance(process, subprocess.Popen)
    assert process.communicate()[0] == "hello\n"


def test_commands_run_side_by_side_each_with_folder_environment_and_streams_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(secrets, "ROUNDS", 10)
    command = InProcessCommand()

    def work(number: int) -> str:
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text(f"name: project{number}\nruntime: python\n")
        environment = {
            "PULUMI_BACKEND_URL": "file://./state", "PULUMI_HOME": str(folder / "home"), "PULUMI_CONFIG_PASSPHRASE": str(number),
        }  # fmt: skip
        for line in (["stack", "init", "dev"], ["config", "set", "--secret", "k", f"v{number}"]):
            command.run(line, str(folder), environment)
        with pytest.raises(StackNotFoundError):
            command.run(["stack", "select", "--stack", "none"], str(folder), environment)
        return command.run(["config", "get", "k"], str(folder), environment).stdout

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [f"v{number}" for number in range(8)]
    assert capsys.readouterr() == ("", ""), "nothing went to the test's own streams"


def test_lines_are_handed_on_when_they_are_whole() -> None:
    heard: list[str] = []
    lines = Lines(heard.append)
    for text in ("one ", "\ntw", "o\n\nrest"):
        lines.write(text)
    assert (heard, lines.getvalue()) == (["one", "two", ""], "one\ntwo\n\n")
