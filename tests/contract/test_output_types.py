"""The types of nested outputs (outputs.py) say what schema.json says: the same keys, the same ones required, plain values."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args, get_origin

import pytest
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property
from typing_extensions import NotRequired, Required, get_type_hints, is_typeddict

from .resources import TYPES

PLAIN = {"string": str, "boolean": bool, "integer": int, "number": float}


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


def promised(of: Property, path: str, hoisted: frozenset[str]) -> Any:
    """The same of a property of the schema.

    `hoisted` are places within inputs that AWS computes: those never stand inside an echoed input, but have an output of their own. An
    output whose members the schema requires none of is whole all the same where AWS's numbers always have a value.
    """
    if of.items is not None:
        return [promised(of.items, path, hoisted)]
    if of.kind != "object":
        return PLAIN[of.kind]
    members = {name: each for name, each in of.members.items() if f"{path}.{name}" not in hoisted}
    is_counts = of.read_only and all(each.kind == "integer" for each in members.values())
    return {
        "required": set(members) if is_counts else set(of.required),
        "properties": {name: promised(each, f"{path}.{name}", hoisted) for name, each in members.items()},
    }


def nested(type: ResourceType) -> Iterator[tuple[str, Property]]:
    """The properties that are structures."""
    return ((name, of) for name, of in type.schema.members.items() if of.kind == "object")


def class_of(type: ResourceType, name: str) -> Any:
    """The type of a nested output: `Matching` for `matching`."""
    outputs = import_module(f"{type.package}.outputs")
    return getattr(outputs, "".join(word.title() for word in name.split("_")))


CASES = [pytest.param(type, name, of, id=f"{key}.{name}") for key, type in TYPES.items() for name, of in nested(type)]
WITH_STRUCTURES = {key: type for key, type in TYPES.items() if any(nested(type))}


@pytest.mark.parametrize(("type", "name", "of"), CASES)
def test_the_type_of_a_nested_output_is_what_the_schema_says(type: ResourceType, name: str, of: Property) -> None:
    hoisted = frozenset(str(each.source) for each in type.schema.outputs.values() if each.source)
    assert described(class_of(type, name)) == promised(of, name, hoisted)


@pytest.mark.parametrize("type", WITH_STRUCTURES.values(), ids=WITH_STRUCTURES)
def test_every_type_is_used(type: ResourceType) -> None:
    outputs = import_module(f"{type.package}.outputs")
    made = {each for each in vars(outputs).values() if is_typeddict(each)}
    reached: set[Any] = set()

    def walk(hint: Any) -> None:
        if is_typeddict(hint):
            reached.add(hint)
        for below in [*get_args(hint), *(typing.get_type_hints(hint).values() if is_typeddict(hint) else ())]:
            walk(below)

    for name, _ in nested(type):
        walk(class_of(type, name))
    assert reached == made
