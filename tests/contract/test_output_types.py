"""The types of nested outputs (outputs.py) say what schema.json says: the same keys, the same ones required, plain values."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args, get_origin

import pytest
from pulumi_connect_domains import registry
from pulumi_connect_domains.model.schema import schema_of
from typing_extensions import NotRequired, Required, get_type_hints, is_typeddict

PLAIN = {"string": str, "boolean": bool, "integer": int, "number": float}
# What AWS computes it gives whole, though its model requires no member; botocore's `long` has a value always.
WHOLE = {"stats"}
# What AWS computes never stands inside an echoed input: it has an output of its own beside it.
HOISTED = {"rule_based_matching": {"status"}, "data_store": {"readiness"}}


def described(hint: Any) -> Any:
    """A type as the schema's words would have it: `{"required": {"enabled"}, "properties": {"enabled": bool}}`."""
    if get_origin(hint) is list:
        return [described(get_args(hint)[0])]
    if not is_typeddict(hint):
        return hint
    hints = get_type_hints(hint, include_extras=True)
    optional = {key for key, each in hints.items() if get_origin(each) is NotRequired}
    return {
        "required": set(hints) - optional,
        "properties": {
            key: described(get_args(each)[0] if get_origin(each) in (NotRequired, Required) else each)
            for key, each in hints.items()
        },
    }


def promised(name: str, node: dict[str, Any]) -> Any:
    """The same of a node of the schema."""
    if node["type"] == "array":
        return [promised("", node["items"])]
    if node["type"] != "object":
        return PLAIN[node["type"]]
    members = {key: each for key, each in node["properties"].items() if key not in HOISTED.get(name, ())}
    return {
        "required": set(members) if name in WHOLE else set(node.get("required", ())),
        "properties": {key: promised("", each) for key, each in members.items()},
    }


def nested(package: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The outputs that are structures, each with its schema."""
    for name, node in schema_of(package)["properties"].items():
        if node.get("properties"):
            yield name, node


CASES = [
    pytest.param(package, name, node, id=f"{package}.{name}")
    for package in registry.PACKAGES
    for name, node in nested(package)
]


@pytest.mark.parametrize(("package", "name", "node"), CASES)
def test_the_type_of_a_nested_output_is_what_the_schema_says(package: str, name: str, node: dict[str, Any]) -> None:
    outputs = import_module(f"pulumi_connect_domains.{package}.domain.outputs")
    hint = getattr(outputs, "".join(word.title() for word in name.split("_")))
    assert described(hint) == promised(name, node)


@pytest.mark.parametrize("package", registry.PACKAGES)
def test_every_type_is_used(package: str) -> None:
    outputs = import_module(f"pulumi_connect_domains.{package}.domain.outputs")
    made = {each for each in vars(outputs).values() if is_typeddict(each)}
    reached: set[Any] = set()

    def walk(hint: Any) -> None:
        if is_typeddict(hint):
            reached.add(hint)
        for below in [*get_args(hint), *(typing.get_type_hints(hint).values() if is_typeddict(hint) else ())]:
            walk(below)

    for name, _ in nested(package):
        walk(getattr(outputs, "".join(word.title() for word in name.split("_"))))
    assert reached == made
