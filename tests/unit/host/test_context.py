"""host: what is found up the stack, and that nothing breaks where it is not."""

from __future__ import annotations

import logging
import queue
import sys
import threading
import types
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from google.rpc import status_pb2
from pulumi.runtime.proto import provider_pb2
from pulumi_connect_domains.host import context as host
from pulumi_connect_domains.host import engine_log
from pulumi_connect_domains.model.errors import Refused


class Context:
    """As much of a gRPC context as is used."""

    def __init__(self) -> None:
        self.metadata: list[tuple[str, bytes]] = []

    def set_trailing_metadata(self, metadata: list[tuple[str, bytes]]) -> None:
        self.metadata = list(metadata)


def struct(**values: Any) -> Struct:
    message = Struct()
    message.update(values)
    return message


def called_by_a_host(request: Any, context: Any) -> host.HostCall:
    """Stands where the host's own method stands: with both in its local variables."""
    return host.current()


def test_outside_a_host_there_is_nothing_and_nothing_fails() -> None:
    call = host.current()
    assert (call.urn, call.timeout_seconds, call.state_inputs) == ("", None, None)
    engine_log.warn("", "a")
    engine_log.progress("", "b")
    assert not host.detail_diff({"a": "ADD"})
    call.fail_partially("id", {}, {}, ["c"])


def test_the_request_is_found_up_the_stack() -> None:
    request = provider_pb2.UpdateRequest(urn="urn:x", timeout=90, old_inputs=struct(days=30, __provider="gASV"))
    call = called_by_a_host(request, Context())
    assert (call.urn, call.timeout_seconds, call.state_inputs) == ("urn:x", 90.0, {"days": 30})


class Engine:
    """Takes debug lines, each when it is let, in place of the engine."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines: queue.Queue[tuple[str, str, str]] = queue.Queue()
        self.takes = threading.Event()
        monkeypatch.setattr(engine_log, "_log", self._log)

    def _log(self, urn: str, text: str, severity: str) -> None:
        self.takes.wait(2)
        self.lines.put((urn, text, severity))

    def next(self) -> tuple[str, str, str]:
        return self.lines.get(timeout=10)


def current_urn() -> str:
    return host.current().urn


def called_with_two_lines(handler: logging.Handler, request: Any, context: Any) -> None:
    for text in ("first", "second"):
        handler.emit(logging.LogRecord("aws", logging.DEBUG, "", 0, text, (), None))


def test_no_call_waits_for_log_lines_that_nobody_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(monkeypatch)
    called_with_two_lines(
        engine_log.EngineHandler(current_urn, may_be_seen=False), provider_pb2.CreateRequest(urn="urn:x"), Context()
    )
    assert engine.lines.empty()
    engine.takes.set()
    assert [engine.next(), engine.next()] == [("urn:x", "first", "DEBUG"), ("urn:x", "second", "DEBUG")]


def test_a_call_waits_for_log_lines_that_somebody_may_see(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(monkeypatch)
    engine.takes.set()
    called_with_two_lines(
        engine_log.EngineHandler(current_urn, may_be_seen=True), provider_pb2.CreateRequest(urn="urn:x"), Context()
    )
    assert engine.lines.qsize() == 2
    assert [engine.next(), engine.next()] == [("urn:x", "first", "DEBUG"), ("urn:x", "second", "DEBUG")]


def test_no_timeout_and_no_state_are_none() -> None:
    call = called_by_a_host(provider_pb2.CreateRequest(urn="urn:x"), Context())
    assert (call.timeout_seconds, call.state_inputs) == (None, None)


def test_a_partial_failure_travels_as_the_engine_reads_it() -> None:
    context = Context()
    request = provider_pb2.UpdateRequest(urn="urn:x", news=struct(__provider="gASV"))
    called_by_a_host(request, context).fail_partially(
        "id-1", {"days": 30, "tags": {"a": "b"}}, {"days": 31}, ["the key failed"]
    )
    ((key, value),) = context.metadata
    status = status_pb2.Status.FromString(value)
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert (key, status.code, status.message) == ("grpc-status-details-bin", 2, "the key failed")
    assert (detail.id, list(detail.reasons)) == ("id-1", ["the key failed"])
    assert dict(detail.properties)["__provider"] == "gASV"
    assert dict(detail.properties)["tags"] == struct(a="b")
    assert dict(detail.inputs) == {"days": 31.0, "__provider": "gASV"}


def test_a_broken_context_leaves_the_plain_error() -> None:
    class Broken(Context):
        def set_trailing_metadata(self, metadata: list[tuple[str, bytes]]) -> None:
            raise RuntimeError("changed")

    called_by_a_host(provider_pb2.UpdateRequest(urn="u", news=struct(__provider="x")), Broken()).fail_partially(
        "i", {}, {}, ["r"]
    )


def text_of(error: Exception, main: Any) -> str:
    try:
        raise error
    except Exception:  # noqa: BLE001 - what the host does
        return str(main.traceback.format_exc())


def test_only_our_own_errors_are_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    import traceback

    main = types.ModuleType("__main__")
    main.traceback = traceback  # type: ignore[attr-defined]  # as in the host
    main.DynamicResourceProviderServicer = object  # type: ignore[attr-defined]  # as in the host
    monkeypatch.setitem(sys.modules, "__main__", main)
    host.shorten_errors()
    assert text_of(Refused("one line\nand another"), main) == "one line\nand another"
    assert text_of(ValueError("a bug"), main).startswith("Traceback (most recent call last)")


def test_elsewhere_nothing_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    import traceback

    main = types.ModuleType("__main__")
    main.traceback = traceback  # type: ignore[attr-defined]  # a program may import it too
    monkeypatch.setitem(sys.modules, "__main__", main)
    host.shorten_errors()
    assert main.traceback is traceback
