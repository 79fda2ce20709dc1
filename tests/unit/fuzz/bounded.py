"""Command lines in processes whose time and memory are limited and measured.

One server process imports the commands once; each command line then runs in a fork of it, which takes no time to start. A limit that is
missing in the code is found so: the process is killed for its processor time, or ends with a MemoryError, or its peak is seen.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

MIB = 2**20
WAITS = 6  # a busy machine gives a process less than a sixth of its time only when it stands still
_READ_ANYWAY = (1, 2)
"""The capabilities by which root reads files without permission. Source: capabilities(7), CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


@dataclass(frozen=True)
class Outcome:
    """What a command line did: exit code (below 0: killed by that signal), what it printed, processor time, and memory at its peak.

    `peak_bytes` is what it needed beyond the server's own.
    """

    code: int
    out: str
    err: str
    seconds: float
    peak_bytes: int


class Bounded:
    """The server, for the time of a `with`."""

    def __init__(self, folder: Path, warm_up: list[str]) -> None:
        """`warm_up` is a command line that the server runs itself, so that clients of AWS are made once."""
        self._folder, self._warm_up = folder, warm_up

    def __enter__(self) -> Bounded:
        self._server = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve()", *self._warm_up],
            cwd=Path(__file__).parents[3], env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, of: TracebackType | None) -> None:
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait(timeout=60)

    def run(
        self,
        arguments: list[str],
        *,
        seconds: int,
        bytes_: int,
        cwd: str = ".",
        variables: Mapping[str, str] | None = None,
    ) -> Outcome:
        """The command line's outcome. It is killed after so many seconds of processor time, and gets no more memory than that.

        After several times as long it is killed also where it only waits.
        """
        assert self._server.stdin
        assert self._server.stdout
        request = {
            "arguments": arguments, "seconds": seconds, "bytes": bytes_, "cwd": cwd, "variables": dict(variables or {}),
            "folder": str(self._folder),
        }  # fmt: skip
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        code, spent, peak = json.loads(self._server.stdout.readline())
        out, err = ((self._folder / name).read_text("utf-8", "replace") for name in ("out", "err"))
        return Outcome(code, out, err, spent, peak)


# -- in the server ----------------------------------------------------------------------------------------------------


def serve() -> None:
    """Runs one command line after the other, until its standard input ends."""
    from pulumi_connect_domains import cli

    for command, _ in cli.COMMANDS.values():
        import_module(f"pulumi_connect_domains.{command.partition(':')[0]}")
    import_module("pulumi_connect_domains.local.command")
    import_module("pulumi_local_engine.cli.root")
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        cli.run(sys.argv[1:])
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _become(request)
        _, status, used = os.wait4(child, 0)
        peak = max(0, used.ru_maxrss * 1024 - _own_bytes())
        print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, peak]), flush=True)


def _own_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _become(request: dict[str, Any]) -> None:
    """This process runs the command line, and ends."""
    from pulumi_connect_domains import cli

    folder = Path(str(request["folder"]))
    for descriptor, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, folder / "out", _WRITE),
        (2, folder / "err", _WRITE),
    ):
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    seconds, most = request["seconds"], request["bytes"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (size + most, size + most))
    signal.alarm(WAITS * seconds)
    _ask_for_permission()
    os.environ.update(request["variables"])
    os.chdir(request["cwd"])
    code = 70
    try:
        code = cli.run([str(each) for each in request["arguments"]])
    except BaseException:  # noqa: BLE001 - whatever it is, it is printed, and the server is not run twice
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def _ask_for_permission() -> None:
    """Root, too, reads only what it has the permission for. Any other user does so anyway."""
    if os.geteuid():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, of 32 capabilities each, twice
    assert libc.capget(header, sets) == 0
    for capability in _READ_ANYWAY:
        sets[0] &= ~(1 << capability)
    assert libc.capset(header, sets) == 0
