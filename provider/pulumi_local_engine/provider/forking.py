"""Provider hosts without the wait: a process that has imported everything forks a fresh host in a few milliseconds.

Starting Python and importing the SDK, gRPC and boto3 takes about a second of processor time, and every command needs a host of its
own: one that lives on would remember what it has said and what it was configured with. Linux only; `ForkServer.start` says so.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_NUMBER_BYTES = 8
_POLL_SECONDS = 0.01


class ForkServer:
    """A process of one Python from which others are forked; it ends with `close`, and with this process however that ends.

    `preloaded` modules are imported once, and found imported by every process that is forked.
    """

    def __init__(self, preloaded: Sequence[str], python: str = sys.executable) -> None:
        self.python = python
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._process = subprocess.Popen(
            [python, "-u", "-m", __name__, str(theirs.fileno()), *preloaded], pass_fds=[theirs.fileno()],
            start_new_session=True, stdin=subprocess.DEVNULL, env={**os.environ, "GRPC_ENABLE_FORK_SUPPORT": "0"},
        )  # fmt: skip
        theirs.close()

    @staticmethod
    def is_possible() -> bool:
        """True where forking a process that has imported much is safe."""
        return sys.platform == "linux"

    def start(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Forked:
        """A process that runs `PYTHON -u SCRIPT ARGUMENT…` there, in a session of its own. Raises OSError when none could be made.

        Its standard input ends when this process does.
        """
        _, _, script, *arguments = command
        request = {
            "script": script,
            "arguments": arguments,
            "folder": str(folder),
            "environment": dict(environment),
        }
        (their_in, our_in), *ours = (os.pipe() for _ in range(4))
        theirs = [their_in, *(write for _, write in ours)]
        try:
            with self._lock:
                pid = self._ask(json.dumps(request).encode(), theirs)
        except OSError:
            for descriptor in (our_in, *(read for read, _ in ours)):
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        out, err = (os.fdopen(read, encoding="utf-8", errors="replace") for read, _ in ours[:2])
        return Forked(pid, os.fdopen(our_in, "w"), out, err, ours[2][0])

    def _ask(self, request: bytes, descriptors: Sequence[int]) -> int:
        """The number of the process that was forked. A request may be of any length: an environment has none that it keeps to."""
        socket.send_fds(self._socket, [len(request).to_bytes(_NUMBER_BYTES, "big")], descriptors)
        self._socket.sendall(request)
        answer = _received(self._socket, _NUMBER_BYTES)
        if not answer:
            raise OSError("the fork server has ended")
        return int.from_bytes(answer, "big")

    def spawn(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Any:
        """The same for any Python's command: another Python than this server's is started as processes usually are."""
        from .hosts import spawn_process

        start = self.start if command[0] == self.python else spawn_process
        return start(command, folder, environment)

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


class Forked:
    """A forked process, as much like a `subprocess.Popen` as hosts need. Nobody learns its exit code: `returncode` is 0 or None."""

    def __init__(self, pid: int, in_: IO[str], out: IO[str], err: IO[str], life: int) -> None:
        self.pid, self.stdin, self.stdout, self.stderr = pid, in_, out, err
        self.returncode: int | None = None
        self._life = life  # reads as ended when the process has

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._life], [], [], 0)[0]:
            os.close(self._life)
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a forked process", timeout or 0)
            time.sleep(_POLL_SECONDS)
        return code

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


# -- in the other process --------------------------------------------------------------------------------------------


def serve(requests: socket.socket, preloaded: Sequence[str]) -> None:
    """Forks a process for each request, until nobody is left to ask."""
    # Each process puts its own folder and PYTHONPATH before the rest.
    found = [place for place in sys.path[1:] if place not in _python_path()]
    for module in preloaded:
        importlib.import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no one waits for the children
    while True:
        # The first bytes bring the descriptors along; there are too few of them to arrive in parts.
        length, descriptors, _, _ = socket.recv_fds(requests, _NUMBER_BYTES, 4)
        message = _received(requests, int.from_bytes(length, "big"))
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            requests.close()
            _become(json.loads(message), descriptors, found)
        for descriptor in descriptors:
            os.close(descriptor)
        requests.sendall(pid.to_bytes(_NUMBER_BYTES, "big"))


def _become(request: dict[str, Any], descriptors: list[int], found: list[str]) -> None:
    """This process is the wanted one, to its end."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, descriptor in enumerate(descriptors[:3]):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.path[:] = [request["folder"], *_python_path(), *found]
        sys.argv = [request["script"], *request["arguments"]]
        runpy.run_path(request["script"], run_name="__main__")
        code = 0
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 0
    except BaseException:  # noqa: BLE001  whatever it is, it is printed, as Python itself would
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _received(stream: socket.socket, length: int) -> bytes:
    """The next so many bytes; none at all when the other side has ended before."""
    parts: list[bytes] = []
    while length:
        part = stream.recv(min(length, 1 << 20))
        if not part:
            return b""
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _python_path() -> list[str]:
    return [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
