"""One call of the engine: which resource it is about, and how its errors are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from ..host.engine_log import shown
from ..model.errors import ConnectDomainsError, Refused, told
from ..model.resource_type import ResourceType
from ..model.schema import Schema
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


def type_of(types: Mapping[str, ResourceType], urn: str) -> ResourceType:
    """The type, among these by their tokens, that the URN names. Raises: Unreadable; Refused for one that is not among them."""
    token = Urn.parse(urn).type
    found = types.get(token)
    if found is None:
        raise Refused(f"this provider has no resource type {token!r}")
    return found


def answered_for(
    context: Any, types: Mapping[str, ResourceType], urn: str, work: Callable[[ResourceType], Answer]
) -> Answer:
    """What `work` returns for the type of the resource, which is one of `types`. Errors are answered as by `answered`."""
    type = answered(context, urn, lambda: type_of(types, urn))
    return answered(context, urn, lambda: work(type), type.schema)


def answered(context: Any, urn: str, work: Callable[[], Answer], schema: Schema | None = None) -> Answer:
    """What `work` returns. Its errors end the call, and the engine shows what is `told` of them."""
    import grpc

    try:
        with about(urn):
            return work()
    except ConnectDomainsError as error:
        context.abort(grpc.StatusCode.UNKNOWN, spelled(schema, str(error)) if schema else shown(str(error)))
        raise  # abort raises
    except Exception as error:
        context.abort(grpc.StatusCode.UNKNOWN, shown(told(error)))
        raise
