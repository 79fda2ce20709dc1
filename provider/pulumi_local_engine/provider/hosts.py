"""The processes that run Python dynamic providers: `pulumi.dynamic`, started by runner.py."""

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent import futures
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from ..model.events import Diagnostic, Severity
from ..model.urn import name_of
from ..model.values import Properties, reveal
from .wire import pack

RUNNER: Final = Path(__file__).with_name("runner.py")
"""The script that runs a program or a provider host in its Python."""
MAX_MESSAGE_BYTES: Final = 400 * 1024 * 1024
GRPC_OPTIONS: Final = (
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.enable_http_proxy", 0),  # everything is on this machine, whatever http_proxy says
)
STOP_SECONDS: Final = 2.0
SEVERITIES: Final[tuple[Severity, ...]] = ("debug", "info", "warning", "error")

Log: TypeAlias = Callable[[Diagnostic], None]
Process: TypeAlias = Any
"""A `subprocess.Popen` with streams of text, or a `forking.Forked`, which has as much of it as is needed."""
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


class HostError(Exception):
    """A provider's process did not start, or ended; the text is what it printed."""


class Host:
    """One process that serves one provider; it runs in a session of its own, so that an interrupt of ours does not reach it.

    It ends with this process, however that ends, but first finishes the calls that are under way. (The CLI's host lives on.)
    """

    def __init__(self, process: Process, log: Log) -> None:
        self._process, self._log = process, log
        self._printed: list[str] = []
        self._reader = follow(process.stderr, lambda line: self._heard("info#err", line))
        self._channel: Any = None
        self._stub: Any = None
        self._starting = threading.Lock()

    @property
    def stub(self) -> Any:
        """The provider's side of the protocol; waits for the process to be ready. Raises HostError."""
        with self._starting:
            if self._stub is None:
                port = self._process.stdout.readline().strip() if self._process.stdout else ""
                if not port.isdigit():
                    self._process.wait()
                    self._reader.join()
                    said = "".join(self._printed) or "it said nothing"
                    raise HostError(f"the dynamic provider's process did not start:\n{said}")
                follow(self._process.stdout, lambda line: self._heard("info", line))
                self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=GRPC_OPTIONS)
                self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        return self._stub

    def configure(self, inputs: Properties, urn: str, id_: str) -> None:
        """The provider has these inputs as its configuration. Raises HostError, or RpcError when the provider refuses them."""
        variables = {
            f"pulumi-python:config:{key}": v if isinstance(v, str) else json.dumps(v, separators=(",", ":"), sort_keys=True)
            for key, v in reveal(inputs).items()
        }  # fmt: skip
        request = provider_pb2.ConfigureRequest(
            urn=urn, name=name_of(urn), type="pulumi:providers:pulumi-python", id=id_,
            variables=variables, args=pack(inputs, unknowns=True, secrets=True, references=True),
            acceptSecrets=True, acceptResources=True, sends_old_inputs=True, sends_old_inputs_to_delete=True,
        )  # fmt: skip
        self.stub.Configure(request)

    def close(self) -> None:
        """The process has ended."""
        if self._stub is not None:
            with contextlib.suppress(grpc.RpcError):
                self._stub.Cancel(empty_pb2.Empty(), timeout=STOP_SECONDS)
            self._channel.close()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join(STOP_SECONDS)
        if self._process.stdin:
            self._process.stdin.close()

    def _heard(self, severity: Severity, line: str) -> None:
        self._printed.append(line)
        self._log(Diagnostic(severity, line))


class Hosts:
    """The hosts of one run, one for each provider; `close` ends them."""

    def __init__(
        self, python: str, folder: Path, environment: Mapping[str, str] | None = None, *, project: str = "project",
        spawn: Spawn | None = None,
    ) -> None:  # fmt: skip
        self._python, self._folder, self._spawn = python, folder, spawn or spawn_process
        self._environment = {**(os.environ if environment is None else environment), "PULUMI_PROJECT": project}
        self.log: Log = lambda diagnostic: None
        self._heard: Log = lambda diagnostic: self.log(diagnostic)  # whoever listens by then
        self._lock = threading.Lock()
        self._all: list[Host] = []
        self._ahead: Host | None = None
        self._server = grpc.server(futures.ThreadPoolExecutor(8), options=GRPC_OPTIONS)
        engine_pb2_grpc.add_EngineServicer_to_server(EngineService(self._heard), self._server)
        self._address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def start_ahead(self) -> None:
        """One host starts, so that it is ready when a provider needs it."""
        with self._lock:
            self._ahead = self._start()

    def take(self) -> Host:
        """A host that has no configuration yet, for one provider alone."""
        with self._lock:
            host, self._ahead = self._ahead or self._start(), None
            return host

    def end(self, host: Host) -> None:
        """The run needs the host no longer."""
        with self._lock:
            self._all.remove(host)
        host.close()

    def close(self) -> None:
        with futures.ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(Host.close, self._all))
        self._all.clear()
        self._server.stop(0)

    def _start(self) -> Host:
        command = [self._python, "-u", str(RUNNER), "host", self._address]
        host = Host(self._spawn(command, self._folder, self._environment), self._heard)
        self._all.append(host)
        return host


class EngineService(engine_pb2_grpc.EngineServicer):
    """The protocol's Engine: log messages of programs and providers."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802  the protocol's name
        severity = SEVERITIES[request.severity]
        self._log(Diagnostic(severity, request.message, request.urn, request.ephemeral, request.streamId))
        return empty_pb2.Empty()
