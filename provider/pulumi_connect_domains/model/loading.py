"""Reads schema.json into a `Schema`: the only module that knows what its keywords are called.

The keywords are JSON Schema's own (draft 2020-12), and ours beside them, which docs/contributing/schema-keywords.md lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import resources
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from .path import Path, PathPattern
from .schema import Limits, Property, Schema
from .wording import camel_case

Node = Mapping[str, Any]

_OTHERWISE = {"kind": "type", "members": "properties", "keys": "propertyNames", "values": "additionalProperties"}
"""The keywords that are not called like the member that is read from them. `create_only` is read from `createOnly`."""


@cache
def document_of(package: str) -> dict[str, Any]:
    """The schema.json in a package's folder, its references resolved. Every caller gets the same object, so nobody may change it.

    Raises: FileNotFoundError for a package that has none.
    """
    root, _, inner = package.partition(".")  # from the root package, so that reading a contract imports no resource
    file = resources.files(root).joinpath(*inner.split("."), "schema.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    return cast("dict[str, Any]", _resolved(document, document["$defs"]) if "$defs" in document else document)


@cache
def schema_of(package: str) -> Schema:
    """The contract in a package's folder; every caller gets the same object. Raises: FileNotFoundError."""
    return schema_from(document_of(package))


def schema_from(document: Node) -> Schema:
    """The contract that the document describes."""
    return Schema(**_members_of(document, Schema), document=document)


def _resolved(node: Any, definitions: Node) -> Any:
    """The node with each `{"$ref": "#/$defs/NAME", …}` replaced by what it refers to; what stands beside a reference wins."""
    if isinstance(node, dict):
        inner = {key: _resolved(item, definitions) for key, item in node.items() if key not in ("$ref", "$defs")}
        if "$ref" not in node:
            return inner
        return {**_resolved(definitions[node["$ref"].removeprefix("#/$defs/")], definitions), **inner}
    return [_resolved(item, definitions) for item in node] if isinstance(node, list) else node


def _read(kind: Any, value: Any) -> Any:
    """The value of a keyword, as the type with which the member of the dataclass is declared."""
    if kind in (Path, PathPattern):
        return kind.parse(value) if value else kind()
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**_members_of(value, kind))
    of = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple(_read(of[0], each) for each in value)
    if get_origin(kind) is Mapping:
        return {_read(of[0], key): _read(of[1], each) for key, each in value.items()}
    if get_origin(kind) is UnionType:
        return None if value is None or value is False else _read(of[0], value)
    return value


def _members_of(node: Node, kind: type) -> dict[str, Any]:
    """The values for the members of a dataclass that the node gives."""
    found = {name: _read(of, node[word]) for name, (word, of) in _keywords(kind).items() if word in node}
    if not issubclass(kind, Property):
        return found
    is_map = node.get("type") == "object" and "properties" not in node
    return {
        **found,
        **({"kind": "map"} if is_map else {}),
        "limits": Limits(**_members_of(node, Limits)),
        "is_made_here": node.get("source", "") is None,
    }


@cache
def _keywords(kind: type) -> dict[str, tuple[str, Any]]:
    """The keyword of each member of a dataclass, and the member's type: `{"min_length": ("minLength", int)}`."""
    types = get_type_hints(kind)
    return {each.name: (_OTHERWISE.get(each.name) or camel_case(each.name), types[each.name]) for each in fields(kind)}
