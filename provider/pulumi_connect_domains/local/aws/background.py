"""A local AWS that lives on from command to command: one for each folder of stacks, in a process of its own.

**Shape** below the folder: `local-aws.json` (`{"port": 43211, "pid": 4711, "started": "2026-01-31T08:00:00+00:00"}`), which stays when
the process has ended, so that the next command can tell that what the stacks made is lost; `local-aws.log`, what the process printed;
`local-aws.lock`, held while one is started. The process ends when its file is removed or names another, and after a day without a call.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from .client import LocalAws, LocalAwsError

IDLE_SECONDS = 24 * 60 * 60
STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Record:
    """The process that serves a folder, or did so last."""

    port: int
    pid: int
    started: str

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @classmethod
    def read(cls, folder: Path) -> Record | None:
        """The folder's record; None when there is none that can be read."""
        try:
            found = json.loads(path_of(folder).read_text("utf-8"))
            return cls(int(found["port"]), int(found["pid"]), str(found["started"]))
        except (OSError, OverflowError, RecursionError, ValueError, TypeError, KeyError):
            return None

    def write(self, folder: Path) -> None:
        """The folder's record is this one, at once."""
        fresh = path_of(folder).with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps(asdict(self)), "utf-8")
        os.replace(fresh, path_of(folder))

    @property
    def aws(self) -> LocalAws | None:
        """The local AWS, if that very process still answers."""
        try:
            found = LocalAws.connect(self.endpoint)
            return found if found.pid == self.pid else None
        except LocalAwsError:
            return None


@dataclass(frozen=True)
class Running:
    """The local AWS of a folder. `started` says whether it was only started now, `lost` when the one before it had been started."""

    aws: LocalAws
    started: bool = False
    lost: str = ""


def running(folder: Path) -> LocalAws | None:
    """The folder's local AWS, or None when none runs."""
    record = Record.read(folder)
    return record.aws if record else None


def ensure(folder: Path) -> Running:
    """The folder's local AWS; where none runs, one is started. Raises LocalAwsError when it does not come up."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        record = Record.read(folder)
        if record and (found := record.aws):
            return Running(found)
        return Running(_start(folder), started=True, lost=record.started if record else "")


def stop(folder: Path) -> bool:
    """The folder's local AWS has ended; False when none was running. Raises LocalAwsError when it does not end.

    Without any domain in it nothing is lost, and nothing remains that would say so.
    """
    record = Record.read(folder)
    if record is None or (aws := record.aws) is None:
        return False
    if not aws.holds_domains:
        path_of(folder).unlink(missing_ok=True)
    os.kill(record.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while record.aws is not None:
        if time.monotonic() > deadline:
            raise LocalAwsError(f"process {record.pid} does not end")
        time.sleep(0.05)
    return True


def path_of(folder: Path) -> Path:
    return folder / "local-aws.json"


def _start(folder: Path) -> LocalAws:
    command = [sys.executable, "-m", f"{__package__}.resident", str(folder), str(IDLE_SECONDS)]
    log = folder / "local-aws.log"
    with log.open("wb") as printed:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=printed, start_new_session=True
        )  # fmt: skip
    assert process.stdout is not None
    with process.stdout:
        endpoint = process.stdout.readline().decode().strip()
    if not endpoint:
        raise LocalAwsError(f"the local AWS did not start: exit code {process.wait()}, see {log}")
    process.returncode = 0  # it goes on without us, so nobody waits for it
    return LocalAws(endpoint)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other command starts one for the folder meanwhile. Where the system has no such locks, two might, and the later one stays."""
    with (folder / "local-aws.lock").open("w") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)  # given back with the file
        yield
