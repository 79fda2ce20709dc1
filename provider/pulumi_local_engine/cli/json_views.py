"""A run as programs read it: the document that `--json` prints of a preview, and the events that `--event-log` gets."""

import json
import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final, TextIO

import grpc
from pulumi.runtime.proto import events_pb2, events_pb2_grpc

from ..model.events import Diagnostic, Event, OutputsRegistered, Result, Step, StepFailed, StepFinished, StepStarted
from ..model.resource import Resource, resource_json
from ..model.secrets import HIDDEN, shown
from ..model.urn import STACK_TYPE
from ..model.values import SECRET_SIGNATURE, SIGNATURE
from .grammar import Request
from .text import is_listed, prefix


def _filled(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without its empty entries, as the CLI leaves them out."""
    return {key: value for key, value in document.items() if value}


def _detail(step: Step, kind: str) -> dict[str, Any] | None:
    """The detailed diff; `kind` is the key of what happens to a property."""
    detail = step.diff.detailed
    return None if detail is None else {p: {kind: d.kind, "inputDiff": d.input_diff} for p, d in sorted(detail.items())}


class PreviewJson:
    """The CLI's own document of a preview, printed whole when the preview has ended.

    **Shape** `{config, steps: [{op, urn, provider, oldState, newState, diffReasons, replaceReasons, detailedDiff}], diagnostics:
    [{urn, message, severity}], duration, changeSummary: {op: n}, maybeCorrupt}`, empty parts left out but `detailedDiff`.
    """

    def __init__(self, out: TextIO, request: Request, config: Mapping[str, str]) -> None:
        self._out, self._request, self._config = out, request, config

    def begin(self, preview: bool) -> None:
        self._steps, self._diagnostics = list[dict[str, Any]](), list[dict[str, Any]]()

    def __call__(self, event: Event) -> None:
        if isinstance(event, Diagnostic):
            if not event.ephemeral and event.severity != "debug":
                message = f"{prefix(event)}{event.message.rstrip()}\n"
                self._diagnostics.append(_filled({"urn": event.urn, "message": message, "severity": event.severity}))
        elif not is_listed(event.step, self._request):
            return
        elif isinstance(event, StepStarted):
            self._steps.append(self._step(event.step, event.step.op))
        elif isinstance(event, StepFinished) and event.step.op == "refresh":
            self._refreshed(event.step)

    def finish(self, result: Result) -> None:
        document = {
            "config": self._config, "steps": self._steps, "diagnostics": self._diagnostics,
            "duration": round(result.seconds * 1e9), "changeSummary": dict(sorted(result.changes.items())),
            "maybeCorrupt": result.maybe_corrupt,
        }  # fmt: skip
        print(json.dumps(_filled(document), indent=4, ensure_ascii=False), file=self._out, flush=True)

    def _refreshed(self, step: Step) -> None:
        """A refresh that found something is listed as what it found."""
        if (step.result_op == "update" and step.diff.detailed is not None) or step.result_op == "delete":
            told, before = self._step(step, step.result_op), ("refresh", step.urn)
            self._steps = [told if (known["op"], known["urn"]) == before else known for known in self._steps]

    def _step(self, step: Step, op: str) -> dict[str, Any]:
        found = {
            "op": op, "urn": step.urn, "provider": step.provider,
            "oldState": self._state(step.old), "newState": self._state(step.new),
            "diffReasons": list(step.diff.changed_keys), "replaceReasons": list(step.diff.replace_keys),
        }  # fmt: skip
        return {**_filled(found), "detailedDiff": _detail(step, "kind")}

    def _state(self, resource: Resource | None) -> dict[str, Any] | None:
        if resource and resource.type == STACK_TYPE and self._request.suppress_outputs:
            resource = resource.copy(outputs={})
        return resource_json(resource, shown) if resource else None


_SECRET: Final = {SIGNATURE: SECRET_SIGNATURE, "ciphertext": HIDDEN}
_ALWAYS: Final = {"type": "", "urn": "", "id": "", "parent": "", "inputs": {}, "outputs": {}, "provider": ""}
_STATE: Final = {*_ALWAYS, "custom", "delete", "protect", "retainOnDelete", "initErrors"}
"""The keys of a resource's state in events: they are among those of the state file."""


class EventLog:
    """Writes engine events as JSON, one after the other, where the address says: `tcp://HOST:PORT`, or a file's name.

    **Shape** of an event: `{sequence, timestamp, KIND: {…}}` with one of preludeEvent, resourcePreEvent, resOutputsEvent,
    resOpFailedEvent, diagnosticEvent, summaryEvent, cancelEvent. Source: events of CLI 3.260.0; `pulumi.automation.events` reads them.
    """

    def __init__(self, address: str, config: Mapping[str, str]) -> None:
        self._config, self._sequence = config, 0
        self._send, self._close = _server(address) if address.startswith("tcp://") else _file(address)

    def begin(self, preview: bool) -> None:
        self._preview = preview
        self._write("preludeEvent", {"config": self._config})

    def __call__(self, event: Event) -> None:
        if isinstance(event, Diagnostic):
            said = {
                "urn": event.urn, "prefix": prefix(event), "message": event.message.removesuffix("\n") + "\n",
                "color": "never", "severity": event.severity, "streamId": event.stream_id, "ephemeral": event.ephemeral,
            }  # fmt: skip
            self._write("diagnosticEvent", _filled(said))
        elif isinstance(event, StepStarted):
            self._step("resourcePreEvent", event.step, event.step.op, planning=event.planning)
        elif isinstance(event, StepFailed):
            self._step("resOpFailedEvent", event.step, event.step.op, status=2, steps=1)
        elif isinstance(event, OutputsRegistered) or event.step.type != STACK_TYPE or event.step.op != "create":
            # A new stack is done when it has its outputs, and then only.
            self._step("resOutputsEvent", event.step, event.step.result_op, planning=event.planning)

    def finish(self, result: Result) -> None:
        summary = {
            "maybeCorrupt": result.maybe_corrupt, "durationSeconds": round(result.seconds),
            "resourceChanges": dict(result.changes), "PolicyPacks": {}, "isPreview": self._preview,
            "result": "failed" if result.failed else "succeeded",
        }  # fmt: skip
        self._write("summaryEvent", summary)

    def close(self) -> None:
        """Everything has arrived; readers are told that nothing follows."""
        self._write("cancelEvent", {})
        self._close()

    def _step(self, kind: str, step: Step, op: str, **more: int) -> None:
        optional = {"keys": step.diff.replace_keys, "diffs": step.diff.changed_keys, "logical": step.logical}
        metadata = {
            "op": op, "urn": step.urn, "type": step.type, "old": _state(step.old), "new": _state(step.new),
            "detailedDiff": _detail(step, "diffKind"), "provider": step.provider, **_filled(optional),
        }  # fmt: skip
        self._write(kind, {"metadata": metadata, **_filled(more)})

    def _write(self, kind: str, body: Mapping[str, Any]) -> None:
        event = {"sequence": self._sequence, "timestamp": int(time.time()), kind: body}
        self._sequence += 1
        self._send(json.dumps(event, separators=(",", ":"), ensure_ascii=False))


def _state(resource: Resource | None) -> dict[str, Any] | None:
    if resource is None:
        return None
    # A secret is as in the state file, but without a ciphertext.
    found = resource_json(resource, partial(shown, secret=_SECRET))
    return {**_ALWAYS, **{key: value for key, value in found.items() if value and key in _STATE}}


Sender = tuple[Callable[[str], None], Callable[[], None]]
"""What sends an event, and what is called after the last one."""


def _file(path: str) -> Sender:
    stream = open(path, "a", encoding="utf-8", buffering=1)  # noqa: SIM115  the second function closes it
    return lambda event: print(event, file=stream), stream.close


def _server(address: str) -> Sender:
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    channel = grpc.insecure_channel(address.removeprefix("tcp://"))

    def stream() -> None:
        requests = (events_pb2.EventRequest(event=event) for event in iter(waiting.get, None))
        # A reader that went away is no reason to fail the run.
        with suppress(grpc.RpcError):
            events_pb2_grpc.EventsStub(channel).StreamEvents(requests)

    thread = threading.Thread(target=stream, daemon=True)
    thread.start()

    def close() -> None:
        waiting.put(None)
        thread.join(timeout=10)
        channel.close()

    return waiting.put, close
