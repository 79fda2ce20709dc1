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
from typing import Any, TypeAlias

from ..path import HiddenKey
from ..schema import Schema
from ..values import Unknown, is_unknown
from .late_grammar import imported_late
from .suggestions import alike, is_name
from .words import compiled

with imported_late():
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

Node = Mapping[str, Any]
"""The part of the schema that is about one value; nodes within it are validators, as `_built` makes them."""
Errors = Iterator[ValidationError]
Fits: TypeAlias = Callable[[Any], bool]
"""Whether a value breaks nothing of a node."""

READ_ONLY = "readOnly"
_ONE_NODE = ("items", "additionalProperties", "propertyNames")


def errors(schema: Schema, document: object) -> list[ValidationError]:
    """All errors in the inputs. A place that breaks several keywords has several."""
    if _fit(schema)(document):
        return []  # most often so, and seen five times as fast as the errors of a document without one are looked for
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


@lru_cache(maxsize=64)
def _fit(schema: Schema) -> Fits:
    """Whether a document breaks nothing, built once."""
    return _fitting(_validator(schema))


class _Asked:
    """A validator, as jsonschema's functions see it. It knows by itself that a text is a string and nothing else, as most values are."""

    def __init__(self, validator: Any) -> None:
        self._validator, ask = validator, validator.is_type
        self.is_type = lambda value, kind: kind == "string" if value.__class__ is str else ask(value, kind)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._validator, name)


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


# -- the same keywords, asked for yes or no -----------------------------------------------------------------------------


def _fitting(validator: Any) -> Fits:
    """Whether a value breaks no keyword of the node, nor of a node within it: true only if the validator would find no error.

    The same functions decide as in `iter_errors`, jsonschema's own and ours. But here each is called at once, with what it needs, and all
    that an error says of its place is left out. That goes for values of the classes that JSON gives the node's type; the validator itself
    is asked about any other. Where jsonschema looks at a length, a word or a number alone, each that is right is asked about once.
    """
    node = validator.schema
    classes = _CLASSES[node.get("type", "string")]  # the keys of a map are of no type, and are texts
    of_length, rest = _tests(validator, node, classes)

    def by_jsonschema(value: object) -> bool:
        return next(validator.iter_errors(value), None) is None

    is_unknown_right = by_jsonschema(Unknown())
    lengths: set[int] = set()
    values = {word for word in node.get("enum", ()) if word.__class__ in classes and by_jsonschema(word)}

    def of_another_class(value: object) -> bool:
        return is_unknown_right if is_unknown(value) else by_jsonschema(value)

    def fits(value: Any) -> bool:
        if value.__class__ not in classes:
            return of_another_class(value)
        return rest is None or rest(value)

    def fits_with_length(value: Any) -> bool:
        if value.__class__ not in classes:
            return of_another_class(value)
        if (length := len(value)) not in lengths:  # type: ignore[arg-type]  # these classes have a length
            if not of_length(value):
                return False
            lengths.add(length)
        return rest is None or rest(value)

    def is_word(value: Any) -> bool:
        return value in values if value.__class__ in classes else of_another_class(value)

    def is_right_number(value: Any) -> bool:
        if value.__class__ not in classes:
            return of_another_class(value)
        if value not in values:
            if rest is not None and not rest(value):
                return False
            values.add(value)
        return True

    if values:
        return is_word
    return is_right_number if int in classes else fits if of_length is _always else fits_with_length


_CLASSES: Mapping[str, frozenset[type]] = {
    "object": frozenset({dict}),
    "array": frozenset({list}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "integer": frozenset({int}),
    "number": frozenset({int, float}),
}


def _tests(validator: Any, node: Node, classes: frozenset[type]) -> tuple[Fits, Fits | None]:
    """The test of a value of one of the classes that looks at its length alone, and that of all other keywords; None for no such."""
    asked, of_length = _Asked(validator), list[Fits]()
    others: list[Fits] = [_TYPES[node["type"]]] if float in classes else []
    for keyword in node:
        function = validator.VALIDATORS.get(keyword)
        if function is None or keyword == "type":
            continue
        if keyword in _QUICK:
            kind, make = _QUICK[keyword]
            if kind in classes:  # these keywords say nothing about others
                others.append(make(node[keyword], node))
        else:
            (of_length if keyword in _OF_LENGTH else others).append(_asking(function, asked, node[keyword], node))
    rest = _all([test for test in others if test is not _always])
    return _all(of_length), None if rest is _always else rest


def _asking(function: Any, asked: _Asked, limit: Any, node: Node) -> Fits:
    def fits(value: object) -> bool:
        for _ in function(asked, limit, value, node) or ():
            return False
        return True

    return fits


_OF_LENGTH = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
"""The keywords that look at nothing but the length of a value."""


def _all(tests: list[Fits]) -> Fits:
    """Whether a value passes all tests."""
    if not tests:
        return _always
    first, rest = tests[0], _all(tests[1:])
    return first if rest is _always else lambda value: first(value) and rest(value)


def _always(value: object) -> bool:
    return True


def _never(value: object) -> bool:
    return False


def _fit_members(members: Mapping[str, Any], node: Node) -> Fits:
    """Whether these members fit, and so do others, if there may be some; and none is missing."""
    known = {name: _never if _is_read_only(member) else _fitting(member) for name, member in members.items()}
    others, wanted = node.get("additionalProperties"), frozenset(node.get("required", ()))
    other = _always if others is None else _never if isinstance(others, bool) else _fitting(others)

    def fits(value: Any) -> bool:
        for name, item in value.items():
            if not known.get(name, other)(item):
                return False
        return wanted.issubset(value)

    return fits


def _beside_members(limit: Any, node: Node) -> Fits:
    return _always if "properties" in node else _fit_members({}, node)


def _fit_items(item: Any, node: Node) -> Fits:
    test = _fitting(item)
    return lambda value: all(map(test, value))


def _fit_keys(limits: Any, node: Node) -> Fits:
    test = _fitting(limits)
    return lambda value: all(map(test, value))


def _has_no_reserved(prefix: str, node: Node) -> Fits:
    length = len(prefix)
    return lambda value: prefix not in {str(name)[:length].lower() for name in value}


def _matches(pattern: str, node: Node) -> Fits:
    found = compiled(pattern).search
    return lambda value: found(value) is not None


_QUICK: Mapping[str, tuple[type, Callable[[Any, Node], Fits]]] = {
    "properties": (dict, _fit_members),
    "additionalProperties": (dict, _beside_members),
    "required": (dict, _beside_members),
    "propertyNames": (dict, _fit_keys),
    "reservedPrefix": (dict, _has_no_reserved),
    "items": (list, _fit_items),
    "pattern": (str, _matches),
}
"""Our own keywords again, without places, each for values of the class that it is about. jsonschema's own are asked as they are."""

_BREAKABLE = {*_Validator.VALIDATORS, READ_ONLY} - {"format"}
