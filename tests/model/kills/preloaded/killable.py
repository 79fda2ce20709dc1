"""The local engine's command line in a process that tells a test where it stands, and waits until it may go on.

    python killable.py SOCKET ARGUMENT…      SOCKET is the name of a Unix socket in Linux's abstract namespace

It is forked from a process that has imported everything. Its program and its provider's host are forked from it in turn, before it does
anything else: they are its own children, so it learns how each of them ends.

**Messages**, each answered with one byte: `{"began": {"host": 12, "program": 13}}` (forked, and waiting for their work) ·
`{"started": "host"}` · `{"write": "dev.json", "when": "before"}` (a file is about to take the place of the former one, or has) ·
`{"ended": 0}` (the exit code).
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pulumi_connect_domains.testing import forking
from pulumi_local_engine import cli
from pulumi_local_engine.cli.surroundings import Surroundings
from pulumi_local_engine.program import programs
from pulumi_local_engine.store import backend

CHILDREN = ("host", "program")


class Teller:
    """Tells the test where this process stands. Each call comes back when the test lets it."""

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.connect("\0" + name)

    def tell(self, **said: Any) -> None:
        with self._lock:
            self._socket.send(json.dumps(said).encode())
            self._socket.recv(1)


class Child:
    """A forked process that waits for its work. Then it is as much like a `subprocess.Popen` as the engine needs."""

    def __init__(self, older: Sequence[Child]) -> None:
        work, self._work = os.pipe()
        (their_in, our_in), (our_out, their_out), (our_err, their_err) = (os.pipe() for _ in range(3))
        ours = [self._work, our_in, our_out, our_err]
        theirs = [their_in, their_out, their_err]
        self._ends = [*ours]
        self.pid = os.fork()
        if self.pid == 0:
            for descriptor in (*ours, *(end for child in older for end in child._ends)):
                os.close(descriptor)
            _await_work(work, theirs)
        for descriptor in (work, *theirs):
            os.close(descriptor)
        self.stdin = os.fdopen(our_in, "w")
        self.stdout, self.stderr = (os.fdopen(end, encoding="utf-8", errors="replace") for end in (our_out, our_err))
        self.returncode: int | None = None
        self._life = os.pidfd_open(self.pid)
        self._waiting = threading.Lock()

    def begin(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        """It runs `PYTHON -u SCRIPT ARGUMENT…` there."""
        request = {"argv": command[2:], "folder": str(folder), "environment": dict(environment)}
        with os.fdopen(self._work, "w") as work:
            json.dump(request, work)

    def poll(self) -> int | None:
        with self._waiting:
            if self.returncode is None and select.select([self._life], [], [], 0)[0]:
                self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        if self.returncode is None and not select.select([self._life], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("a forked process", timeout or 0)
        return self.poll() or 0

    def send_signal(self, sign: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sign)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def _await_work(work: int, streams: list[int]) -> None:
    """This process is the wanted one, to its end. It ends at once when whoever forked it ends."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with open(work, "rb") as pipe:
        request = pipe.read()
    if not request:
        os._exit(0)
    memory = os.memfd_create("work")
    os.write(memory, request)
    os.lseek(memory, 0, os.SEEK_SET)
    before = {*forking._python_path(), os.getcwd()}
    forking._become([memory, *streams], [place for place in sys.path if place not in before])


def main(name: str, arguments: list[str]) -> int:
    """The exit code of the command line."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    children: dict[str, Child] = {}
    for kind in CHILDREN:
        children[kind] = Child([*children.values()])
    teller = Teller(name)  # after them: none of them holds the connection
    teller.tell(began={kind: child.pid for kind, child in children.items()})
    waiting = dict(children)

    def spawn(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Child:
        child = waiting.pop(command[3])
        child.begin(command, folder, environment)
        teller.tell(started=command[3])
        return child

    _watch_writes(teller)
    programs.spawn_process = spawn  # type: ignore[assignment]
    code = cli.main(arguments, Surroundings(spawn=spawn))
    teller.tell(ended=code)
    return code


def _watch_writes(teller: Teller) -> None:
    """The test is told before each file of the backend takes its place, and after."""
    write, replace = backend._write, os.replace

    def written(path: Path, content: Any) -> None:
        write(path, content)
        teller.tell(write=path.name, when="after")

    def replaced(fresh: Path, path: Path) -> None:
        teller.tell(write=path.name, when="before")
        replace(fresh, path)

    backend._write = written
    backend.os = SimpleNamespace(**{**vars(os), "replace": replaced})  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
