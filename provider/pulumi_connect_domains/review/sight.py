"""What data a resource holds: as the state says, as the preview's own refresh read it, or as AWS says now.

What the state says is as old as its last refresh. So it can show that there is data, but never that there is none: only AWS can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..model import deletion
from ..model.deletion import Holding
from ..model.resource_type import ResourceType
from ..model.values import NO_ARN, Arn, Json
from ..operations import reading
from ..operations.command_calls import CommandCalls
from ..operations.configuration import UNCONFIGURED

Source = Literal["state", "refresh", "live"]

_UNCOUNTED = "AWS gives no count"


@dataclass(frozen=True)
class Sight:
    """What is known of a resource that will be deleted. `remark` says why its data is not known."""

    held: Holding
    source: Source
    remark: str = ""
    is_gone: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the resource is known to hold nothing, by a fresh look."""
        return self.held.is_empty and self.source != "state"


Look = Callable[[ResourceType, str, Mapping[str, object]], Sight]
"""Takes the resource type, the id and what state knows of the resource; returns what it holds."""


def from_state(type: ResourceType, known: Mapping[str, object], *, is_refreshed: bool = False) -> Sight:
    """What the state says, whose counts only a refresh fills in. `is_refreshed`: the preview has just done that."""
    held = deletion.holding(type.schema, known)
    if not held.is_known:
        return Sight(
            held, "refresh" if is_refreshed else "state", _unknown(held, "the state has no count; `--live` asks AWS")
        )
    if held.is_empty and not is_refreshed:
        return Sight(held, "state", "no data as of the last refresh; `--live` asks AWS now")
    return Sight(held, "refresh" if is_refreshed else "state")


@dataclass(frozen=True)
class Live:
    """Asks AWS what a resource holds now, with the provider's own read. Where that fails, the remark says why; it never counts as empty."""

    calls: CommandCalls
    on_bug: Callable[[str], None] = lambda trace: None

    def __call__(self, type: ResourceType, id: str, known: Mapping[str, object]) -> Sight:
        """What AWS says now. "Not found" counts as gone only in the account that the ARN in state names."""
        arn = Arn.parse(known.get("arn")) or NO_ARN

        def read() -> Json | None:
            call = self.calls.to(type, arn.account, str(known.get("region") or arn.region), UNCONFIGURED)
            return reading.live(call, id, dict(known), {})

        found = reading.attempt(read)
        if found.bug:
            self.on_bug(found.bug)
        if found.reason:
            return _cannot_tell(type, found.reason.splitlines()[0])
        if not arn.account:
            return _cannot_tell(type, "the state has no ARN for it, so its account is not known")
        if found.live is None:
            return Sight(deletion.holding(type.schema, {}), "live", is_gone=True)
        held = deletion.holding(type.schema, found.live)
        return Sight(held, "live", "" if held.is_known else _unknown(held, "AWS did not say"))


def _cannot_tell(type: ResourceType, remark: str) -> Sight:
    return Sight(deletion.holding(type.schema, {}), "live", remark)


def _unknown(held: Holding, remark: str) -> str:
    return remark if held.counts else _UNCOUNTED
