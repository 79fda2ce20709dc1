"""Provider hosts without the wait: a process that has imported everything forks a fresh host in a few milliseconds.

Starting Python and importing the SDK, gRPC and boto3 takes about a second of processor time, and every command needs a host of its
own: one that lives on would remember what it has said and what it was configured with. Linux only: `is_possible` says so.
multiprocessing's own fork server would import the main module, such as pytest, into every host.
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
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from pulumi_local_engine.provider.hosts import Process, spawn_process

_NUMBER_BYTES = 8


def is_possible() -> bool:
    """True where forking a process that has imported much is safe."""
    return sys.platform == "linux"


class ForkServer:
    """A process of this Python from which others are forked; it ends with `close`, and with this process however that ends.

    `preloaded` modules are imported once, and found imported by every process that is forked.
    """

    def __init__(self, preloaded: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._process = subprocess.Popen(
            [sys.executable, "-u", __file__, str(theirs.fileno()), *preloaded], pass_fds=[theirs.fileno()],
            start_new_session=True, stdin=subprocess.DEVNULL, env={**os.environ, "GRPC_ENABLE_FORK_SUPPORT": "0"},
        )  # fmt: skip
        theirs.close()

    def spawn(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Process:
        """A process that runs `PYTHON -u SCRIPT ARGUMENT…` there, in a session of its own. Raises OSError when none could be made.

        Its standard input ends when this process does. The command of another Python is started as processes usually are.
        """
        if command[0] != sys.executable:
            return spawn_process(command, folder, environment)
        (their_in, our_in), *ours = (
            os.pipe() for _ in range(4)
        )  # standard input, output, error, and one that says when it ends
        theirs = [their_in, *(write for _, write in ours)]
        try:
            pid = self._fork({"argv": command[2:], "folder": str(folder), "environment": dict(environment)}, theirs)
        except OSError:
            for descriptor in (our_in, *(read for read, _ in ours)):
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        out, err = (os.fdopen(read, encoding="utf-8", errors="replace") for read, _ in ours[:2])
        return Forked(pid, os.fdopen(our_in, "w"), out, err, ours[2][0])

    def _fork(self, request: Mapping[str, Any], descriptors: Sequence[int]) -> int:
        """The number of the process that was forked. The request goes in a file: an environment may be of any length."""
        with tempfile.TemporaryFile() as file, self._lock:
            file.write(json.dumps(request).encode())
            file.seek(0)
            socket.send_fds(self._socket, [b"fork"], [file.fileno(), *descriptors])
            answer = self._socket.recv(_NUMBER_BYTES, socket.MSG_WAITALL)
        if not answer:
            raise OSError("the fork server has ended")
        return int.from_bytes(answer, "big")

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


class Forked:
    """A forked process, as much like a `subprocess.Popen` as hosts need. Nobody learns its exit code: `returncode` is 0 or None."""

    def __init__(
        self, pid: int, stdin: IO[str] | None, stdout: IO[str] | None, stderr: IO[str] | None, life: int
    ) -> None:
        self.pid, self.stdin, self.stdout, self.stderr = pid, stdin, stdout, stderr
        self.returncode: int | None = None
        self._life = life  # reads as ended when the process has

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._life], [], [], 0)[0]:
            os.close(self._life)
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        if self.returncode is None and not select.select([self._life], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("a forked process", timeout or 0)
        return self.poll() or 0

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


# -- in the other process --------------------------------------------------------------------------------------------


def serve(requests: socket.socket, preloaded: Sequence[str]) -> None:
    """Forks a process for each request, until nobody is left to ask."""
    # Each process puts its own folder and PYTHONPATH before the rest.
    found = [place for place in sys.path if place not in _python_path()]
    for module in preloaded:
        importlib.import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no one waits for the children
    while True:
        _, descriptors, _, _ = socket.recv_fds(requests, 4, 5)
        if not descriptors:
            return
        pid = os.fork()
        if pid == 0:
            requests.close()
            _become(descriptors, found)
        for descriptor in descriptors:
            os.close(descriptor)
        requests.sendall(pid.to_bytes(_NUMBER_BYTES, "big"))


def _become(descriptors: list[int], found: list[str]) -> None:
    """This process is the wanted one, to its end."""
    code = 1
    try:
        with open(descriptors[0], encoding="utf-8") as file:
            request = json.load(file)
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, descriptor in enumerate(descriptors[1:4]):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.path[:] = [request["folder"], *_python_path(), *found]
        sys.argv = request["argv"]
        runpy.run_path(sys.argv[0], run_name="__main__")
        code = 0
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 0
    except BaseException:  # noqa: BLE001  whatever it is, it is printed, as Python itself would
        traceback.print_exc()
    finally:
        vars(threading)["_shutdown"]()  # as at the end of any Python: what threads have begun, they finish
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _python_path() -> list[str]:
    return [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]


if __name__ == "__main__":
    del sys.path[0]  # the folder of this file: its modules would hide others of the same name
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
