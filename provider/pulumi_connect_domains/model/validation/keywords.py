"""Where inputs break their schema: jsonschema's errors, with a few keywords of our own.

jsonschema's own keywords do most of the work. Ours differ in three things. The place of the error: a missing, unknown or read-only key is
a mistake at that key, not in the map around it, and so is a key of a map that breaks a limit. The meaning of a pattern: AWS's patterns
know `\\p{L}`. The types: a number is finite. An unknown value breaks nothing. A `format` is not checked: the pattern beside it says the
same.

Imported on the first check only: importing jsonschema takes longer than a hundred checks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from ..path import HiddenKey
from ..schema import Schema
from ..values import is_unknown
from .suggestions import alike, is_name
from .words import compiled

Node = Mapping[str, Any]
"""The part of the schema that is about one value; nodes within it are validators, as `_built` makes them."""
Errors = Iterator[ValidationError]

READ_ONLY = "readOnly"
_ONE_NODE = ("items", "additionalProperties", "propertyNames")


def errors(schema: Schema, document: object) -> list[ValidationError]:
    """All errors in the inputs. A place that breaks several keywords has several."""
    found = _validator(schema).iter_errors(document)
    return [error for error in found if not (is_unknown(error.instance) and error.validator == "enum")]


@lru_cache(maxsize=64)
def _validator(schema: Schema) -> Any:
    """jsonschema's validator of the schema, built once."""
    return _built(schema.document)


def _built(node: Mapping[str, Any]) -> Any:
    """jsonschema's validator of the node, with a validator in place of each node within it.

    The keywords below hand values to these. jsonschema's own `descend` would make a new validator for each value. Left out are keywords
    that a value cannot break (a description): each costs time at each value.
    """
    kept = {keyword: limit for keyword, limit in node.items() if keyword in _BREAKABLE}
    inner = {keyword: _built(node[keyword]) for keyword in _ONE_NODE if isinstance(node.get(keyword), dict)}
    if "properties" in node:
        inner["properties"] = {name: _built(member) for name, member in node["properties"].items()}
    return _Validator({**kept, **inner})


def _within(validator: Any, value: object, step: object) -> Errors:
    """The errors of the value one step further on."""
    for error in validator.iter_errors(value):
        error.path.appendleft(step)
        yield error


def _is_read_only(validator: Any) -> bool:
    return bool(validator.schema.get(READ_ONLY))


def _broken(step: Any = None, **facts: Any) -> ValidationError:
    """An error at the step. It has no text, since jsonschema's texts show values."""
    return ValidationError("", path=() if step is None else (step,), **facts)


# -- keywords ---------------------------------------------------------------------------------------------------------


def _type(validator: Any, kind: str, value: object, node: Node) -> Errors:
    """As in jsonschema, but infinity and NaN are no numbers, and an unknown value is of every type."""
    if not _TYPES[kind](value) and not is_unknown(value):
        yield _broken()


def _is_number(value: Any) -> bool:
    is_finite = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return is_finite and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == int(value),
    "number": _is_number,
}


def _properties(validator: Any, members: dict[str, Any], value: object, node: Node) -> Errors:
    if isinstance(value, dict):
        for name, member in members.items():
            if name in value and _is_read_only(member):
                yield _broken(name, validator=READ_ONLY, instance=value[name])
            elif name in value:
                yield from _within(member, value[name], name)


def _items(validator: Any, item: Any, value: object, node: Node) -> Errors:
    if isinstance(value, list):
        for position, each in enumerate(value):
            yield from _within(item, each, position)


def _required(validator: Any, names: list[str], value: object, node: Node) -> Errors:
    if not isinstance(value, dict):
        return
    missing = [name for name in names if name not in value]
    if not missing:
        return
    # A misspelled key is one mistake, reported as an unknown key. The key that was meant is not reported as missing too.
    members = node["properties"]
    unknown = value.keys() - members.keys()
    settable = [name for name, member in members.items() if not _is_read_only(member)]
    meant = {name for key in unknown for name in alike(key, settable)}
    for name in missing:
        if name not in meant:
            yield _broken(name, instance=None)


def _additional_properties(validator: Any, others: Any, value: object, node: Node) -> Errors:
    if not isinstance(value, dict):
        return
    unknown = value.keys() - node.get("properties", {}).keys()
    keys = sorted(map(str, value)) if unknown else []
    for name in unknown:
        if isinstance(others, bool):
            yield _broken(name if is_name(name) else HiddenKey(name, keys))
        else:
            yield from _within(others, value[name], HiddenKey(name, keys))


def _property_names(validator: Any, limits: Any, value: object, node: Node) -> Errors:
    if isinstance(value, dict):
        for name in (keys := sorted(map(str, value))):
            yield from _within(limits, name, HiddenKey(name, keys, is_value=False))


def _reserved_prefix(validator: Any, prefix: str, value: object, node: Node) -> Errors:
    if isinstance(value, dict):
        for name in (keys := sorted(map(str, value))):
            if name[: len(prefix)].lower() == prefix:
                yield _broken(HiddenKey(name, keys, is_value=False))


def _pattern(validator: Any, pattern: str, value: object, node: Node) -> Errors:
    if isinstance(value, str) and not compiled(pattern).search(value):
        yield _broken()


_Validator: Any = extend(  # type: ignore[no-untyped-call]  # jsonschema leaves extend untyped
    Draft202012Validator,
    validators={
        "type": _type,
        "properties": _properties,
        "items": _items,
        "required": _required,
        "additionalProperties": _additional_properties,
        "propertyNames": _property_names,
        "reservedPrefix": _reserved_prefix,
        "pattern": _pattern,
    },
)

_BREAKABLE = {*_Validator.VALIDATORS, READ_ONLY} - {"format"}
