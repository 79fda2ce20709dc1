"""inputs.py and outputs.py of a resource: its structures as TypedDicts, with a docstring for each and for each member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pulumi_connect_domains.model.schema import Schema
from pulumi_connect_domains.registry import resource_types

from . import python, words
from .shapes import Structure, input_structures, input_type, output_structures, output_type


def files() -> dict[str, str]:
    """The modules of every resource type, by their paths."""
    return {
        f"{python.folder(type.package)}/{name}": text
        for type in resource_types().values()
        for name, text in modules(type.schema).items()
    }


def modules(schema: Schema) -> dict[str, str]:
    """inputs.py and outputs.py, by name; a type without structures has neither."""
    noun, found = schema.short_noun, {}
    if classes := [_input(schema, each) for each in input_structures(schema)]:
        found["inputs.py"] = _module([f"The structures in the arguments of a {noun}."], classes)
    if classes := [_output(each) for each in output_structures(schema)]:
        head = [
            f"The structures in the outputs of a {noun}, as plain values: what a function gets that is given to `apply`.",
            "An argument comes back as the program gave it, so a member that may be left out is there only if the program set it.",
        ]
        found["outputs.py"] = _module(head, classes)
    return found


def _module(head: Iterable[str], classes: list[str]) -> str:
    body = "\n\n\n".join(classes)
    optional = ["NotRequired"] if "NotRequired[" in body else []
    used = ["import pulumi"] if "pulumi." in body else []
    return python.module(
        head,
        python.imports(body),
        "\n".join([*used, f"from typing_extensions import {', '.join([*optional, 'TypedDict'])}"]),
        body,
    )


def _input(schema: Schema, structure: Structure) -> str:
    def member(name: str) -> tuple[str, list[str]]:
        place = structure.at(name)
        found = input_type(structure.members[name], place)
        given = f"pulumi.Input[{found}]" if structure.must_have(name) else f"NotRequired[pulumi.Input[{found} | None]]"
        return given, words.of_argument(schema, place)

    return _class(structure, {name: member(name) for name in structure.members})


def _output(structure: Structure) -> str:
    def annotation(name: str) -> str:
        found = output_type(structure.members[name], structure.at(name))
        return found if structure.has(name) else f"NotRequired[{found}]"

    return _class(structure, {name: (annotation(name), words.of_output(of)) for name, of in structure.members.items()})


def _class(structure: Structure, members: Mapping[str, tuple[str, list[str]]]) -> str:
    lines = [f"class {structure.name}(TypedDict):", python.docstring([structure.of.description]), ""]
    for name, (annotation, facts) in members.items():
        lines += [f"    {name}: {annotation}", python.facts(facts)]
    return "\n".join(lines)
