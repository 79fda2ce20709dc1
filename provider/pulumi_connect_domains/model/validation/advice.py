"""What AWS would accept and a person would not want: the `rules` of schema.json, interpreted.

A rule looks at a place, or at each of several, and speaks when all its conditions hold there:

    {"id": "source-name-missing", "on": ["matching.auto_merging.conflict_resolution"], "at": "source_name",
     "when": {"conflict_resolving_model": {"is": "SOURCE"}, "source_name": {"given": false}}, "text": "is missing; …"}

`on` and the keys of `when` are dotted paths, `[]` for every element of a list, "" for the place itself. A condition that
meets an unknown value, or one of the wrong type, does not hold: nobody can say yet, or a failure has said it already.
In `text`, `{name}` is the number that stands at a member of the place, or the length of the list; `{regions}` are
the schema's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from pulumi.output import Unknown

from .. import path as paths
from ..schema import Schema
from .presence import given

Place = tuple["str | int", ...]


@dataclass(frozen=True)
class Advice:
    """One thing worth a second look.

    Shape: `Advice("rules-missing", "rule_based_matching.matching_rules", "is missing; …")`.
    `rule` is stable: people silence a rule by it.
    """

    rule: str
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


def advice(schema: Schema, inputs: object, silenced: Set[str] = frozenset(), *, creating: bool = False) -> list[Advice]:
    """What is worth a second look in the inputs, sorted by path, without the rules in `silenced`.

    `creating`: the resource is about to be created; rules that are `onCreation` speak only then.
    """
    document = given(schema, inputs)
    rules = (rule for rule in schema.get("rules", ()) if creating or not rule.get("onCreation"))
    found = {item for rule in rules if rule["id"] not in silenced for item in _advice(schema, rule, document)}
    return sorted(found, key=lambda item: (item.path, item.rule, item.text))


def _advice(schema: Schema, rule: Schema, document: Any) -> Iterator[Advice]:
    for place, scope in (match for path in rule["on"] for match in _places(document, path)):
        if all(_holds(schema, condition, scope, path) for path, condition in rule["when"].items()):
            yield Advice(rule["id"], paths.text((*place, *_way(rule.get("at", "")))), _text(schema, rule, scope))


def _places(document: Any, path: str) -> list[tuple[Place, Any]]:
    """Each place that the path leads to, and what stands there; none where the way is barred."""
    found: list[tuple[Place, Any]] = [((), document)]
    for step in _way(path):
        found = [((*place, key), item) for place, parent in found for key, item in _steps(parent, step)]
    return found


@cache
def _way(path: str) -> tuple[str, ...]:
    return tuple(path.replace("[]", ".[]").split(".")) if path else ()


def _steps(parent: Any, step: str) -> list[tuple[str | int, Any]]:
    if step == "[]":
        return list(enumerate(parent)) if isinstance(parent, list) else []
    return [(step, parent[step])] if isinstance(parent, dict) and step in parent else []


ABSENT = object()


def _at(scope: Any, path: str) -> Any:
    """What stands at the path: a value, ABSENT, or an Unknown that stands there or on the way."""
    for step in _way(path):
        if isinstance(scope, Unknown):
            return scope
        scope = scope.get(step, ABSENT) if isinstance(scope, dict) else ABSENT
    return scope


def _holds(schema: Schema, condition: Schema, scope: Any, path: str) -> bool:
    value = _at(scope, path)
    if isinstance(value, Unknown):
        return False
    return all(OPERATORS[name](schema, value, limit, scope) for name, limit in condition.items())


def _text(schema: Schema, rule: Schema, scope: Any) -> str:
    """The rule's text, its placeholders replaced."""
    members = scope if isinstance(scope, dict) else {}
    numbers = {name: len(item) if isinstance(item, list) else item for name, item in members.items()}
    shown = {name: f"{item:g}" for name, item in numbers.items() if _is_number(item)}
    return str(rule["text"]).format_map({"regions": ", ".join(schema.get("regions", ())), **shown})


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _above(schema: Schema, value: Any, other_path: str, scope: Any) -> bool:
    other = _at(scope, other_path)
    return _is_number(value) and _is_number(other) and value > other


def _above_count_of(schema: Schema, value: Any, list_path: str, scope: Any) -> bool:
    items = _at(scope, list_path)
    return _is_number(value) and isinstance(items, list) and value > len(items)


# What a condition says of the value at its path. Each takes the resource's schema, the value, the condition's own word
# and what stands at the rule's place.
OPERATORS: dict[str, Callable[[Schema, Any, Any, Any], bool]] = {
    "given": lambda schema, value, wanted, scope: (value is not ABSENT) == wanted,
    "is": lambda schema, value, wanted, scope: type(value) is type(wanted) and value == wanted,
    "like": lambda schema, value, pattern, scope: isinstance(value, str) and bool(re.fullmatch(pattern, value)),
    "unlike": lambda schema, value, pattern, scope: isinstance(value, str) and not re.fullmatch(pattern, value),
    "notAmong": lambda schema, value, keyword, scope: isinstance(value, str) and value not in schema[keyword],
    "above": _above,
    "aboveCountOf": _above_count_of,
}
