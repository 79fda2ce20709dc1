"""What AWS would refuse."""

from __future__ import annotations

from dataclasses import dataclass

from .. import path as paths
from ..schema import Schema
from .mistakes import MapKey, Mistake
from .presence import given

Keys = tuple["str | int | MapKey", ...]


@dataclass(frozen=True)
class Failure:
    """One mistake: where it is, and what is wrong there, in words that show no free text.

    Shape: `Failure("default_expiration_days", "1099 is too big; at most 1098 days")`
    """

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


def failures(schema: Schema, inputs: object) -> list[Failure]:
    """Every mistake in the inputs, one for each place, sorted by path; empty when AWS has no reason to refuse their form."""
    # With the first check, never with the package: they bring jsonschema and regex.
    from .keywords import mistakes
    from .messages import PRECEDENCE, text_of

    found = sorted(mistakes(schema, given(schema, inputs)), key=lambda mistake: PRECEDENCE[mistake.keyword])
    worst: dict[Keys, Mistake] = {}
    for mistake in found:  # a value that is too long may break a pattern as well, and yet is one mistake
        worst.setdefault(mistake.keys, mistake)
    told = [keys for keys in worst if _merged_from(schema, keys) not in worst]
    return [Failure(_path(keys), text_of(worst[keys])) for keys in sorted(told, key=_order)]


def _merged_from(schema: Schema, keys: Keys) -> Keys | None:
    """The place in `tags` that a place in `tags_all` was merged from, where the same mistake is told already."""
    source = schema["properties"].get(keys[0], {}).get("mergedFrom") if keys else None
    return (source, *keys[1:]) if source else None


def _path(keys: Keys) -> str:
    return paths.text(tuple(key if isinstance(key, (str, int)) else key.text for key in keys))


def _order(keys: Keys) -> list[tuple[int, str]]:
    """Names by alphabet, places in a list or among a map's keys by number, a key before the value under it."""
    return [
        (0, key) if isinstance(key, str) else (key, "") if isinstance(key, int) else (key.position, str(key.is_value))
        for key in keys
    ]
