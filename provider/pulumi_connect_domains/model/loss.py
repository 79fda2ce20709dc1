"""What deleting a domain would lose, from what is known of it: the one place that words it. Pure.

The schema says what a deletion loses and where the counts stand: `"deletion": {"loses": "all of its customer data", "how": "at once
and for good", "holds": {"profiles": "stats.profile_count", …}}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .comparison import Schema

BYTES = "bytes"
WARNING_BEGINS = "replacing deletes the domain"
"""How each warning begins, so that reviews, which say it themselves, know it again."""

_TOO_MUCH = 2**63  # AWS counts in 64 bits
_STEPS = ("bytes", "kB", "MB", "GB", "TB", "PB")


@dataclass(frozen=True)
class Holding:
    """What a domain holds, as far as it is known.

    Shape: `Holding({"profiles": 12345, "objects": 3, "bytes": 1200000})`; a count that nobody knows is None.
    """

    counts: Mapping[str, int | None]

    @property
    def is_known(self) -> bool:
        """Whether everything that is counted is known; the size alone may be missing. Nothing counted is not known."""
        amounts = [amount for unit, amount in self.counts.items() if unit != BYTES]
        return bool(amounts) and None not in amounts

    @property
    def is_empty(self) -> bool:
        """Whether the domain is known to hold nothing."""
        return self.is_known and not any(amount for unit, amount in self.counts.items() if unit != BYTES)

    def __str__(self) -> str:
        """`12,345 profiles and 3 objects (1.2 MB)`, `no data`, or `not known`."""
        if not self.is_known:
            return "not known"
        if self.is_empty:
            return "no data"
        amounts = [counted(amount or 0, unit) for unit, amount in self.counts.items() if unit != BYTES]
        size = self.counts.get(BYTES)
        return " and ".join(amounts) + (f" ({size_text(size)})" if size is not None else "")


def holding(schema: Schema, outputs: Mapping[str, object]) -> Holding:
    """What the domain with these outputs (of state, or live) holds."""
    places = _deletion(schema).get("holds")
    return Holding({unit: _count(outputs, str(place)) for unit, place in dict(_mapping(places)).items()})


def loses(schema: Schema) -> str:
    """What a deletion loses and how: "all of its customer data, at once and for good"."""
    deletion = _deletion(schema)
    return f"{deletion['loses']}, {deletion['how']}"


def warning(schema: Schema, outputs: Mapping[str, object], force_input: str) -> str:
    """What a replacement loses, as state knows it, and what the guard will do about it.

    Values of inputs stay out of it, names too, since they may be secret.
    """
    held = holding(schema, outputs)
    if held.is_empty:
        text = f"{WARNING_BEGINS}, which held no data when AWS was last asked; a deletion loses {loses(schema)}"
    elif held.is_known:
        text = f"{WARNING_BEGINS} with {held}: {loses(schema)}"
    else:
        text = f"{WARNING_BEGINS}: {loses(schema)}; how much it holds, state does not say"
        text += " (`pulumi refresh` asks AWS)" if held.counts else ""
    return f"{text}. {guard(outputs, force_input)}".rstrip(" .")


def guard(outputs: Mapping[str, object], force_input: str) -> str:
    """Whether anything will stop the deletion, as a sentence; "" for a resource without a guard."""
    if not force_input:
        return ""
    if outputs.get(force_input) is True:
        return f"The guard is off ({force_input}), so nothing stops it"
    return f"The provider refuses that while the domain holds data, unless {force_input} was applied before"


def counted(amount: int, unit: str) -> str:
    """`1 profile`, `12,345 profiles`; the unit is given in the plural."""
    return f"{amount:,} {unit.removesuffix('s') if amount == 1 else unit}"


def size_text(size: int) -> str:
    """A number of bytes for people: `812 bytes`, `1.2 MB`. Steps of a thousand."""
    amount, step = float(size), 0
    while amount >= 999.95 and step < len(_STEPS) - 1:
        amount, step = amount / 1000, step + 1
    return f"{amount:.1f} {_STEPS[step]}" if step else counted(size, BYTES)


def _count(outputs: Mapping[str, object], place: str) -> int | None:
    value: object = outputs
    for key in place.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value < _TOO_MUCH else None  # NaN is neither


def _deletion(schema: Schema) -> Mapping[str, object]:
    return _mapping(schema.get("deletion"))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
