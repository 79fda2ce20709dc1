"""Command lines in processes whose time and memory are limited and measured.

One server process imports the commands once; each command line then runs in a fork of it, which takes no time to start. A limit that is
missing in the code is found so: the process is killed for its processor time, or ends with a MemoryError, or its peak is seen.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

MIB = 2**20
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

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Bounded:
        self._server = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve()"],
            cwd=Path(__file__).parents[3], env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, of: TracebackType | None) -> None:
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait(timeout=60)

    def run(self, arguments: list[str], *, seconds: int, bytes_: int, standard_input: str = os.devnull) -> Outcome:
        """The command line's outcome. It is killed after so many seconds of processor time, and gets no more memory than that."""
        assert self._server.stdin
        assert self._server.stdout
        request = {
            "arguments": arguments, "seconds": seconds, "bytes": bytes_, "input": standard_input, "folder": str(self._folder),
        }  # fmt: skip
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        code, spent, peak = json.loads(self._server.stdout.readline())
        out, err = ((self._folder / name).read_text("utf-8", "replace") for name in ("out", "err"))
        return Outcome(code, out, err, spent, peak)


# -- in the server ----------------------------------------------------------------------------------------------------


def serve() -> None:
    """Runs one command line after the other, until its standard input ends."""
    import jsonschema  # noqa: F401 - imported once here, not in each fork
    import yaml  # noqa: F401
    from pulumi_connect_domains import cli
    from pulumi_connect_domains.adopt import command as _adopt  # noqa: F401
    from pulumi_connect_domains.drift import command as _drift  # noqa: F401
    from pulumi_connect_domains.registry import resource_types
    from pulumi_connect_domains.review import command as _review  # noqa: F401
    from pulumi_connect_domains.validate import command as _validate  # noqa: F401

    resource_types()
    assert cli
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


def _become(request: dict[str, object]) -> None:
    """This process runs the command line, and ends."""
    from pulumi_connect_domains import cli

    folder = Path(str(request["folder"]))
    for descriptor, name, flags in (
        (0, str(request["input"]), os.O_RDONLY),
        (1, folder / "out", _WRITE),
        (2, folder / "err", _WRITE),
    ):
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    seconds, most = int(str(request["seconds"])), int(str(request["bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (size + most, size + most))
    _ask_for_permission()
    code = 70
    with nullcontext():
        try:
            code = cli.run([str(each) for each in request["arguments"]])  # type: ignore[attr-defined]  # a list
        except BaseException:  # noqa: BLE001 - whatever it is, the test looks for its traceback
            import traceback

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
