"""Stacks in memory: programs are functions, providers run in the real host, and state is a value."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc
from pulumi_connect_domains.testing.mocks import MockedProviders, Mocks
from pulumi_local_engine.deploy.options import Kind, Options, Stack
from pulumi_local_engine.model.events import Diagnostic, Event, Result, Step, StepFinished
from pulumi_local_engine.model.resource import Deployment, Resource
from pulumi_local_engine.program.engine import run
from pulumi_local_engine.program.programs import Program, ServedProgram
from pulumi_local_engine.provider.hosts import Hosts, Spawn
from pulumi_local_engine.provider.sources import HostedProviders


@dataclass(frozen=True)
class Outcome:
    """A run's result, and everything that was told during it."""

    result: Result
    events: tuple[Event, ...]

    @property
    def failed(self) -> bool:
        return self.result.failed

    @property
    def steps(self) -> list[Step]:
        """The steps that were done or, in a preview, planned."""
        return [event.step for event in self.events if isinstance(event, StepFinished)]

    @property
    def messages(self) -> list[str]:
        """What was said, severity first: `error: …`."""
        return [f"{event.severity}: {event.message}" for event in self.events if isinstance(event, Diagnostic)]


@contextmanager
def served(function: Callable[[], object]) -> Any:
    """The function as a program behind a language server, as the Automation API serves it."""
    server = grpc.server(ThreadPoolExecutor(4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(function), server)  # type: ignore[arg-type]  # wider than it says
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield ServedProgram(address, Path.cwd())
    finally:
        server.stop(0)
        # A failed program leaves coroutines of the SDK behind. Collected in the middle of Python's own parser, in whatever test comes
        # next, they break it (the test kit says more).
        gc.collect()


class MemoryStack:
    """A stack whose state is `state`. Every keyword of a command is one of `Options`."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], spawn: Spawn, *, config: Mapping[str, str] | None = None,
        secret_keys: Iterable[str] = (), mocks: Mocks = None,
    ) -> None:  # fmt: skip
        self.folder, self.environment, self._spawn = folder, environment, spawn
        self.config, self.secret_keys = dict(config or {}), frozenset(secret_keys)
        self.state = Deployment()
        self._mocks = mocks

    def up(self, program: Callable[[], object], **options: Any) -> Outcome:
        return self.run("up", program, **options)

    def preview(self, program: Callable[[], object], **options: Any) -> Outcome:
        return self.run("up", program, preview=True, **options)

    def refresh(self, **options: Any) -> Outcome:
        return self.run("refresh", lambda: None, **options)

    def destroy(self, **options: Any) -> Outcome:
        return self.run("destroy", lambda: None, **options)

    def run(self, kind: Kind, program: Callable[[], object], **options: Any) -> Outcome:
        with served(program) as behind_a_server:
            return self.run_program(Options(kind, **options), behind_a_server)

    def run_program(self, options: Options, program: Program) -> Outcome:
        """The outcome of a run of any program, with hosts of its own."""
        events: list[Event] = []
        stack = Stack("project", "dev", self.state, self._save, config=self.config, secret_keys=self.secret_keys)
        with closing(Hosts(sys.executable, self.folder, self.environment, spawn=self._spawn)) as hosts:
            providers = MockedProviders(hosts, self._mocks) if self._mocks else HostedProviders(hosts)
            result = run(options, stack, program, events.append, providers)
        return Outcome(result, tuple(events))

    def resource(self, name: str) -> Resource:
        """The resource of that name. Raises KeyError when there is none, or more than one."""
        found = [resource for resource in self.state.resources if resource.name == name and not resource.delete]
        if len(found) != 1:
            raise KeyError(f"{len(found)} resources are called {name!r}")
        return found[0]

    def _save(self, state: Deployment) -> None:
        self.state = state
