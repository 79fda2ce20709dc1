"""Converts between the engine's values and ours; and the keys that the program and the provider's process share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.output import Unknown as EngineUnknown

from ..model.schema import UNDECLARED, transform
from ..model.values import Json, Unknown, holds_unknown, is_unknown, plain

AUTO_NAME = "__auto_name"
"""An input that says that the constructor proposed the name, so check may keep the name in state. Check removes this input."""

GET = "__get"
"""An input of `Domain.get`, which tells the read that the program declares nothing."""

PROVIDER_PACKAGE = "pulumi-python"
"""The engine's name of the package of every Python dynamic resource, and so of the explicit Provider too."""


def from_engine(properties: Any) -> Json:
    """The properties as people write them: whole numbers as ints, no nulls in maps, none of the host's keys, our mark for unknown values.

    Shape: `{"days": 30.0, "x": None, "__provider": "gASV…"}` becomes `{"days": 30}`.
    """
    found: Json = plain(properties, _with_our_mark)
    return found


def looked_at_from_engine(properties: Any) -> tuple[Json, bool]:
    """The same, and whether all of it says something: no value is unknown, null in a list, or an empty map or list."""
    odd: list[Any] = []

    def noted(value: Any) -> Any:
        odd.append(value)
        return _with_our_mark(value)

    found: Json = plain(properties, noted)
    return found, not odd


def top_from_engine(properties: Mapping[str, Any]) -> Json:
    """The properties as `from_engine` gives them, but for maps and lists, which are left as they were, since that is quick.

    For a reader that looks at names and texts alone.
    """
    return {
        name: value if isinstance(value, (dict, list)) else plain(value, _with_our_mark)
        for name, value in properties.items()
        if value is not None and not name.startswith("__")
    }


def _with_our_mark(value: Any) -> Any:
    return Unknown() if isinstance(value, EngineUnknown) else value


def with_our_marks(value: Any) -> Any:
    """The value with our mark in place of each of the engine's for an unknown value; nothing else is changed."""
    return transform(UNDECLARED, value, lambda steps, of, each: _with_our_mark(each))


def to_engine(value: Any) -> Any:
    """The properties with the engine's own mark for unknown values."""
    if not holds_unknown(value):
        return value  # most often so, and quicker told than copied
    mark: Any = EngineUnknown()  # type: ignore[no-untyped-call]  # the SDK's own class
    return transform(UNDECLARED, value, lambda steps, of, each: mark if is_unknown(each) else each)
