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
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ..documents import given
from ..path import Path, PathPattern
from ..schema import Property, Rule, Schema, Steps, transform
from ..values import ABSENT, Unknown, is_number, is_unknown, members
from ..warning import Notice
from .suggestions import alike


def advice(schema: Schema, inputs: object, *, creating: bool = False, is_spelt: bool = False) -> list[Notice]:
    """The warnings about the inputs, sorted by path.

    `creating`: the resource is about to be created; some rules give warnings only then. `is_spelt`: the caller knows that the inputs have
    no unknown key, as inputs without a failure have none.
    """
    document = given(schema, inputs)
    if not is_spelt:
        document = _with_misspelt(schema, document)
    found = set()
    for pattern, rules in _by_place(schema).items():
        for path, scope in pattern.places(document):
            for rule in rules:
                if (creating or not rule.on_creation) and _holds(schema, rule, scope):
                    found.add(Notice(rule.id, str(Path((*path, *rule.at))), _text(schema, rule, scope)))
    return sorted(found, key=lambda notice: (notice.path, notice.rule, notice.text))


@lru_cache(maxsize=64)
def _by_place(schema: Schema) -> Mapping[PathPattern, list[Rule]]:
    """The rules by the places that they look at, so that each place is looked up once."""
    found: dict[PathPattern, list[Rule]] = {}
    for rule in schema.rules:
        for pattern in rule.on:
            found.setdefault(pattern, []).append(rule)
    return found


def _with_misspelt(schema: Schema, document: object) -> object:
    """The document in which each property that an unknown key is close to, and that is absent, has an unknown value."""

    def visit(steps: Steps, of: Property, value: object) -> object:
        if not isinstance(value, dict) or not of.inputs:
            return value
        meant = {name for key in value if key not in of.members for name in alike(key, of.inputs)}
        return {**dict.fromkeys(meant, Unknown()), **value}

    return transform(schema, document, visit)


def _holds(schema: Schema, rule: Rule, scope: object) -> bool:
    """Whether all conditions of the rule hold at the place."""
    for at, conditions in rule.when.items():
        value = scope.get(at[0], ABSENT) if len(at) == 1 and isinstance(scope, dict) else at.find(scope)
        if is_unknown(value):
            return False
        for operator, operand in conditions.items():
            if not OPERATORS[operator](schema, value, operand, scope):
                return False
    return True


def _text(schema: Schema, rule: Rule, scope: object) -> str:
    """The rule's text, its placeholders replaced."""
    numbers = {name: len(item) if isinstance(item, list) else item for name, item in members(scope).items()}
    shown = {name: f"{item:g}" for name, item in numbers.items() if is_number(item)}
    return rule.text.format_map({"regions": ", ".join(schema.regions), **shown})


_path = lru_cache(maxsize=64)(Path.parse)


def _above(schema: Schema, value: Any, other: str, scope: object) -> bool:
    limit: Any = _path(other).find(scope)
    return is_number(value) and is_number(limit) and bool(value > limit)


def _above_count_of(schema: Schema, value: Any, other: str, scope: object) -> bool:
    items = _path(other).find(scope)
    return is_number(value) and isinstance(items, list) and bool(value > len(items))


# Whether a condition holds. Each operator takes the resource's schema, the value at the condition's path, the condition's operand, and the
# value at the rule's place.
OPERATORS: dict[str, Callable[[Schema, Any, Any, object], bool]] = {
    "given": lambda schema, value, wanted, scope: (value is not ABSENT) == wanted,
    "is": lambda schema, value, wanted, scope: type(value) is type(wanted) and value == wanted,
    "like": lambda schema, value, pattern, scope: isinstance(value, str) and bool(re.fullmatch(pattern, value)),
    "unlike": lambda schema, value, pattern, scope: isinstance(value, str) and not re.fullmatch(pattern, value),
    "notAmong": lambda schema, value, list_, scope: isinstance(value, str) and value not in getattr(schema, list_),
    "above": _above,
    "aboveCountOf": _above_count_of,
}
