"""Pure conversions between what the engine hands over, what people write, and what AWS speaks.

People write plain JSON in snake_case; the engine turns every number into a float and adds `__provider`; AWS wants its own member
names and gives datetimes. Which member a snake_case name stands for follows from the botocore shape, so no table is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from pulumi.output import Unknown

Json = dict[str, object]

HOST_KEY = "__provider"


def is_unknown(value: object) -> bool:
    """True for a value that only `up` will know."""
    return isinstance(value, Unknown)


def holds_unknown(value: object) -> bool:
    """True when the value, or anything within it, is unknown."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(holds_unknown(item) for item in value)
    return is_unknown(value)


def plain(value: Any) -> Any:
    """The properties as people write them: whole numbers as ints, no nulls in maps, no keys of the host's beside them.

    Shape: `{"days": 30.0, "x": None, "__provider": "gASV…"}` becomes `{"days": 30}`. Unknowns stay. The input is left as it is.
    """
    if isinstance(value, Mapping):
        value = {key: item for key, item in value.items() if not key.startswith("__")}
    return whole(value)


def whole(value: Any) -> Any:
    """The value with whole numbers as ints, and without nulls in maps, at any depth."""
    if isinstance(value, Mapping):
        return {key: whole(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [whole(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def moment(text: object) -> datetime | None:
    """The moment that a timestamp in state or in an answer names, or None where it is none. Without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=timezone.utc) if found is not None and found.tzinfo is None else found


def is_same_moment(one: datetime, other: datetime) -> bool:
    """Whether both are one moment, to the second where either is given in whole seconds: AWS's operations may differ in that."""
    if not (one.microsecond and other.microsecond):
        one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    return abs(one - other) < timedelta(milliseconds=1)


SECRET = "[secret]"
"""How a secret is shown: as Pulumi shows it. Source: `pulumi preview --json` of CLI 3.260.0."""
