"""Tries the private means of `context` in a real dynamic provider host, driven as the engine drives it. Nothing is asked of AWS.

`context` falls back silently where another version of the host differs. So the only way to know is to try: a provider uses each of them
in a host process, and the answers show whether it arrived.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.dynamic.dynamic import serialize_provider

from ..model.errors import ConnectDomainsError, Refused
from . import context, engine_log, processes

URN = "urn:pulumi:doctor::doctor::pulumi-python:dynamic/doctor:Probe::probe"
TEXT = "a line of the probe\nand another"
SECONDS = 90.0
"""What the probe's texts and time limits are; only a host that passes them on gives them back."""

SILENT = "it said nothing"

_WITHOUT_PROXY = [("grpc.enable_http_proxy", 0)]


class HostDown(ConnectDomainsError):
    """The host did not start, or gave no answer in time."""


@dataclass(frozen=True)
class Mean:
    """One private means: whether it works in this host, and what users lose where it does not."""

    name: str
    works: bool
    loss: str


class Probe(ResourceProvider):
    """A provider that uses every means once. The host loads it by its name, as it loads ours."""

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        """Replaces what the real providers replace, too."""
        context.shorten_errors()
        context.allow_detailed_diffs()
        context.show_log()

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Sends a warning."""
        engine_log.warn(context.current().urn, TEXT)
        return CheckResult(news, [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Adds a detail to the answer, and names the inputs in state."""
        context.detail_diff({"probe": "UPDATE"})
        return DiffResult(changes=True, replaces=sorted(context.current().state_inputs or {}))

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Returns what the call holds besides."""
        call = context.current()
        return CreateResult("probe", {"urn": call.urn, "seconds": call.timeout_seconds})

    def update(self, id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Fails partially."""
        context.current().fail_partially(id, {"kept": "probe"}, {}, [TEXT])
        raise Refused(TEXT)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Fails."""
        raise Refused(TEXT)


def means(seconds: float = 20) -> list[Mean]:
    """What works in the host of this Python, within so many seconds. Raises: HostDown."""
    with _host(seconds) as host:
        return [
            Mean(
                "call",
                _sees_the_call(host),
                "custom_timeouts have no effect, and a refresh knows less of what was declared",
            ),
            Mean("warnings", _shows_warnings(host), "warnings and progress of resources are not shown"),
            Mean("errors", _shortens_errors(host), "each error is shown with a traceback"),
            Mean(
                "partial-failures",
                _keeps_partial_failures(host),
                "after a change that AWS did in part, state holds nothing of it until the next refresh",
            ),
            Mean(
                "detailed-diffs",
                _details_diffs(host),
                "after a change that AWS did in part, the next preview lists it as a whole",
            ),
        ]


class _Host:
    """A host process that is up. `said` are the engine's log requests."""

    def __init__(self, stub: Any, seconds: float) -> None:
        from pulumi.runtime.proto import provider_pb2

        self.said: list[Any] = []
        self.protocol = provider_pb2
        self._stub, self._seconds = stub, seconds
        self._provider = serialize_provider(Probe())

    def ask(self, method: str, request: Any) -> Any:
        """The host's answer. Raises: grpc.RpcError, also for a provider that fails."""
        return getattr(self._stub, method)(request, timeout=self._seconds)

    def failure(self, method: str, request: Any) -> Any:
        """The error that the host answers; None for an answer that is none. Raises: HostDown when it does not answer."""
        import grpc

        try:
            self.ask(method, request)
        except grpc.RpcError as error:
            _refuse_silence(error)
            return error
        return None

    def properties(self, **values: Any) -> Any:
        """The values as the engine sends them."""
        from google.protobuf import struct_pb2

        message = struct_pb2.Struct()
        message.update({**values, "__provider": self._provider})
        return message


def _sees_the_call(host: _Host) -> bool:
    request = host.protocol.CreateRequest(urn=URN, timeout=SECONDS, properties=host.properties())
    found = host.ask("Create", request).properties.fields
    sees_request = found["urn"].string_value == URN and found["seconds"].number_value == SECONDS
    return sees_request and list(_diff(host).replaces) == ["declared"]


def _shows_warnings(host: _Host) -> bool:
    host.ask("Check", host.protocol.CheckRequest(urn=URN, olds=host.properties(), news=host.properties()))
    return any((each.urn, each.message) == (URN, TEXT) for each in host.said)


def _shortens_errors(host: _Host) -> bool:
    request = host.protocol.DeleteRequest(urn=URN, id="probe", properties=host.properties())
    error = host.failure("Delete", request)
    return error is not None and error.details() == TEXT


def _keeps_partial_failures(host: _Host) -> bool:
    from google.rpc import status_pb2

    request = host.protocol.UpdateRequest(urn=URN, id="probe", olds=host.properties(), news=host.properties())
    error = host.failure("Update", request)
    trailing = dict(error.trailing_metadata() or ()) if error is not None else {}
    status = status_pb2.Status.FromString(trailing.get("grpc-status-details-bin", b""))
    detail = host.protocol.ErrorResourceInitFailed()
    is_there = bool(status.details) and status.details[0].Unpack(detail)
    return is_there and list(detail.reasons) == [TEXT] and detail.properties.fields["kept"].string_value == "probe"


def _details_diffs(host: _Host) -> bool:
    answer = _diff(host)
    return bool(answer.hasDetailedDiff) and "probe" in answer.detailedDiff


def _diff(host: _Host) -> Any:
    request = host.protocol.DiffRequest(
        urn=URN, id="probe", olds=host.properties(), news=host.properties(), old_inputs=host.properties(declared=True)
    )
    return host.ask("Diff", request)


@contextmanager
def _host(seconds: float) -> Iterator[_Host]:
    """A host process with an engine to log to. Both are gone afterwards. Raises: HostDown."""
    import grpc
    from google.protobuf import empty_pb2
    from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

    said: list[Any] = []

    class Engine(engine_pb2_grpc.EngineServicer):
        def Log(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
            said.append(request)
            return empty_pb2.Empty()

    server = grpc.server(ThreadPoolExecutor(2))
    engine_pb2_grpc.add_EngineServicer_to_server(Engine(), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        with _process(address, seconds) as port, grpc.insecure_channel(port, options=_WITHOUT_PROXY) as channel:
            host = _Host(provider_pb2_grpc.ResourceProviderStub(channel), seconds)
            host.said = said
            host.ask("Configure", provider_pb2.ConfigureRequest())
            yield host
    except grpc.RpcError as error:
        _refuse_silence(error)
        raise HostDown(f"the host failed: {processes.last_line(error.details()) or SILENT}") from None
    finally:
        server.stop(None)


@contextmanager
def _process(engine: str, seconds: float) -> Iterator[str]:
    """The address of a host process, which has ended afterwards. Raises: HostDown when it does not come up in time."""
    command = [sys.executable, "-u", "-m", "pulumi.dynamic", engine]
    try:
        with processes.address_of(command, seconds, {**os.environ, "PULUMI_PROJECT": "doctor"}) as address:
            yield address
    except processes.NoPort as error:
        raise HostDown(f"the host does not start: {str(error) or SILENT}") from None


def _refuse_silence(error: Any) -> None:
    """Raises: HostDown if the error means that the host did not answer at all."""
    if error.code().name in ("DEADLINE_EXCEEDED", "UNAVAILABLE"):
        raise HostDown("the host gave no answer in time") from None
