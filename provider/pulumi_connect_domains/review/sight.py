"""What a domain holds: by the state, by the preview's own refresh, or by a look at AWS.

What a state knows is as old as its last refresh. So it can tell of data, and never that there is none: only a fresh look can.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..model import deletion
from ..model.deletion import Holding
from ..model.errors import ConnectDomainsError
from ..model.resource_type import ResourceType
from ..model.values import Arn
from ..operations import reading
from ..operations.calls import Calls
from ..operations.configuration import Configuration

Source = Literal["state", "refresh", "live"]

_UNCOUNTED = "AWS gives no count"


@dataclass(frozen=True)
class Sight:
    """What is known of a domain that will be deleted. `remark` says why its data is not known."""

    held: Holding
    source: Source
    remark: str = ""
    is_gone: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the domain is known to hold nothing, by a fresh look."""
        return self.held.is_empty and self.source != "state"


Look = Callable[[ResourceType, str, Mapping[str, object]], Sight]
"""Resource type, id and what state knows, to what is to be seen."""


def from_state(type: ResourceType, known: Mapping[str, object], *, is_refreshed: bool = False) -> Sight:
    """What the state says, which only a refresh fills in; `is_refreshed`: the preview did that just before."""
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
    """Asks AWS what a domain holds now, by the provider's own read. Where it cannot tell, the remark says why; never "empty"."""

    calls: Calls
    on_bug: Callable[[str], None] = lambda trace: None

    def __call__(self, type: ResourceType, id: str, known: Mapping[str, object]) -> Sight:
        """What is live. Not found counts as gone only in the account that the ARN in state names."""
        arn = Arn.parse(known.get("arn"))
        account, region = (arn.account, arn.region) if arn else ("", "")
        try:
            call = self.calls.to(type, account, str(known.get("region") or region), Configuration())
            found = reading.patiently(lambda: reading.live(call, id, dict(known), {}))
        except ConnectDomainsError as error:
            return _cannot_tell(type, str(error).splitlines()[0])
        except Exception as error:  # noqa: BLE001 - whatever breaks for one domain, the others are still reviewed
            self.on_bug("".join(traceback.format_exception(error)))
            return _cannot_tell(type, f"connect-domains has a bug: {error.__class__.__name__}")
        if not account:
            return _cannot_tell(type, "the state has no ARN for it, so its account is not known")
        if found is None:
            return Sight(deletion.holding(type.schema, {}), "live", is_gone=True)
        held = deletion.holding(type.schema, found)
        return Sight(held, "live", "" if held.is_known else _unknown(held, "AWS did not say"))


def _cannot_tell(type: ResourceType, remark: str) -> Sight:
    return Sight(deletion.holding(type.schema, {}), "live", remark)


def _unknown(held: Holding, remark: str) -> str:
    return remark if held.counts else _UNCOUNTED
