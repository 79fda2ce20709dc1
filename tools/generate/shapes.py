"""The structures within a resource's inputs and outputs, with the names and the Python types that they have in programs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pulumi_connect_domains.model.path import ANY, PathPattern
from pulumi_connect_domains.model.schema import Property, Schema

from .words import arguments

PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


@dataclass(frozen=True)
class Structure:
    """A structure at a place of the schema. `name` is that of its type; `members` are those that the type has."""

    name: str
    place: PathPattern
    of: Property
    members: Mapping[str, Property] = field(default_factory=dict)

    def must_have(self, member: str) -> bool:
        """Whether a program has to give the member."""
        return member in self.of.required

    def has(self, member: str) -> bool:
        """Whether every value that AWS gives has the member."""
        return self.must_have(member) or self.members[member].always

    def at(self, member: str) -> PathPattern:
        """The place of a member."""
        return PathPattern((*self.place, member))


def type_name(place: PathPattern) -> str:
    """`JobSchedule` for `matching.job_schedule`, `MatchingRule` for `rule_based_matching.matching_rules[*]`."""
    words = str([step for step in place if step is not ANY][-1])
    if place[-1] is ANY:
        words = f"{words[:-3]}y" if words.endswith("ies") else words.removesuffix("s")
    return "".join(word.capitalize() for word in words.split("_"))


def input_structures(schema: Schema) -> list[Structure]:
    """The structures that a program may give: each after those that it holds."""
    return _unique(_structures(schema, arguments(schema), PathPattern(), lambda place, of: not of.read_only))


def output_structures(schema: Schema) -> list[Structure]:
    """The structures that a program may read. What AWS computes within an input has an output of its own, and is not there."""
    moved = {tuple(each.source) for each in schema.outputs.values() if each.source}
    return _unique(_structures(schema, schema.members, PathPattern(), lambda place, of: tuple(place) not in moved))


def _structures(
    of: Property, members: Mapping[str, Property], around: PathPattern, counts: Callable[[PathPattern, Property], bool]
) -> Iterator[Structure]:
    for name, member in members.items():
        place = PathPattern((*around, name))
        if not counts(place, member):
            continue
        while member.items:
            place, member = PathPattern((*place, ANY)), member.items
        if member.kind == "object":
            inner = {key: each for key, each in member.members.items() if counts(PathPattern((*place, key)), each)}
            yield from _structures(member, inner, place, counts)
            yield Structure(type_name(place), place, member, inner)


def _unique(found: Iterator[Structure]) -> list[Structure]:
    """The structures, each name once. Raises: ValueError where two of the same name differ: one type cannot stand for both."""
    kept: dict[str, Structure] = {}
    for each in found:
        first = kept.setdefault(each.name, each)
        if _content(first.of, first.members) != _content(each.of, each.members):
            raise ValueError(f"{first.place} and {each.place} differ, so they cannot both be a {each.name}")
    return list(kept.values())


def _content(of: Property, members: Mapping[str, Property]) -> object:
    """All that a type says about a structure."""
    items = {ANY: (_content(of.items, of.items.members), _said(of.items))} if of.items else {}
    return items | {
        name: (each.kind, name in of.required, _said(each), _content(each, each.members))
        for name, each in members.items()
    }


def _said(of: Property) -> object:
    return (
        vars(of.limits),
        of.description,
        of.enum_says,
        of.default_says,
        of.taken_out,
        of.means.get("removed"),
        of.example,
    )


def input_type(of: Property, place: PathPattern, prefix: str = "") -> str:
    """The type of a value that a program gives, without the outputs that may stand in its place: `Sequence[pulumi.Input[str]]`.

    A structure is named with the prefix: `inputs.Matching`.
    """
    if of.enum:
        return f"Literal[{', '.join(map(_quoted, of.enum))}] | str"
    if of.items:
        return f"Sequence[pulumi.Input[{input_type(of.items, PathPattern((*place, ANY)), prefix)}]]"
    if of.kind == "map":
        return f"Mapping[str, pulumi.Input[{input_type(of.values, place) if of.values else 'Any'}]]"
    return f"{prefix}{type_name(place)}" if of.kind == "object" else PLAIN[of.kind]


def output_type(of: Property, place: PathPattern, prefix: str = "") -> str:
    """The type of a plain value: `list[str]`; a structure is named with the prefix, too."""
    if of.items:
        return f"list[{output_type(of.items, PathPattern((*place, ANY)), prefix)}]"
    if of.kind == "map":
        return f"dict[str, {output_type(of.values, place, prefix) if of.values else 'object'}]"
    return f"{prefix}{type_name(place)}" if of.kind == "object" else PLAIN[of.kind]


def holds_structures(of: Property) -> bool:
    """Whether it is a structure, or a list of some."""
    return holds_structures(of.items) if of.items else of.kind == "object"


def _quoted(text: str) -> str:
    return f'"{text}"'
