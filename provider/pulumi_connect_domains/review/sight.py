"""What a domain holds: by the state, or by a look at AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..core import loss
from ..core.call import Call
from ..core.configuration import Configuration
from ..core.errors import ConnectDomainsError
from ..core.loss import Holding
from ..core.spec import ResourceSpec

_UNCOUNTED = "AWS gives no count"


@dataclass(frozen=True)
class Sight:
    """What is known of a domain that will be deleted. `remark` says why its data is not known."""

    held: Holding
    source: Literal["state", "live"]
    remark: str = ""
    is_gone: bool = False


Look = Callable[[ResourceSpec, str, Mapping[str, object]], Sight]
"""Spec, id and what state knows, to what is to be seen."""


def from_state(spec: ResourceSpec, known: Mapping[str, object]) -> Sight:
    """What the state says, which only a refresh fills in."""
    held = loss.holding(spec.schema, known)
    return Sight(held, "state", "" if held.is_known else _unknown(held, "the state has no count; `--live` asks AWS"))


def live(spec: ResourceSpec, id: str, known: Mapping[str, object]) -> Sight:
    """What AWS says now, with the credentials of the environment. Where it cannot be asked, the remark says why; never "empty"."""
    from ..core import destination, reading

    try:
        service = destination.service(spec, dict(known), Configuration())
        found = reading.live(Call(service, spec), id, dict(known), {})
    except ConnectDomainsError as error:
        nothing = loss.holding(spec.schema, {})
        return Sight(nothing, "live", str(error).splitlines()[0])
    if found is None:
        return Sight(loss.holding(spec.schema, {}), "live", is_gone=True)
    held = loss.holding(spec.schema, found)
    return Sight(held, "live", "" if held.is_known else _unknown(held, "AWS did not say"))


def _unknown(held: Holding, remark: str) -> str:
    return remark if held.counts else _UNCOUNTED
