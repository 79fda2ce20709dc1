"""Converts documents between snake_case, which people write, and AWS's member names. botocore's shapes are the only table."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from typing import Any


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


def _says_none(shape: Any, value: Any) -> bool:
    return shape.type_name in ("list", "map") and not value and bool(shape.metadata.get("min"))


@lru_cache(maxsize=512)
def _members(shape: Any) -> dict[str, str]:
    """The member names of a structure, by their snake_case names."""
    from botocore import xform_name

    return {xform_name(member): member for member in shape.members}
