"""The values of documents: plain JSON in snake_case, and two marks that JSON does not have.

`ABSENT` stands for no value; null means the same, since the engine drops it. An `Unknown` stands for a value that exists but is not known:
only `pulumi up` will know it, or an export holds it encrypted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

Json = dict[str, object]

HOST_KEY = "__provider"
"""The key under which the dynamic provider host keeps the pickled provider, beside a resource's own properties."""


class Absent:
    """The class of ABSENT, its only object."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


class Unknown:
    """Stands for a value that is not known. It equals nothing but itself."""

    def __repr__(self) -> str:
        return "UNKNOWN"


def is_unknown(value: object) -> bool:
    """True for an unknown value."""
    return isinstance(value, Unknown)


def holds_unknown(value: object) -> bool:
    """True when the value, or anything within it, is unknown."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return is_unknown(value)
    for each in value:  # noqa: SIM110 - most values are texts and numbers, for which no call is made
        if each.__class__ not in _PLAIN and holds_unknown(each):
            return True
    return False


_PLAIN = frozenset({str, int, float, bool, type(None)})


def plain(value: Any, leaf: Callable[[Any], Any] | None = None) -> Any:
    """The properties as people write them: whole numbers as ints, no nulls in maps, and no top-level keys that begin with `__`.

    Shape: `{"days": 30.0, "x": None, "__provider": "gASV…"}` becomes `{"days": 30}`. `leaf` is applied to every value that is no
    map, list, text, boolean or number, and to every empty map and list. The given value is not changed.
    """
    if isinstance(value, Mapping):
        value = {key: item for key, item in value.items() if not key.startswith("__")}
    return whole(value, leaf)


def whole(value: Any, leaf: Callable[[Any], Any] | None = None) -> Any:
    """The value with whole numbers as ints, and without nulls in maps, at any depth."""
    kind = value.__class__
    if kind in _KEPT:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    found: Any = None
    if kind is dict or isinstance(value, Mapping):  # dict first: whether it is a Mapping takes longer to say
        found = {
            key: item if item.__class__ in _KEPT else whole(item, leaf)
            for key, item in value.items()
            if item is not None
        }
    elif kind is list or isinstance(value, (list, tuple)):
        found = [item if item.__class__ in _KEPT else whole(item, leaf) for item in value]
    if found is not None:
        return found if found or leaf is None else leaf(found)
    return value if leaf is None else leaf(value)


_KEPT = frozenset({str, int, bool})


def carried(value: Any) -> Any:
    """The value as every engine can carry and store it, at any depth. An answer of AWS's may hold what Pulumi's protocol cannot.

    A character that is none (half of a surrogate pair) becomes U+FFFD. A number that no double holds becomes text: `1E+400`, `inf`.
    """
    if isinstance(value, Mapping):
        return {carried(key): carried(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [carried(item) for item in value]
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, (int, float)):
        try:
            return value if math.isfinite(value) else str(value)
        except OverflowError:
            from decimal import Decimal  # which is hardly ever needed

            return str(Decimal(value).normalize())
    return value


def is_empty(value: object) -> bool:
    """True where nothing is to be seen: no value, or an empty text, list or map.

    What an empty value means to AWS differs by property: `Property.says_nothing` tells whether it means the same as no value.
    """
    return value is None or value is ABSENT or value in ("", [], {})


def members(value: object) -> Mapping[str, Any]:
    """The map; an empty one in place of a value that is no map."""
    return value if isinstance(value, Mapping) else {}


def is_number(value: object) -> bool:
    """True for a number, which in Python a boolean is too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def moment(text: object) -> datetime | None:
    """The time that a timestamp of state or of an answer names, or None if it is no timestamp. Without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=timezone.utc) if found is not None and found.tzinfo is None else found


def is_same_moment(one: datetime, other: datetime) -> bool:
    """Whether both times are the same. Where one is in whole seconds, only seconds count: AWS's operations differ in precision."""
    if not (one.microsecond and other.microsecond):
        one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    return abs(one - other) < timedelta(milliseconds=1)


class Arn(NamedTuple):
    """The parts of an ARN: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`. Source: AWS's reference of ARNs."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: object) -> Arn | None:
        """The parts, or None where the value is no ARN."""
        parts = text.split(":", 5) if isinstance(text, str) else []
        return cls(*parts[1:]) if len(parts) == 6 and parts[0] == "arn" else None


NO_ARN = Arn("", "", "", "", "")
"""Stands in where there is no ARN: every part of it is an empty text."""

SECRET = "[secret]"
"""How a secret is shown: as Pulumi shows it. Source: `pulumi preview --json` of CLI 3.260.0."""
