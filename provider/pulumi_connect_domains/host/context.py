"""What the dynamic provider host knows about the current call and does not pass on. Only this module uses internals of the SDK.

The host (`python -m pulumi.dynamic`) passes our methods a part of each gRPC request. The request and its context are local variables in
the host's frames further up the stack; the engine's address is the last argument of the process. If another version of the host differs,
every function here does nothing, without an error: results must be right without it.

Source: pulumi 3.272.0, `pulumi/dynamic/__main__.py`; seen working on CLI 3.260.0.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

from ..model.errors import ConnectDomainsError
from ..model.values import HOST_KEY, Json
from ..model.visible import lines
from .command_line import may_show_log
from .values import from_engine


@dataclass(frozen=True)
class HostCall:
    """One gRPC call of the engine to the host; `HostCall()` where it could not be found."""

    request: Any = None
    context: Any = None

    @property
    def urn(self) -> str:
        """The resource's URN, or ""."""
        return str(getattr(self.request, "urn", ""))

    @property
    def timeout_seconds(self) -> float | None:
        """The time limit that `custom_timeouts` sets for this operation, or None."""
        return float(getattr(self.request, "timeout", 0.0)) or None

    @cached_property
    def state_inputs(self) -> Json | None:
        """The resource's inputs in state, or None if the call does not hold them (Diff, Update, Delete and Read do)."""
        for name in ("old_inputs", "inputs"):
            struct = getattr(self.request, name, None)
            if struct is not None and len(struct.fields):
                return _properties(struct)
        return None

    def fail_partially(self, id: str, outputs: Json, inputs: Json, reasons: Sequence[str]) -> None:
        """Marks the error that the caller raises next as a partial failure: the engine stores what is given, and goes on next time.

        The error must name the same reasons, for hosts where the mark cannot be set.
        Source: the engine's ErrorResourceInitFailed, for which dynamic providers have no Python API.
        """
        provider_text = _provider_text(self.request)
        if self.context is None or provider_text is None:
            return
        try:
            from google.protobuf import any_pb2, struct_pb2
            from google.rpc import status_pb2
            from pulumi.runtime.proto import provider_pb2

            documents: list[Any] = []
            for document in (outputs, inputs):
                struct = struct_pb2.Struct()
                struct.update(cast(Any, {**document, HOST_KEY: provider_text}))
                documents.append(struct)
            detail = provider_pb2.ErrorResourceInitFailed(
                id=id, properties=documents[0], inputs=documents[1], reasons=[shown(each) for each in reasons]
            )
            packed = any_pb2.Any()
            packed.Pack(detail)
            status = status_pb2.Status(code=2, message=shown("; ".join(reasons)), details=[packed])
            self.context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
        except Exception:  # noqa: BLE001 - whatever fails in the internals, the caller still raises its error
            return


def current() -> HostCall:
    """The engine's call that the host is answering on this stack; an empty one if it is not found."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if "context" in frame.f_code.co_varnames:  # asked first, since `f_locals` copies all variables
            request, context = frame.f_locals.get("request"), frame.f_locals.get("context")
            if hasattr(request, "urn") and hasattr(context, "set_trailing_metadata"):
                return HostCall(request, context)
        frame = frame.f_back
    return HostCall()


def _properties(struct: Any) -> Json | None:
    try:
        from pulumi.runtime import rpc

        document: Mapping[str, object] = rpc.deserialize_properties(struct, True)
        return from_engine(document)
    except Exception:  # noqa: BLE001 - internals: without the inputs the caller uses the outputs
        return None


def _provider_text(request: Any) -> str | None:
    for name in ("news", "properties", "olds"):
        fields = getattr(getattr(request, name, None), "fields", {})
        if HOST_KEY in fields:
            return str(fields[HOST_KEY].string_value)
    return None


# -- what people see --------------------------------------------------------------------------------------------------


_shown: set[tuple[str, str]] = set()
_shown_lock = threading.Lock()


def shown(text: str) -> str:
    """The text for the engine, which prints it as it is: text of AWS's may be in it."""
    return "\n".join(lines(text))


def warn(urn: str, text: str) -> None:
    """Shows the warning under the resource in the engine's diagnostics; the same text once per process and resource."""
    with _shown_lock:
        if (urn, text) in _shown:
            return
        _shown.add((urn, text))
    _log(urn, text, "WARNING")


def progress(urn: str, text: str) -> None:
    """Shows the text in the resource's line while the operation runs, and not afterwards."""
    _log(urn, text, "INFO", ephemeral=True)


def log_calls() -> None:
    """Sends the log line of every AWS call of this process to the engine, under the resource that the call is for."""
    log = logging.getLogger("pulumi_connect_domains.aws")
    if not any(isinstance(handler, _EngineHandler) for handler in log.handlers):
        log.addHandler(_EngineHandler(may_show_log()))
        log.setLevel(logging.DEBUG)
        log.propagate = False


class _EngineHandler(logging.Handler):
    """Sends log lines to the engine, under the resource of the call that each is about.

    Where somebody may see them, the call waits until the engine has the line: the engine may end as soon as the last call is answered.
    """

    def __init__(self, is_seen: bool) -> None:
        super().__init__()
        self._lines = None if is_seen else _lines()

    def emit(self, record: logging.LogRecord) -> None:
        urn, text = current().urn, record.getMessage()
        if self._lines is None:
            _debug(urn, text)
        else:
            self._lines.put((urn, text))


PAUSE_SECONDS = 0.005
"""How long a log line waits that no call waits for. To send it takes a millisecond of this process and the engine; by then the call it is
about has been answered.
"""


@lru_cache(maxsize=1)
def _lines() -> queue.SimpleQueue[tuple[str, str]]:
    """Takes URNs and log lines, which a thread of their own sends to the engine, in this order."""
    lines: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    threading.Thread(target=_send, args=(lines,), daemon=True).start()
    return lines


def _send(lines: queue.SimpleQueue[tuple[str, str]]) -> None:
    while True:
        urn, text = lines.get()
        if lines.empty():  # where many calls are made, others are being answered at any time
            time.sleep(PAUSE_SECONDS)
        _debug(urn, text)


def _debug(urn: str, text: str) -> None:
    """The text is in the verbose log, in the event log, and under the resource with `--debug`."""
    _log(urn, text, "DEBUG")


def _log(urn: str, text: str, severity: str, ephemeral: bool = False) -> None:
    stub = _engine()
    if stub is None or not urn:
        return
    try:
        from pulumi.runtime.proto import engine_pb2

        level = engine_pb2.LogSeverity.Value(severity)
        stub.Log(engine_pb2.LogRequest(severity=level, message=shown(text), urn=urn, ephemeral=ephemeral), timeout=5)
    except Exception:  # noqa: BLE001 - a message that cannot be shown never fails an operation
        return


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The engine's log service, or None outside of the host."""
    address = sys.argv[-1] if _host() else ""
    if ":" not in address:
        return None
    try:
        import grpc
        from pulumi.runtime.proto import engine_pb2_grpc

        return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))
    except Exception:  # noqa: BLE001 - as above
        return None


# -- in place of globals of the host ----------------------------------------------------------------------------------


def _host() -> Any:
    """The host's own module; None in any other process."""
    main = sys.modules.get("__main__")
    return main if hasattr(main, "DynamicResourceProviderServicer") else None


def shorten_errors() -> None:
    """Makes the host answer our own errors with their message alone. All other errors keep their traceback.

    Source: the host answers with `traceback.format_exc()`, a global of its `__main__`.
    """
    host = _host()
    if isinstance(original := getattr(host, "traceback", None), types.ModuleType):
        host.traceback = _ShortTraceback(original.format_exc)


class _ShortTraceback:
    """Stands in for the module `traceback` in the host, which uses only `format_exc`."""

    def __init__(self, format_exc: Callable[[], str]) -> None:
        self._format_exc = format_exc

    def format_exc(self) -> str:
        error = sys.exc_info()[1]
        return shown(str(error) if isinstance(error, ConnectDomainsError) else self._format_exc())


def allow_detailed_diffs() -> None:
    """Makes `detail_diff` work: from now on the host's answers to Diff may name properties.

    Source: the host answers with `proto.DiffResponse(...)`, a global of its `__main__`.
    """
    host = _host()
    if isinstance(protocol := getattr(host, "proto", None), types.ModuleType):
        host.proto = _DetailedProtocol(protocol)


def detail_diff(changes: Mapping[str, str]) -> bool:
    """Adds these properties to the answer of the current Diff call, for a case in which the engine's own comparison is wrong.

    Shape: `{"encryption.kms_key_id": "UPDATE"}`: paths of inputs, and kinds of `PropertyDiff`. Returns False if it cannot be done.
    Source: DiffResponse has a detailed diff, for which dynamic providers have no Python API.
    """
    if not isinstance(getattr(_host(), "proto", None), _DetailedProtocol):
        return False
    _details.changes = dict(changes)
    return True


_details = threading.local()
"""What `detail_diff` was given for the current call of each thread."""


class _DetailedProtocol:
    """Stands in for the module of protocol messages in the host; only its DiffResponse differs."""

    def __init__(self, protocol: types.ModuleType) -> None:
        self._protocol = protocol
        self.DiffResponse = _DetailedDiffResponse(protocol)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._protocol, name)


class _DetailedDiffResponse:
    """Makes a DiffResponse that holds what `detail_diff` was given."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol

    def __call__(self, **fields: Any) -> Any:
        changes, _details.changes = getattr(_details, "changes", {}), {}
        if changes:
            kinds = self._protocol.PropertyDiff.Kind
            fields["detailedDiff"] = {
                path: self._protocol.PropertyDiff(kind=kinds.Value(kind), inputDiff=True)
                for path, kind in changes.items()
            }
            fields["hasDetailedDiff"] = True
        return self._protocol.DiffResponse(**fields)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._protocol.DiffResponse, name)
