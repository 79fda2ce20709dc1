"""What the dynamic provider host knows about the current call and does not pass on. Only this module uses internals of the SDK.

The host (`python -m pulumi.dynamic`) passes our methods a part of each gRPC request. The request and its context are local variables in
the host's frames further up the stack; the engine's address is the last argument of the process. If another version of the host differs,
every function here does nothing, without an error: results must be right without it.

Source: pulumi 3.272.0, `pulumi/dynamic/__main__.py`; seen working on CLI 3.260.0.
"""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..model.errors import ConnectDomainsError
from ..model.values import HOST_KEY, Json
from . import engine_log, protocol
from .command_line import may_show_log
from .engine_log import shown
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
            kept, declared = (protocol.struct({**each, HOST_KEY: provider_text}) for each in (outputs, inputs))
            told = [shown(each) for each in reasons]
            self.context.set_trailing_metadata(protocol.partial_failure(id, kept, declared, told))
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


def show_log() -> None:
    """Connects the log with the engine, whose address is the last argument of the host's process. In any other process it does nothing."""
    if _host():
        engine_log.connect(sys.argv[-1])
    engine_log.log_calls(lambda: current().urn, may_show_log())


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
