"""Processes with streams of text: how they are started, and their output followed."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final, Protocol, TypeAlias

RUNNER: Final = Path(__file__).with_name("runner.py")
"""The script that runs a program or a provider host in its Python."""


class Process(Protocol):
    """What is needed of a process: it is a `subprocess.Popen`, or a `forking.Forked`."""

    pid: int
    stdin: IO[str] | None
    stdout: IO[str] | None
    stderr: IO[str] | None

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...


Spawn: TypeAlias = Callable[[Sequence[str], Path, Mapping[str, str]], Process]
"""Starts a process: command, folder, environment. Its standard input ends when this process does."""


def spawn_process(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """A process in a session of its own, so that an interrupt of ours does not reach it."""
    return subprocess.Popen(
        command, cwd=folder, env=dict(environment), text=True, errors="replace", start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def follow(stream: IO[str] | None, heard: Callable[[str], None]) -> threading.Thread:
    """A thread that hands on every line of the stream until it ends."""

    def read() -> None:
        with stream or open(os.devnull) as lines:
            for line in lines:
                heard(line)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread
