"""One call of the engine: which resource it is about, and how its errors are answered."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from ..host.engine_log import shown
from ..model.errors import ConnectDomainsError, Refused
from ..model.resource_type import ResourceType
from ..model.schema import Schema
from ..registry import by_token
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


def type_of(urn: str) -> ResourceType:
    """The resource type that the URN names. Raises: Unreadable; Refused for a type that this provider does not have."""
    token = Urn.parse(urn).type
    found = by_token().get(token)
    if found is None:
        raise Refused(f"this provider has no resource type {token!r}")
    return found


def answered_for(context: Any, urn: str, work: Callable[[ResourceType], Answer]) -> Answer:
    """What `work` returns for the type of the resource. Errors are answered as by `answered`."""
    type = answered(context, urn, lambda: type_of(urn))
    return answered(context, urn, lambda: work(type), type.schema)


def answered(context: Any, urn: str, work: Callable[[], Answer], schema: Schema | None = None) -> Answer:
    """What `work` returns. Its errors end the call: our own with their text alone, all others as a bug.

    Of a bug the engine shows its class and where it happened. Its text is left out, since it may hold any value, also a secret one.
    """
    import grpc

    try:
        with about(urn):
            return work()
    except ConnectDomainsError as error:
        text = spelled(schema, str(error)) if schema else shown(str(error))
    except Exception as error:  # noqa: BLE001 - the engine would show its text
        places = "".join(traceback.format_tb(error.__traceback__))
        text = shown(f"connect-domains has a bug: {type(error).__name__}\n{places}")
    context.abort(grpc.StatusCode.UNKNOWN, text)
    raise AssertionError  # abort raises
