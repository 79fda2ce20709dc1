"""Where inputs break their schema: jsonschema's errors, with a few keywords of our own.

jsonschema's own keywords do most of the work. Ours differ from them in three things: where the error stands (a missing, unknown or
read-only key is a mistake at that key, not in the map around it, and so is a key of a map that breaks a limit), what a pattern means
(AWS's patterns know `\\p{L}`), and what counts as a type (a number is finite). A value that is unknown breaks nothing.

Imported on the first check only: importing jsonschema takes longer than a hundred checks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from ..path import HiddenKey
from ..schema import Schema
from ..values import is_unknown
from .patterns import compiled
from .suggestions import alike, is_name

Node = Mapping[str, Any]
Errors = Iterator[ValidationError]


def errors(schema: Schema, document: object) -> list[ValidationError]:
    """Everything in the inputs that the schema does not allow: several errors for one place that breaks several keywords."""
    return list(_validator(schema).iter_errors(document))


@lru_cache(maxsize=64)
def _validator(schema: Schema) -> Any:
    """jsonschema's validator of the schema, built once."""
    return _Validator(schema.document)


_of_node: dict[int, tuple[Node, Any]] = {}  # by the node's identity, which is its own as long as it is held here


def _within(node: Node, value: object, step: object) -> Errors:
    """The errors of what stands one step further on. jsonschema's own `descend` makes a validator anew each time."""
    if id(node) not in _of_node:
        _of_node[id(node)] = node, _Validator(node)
    for error in _of_node[id(node)][1].iter_errors(value):
        error.path.appendleft(step)
        yield error


def _broken(step: Any = None, **facts: Any) -> ValidationError:
    """An error at the step, without a text: the texts of jsonschema show values."""
    return ValidationError("", path=() if step is None else (step,), **facts)


# -- types: an unknown value is of every type -------------------------------------------------------------------------


def _is_number(checker: Any, value: Any) -> bool:
    return is_unknown(value) or (
        isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    )


def _is_integer(checker: Any, value: Any) -> bool:
    return is_unknown(value) or (_is_number(checker, value) and value == int(value))


def _is(kind: type) -> Any:
    return lambda checker, value: is_unknown(value) or isinstance(value, kind)


_TYPES = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "object": _is(dict),
        "array": _is(list),
        "string": _is(str),
        "boolean": _is(bool),
        "integer": _is_integer,
        "number": _is_number,
    }
)


# -- keywords ---------------------------------------------------------------------------------------------------------


def _known_only(keyword: str) -> Any:
    """jsonschema's own keyword for values that are known: to it, what is unknown is of every type."""
    stock = Draft202012Validator.VALIDATORS[keyword]

    def known_only(validator: Any, limit: Any, value: object, node: Node) -> Errors:
        return iter(()) if is_unknown(value) else iter(stock(validator, limit, value, node) or ())

    return known_only


def _enum(validator: Any, allowed: list[str], value: object, node: Node) -> Errors:
    """Only texts: a value of another type breaks the type, which says more."""
    if isinstance(value, str) and value not in allowed:
        yield _broken()


def _properties(validator: Any, members: dict[str, Node], value: object, node: Node) -> Errors:
    if isinstance(value, dict):
        for name, member in members.items():
            if name in value and member.get("readOnly"):
                yield _broken(name, validator="readOnly", instance=value[name])
            elif name in value:
                yield from _within(member, value[name], name)


def _items(validator: Any, item: Node, value: object, node: Node) -> Errors:
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from _within(item, each, position)


def _required(validator: Any, names: list[str], value: object, node: Node) -> Errors:
    if not isinstance(value, dict):
        return
    missing = [name for name in names if name not in value]
    # A misspelled key is one mistake, told as an unknown key; what it was meant for is not missing as well.
    members = node["properties"]
    unknown = value.keys() - members.keys() if missing else set()
    settable = [name for name, member in members.items() if not member.get("readOnly")]
    meant = {name for key in unknown for name in alike(key, settable)}
    for name in missing:
        if name not in meant:
            yield _broken(name, instance=None)


def _additional_properties(validator: Any, others: bool | Node, value: object, node: Node) -> Errors:
    if not isinstance(value, dict):
        return
    for name in value.keys() - node.get("properties", {}).keys():
        if isinstance(others, dict):
            yield from _within(others, value[name], HiddenKey(name, value))
        else:
            yield _broken(name if is_name(name) else HiddenKey(name, value))


def _property_names(validator: Any, limits: Node, value: object, node: Node) -> Errors:
    if isinstance(value, dict):
        for name in value:
            yield from _within(limits, name, HiddenKey(name, value, is_value=False))


def _reserved_prefix(validator: Any, prefix: str, value: object, node: Node) -> Errors:
    if isinstance(value, dict):
        for name in value:
            if name[: len(prefix)].lower() == prefix:
                yield _broken(HiddenKey(name, value, is_value=False))


def _pattern(validator: Any, pattern: str, value: object, node: Node) -> Errors:
    if isinstance(value, str) and not compiled(pattern).search(value):
        yield _broken()


_SIZES = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")

_Validator: Any = extend(  # type: ignore[no-untyped-call]  # jsonschema leaves extend untyped
    Draft202012Validator,
    type_checker=_TYPES,
    validators={
        **{keyword: _known_only(keyword) for keyword in _SIZES},
        "enum": _enum,
        "properties": _properties,
        "items": _items,
        "required": _required,
        "additionalProperties": _additional_properties,
        "propertyNames": _property_names,
        "reservedPrefix": _reserved_prefix,
        "pattern": _pattern,
    },
)
