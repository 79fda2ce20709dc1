"""Bounded waits for what AWS does in the background; meanwhile the resource's line says for what, and for how long already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..model.errors import AwsError, NoAnswer, Throttled
from ..model.resource_type import Call
from ..model.schema import Bound
from ..model.values import Json


@dataclass(frozen=True)
class Waited:
    """How a wait ended: what is live by the latest look, and `left`, why it did not end well ("" when it did)."""

    live: Json
    left: str = ""


def bound(call: Call, operation: str) -> Bound:
    """The bound for "create", "update" or "delete": what the program sets for it, or else the default in the resource's schema."""
    default = call.type.schema.waits[operation]
    return replace(default, seconds=call.timeout_seconds or default.seconds)


def wait(
    call: Call, limit: Bound, what: str, live: Json, pending: Callable[[Json], str], look: Callable[[], Json]
) -> Waited:
    """What is live once nothing is pending any more, or when the bound has ended. Never raises what AWS can cause.

    `what` is waited for ("the domain"); `pending` tells the status it still has ("PENDING"), or "". No answer, or a throttled one,
    says nothing of the domain, so after it the wait goes on; any other error ends it.
    """
    started, pause = call.clock.monotonic(), limit.poll_from_seconds
    while status := pending(live):
        waited = call.clock.monotonic() - started
        if waited >= limit.seconds:
            return Waited(live, f"{status} after {waited:.0f} s")
        call.progress(f"waiting for {what}: {status}, for {waited:.0f} s already")
        call.clock.sleep(min(pause, limit.seconds - waited))
        pause = min(pause * 2, limit.poll_to_seconds)
        try:
            live = look()
        except (NoAnswer, Throttled):
            continue
        except AwsError as error:
            return Waited(live, str(error))
    return Waited(live)
