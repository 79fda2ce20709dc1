"""One call of the engine: which resource it is about, and how its errors are answered."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from ..host.engine_log import shown
from ..model.errors import ConnectDomainsError
from ..model.resource_type import ResourceType
from ..stacks.urn import Urn
from .messages import spelled

_urn: ContextVar[str] = ContextVar("urn", default="")

Answer = TypeVar("Answer")


def current_urn() -> str:
    """The URN of the resource that this thread's call is about; "" outside of a call."""
    return _urn.get()


@contextmanager
def about(urn: str) -> Iterator[None]:
    """What is logged meanwhile is shown under the resource."""
    before = _urn.set(urn)
    try:
        yield
    finally:
        _urn.reset(before)


def type_of(types: Mapping[str, ResourceType], urn: str, context: Any) -> ResourceType:
    """The resource type that the URN names, of these `types` by their tokens. Ends the call for a type that is not among them."""
    import grpc

    token = Urn.parse(urn).type
    found = types.get(token)
    if found is None:
        context.abort(grpc.StatusCode.NOT_FOUND, f"this provider has no resource type {token!r}")
        raise AssertionError  # abort raises
    return found


def answered(context: Any, urn: str, type: ResourceType | None, work: Callable[[], Answer]) -> Answer:
    """What `work` returns. Its errors end the call: our own with their text alone, all others as a bug, with their traceback."""
    import grpc

    try:
        with about(urn):
            return work()
    except ConnectDomainsError as error:
        context.abort(grpc.StatusCode.UNKNOWN, spelled(type.schema, str(error)) if type else shown(str(error)))
        raise  # abort raises
    except Exception:  # the engine would show its class alone
        context.abort(grpc.StatusCode.UNKNOWN, shown(f"connect-domains has a bug:\n{traceback.format_exc()}"))
        raise
