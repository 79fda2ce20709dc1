"""Warnings of inputs that AWS would accept and people rarely want, by the rules of the schema.

A rule looks at one place, or at each of several, and gives a warning when all its conditions hold there:

    {"id": "source-name-missing", "on": ["matching.auto_merging.conflict_resolution"], "at": "source_name",
     "when": {"conflict_resolving_model": {"is": "SOURCE"}, "source_name": {"given": false}}, "text": "is missing; …"}

`on` are patterns of places. The keys of `when` are paths from the place on, "" for the place itself. A condition does not hold for an
unknown value, nor for a value of the wrong type, which is a failure already. In `text`, `{name}` stands for the number in that member
of the place, or for the length of that list; `{regions}` for the schema's Regions. A property whose name is misspelt has an unknown
value: the failure names it, and a warning that it is missing would mislead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from ..documents import given
from ..path import ANY, Path
from ..schema import Property, Rule, Schema, Steps, transform
from ..values import ABSENT, Unknown, is_number, is_unknown, members
from ..warning import Notice
from .suggestions import alike


def advice(
    schema: Schema, inputs: object, *, creating: bool = False, is_spelt: bool = False, is_given: bool = False
) -> list[Notice]:
    """The warnings about the inputs, sorted by path.

    `creating`: the resource is about to be created; some rules give warnings only then. `is_spelt`: the caller knows that the inputs have
    no unknown key, as inputs without a failure have none. `is_given`: they are what `documents.given` returned.
    """
    document = inputs if is_given else given(schema, inputs)
    if not is_spelt:
        document = _with_misspelt(schema, document)
    broken: list[tuple[Steps, Rule, object]] = []
    _advised(_ruled(schema), document, (), broken)
    found = {
        Notice(rule.id, str(Path((*steps, *rule.at))), _text(schema, rule, scope))
        for steps, rule, scope in broken
        if creating or not rule.on_creation
    }
    return sorted(found, key=lambda notice: (notice.path, notice.rule, notice.text))


Holds = Callable[[Any, object], bool]
"""Whether a condition holds, of the value at the condition's path and the value at the rule's place."""


class Condition(NamedTuple):
    """One condition of a rule. `name` is its path where that is one name, which is quickly looked up."""

    at: Path
    name: str
    holds: Holds


@dataclass
class Place:
    """The rules that look at one place, with their conditions, and the places one step further on, by the step."""

    rules: list[tuple[Rule, tuple[Condition, ...]]] = field(default_factory=list)
    below: dict[object, Place] = field(default_factory=dict)


@lru_cache(maxsize=64)
def _ruled(schema: Schema) -> Place:
    """The places of all rules as a tree, so that each place of a document is looked up once. Built once."""
    root = Place()
    for rule in schema.rules:
        conditions = tuple(
            Condition(at, str(at[0]) if len(at) == 1 else "", OPERATORS[operator](schema, operand))
            for at, wanted in rule.when.items()
            for operator, operand in wanted.items()
        )
        for pattern in rule.on:
            place = root
            for step in pattern:
                place = place.below.setdefault(step, Place())
            place.rules.append((rule, conditions))
    return root


def _advised(place: Place, scope: object, steps: Steps, found: list[tuple[Steps, Rule, object]]) -> None:
    """Adds each rule whose conditions hold at the place, or at one below it: the steps to there, the rule, and the value there."""
    is_map = isinstance(scope, dict)
    for rule, conditions in place.rules:
        for at, name, holds in conditions:
            value = scope[name] if is_map and name in scope else at.find(scope) if at else scope  # type: ignore[index, operator]  # a map
            if not holds(value, scope) or is_unknown(value):
                break
        else:
            found.append((steps, rule, scope))
    if not place.below:
        return
    if isinstance(scope, dict):
        for step, inner in place.below.items():
            if step in scope:
                _advised(inner, scope[step], (*steps, step), found)  # type: ignore[arg-type]  # a key of inputs
    elif isinstance(scope, list) and ANY in place.below:
        for position, item in enumerate(scope):
            _advised(place.below[ANY], item, (*steps, position), found)


def _with_misspelt(schema: Schema, document: object) -> object:
    """The document in which each property that an unknown key is close to, and that is absent, has an unknown value."""

    def visit(steps: Steps, of: Property, value: object) -> object:
        if not isinstance(value, dict) or not of.inputs:
            return value
        meant = {name for key in value if key not in of.members for name in alike(key, of.inputs)}
        return {**dict.fromkeys(meant, Unknown()), **value}

    return transform(schema, document, visit)


def _text(schema: Schema, rule: Rule, scope: object) -> str:
    """The rule's text, its placeholders replaced."""
    numbers = {name: len(item) if isinstance(item, list) else item for name, item in members(scope).items()}
    shown = {name: f"{item:g}" for name, item in numbers.items() if is_number(item)}
    return rule.text.format_map({"regions": ", ".join(schema.regions), **shown})


def _given(schema: Schema, wanted: bool) -> Holds:
    return lambda value, scope: (value is not ABSENT) == wanted


def _is(schema: Schema, wanted: object) -> Holds:
    return lambda value, scope: type(value) is type(wanted) and value == wanted


def _like(schema: Schema, pattern: str) -> Holds:
    fits = re.compile(pattern).fullmatch
    return lambda value, scope: isinstance(value, str) and fits(value) is not None


def _unlike(schema: Schema, pattern: str) -> Holds:
    fits = re.compile(pattern).fullmatch
    return lambda value, scope: isinstance(value, str) and fits(value) is None


def _not_among(schema: Schema, list_: str) -> Holds:
    known = frozenset(getattr(schema, list_))
    return lambda value, scope: isinstance(value, str) and value not in known


def _above(schema: Schema, other: str) -> Holds:
    limit: Any = Path.parse(other).find
    return lambda value, scope: is_number(value) and is_number(limit(scope)) and bool(value > limit(scope))


def _above_count_of(schema: Schema, other: str) -> Holds:
    items: Any = Path.parse(other).find
    return lambda value, scope: is_number(value) and isinstance(items(scope), list) and bool(value > len(items(scope)))


OPERATORS: dict[str, Callable[[Schema, Any], Holds]] = {
    "given": _given,
    "is": _is,
    "like": _like,
    "unlike": _unlike,
    "notAmong": _not_among,
    "above": _above,
    "aboveCountOf": _above_count_of,
}
"""Each makes a condition, once for a schema, of the condition's operand."""
