"""Bounded waits for what AWS does in the background; meanwhile the resource's line says for what, and for how long already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model.errors import AwsError, NoAnswer, Throttled
from ..model.values import Json
from .call import Call


@dataclass(frozen=True)
class Bound:
    """How long to wait and how often to look, in seconds: at first every `poll_from_seconds`, later every `poll_to_seconds`."""

    seconds: float
    poll_from_seconds: float
    poll_to_seconds: float


@dataclass(frozen=True)
class Outcome:
    """How a wait ended: what is live by the latest look, and `left`, why it did not end well ("" when it did)."""

    live: Json
    left: str = ""


def bound(call: Call, schema: Mapping[str, Any], operation: str) -> Bound:
    """The bound for "create", "update" or "delete": the resource's `custom_timeouts`, or else the default in its schema.

    Shape in the schema: `"waits": {"create": {"seconds": 120, "poll_from_seconds": 1, "poll_to_seconds": 10}}`.
    """
    default = schema["waits"][operation]
    return Bound(**{**default, "seconds": call.host.timeout_seconds or default["seconds"]})


def wait(
    call: Call, limit: Bound, what: str, live: Json, pending: Callable[[Json], str], look: Callable[[], Json]
) -> Outcome:
    """What is live once nothing is pending any more, or when the bound has ended. Never raises what AWS can cause.

    `what` is waited for ("the domain"); `pending` tells the status it still has ("PENDING"), or "". No answer, or a throttled one,
    says nothing of the domain, so after it the wait goes on; any other error ends it.
    """
    started, pause = call.clock.monotonic(), limit.poll_from_seconds
    while status := pending(live):
        waited = call.clock.monotonic() - started
        if waited >= limit.seconds:
            return Outcome(live, f"{status} after {waited:.0f} s")
        call.host.progress(f"waiting for {what}: {status}, for {waited:.0f} s already")
        call.clock.sleep(min(pause, limit.seconds - waited))
        pause = min(pause * 2, limit.poll_to_seconds)
        try:
            live = look()
        except (NoAnswer, Throttled):
            continue
        except AwsError as error:
            return Outcome(live, str(error))
    return Outcome(live)
