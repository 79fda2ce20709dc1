"""Converts documents between snake_case, which people write, and AWS's member names. botocore's shapes are the only table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any


class Misfit(Exception):
    """A value of an answer that cannot be of its botocore shape. `kind` is the shape's, `path` leads to the value: "Matching.Enabled"."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind, self.path = kind, ""

    def within(self, step: str) -> Misfit:
        """This error, with the step before its path."""
        self.path = f"{step}.{self.path}" if self.path else step
        return self

    def __str__(self) -> str:
        return f"{self.path or 'it'} is no {self.kind}"


def to_api(shape: Any, value: Any) -> Any:
    """The value in AWS's member names, by its botocore shape.

    Keys that the shape lacks are left out, and so are empty lists and maps where AWS wants at least one entry: they mean "none".
    """
    if shape.type_name == "structure":
        members = _members(shape)
        return {
            members[key]: to_api(shape.members[members[key]], item)
            for key, item in value.items()
            if key in members and not _says_none(shape.members[members[key]], item)
        }
    if shape.type_name == "list":
        return [to_api(shape.member, item) for item in value]
    if shape.type_name == "map":
        return dict(value)
    return value


def from_api(shape: Any, value: Any) -> Any:
    """AWS's answer in snake_case, timestamps as UTC text; botocore's own keys (ResponseMetadata) are left out.

    Shape: `{"CreatedAt": datetime(…)}` becomes `{"created_at": "2026-05-01T10:00:00.123000+00:00"}`.
    Source: botocore hands timestamps over in the local time zone.
    """
    if shape.type_name == "structure":
        return {
            key: from_api(shape.members[member], value[member])
            for key, member in _members(shape).items()
            if value.get(member) is not None
        }
    if shape.type_name == "list":
        return [from_api(shape.member, item) for item in value]
    if shape.type_name == "map":
        return dict(value)
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return value


# -- from JSON --------------------------------------------------------------------------------------------------------


def from_json(shape: Any, value: Any) -> Any:
    """What `from_api` returns for botocore's reading of the same JSON, in one walk over it, if the shape `is_plain`.

    Null stands for absent, as in AWS's own answers. Raises: Misfit for a value that cannot be of the shape, plain or not.
    """
    return _reader(shape)(shape, value)


@lru_cache(maxsize=512)
def is_plain(shape: Any) -> bool:
    """Whether `from_json` reads all of the shape: the answer's body alone holds it, and botocore makes no more of any part."""
    return _is_plain(shape, ())


def _is_plain(shape: Any, around: tuple[str, ...]) -> bool:
    if _LEFT_TO_BOTOCORE & shape.serialization.keys() or shape.type_name not in _READERS or shape.name in around:
        return False
    if getattr(shape, "is_document_type", False) or getattr(shape, "is_tagged_union", False):
        return False
    around = (*around, shape.name) if shape.type_name == "structure" else around
    if shape.type_name == "map":
        return shape.value.type_name in ("string", "boolean") and _is_plain(shape.value, around)
    inner = shape.members.values() if shape.type_name == "structure" else ()
    inner = (shape.member,) if shape.type_name == "list" else inner
    return all(_is_plain(each, around) for each in inner)


def _structure(shape: Any, value: Any) -> Any:
    if getattr(shape, "is_document_type", False):
        return value
    if not isinstance(value, dict):
        raise Misfit("structure")
    found = {}
    for name, spelled, member in _spelled(shape):
        item = value.get(spelled)
        if item is not None:
            try:
                found[name] = _reader(member)(member, item)
            except Misfit as error:
                raise error.within(spelled) from None
    return found


@lru_cache(maxsize=512)
def _spelled(shape: Any) -> tuple[tuple[str, str, Any], ...]:
    """The members of a structure that the body holds: the name in snake_case, the one in the JSON, and the shape."""
    members = ((name, member, shape.members[member]) for name, member in _members(shape).items())
    return tuple(
        (name, of.serialization.get("name", member), of)
        for name, member, of in members
        if "location" not in of.serialization
    )


def _list(shape: Any, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Misfit("list")
    member = shape.member
    read = _reader(member)
    try:
        return [read(member, item) for item in value]
    except Misfit as error:
        raise error.within("an item") from None


def _map(shape: Any, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Misfit("map")
    of = shape.value
    read = _reader(of)
    try:
        return {key: read(of, item) for key, item in value.items()}
    except Misfit as error:
        raise error.within("a value") from None


def _string(shape: Any, value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit("string")
    return value


def _boolean(shape: Any, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Misfit("boolean")
    return value


def _number(shape: Any, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Misfit(shape.type_name)
    if shape.type_name in ("float", "double"):
        return float(value)
    if isinstance(value, float) and not value.is_integer():
        raise Misfit("whole number")
    return int(value)


def _timestamp(shape: Any, value: Any) -> str:
    """Source: botocore's parsers read any form of a timestamp, whatever the model says."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Misfit("timestamp")
    if not isinstance(value, str):
        try:
            return datetime.fromtimestamp(value, timezone.utc).isoformat()
        except (ValueError, OverflowError, OSError):
            pass  # botocore has more ways to read it
    from botocore.utils import parse_timestamp

    try:
        moment: datetime = parse_timestamp(value)
        return moment.astimezone(timezone.utc).isoformat()
    except (ValueError, TypeError, OverflowError, OSError, RuntimeError):
        raise Misfit("timestamp") from None


_READERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "boolean": _boolean,
    "timestamp": _timestamp,
    **dict.fromkeys(("integer", "long", "float", "double"), _number),
}
_LEFT_TO_BOTOCORE = {"payload", "location", "eventstream", "jsonvalue"}


def _reader(shape: Any) -> Callable[[Any, Any], Any]:
    return _READERS.get(shape.type_name, _string if shape.type_name == "blob" else _as_it_is)


def _as_it_is(shape: Any, value: Any) -> Any:
    return value


def _says_none(shape: Any, value: Any) -> bool:
    return shape.type_name in ("list", "map") and not value and bool(shape.metadata.get("min"))


@lru_cache(maxsize=512)
def _members(shape: Any) -> dict[str, str]:
    """The member names of a structure, by their snake_case names."""
    from botocore import xform_name

    return {xform_name(member): member for member in shape.members}
