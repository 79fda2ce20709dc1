"""What deleting a resource would lose, as far as it is known, in the words that every message about it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .path import Path
from .schema import Schema
from .values import Json
from .warning import FORMERLY, REPLACEMENT_DELETES, Notice
from .wording import counted, size_text

BYTES = "bytes"

_TOO_MUCH = 2**63  # AWS counts in 64 bits


@dataclass(frozen=True)
class Holding:
    """What a resource holds, as far as it is known.

    Shape: `Holding({"profiles": 12345, "objects": 3, "bytes": 1200000})`; None stands for a count that is not known.
    """

    counts: Mapping[str, int | None]

    @property
    def is_known(self) -> bool:
        """True when every count is known; the size in bytes may be missing. False when nothing is counted."""
        amounts = [amount for unit, amount in self.counts.items() if unit != BYTES]
        return bool(amounts) and None not in amounts

    @property
    def is_empty(self) -> bool:
        """True when every count is known, and is 0."""
        return self.is_known and not any(amount for unit, amount in self.counts.items() if unit != BYTES)

    def __str__(self) -> str:
        """`12,345 profiles and 3 objects (1.2 MB)`, `no data`, or `not known`."""
        if not self.is_known:
            return "not known"
        if self.is_empty:
            return "no data"
        amounts = [
            counted(amount or 0, unit.removesuffix("s")) for unit, amount in self.counts.items() if unit != BYTES
        ]
        size = self.counts.get(BYTES)
        return " and ".join(amounts) + (f" ({size_text(size)})" if size is not None else "")


def holding(schema: Schema, outputs: Mapping[str, object]) -> Holding:
    """What the resource with these outputs holds. The outputs are those of state, or live ones."""
    places = schema.deletion.holds if schema.deletion else {}
    return Holding({unit: _count(outputs, place) for unit, place in places.items()})


def loses(schema: Schema) -> str:
    """What a deletion loses and how: "all of its customer data, at once and for good"; "" where nothing is lost."""
    return f"{schema.deletion.loses}, {schema.deletion.how}" if schema.deletion else ""


def is_let_through(schema: Schema, outputs: Mapping[str, object]) -> bool:
    """True when a deletion may lose data: the resource type has no guard, or the guard is switched off."""
    return not _guard(schema) or outputs.get(_guard(schema)) is True


def warning(schema: Schema, outputs: Json) -> Notice | None:
    """The warning that a replacement deletes the resource: what it loses, as far as state knows, and whether the guard stops it.

    None for a resource type whose deletion loses nothing. The text holds no value of an input, not even the name: it may be secret.
    """
    if schema.deletion is None:
        return None
    held, begins = holding(schema, outputs), FORMERLY[REPLACEMENT_DELETES]
    if held.is_empty:
        text = f"{begins}, which held no data when AWS was last asked; a deletion loses {loses(schema)}"
    elif held.is_known:
        text = f"{begins} with {held}: {loses(schema)}"
    else:
        text = f"{begins}: {loses(schema)}; how much it holds, state does not say"
        text += " (`pulumi refresh` asks AWS)" if held.counts else ""
    return Notice(REPLACEMENT_DELETES, "", f"{text}. {guard(schema, outputs)}".rstrip(" ."))


def guard(schema: Schema, outputs: Mapping[str, object]) -> str:
    """A sentence that says whether the guard stops the deletion; "" for a resource type without a guard."""
    lifts = _guard(schema)
    if not lifts:
        return ""
    if outputs.get(lifts) is True:
        return f"The guard is off ({lifts}), so nothing stops it"
    return f"The provider refuses that while the {schema.short_noun} holds data, unless {lifts} was applied before"


def _guard(schema: Schema) -> str:
    return schema.deletion.guard if schema.deletion else ""


def _count(outputs: Mapping[str, object], place: Path) -> int | None:
    value = place.find(outputs)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value < _TOO_MUCH else None  # not so for NaN
