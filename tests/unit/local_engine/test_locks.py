"""Who changes a stack holds its lock from the first look at its state on, and exactly one of many gets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pulumi.automation import ConcurrentUpdateError
from pulumi.automation.errors import create_command_error
from pulumi_local_engine.store.backend import FileBackend, StackName
from pulumi_local_engine.store.locks import LockedError

from .conftest import Run

DEV = StackName("demo", "dev")
ROUNDS = 100
CLI_LOCK = '{"pid": 4711, "username": "ann", "hostname": "desk", "timestamp": "2026-01-01T00:00:00Z"}'
"""As CLI 3.260.0 writes it."""


RACER = """\
import sys, time
from pathlib import Path
from pulumi_local_engine.store.backend import FileBackend, StackName
from pulumi_local_engine.store.locks import LockedError

backend, me, folder = FileBackend(sys.argv[1]), sys.argv[2], Path(sys.argv[3])

def meet(step):
    (folder / f"{step}-{me}").touch()
    while not all((folder / f"{step}-{racer}").exists() for racer in "abcd"):
        time.sleep(0.0001)

for number in range(int(sys.argv[4])):
    meet(f"ready-{number}")
    try:
        with backend.lock(StackName("demo", "dev")):
            print(number)
            meet(f"tried-{number}")  # nobody lets go before all have tried
    except LockedError:
        meet(f"tried-{number}")
"""


def test_of_processes_that_race_for_a_lock_exactly_one_gets_it(tmp_path: Path) -> None:
    (tmp_path / "meetings").mkdir()
    command = [sys.executable, "-c", RACER, f"file://{tmp_path}"]
    racers = [
        subprocess.Popen([*command, racer, str(tmp_path / "meetings"), str(ROUNDS)], stdout=subprocess.PIPE, text=True)
        for racer in "abcd"
    ]
    printed = [racer.communicate(timeout=120)[0] for racer in racers]
    assert {racer.returncode for racer in racers} == {0}
    assert sorted(int(line) for text in printed for line in text.split()) == list(range(ROUNDS)), "one in every round"


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes in folders")
def test_the_lock_is_taken_before_the_state_is_read(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "__main__.py").write_text("")
    run("stack", "init", "dev")
    locks = project.parent / "state/.pulumi/locks/organization/demo/dev"
    # A passphrase that is waited for holds the command where it reads the stack.
    passphrase = tmp_path / "passphrase"
    os.mkfifo(passphrase)
    environment = {k: v for k, v in os.environ.items() if k != "PULUMI_CONFIG_PASSPHRASE"}
    environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(passphrase)
    command = [sys.executable, "-m", "pulumi_local_engine.cli", "up", "--yes", "--skip-preview"]
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            end = time.monotonic() + 30
            while not list(locks.glob("*.json")) and time.monotonic() < end and process.poll() is None:
                time.sleep(0.05)
            refused = run("up", "--yes", "--skip-preview")
            assert (refused.code, type(create_command_error(refused))) == (1, ConcurrentUpdateError)
            assert run("stack", "rm", "--yes", "--force", "dev").code == 1
            assert run("preview").code == 0, "a preview takes no lock"
        finally:
            process.kill()


def test_a_lock_of_the_cli_keeps_the_local_engine_out_and_is_named(run: Run, project: Path) -> None:
    (project / "__main__.py").write_text("")
    run("stack", "init", "dev")
    lock = project.parent / "state/.pulumi/locks/organization/demo/dev/0b5c8d1e.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(CLI_LOCK)
    refused = run("up", "--yes", "--skip-preview")
    assert type(create_command_error(refused)) is ConcurrentUpdateError
    assert "ann@desk, process 4711, since 2026-01-01T00:00:00Z" in refused.stderr
    assert [path.name for path in lock.parent.iterdir()] == [lock.name], "its own lock is gone again"
    lock.write_text("{")
    assert f"1 lock(s); `pulumi cancel` removes them:\n  {lock}\n" in run("up", "--yes", "--skip-preview").stderr
    assert run("cancel", "--yes").code == 0
    assert run("up", "--yes", "--skip-preview").code == 0


def test_who_was_robbed_of_the_lock_does_not_remove_the_next_ones(tmp_path: Path) -> None:
    backend = FileBackend(f"file://{tmp_path}")
    first, second = backend.lock(DEV), backend.lock(DEV)
    first.__enter__()
    backend.unlock(DEV)
    time.sleep(0.001)
    with second:
        first.__exit__(None, None, None)
        with pytest.raises(LockedError, match="currently locked"), backend.lock(DEV):
            pass


def test_a_lock_says_who_holds_it_in_the_clis_form(tmp_path: Path) -> None:
    backend = FileBackend(f"file://{tmp_path}")
    with backend.lock(DEV):
        (path,) = (backend.root / "locks/organization/demo/dev").iterdir()
        found = json.loads(path.read_text())
    assert (sorted(found), found["pid"]) == (["hostname", "pid", "timestamp", "username"], os.getpid())
    assert not path.exists()
