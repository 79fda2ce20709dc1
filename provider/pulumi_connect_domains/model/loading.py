"""Reads schema.json into a `Schema`: the only module that knows what its keywords are called.

The keywords are JSON Schema's own (draft 2020-12), and ours beside them, which docs/validation.md lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib import resources
from typing import Any, cast

from .path import Path, PathPattern
from .schema import (
    Bound,
    Condition,
    Deletion,
    Expected,
    Kind,
    Limits,
    Move,
    Outcome,
    Permission,
    Property,
    Removal,
    ResourceLevel,
    Rule,
    Schema,
)
from .values import ABSENT

Node = Mapping[str, Any]


@cache
def document_of(package: str) -> dict[str, Any]:
    """The schema.json in a package's folder, its references resolved. Every caller gets the same object, so nobody may change it.

    Raises: FileNotFoundError for a package that has none.
    """
    root, _, inner = package.partition(".")  # from the root package, so that reading a contract imports no resource
    file = resources.files(root).joinpath(*inner.split("."), "schema.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    return cast("dict[str, Any]", _resolved(document, document.get("$defs", {})))


@cache
def schema_of(package: str) -> Schema:
    """The contract in a package's folder; every caller gets the same object. Raises: FileNotFoundError."""
    return schema_from(document_of(package))


def schema_from(document: Node) -> Schema:
    """The contract that the document describes."""
    return Schema(
        **_facts(document, is_required=False),
        document=document,
        title=document.get("title", ""),
        permissions={use: tuple(actions) for use, actions in document.get("permissions", {}).items()},
        resource_level=_resource_level(document.get("resourceLevel")),
        behind=tuple(Permission(**{**each, "actions": tuple(each["actions"])}) for each in document.get("behind", ())),
        calls_per_second=document.get("callsPerSecond", {}),
        regions=tuple(document.get("regions", ())),
        deletion=_deletion(document.get("deletion")),
        waits={operation: Bound(**each) for operation, each in document.get("waits", {}).items()},
        outcomes=tuple(_outcome(each) for each in document.get("outcomes", ())),
        answers={operation: _expected(each) for operation, each in document.get("answers", {}).items()},
        rules=tuple(_rule(each) for each in document.get("rules", ())),
        moves=tuple(Move(token, each.get("spelled", {}), each.get("tags", "map")) for token, each in _moves(document)),
        identified_by=tuple(document.get("identifiedBy", ())),
        versioned_by=document.get("versionedBy", ""),
    )


def _resolved(node: Any, definitions: Node) -> Any:
    """The node with each `{"$ref": "#/$defs/NAME", …}` replaced by what it refers to; what stands beside a reference wins."""
    if isinstance(node, dict):
        inner = {key: _resolved(item, definitions) for key, item in node.items() if key not in ("$ref", "$defs")}
        if "$ref" not in node:
            return inner
        return {**_resolved(definitions[node["$ref"].removeprefix("#/$defs/")], definitions), **inner}
    return [_resolved(item, definitions) for item in node] if isinstance(node, list) else node


# -- properties -------------------------------------------------------------------------------------------------------


def _property(node: Node, *, is_required: bool = False) -> Property:
    return Property(**_facts(node, is_required))


def _facts(node: Node, is_required: bool) -> dict[str, Any]:
    """The values for the members of `Property` that a node of the document gives, by member.

    Most members are named like their keyword: `create_only` is read from `createOnly`.
    """
    required = node.get("required", ())
    members = {name: _property(each, is_required=name in required) for name, each in node.get("properties", {}).items()}
    others, items, keys = node.get("additionalProperties"), node.get("items"), node.get("propertyNames")
    return {
        **_members_from(node, Property),
        "kind": _kind(node),
        "limits": Limits(**_members_from(node, Limits)),
        "members": members,
        "items": _property(items) if isinstance(items, dict) else None,
        "keys": _property(keys) if isinstance(keys, dict) else None,
        "values": _property(others) if isinstance(others, dict) else None,
        "default": node.get("default", ABSENT),
        "removal": _removal(node.get("removal")),
        "source": Path.parse(node["source"]) if node.get("source") else None,
        "is_required": is_required,
        "is_made_here": node.get("source", "") is None,
    }


def _members_from(node: Node, kind: type) -> dict[str, Any]:
    """The values for those members of a dataclass whose keyword the node has; lists become tuples."""
    found = {each: node[keyword] for each, keyword in _keywords(kind).items() if keyword in node}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


@cache
def _keywords(kind: type) -> dict[str, str]:
    """The keyword of each member of a dataclass: `{"min_length": "minLength"}`."""
    words = {each.name: each.name.split("_") for each in fields(kind)}
    return {name: first + "".join(word.capitalize() for word in others) for name, (first, *others) in words.items()}


def _kind(node: Node) -> Kind:
    kind = cast(Kind, node.get("type", ""))
    return "map" if kind == "object" and "properties" not in node else kind


def _removal(node: Node | None) -> Removal | None:
    if node is None:
        return None
    return Removal(node.get("send", ABSENT), node.get("keep", ""))


# -- the resource -----------------------------------------------------------------------------------------------------


def _resource_level(node: Node | None) -> ResourceLevel | None:
    if node is None:
        return None
    return ResourceLevel(node["arn"], tuple(node["except"]), node["source"], node.get("unknown", ""))


def _deletion(node: Node | None) -> Deletion | None:
    if node is None:
        return None
    holds = {unit: Path.parse(place) for unit, place in node.get("holds", {}).items()}
    return Deletion(node["loses"], node["how"], holds, node.get("guard", ""))


def _outcome(node: Node) -> Outcome:
    return Outcome(
        Path.parse(node["of"]),
        Path.parse(node["status"]),
        node["failed"],
        Path.parse(node["previous"]),
        Path.parse(node["reason"]),
    )


def _expected(node: Node) -> Expected:
    return Expected(
        needs=tuple(map(PathPattern.parse, node.get("needs", ()))),
        lists=tuple(map(Path.parse, node.get("lists", ()))),
        names={Path.parse(place): member for place, member in node.get("names", {}).items()},
    )


def _rule(node: Node) -> Rule:
    return Rule(
        id=node["id"],
        on=tuple(map(PathPattern.parse, node["on"])),
        when=tuple(
            Condition(_place(place), operator, operand)
            for place, conditions in node["when"].items()
            for operator, operand in conditions.items()
        ),
        at=_place(node.get("at", "")),
        text=node["text"],
        on_creation=bool(node.get("onCreation")),
    )


def _place(text: str) -> Path:
    return Path.parse(text) if text else Path()


def _moves(document: Node) -> list[tuple[str, Node]]:
    return list(document.get("movesFrom", {}).items())
