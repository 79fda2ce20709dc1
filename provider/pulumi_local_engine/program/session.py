"""One run as its program meets it: who takes its registrations and messages, and at which address."""

from __future__ import annotations

from concurrent import futures
from functools import cached_property
from typing import Any, Final

import grpc
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2_grpc

from ..deploy.run import Run
from ..model.events import Diagnostic
from ..provider.hosts import GRPC_OPTIONS, EngineService
from .monitor import Monitor
from .registrar import Registrar

CALLS_AT_ONCE: Final = 256
"""How many calls of a program may be under way: each waits for its resource in a thread of its own."""
GRACE_SECONDS: Final = 5.0
"""How long the servers' last calls may take."""


class Session:
    """Takes a program's calls: directly, by `registrar`, or from another process, by the servers at `address`."""

    def __init__(self, run: Run) -> None:
        self.stack, self.options, self._run = run.stack, run.options, run
        self.registrar = Registrar(run)
        self._server: Any = None

    @cached_property
    def address(self) -> str:
        """Of the monitor and of the engine, which serve from now on."""
        self._server = grpc.server(futures.ThreadPoolExecutor(CALLS_AT_ONCE), options=GRPC_OPTIONS)
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(self.registrar, self._run), self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(EngineService(self.say), self._server)
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return f"127.0.0.1:{port}"

    def say(self, diagnostic: Diagnostic) -> None:
        """What the program says is told, but for what it says about our ending it."""
        if not (self.registrar.over.is_set() and self._run.executor.cancelled.is_set()):
            self._run.report(diagnostic)

    def close(self) -> None:
        """No call is answered any more."""
        if self._server:
            self._server.stop(GRACE_SECONDS)
