"""botocore's clients: one for each service, Region and settings, whatever the credentials. So accounts share a client and its connections.

What must not be shared is the call's own (`Turn`): its credentials, the pace of its account, and botocore's quota of retries.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Protocol, cast

from . import sessions
from .access import Access

_clients: dict[tuple[str, str, Access], Any] = {}


class Turn(sessions.Calling, Protocol):
    """A call that is being made, as its client tells it what happens. The names and arguments are those of botocore's events."""

    def starting(self, operation: str) -> None:
        """An attempt is about to be signed and sent."""

    def sending(self, request: Any) -> None:
        """The attempt is signed."""

    def attempted(self, event: str, attempt: dict[str, Any]) -> float | None:
        """The attempt has ended. Returns the seconds after which it is repeated, None if botocore alone decides."""

    def ended(self, event: str, answer: dict[str, Any]) -> None:
        """The last attempt was answered."""


def client(name: str, region: str, access: Access) -> Any:
    """The client of the service in the Region. Only calls within a `Turn` may be made with it. Raises: as `sessions.client`."""
    key = _key(name, region, access)
    with sessions.lock:
        if key not in _clients:
            made = sessions.client(name, region, access)
            # Before each attempt, the client's own repeats among them, and before it is signed.
            made.meta.events.register_first("request-created", _starting)
            made.meta.events.register("before-send", _sending)
            made.meta.events.register("needs-retry", _attempted)
            made.meta.events.register("after-call", _ended)
            _clients[key] = made
        return _clients[key]


def forget(name: str, region: str, access: Access) -> None:
    """Forgets the client, unless it is one that accounts share."""
    if is_of_one(name, access):
        with sessions.lock:
            _clients.pop(_key(name, region, access), None)


def forget_all() -> None:
    """Forgets all clients."""
    with sessions.lock:
        _clients.clear()


def is_of_one(name: str, access: Access) -> bool:
    """Whether credentials have a client of their own: S3's keeps sessions of buckets, and in adaptive mode all calls share one rate.

    Source: botocore's S3ExpressIdentityCache, and the retry mode "adaptive".
    """
    return name == "s3" or access.retry_mode == "adaptive"


def _key(name: str, region: str, access: Access) -> tuple[str, str, Access]:
    return name, region, access if is_of_one(name, access) else access.settings


def _turn() -> Turn:
    return cast(Turn, sessions.calling.get())


def _starting(operation_name: str, **_: Any) -> None:
    _turn().starting(operation_name)


def _sending(request: Any, **_: Any) -> None:
    _turn().sending(request)


def _attempted(event_name: str, **attempt: Any) -> float | None:
    return _turn().attempted(event_name, attempt)


def _ended(event_name: str, **answer: Any) -> None:
    _turn().ended(event_name, answer)


class Retries:
    """botocore's standard retries with a quota of their own.

    The quota of a client that accounts share is used up when one of them is throttled. Then these still let the others repeat their calls.
    """

    def __init__(self, client: Any, max_attempts: int) -> None:
        from botocore.hooks import HierarchicalEmitter
        from botocore.retries.standard import register_retry_handler

        self._events = HierarchicalEmitter()
        meta = SimpleNamespace(events=self._events, service_model=client.meta.service_model)
        register_retry_handler(SimpleNamespace(meta=meta), max_attempts)

    def emit(self, event: str, told: dict[str, Any]) -> float | None:
        """What botocore's handlers say to the event of the client: the seconds until the attempt is repeated, or None."""
        found = (answer for _, answer in self._events.emit(event, **told))
        return next((answer for answer in found if answer is not None), None)


def retries(client: Any, access: Access) -> Retries | None:
    """Retries with a quota of their own; None in the modes without a quota, or where botocore has no longer what they are made of.

    Then the client's own handler alone decides.
    """
    if access.retry_mode != "standard":
        return None
    try:
        return Retries(client, access.max_attempts)
    except (ImportError, AttributeError, TypeError):
        return None
