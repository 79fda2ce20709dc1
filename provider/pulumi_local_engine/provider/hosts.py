"""The processes that run providers: `pulumi.dynamic`, started by runner.py, for Python dynamic ones; plugins, which are executables."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from ..model.events import Diagnostic, Severity
from ..model.urn import DYNAMIC, PROVIDERS, name_of
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
GREETING_SECONDS: Final = 10.0
"""How long a process that has named its port may take to answer."""
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


@dataclass(frozen=True)
class Accepts:
    """What a provider takes. Without any of it secrets come in clear, previews do not ask, and names are its own affair."""

    secrets: bool = False
    references: bool = False
    previews: bool = False
    names: bool = False


class Host:
    """One process that serves one provider; it runs in a session of its own, so that an interrupt of ours does not reach it.

    The host of dynamic providers ends with this process, however that ends, but first finishes the calls that are under way. (The
    CLI's host lives on.) A plugin is asked to: its standard input ends.
    """

    def __init__(self, process: Process, log: Log, package: str, what: str, engine: str) -> None:
        self.package, self._what, self._engine = package, what, engine
        self.accepts = Accepts()
        self._process, self._log = process, log
        self._printed: list[str] = []
        self._reader = follow(process.stderr, lambda line: self._heard("info#err", line))
        self._channel: Any = None
        self._stub: Any = None
        self._starting = threading.Lock()
        self._greeted = False

    @property
    def stub(self) -> Any:
        """The provider's side of the protocol; waits for the process to be ready. Raises HostError."""
        with self._starting:
            if self._stub is None:
                port = self._process.stdout.readline().strip() if self._process.stdout else ""
                if not port.isdecimal() or not 0 < int(port) < 65536:
                    self._printed += [f"{port}\n"] if port else []
                    self._terminate()
                    self._process.wait()
                    self._reader.join()
                    raise HostError(f"{self._what} did not start:\n{self.said or 'it said nothing'}")
                follow(self._process.stdout, lambda line: self._heard("info", line))
                self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=GRPC_OPTIONS)
                stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
                self._greet(stub)
                self._stub = stub
        return self._stub

    @property
    def said(self) -> str:
        """What the process has printed."""
        return "".join(self._printed)

    def _greet(self, stub: Any) -> None:
        """The provider knows the engine, and the engine what it accepts; older ones say so in `configure`. Raises HostError."""
        request = provider_pb2.ProviderHandshakeRequest(
            engine_address=self._engine, configure_with_urn=True, invoke_with_preview=True
        )
        try:
            found = stub.Handshake(request, timeout=GREETING_SECONDS, wait_for_ready=True)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNIMPLEMENTED:
                raise HostError(f"the handshake with {self._what} failed: {error.details()}") from None
            return
        self._greeted = True
        self.accepts = Accepts(
            found.accept_secrets, found.accept_resources, True, found.supports_autonaming_configuration
        )

    def configure(self, inputs: Properties, urn: str, id_: str) -> None:
        """The provider has these inputs as its configuration. Raises HostError, or RpcError when the provider refuses them."""
        variables = {
            f"{self.package}:config:{key}": v if isinstance(v, str) else json.dumps(v, separators=(",", ":"), sort_keys=True)
            for key, v in reveal(inputs).items() if key != "version"
        }  # fmt: skip
        request = provider_pb2.ConfigureRequest(
            urn=urn, name=name_of(urn), type=f"{PROVIDERS}{self.package}", id=id_,
            variables=variables, args=pack(inputs, unknowns=True, secrets=True, references=True),
            acceptSecrets=True, acceptResources=True, sends_old_inputs=True, sends_old_inputs_to_delete=True,
        )  # fmt: skip
        found = self.stub.Configure(request)
        if not self._greeted:
            self.accepts = Accepts(
                found.acceptSecrets,
                found.acceptResources,
                found.supportsPreview,
                found.supports_autonaming_configuration,
            )

    def cancel(self) -> None:
        """The provider was asked to end what it is at."""
        if self._stub is not None:
            with contextlib.suppress(grpc.RpcError):
                self._stub.Cancel(empty_pb2.Empty(), timeout=STOP_SECONDS)

    def close(self) -> None:
        """The process has ended."""
        self.cancel()
        if self._channel is not None:
            self._channel.close()
        self._terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._reader.join(STOP_SECONDS)
        if self._process.stdin:
            self._process.stdin.close()

    def _terminate(self) -> None:
        """The process was asked to end, and so was what it has started: a plugin may be a script around another program."""
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
        except (AttributeError, OSError):  # there are no groups on Windows, or it has ended already
            self._process.terminate()

    def _heard(self, severity: Severity, line: str) -> None:
        self._printed.append(line)
        # What a plugin prints is for its author; what it has to say it tells the engine.
        self._log(Diagnostic(severity if self.package == DYNAMIC else "debug", line))


class Hosts:
    """The hosts of one run, one for each provider; `close` ends them."""

    def __init__(
        self, python: str, folder: Path, environment: Mapping[str, str] | None = None, *, project: str = "project",
        spawn: Spawn | None = None, plugins: Mapping[str, Path] | None = None,
    ) -> None:  # fmt: skip
        self._python, self._folder, self._spawn = python, folder, spawn or spawn_process
        self._environment = {**(os.environ if environment is None else environment), "PULUMI_PROJECT": project}
        self._plugins = plugins or {}
        self.log: Log = lambda diagnostic: None
        self._heard: Log = lambda diagnostic: self.log(diagnostic)  # whoever listens by then
        self._lock = threading.Lock()
        self._all: list[Host] = []
        self._ahead: dict[tuple[str, str], Host] = {}
        self._server = grpc.server(futures.ThreadPoolExecutor(8), options=GRPC_OPTIONS)
        engine_pb2_grpc.add_EngineServicer_to_server(EngineService(self._heard), self._server)
        self._address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def start_ahead(self, packages: Iterable[tuple[str, str]] = ((DYNAMIC, ""),)) -> None:
        """One host for each package and version starts, so that it is ready when a provider needs it."""
        with self._lock:
            for package, version in packages:
                with contextlib.suppress(HostError):  # who needs it will be told
                    self._ahead[package, version] = self._start(package, version)

    def take(self, package: str = DYNAMIC, version: str = "") -> Host:
        """A host that has no configuration yet, for one provider alone. Raises HostError when the package has no plugin."""
        with self._lock:
            return self._ahead.pop((package, version), None) or self._start(package, version)

    def end(self, host: Host) -> None:
        """The run needs the host no longer."""
        with self._lock:
            self._all.remove(host)
        host.close()

    def cancel(self) -> None:
        """All providers were asked to end what they are at."""
        self._each(Host.cancel)

    def close(self) -> None:
        self._each(Host.close)
        self._all.clear()
        self._server.stop(0)

    def _each(self, do: Callable[[Host], None]) -> None:
        with futures.ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(do, list(self._all)))

    def _start(self, package: str, version: str) -> Host:
        command, what = [self._python, "-u", str(RUNNER), "host"], "the dynamic provider's process"
        if package != DYNAMIC:
            command = [find_plugin(package, version, self._plugins, self._environment)]
            what = f"the plugin {command[0]}"
        try:
            process = self._spawn([*command, self._address], self._folder, self._environment)
        except OSError as error:
            raise HostError(f"{what} did not start: {error}") from None
        host = Host(process, self._heard, package, what, self._address)
        self._all.append(host)
        return host


def find_plugin(package: str, version: str, declared: Mapping[str, Path], environment: Mapping[str, str]) -> str:
    """The executable of the package's plugin: where Pulumi.yaml says, else on PATH, else among the installed ones. Raises HostError."""
    name = f"pulumi-resource-{package}"
    home = Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
    wanted = f"resource-{package}-v{version or '*'}"
    installed = sorted(home.glob(wanted), key=lambda folder: _numbers(folder.name.rpartition("-v")[2]), reverse=True)
    paths = [str(declared[package])] if package in declared else [environment.get("PATH", ""), *map(str, installed)]
    for path in paths:
        if found := shutil.which(name, path=path):
            return found
    if package in declared:
        raise HostError(
            f"package '{package}': Pulumi.yaml says that its plugin is in {declared[package]}, where there is no {name}"
        )
    raise HostError(
        f"package '{package}': there is no plugin {name}, neither in `plugins.providers` of Pulumi.yaml, nor on PATH, nor in "
        f"{home / wanted}; in tests it can be mocked"
    )


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


class EngineService(engine_pb2_grpc.EngineServicer):
    """The protocol's Engine: log messages of programs and providers."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802  the protocol's name
        severity = SEVERITIES[request.severity]
        self._log(Diagnostic(severity, request.message, request.urn, request.ephemeral, request.streamId))
        return empty_pb2.Empty()
