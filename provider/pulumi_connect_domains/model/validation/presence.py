"""What counts as given, whichever way its absence is written."""

from __future__ import annotations

from typing import Any

from ..schema import Schema
from ..values import HOST_KEY

CONTAINERS = (dict, list, tuple)


def given(schema: Schema, inputs: Any) -> Any:
    """The inputs without what says nothing: nulls in maps, the host's own key, empty lists and maps in optional places.

    An empty value stays where it is required, and where the service knows empty from absent. Merged properties that equal
    what they are merged from (`tags_all` without default tags) go too. The inputs are left as they are.
    """
    document = _given(schema, inputs)
    if isinstance(document, dict):
        document.pop(HOST_KEY, None)
        for name, source in _merged(schema):
            if name in document and document[name] == document.get(source):
                del document[name]
    return document


def _merged(schema: Schema) -> list[tuple[str, str]]:
    return [(name, member["mergedFrom"]) for name, member in schema["properties"].items() if "mergedFrom" in member]


def _given(schema: Schema, value: Any) -> Any:
    if isinstance(value, dict):
        members, required = schema.get("properties", {}), schema.get("required", ())
        return {
            str(key): _given(members.get(key, {}), item) if isinstance(item, CONTAINERS) else item
            for key, item in value.items()
            if item is not None and (item or key in required or not _says_none(members.get(key, {}), item))
        }
    if isinstance(value, CONTAINERS):
        return [_given(schema.get("items", {}), item) for item in value]
    return value


def _says_none(schema: Schema, value: object) -> bool:
    """Whether the value is an empty collection where the service wants at least one entry."""
    if isinstance(value, dict):
        return not value and bool(schema.get("minProperties"))
    return isinstance(value, (list, tuple)) and not value and bool(schema.get("minItems"))
