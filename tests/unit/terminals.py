"""Commands on a terminal: a pseudo-terminal, which shows what people would see."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Mapping, Sequence
from typing import NamedTuple

PROGRAM = [sys.executable, "-m", "pulumi_connect_domains"]
ABOUT_TERMINALS = ("CI", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "LINES")


class Seen(NamedTuple):
    """The exit code, and all that went to each stream."""

    code: int
    out: str
    err: str


def run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    out_is_terminal: bool = False,
    err_is_terminal: bool = True,
    columns: int = 80,
) -> Seen:
    """What the command prints, where each stream is a terminal or a pipe. No variable about terminals but those given is set."""
    surrounding = {name: value for name, value in os.environ.items() if name not in ABOUT_TERMINALS}
    streams = [_Stream(is_terminal, columns) for is_terminal in (out_is_terminal, err_is_terminal)]
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=streams[0].theirs,
        stderr=streams[1].theirs,
        env={**surrounding, "TERM": "xterm-256color", **environment},
    )
    for stream in streams:
        os.close(stream.theirs)
    code = process.wait(timeout=120)
    return Seen(code, *(stream.text() for stream in streams))


class _Stream:
    """One end for the process, and all that it writes there."""

    def __init__(self, is_terminal: bool, columns: int) -> None:
        self._ours, self.theirs = pty.openpty() if is_terminal else os.pipe()
        if is_terminal:
            fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._read: list[bytes] = []
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                found = os.read(self._ours, 65536)
            except OSError:  # how the end of a terminal looks on Linux
                return
            if not found:
                return
            self._read.append(found)

    def text(self) -> str:
        self._thread.join()
        os.close(self._ours)
        return b"".join(self._read).decode().replace("\r\n", "\n")
