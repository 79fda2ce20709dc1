"""`--event-log`: engine events as JSON, one after the other, into a file or to the Automation API's own server.

**Shape** of an event: `{sequence, timestamp, KIND: {…}}` with one of preludeEvent, resourcePreEvent, resOutputsEvent,
resOpFailedEvent, diagnosticEvent, summaryEvent, cancelEvent. Source: events of CLI 3.260.0; `pulumi.automation.events` reads them.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..model.events import Diagnostic, Event, OutputsRegistered, Result, Step, StepFailed, StepStarted
from ..model.resource import Resource
from ..model.values import SECRET_SIGNATURE, SIGNATURE, UNKNOWN_TEXT, transform
from .marks import ROOT_TYPE
from .progress import PREFIXES

_CLOSE_SECONDS = 10.0
_HIDDEN = {SIGNATURE: SECRET_SIGNATURE, "ciphertext": "[secret]"}


class EventLog:
    """Writes each event where the address says: `tcp://HOST:PORT`, or a file's name."""

    def __init__(self, address: str) -> None:
        self._sequence = 0
        self._send, self._close = _server(address) if address.startswith("tcp://") else _file(address)

    def start(self, config: Mapping[str, str]) -> None:
        """The first event of a run; secret values are blinded already."""
        self._event("preludeEvent", {"config": dict(config)})

    def __call__(self, event: Event) -> None:
        if isinstance(event, Diagnostic):
            self._event("diagnosticEvent", _diagnostic(event))
        elif isinstance(event, StepStarted):
            self._step("resourcePreEvent", event.step, event.step.op, event.planning)
        elif isinstance(event, StepFailed):
            self._step("resOpFailedEvent", event.step, event.step.op, planning=False, status=2, steps=1)
        elif isinstance(event, OutputsRegistered) or event.step.type != ROOT_TYPE or event.step.op != "create":
            # A new stack is done when it has its outputs, and then only.
            self._step("resOutputsEvent", event.step, event.step.result_op, event.planning)

    def finish(self, result: Result, *, preview: bool) -> None:
        self._event(
            "summaryEvent",
            {
                "maybeCorrupt": result.maybe_corrupt,
                "durationSeconds": round(result.seconds),
                "resourceChanges": dict(result.changes),
                "PolicyPacks": {},
                "isPreview": preview,
                "result": "failed" if result.failed else "succeeded",
            },
        )

    def close(self) -> None:
        """Everything has arrived; readers are told that nothing follows."""
        self._event("cancelEvent", {})
        self._close()

    def _step(self, kind: str, step: Step, op: str, planning: bool, **more: int) -> None:
        self._event(kind, {"metadata": _metadata(step, op), **({"planning": True} if planning else {}), **more})

    def _event(self, kind: str, body: Mapping[str, Any]) -> None:
        event = {"sequence": self._sequence, "timestamp": int(time.time()), kind: body}
        self._sequence += 1
        self._send(json.dumps(event, separators=(",", ":"), ensure_ascii=False))


def _metadata(step: Step, op: str) -> dict[str, Any]:
    detail = step.detailed_diff
    found: dict[str, Any] = {
        "op": op,
        "urn": step.urn,
        "type": step.type,
        "old": _state(step.old),
        "new": _state(step.new),
        "detailedDiff": None
        if detail is None
        else {p: {"diffKind": d.kind, "inputDiff": d.input_diff} for p, d in detail.items()},
        "provider": step.provider,
    }
    optional = {"keys": list(step.replace_reasons), "diffs": list(step.diff_reasons), "logical": step.logical}
    return {**found, **{key: value for key, value in optional.items() if value}}


def _state(resource: Resource | None) -> dict[str, Any] | None:
    if resource is None:
        return None
    always = {
        "type": resource.type,
        "urn": resource.urn,
        "id": resource.id,
        "parent": resource.parent,
        "inputs": transform(resource.inputs, lambda _: _HIDDEN, UNKNOWN_TEXT),
        "outputs": transform(resource.outputs, lambda _: _HIDDEN, UNKNOWN_TEXT),
        "provider": resource.provider,
    }
    optional = {
        "custom": resource.custom,
        "delete": resource.delete,
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        "initErrors": list(resource.init_errors),
    }
    return {**always, **{key: value for key, value in optional.items() if value}}


def _diagnostic(event: Diagnostic) -> dict[str, Any]:
    message = event.message if event.message.endswith("\n") else f"{event.message}\n"
    found = {
        "urn": event.urn,
        "prefix": PREFIXES.get(event.severity, ""),
        "message": message,
        "color": "never",
        "severity": event.severity,
        "streamId": event.stream_id,
        "ephemeral": event.ephemeral,
    }
    return {key: value for key, value in found.items() if value}


# -- where events go -------------------------------------------------------------------------------------------------

Sender = tuple[Callable[[str], None], Callable[[], None]]


def _file(path: str) -> Sender:
    stream = open(path, "a", encoding="utf-8")  # noqa: SIM115  closed by the second function

    def send(event: str) -> None:
        stream.write(f"{event}\n")
        stream.flush()

    return send, stream.close


def _server(address: str) -> Sender:
    import grpc
    from pulumi.runtime.proto import events_pb2, events_pb2_grpc

    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    channel = grpc.insecure_channel(address.removeprefix("tcp://"))

    def requests() -> Iterator[Any]:
        while (event := waiting.get()) is not None:
            yield events_pb2.EventRequest(event=event)

    def stream() -> None:
        # A reader that went away is no reason to fail the run.
        with suppress(grpc.RpcError):
            events_pb2_grpc.EventsStub(channel).StreamEvents(requests())

    thread = threading.Thread(target=stream, daemon=True)
    thread.start()

    def close() -> None:
        waiting.put(None)
        thread.join(_CLOSE_SECONDS)
        channel.close()

    return waiting.put, close
