"""Where inputs break their schema: jsonschema's keywords, some of them with a meaning of this project's.

An unknown value passes every keyword. A missing, unknown or read-only key is a mistake at that key, not in the map
around it; so is a key of a map that breaks a limit. Imported on the first check only: importing jsonschema takes longer
than a hundred checks.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from pulumi.output import Unknown

from ..schema import Schema
from .mistakes import MapKey, Mistake
from .patterns import compiled
from .suggestions import alike, inputs

# What a person may have meant as the name of a property; anything else may be a value in the wrong place.
NAME = re.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}")


def mistakes(schema: Schema, document: object) -> Iterator[Mistake]:
    """Everything in the inputs that the schema does not allow, several for one place where it breaks several keywords."""
    for error in _validator(schema).iter_errors(document):
        yield Mistake(tuple(error.path), error.validator, error.validator_value, error.instance, error.schema, schema)


_VALIDATORS: dict[int, tuple[Schema, Any]] = {}  # by the schema's identity, which is its own as long as it is held here


def _validator(schema: Schema) -> Any:
    """jsonschema's validator of the schema, built once."""
    if id(schema) not in _VALIDATORS:
        _VALIDATORS[id(schema)] = schema, _Validator(schema)
    return _VALIDATORS[id(schema)][1]


def _within(schema: Schema, value: object, key: object) -> Iterator[Any]:
    """The errors of what stands under a key. jsonschema's own `descend` makes a validator anew each time."""
    for error in _validator(schema).iter_errors(value):
        error.path.appendleft(key)
        yield error


def _broken(key: object = None, **facts: Any) -> Any:
    """A validation error at the key, without a text: the texts of jsonschema show values."""
    return ValidationError("", path=() if key is None else (key,), **facts)  # type: ignore[arg-type]  # MapKey is ours


Errors = Iterator[ValidationError]


def _type(validator: Any, kind: str, value: object, schema: Schema) -> Errors:
    if not isinstance(value, Unknown) and not TYPES[kind](value):
        yield _broken()


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


# Asked here and not of jsonschema's type checker, which takes longer and takes infinity for a number.
TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_finite(value) and value == int(value),
    "number": _is_finite,
}


def _enum(validator: Any, allowed: list[str], value: object, schema: Schema) -> Errors:
    if isinstance(value, str) and value not in allowed:
        yield _broken()


def _properties(validator: Any, members: dict[str, Schema], value: object, schema: Schema) -> Errors:
    if not isinstance(value, dict):
        return
    for name, member in members.items():
        if name in value and member.get("readOnly"):
            yield _broken(name, validator="readOnly", schema=member)
        elif name in value:
            yield from _within(member, value[name], name)


def _items(validator: Any, item: Schema, value: object, schema: Schema) -> Errors:
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _within(item, each, index)


def _required(validator: Any, names: list[str], value: object, schema: Schema) -> Errors:
    if not isinstance(value, dict):
        return
    missing = [name for name in names if name not in value]
    # A misspelled key is one mistake, told as an unknown key; what it was meant for is not missing as well.
    unknown = value.keys() - schema["properties"].keys() if missing else set()
    meant = {name for key in unknown for name in alike(key, inputs(schema))}
    for name in missing:
        if name not in meant:
            yield _broken(name, instance=None, schema=schema["properties"][name])


def _additional_properties(validator: Any, others: bool | Schema, value: object, schema: Schema) -> Errors:
    if not isinstance(value, dict):
        return
    for name in value.keys() - schema.get("properties", {}).keys():
        if isinstance(others, dict):
            yield from _within(others, value[name], MapKey(name, value))
        else:
            shown = name if NAME.fullmatch(name) else MapKey(name, value)
            yield _broken(shown)


def _property_names(validator: Any, limits: Schema, value: object, schema: Schema) -> Errors:
    if isinstance(value, dict):
        for name in value:
            yield from _within(limits, name, MapKey(name, value, is_value=False))


def _reserved_prefix(validator: Any, prefix: str, value: object, schema: Schema) -> Errors:
    if isinstance(value, dict):
        for name in value:
            if name[: len(prefix)].lower() == prefix:
                yield _broken(MapKey(name, value, is_value=False))


def _bound(kind: tuple[type, ...], size: Callable[[Any], float], is_broken: Callable[[float, float], bool]) -> Any:
    """A keyword that limits the size of values of a kind. jsonschema's own write the value into a message."""

    def keyword(validator: Any, limit: float, value: Any, schema: Schema) -> Errors:
        if isinstance(value, kind) and is_broken(size(value), limit):
            yield _broken()

    return keyword


def _pattern(validator: Any, pattern: str, value: object, schema: Schema) -> Errors:
    if isinstance(value, str) and not compiled(pattern).search(value):
        yield _broken()


_Validator: Any = extend(  # type: ignore[no-untyped-call]  # jsonschema leaves extend untyped
    Draft202012Validator,
    validators={
        "type": _type,
        "enum": _enum,
        "properties": _properties,
        "items": _items,
        "required": _required,
        "additionalProperties": _additional_properties,
        "propertyNames": _property_names,
        "reservedPrefix": _reserved_prefix,
        "pattern": _pattern,
        "minimum": _bound((int, float), operator.pos, operator.lt),
        "maximum": _bound((int, float), operator.pos, operator.gt),
        "minLength": _bound((str,), len, operator.lt),
        "maxLength": _bound((str,), len, operator.gt),
        "minItems": _bound((list,), len, operator.lt),
        "maxItems": _bound((list,), len, operator.gt),
        "minProperties": _bound((dict,), len, operator.lt),
        "maxProperties": _bound((dict,), len, operator.gt),
    },
)
