"""A mistake before it is put into words: where, which keyword of the schema, and what stands there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ..schema import Schema


@dataclass(frozen=True)
class MapKey:
    """Stands in a path for a key that is free text and must not be shown."""

    name: str = field(repr=False)
    siblings: Collection[str] = field(repr=False, compare=False)  # all keys of the map
    is_value: bool = True  # whether the error is the value's under the key, or the key's own

    @property
    def position(self) -> int:
        """Where the key comes among its siblings when they are sorted, from 1."""
        return sorted(self.siblings).index(self.name) + 1

    @property
    def text(self) -> str:
        """`<2nd of 5 keys, sorted>`: enough to find the key, and nothing of what it says."""
        if len(self.siblings) == 1:
            return "<the only key>"
        ending = {1: "st", 2: "nd", 3: "rd"}.get(0 if self.position % 100 in (11, 12, 13) else self.position % 10, "th")
        return f"<{self.position}{ending} of {len(self.siblings)} keys, sorted>"


@dataclass(frozen=True)
class Mistake:
    """One keyword of the schema that one place in the inputs breaks."""

    keys: tuple[str | int | MapKey, ...]
    keyword: str
    limit: Any  # the keyword's value
    value: Any  # what stands in that place; None where nothing does
    schema: Schema  # of that place; of the map around it for a key that is unknown there
    root: Schema  # the resource's
