"""What is wrong with a value, in words for people: one function for each keyword of the schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..path import HiddenKey, Path
from ..schema import Property, Schema
from ..wording import plural
from . import suggestions
from .words import character, first_misfit, is_printable, kind, number, shown, text_of_length, wanted

if TYPE_CHECKING:
    from jsonschema import ValidationError


class Broken(NamedTuple):
    """One place that breaks one keyword: `of` is the property there, `limit` what the keyword says."""

    schema: Schema
    path: Path
    of: Property
    limit: Any
    value: Any


def text_of(schema: Schema, path: Path, error: ValidationError) -> str:
    """The text of the failure."""
    last = path[-1] if path else ""
    is_key = isinstance(last, HiddenKey) and not last.is_value
    around = schema.at(path[:-1]) if is_key else schema
    of = (around.keys or around) if is_key else schema.at(path)
    broken = Broken(schema, path, of, error.validator_value, error.instance)
    merged = schema.at(path[:1]).merged_from if path else ""
    origin = f" ({'from' if len(path) > 1 else 'with'} the provider's default {merged})" if merged else ""
    return ("the key " if is_key else "") + TEXTS[str(error.validator)](broken) + origin


def _read_only(broken: Broken) -> str:
    path = str(broken.path)
    output = next((name for name, each in broken.schema.members.items() if each.source == broken.path), path)
    maker = "the provider makes it" if broken.of.is_made_here else "AWS computes it"
    return f"cannot be set: {maker}; read it from the output {output}"


def _missing(broken: Broken) -> str:
    return f"is missing; must be {wanted(broken.of)}"


def _unknown_key(broken: Broken) -> str:
    key, around = broken.path[-1], broken.path.upto(len(broken.path) - 1)
    if isinstance(key, HiddenKey):
        return f"{text_of_length(key.name)} is not the name of a property"
    if meant := suggestions.for_key(str(key), around, broken.schema):
        return f"unknown here; did you mean {' or '.join(meant)}?"
    return f"unknown here; known are {', '.join(sorted(broken.schema.at(around).inputs))}"


def _wrong_type(broken: Broken) -> str:
    bare = isinstance(broken.value, str) and broken.of.kind in ("boolean", "integer", "number")
    subject = shown(broken.of, broken.value) or ""
    advice = ", without quotes" if bare else ""
    return f"{subject} is {kind(broken.value)}; must be {wanted(broken.of)}{advice}".lstrip()


def _not_in_enum(broken: Broken) -> str:
    meant = suggestions.alike(broken.value, broken.of.enum)
    return _is_not_wanted(broken) + (f"; did you mean {meant[0]}?" if meant else "")


def _wrong_form(broken: Broken) -> str:
    """For a pattern: names the value if it may be shown, or else its first character that does not fit."""
    if is_printable(broken.of):
        return _is_not_wanted(broken)
    if not broken.value:
        return _empty(broken)
    position = first_misfit(broken.limit, broken.value)
    if position is None:
        return f"{text_of_length(broken.value)} ends too early; must be {wanted(broken.of)}"
    found = character(broken.value[position])
    return f"has {found} as character {position + 1}; must be {wanted(broken.of)}"


def _is_not_wanted(broken: Broken) -> str:
    subject = shown(broken.of, broken.value) or text_of_length(broken.value)
    return f"{subject} is not {wanted(broken.of)}"


def _reserved(broken: Broken) -> str:
    return f"begins with {broken.limit}, which in any case of letters is AWS's own; choose another"


def _too_big(broken: Broken) -> str:
    return f"{number(broken.value)} is too big; at most {_quantity(broken)}"


def _too_small(broken: Broken) -> str:
    return f"{number(broken.value)} is too small; at least {_quantity(broken)}"


def _quantity(broken: Broken) -> str:
    """The limit with its units, which are plural in the schema: `1098 days`, `1 day`."""
    units = broken.of.units
    return f"{number(broken.limit)} {plural(broken.limit, units[:-1], units) if units else ''}".rstrip()


def _too_many(thing: str) -> Callable[[Broken], str]:
    return lambda broken: f"{_amount(broken, thing)} too many; at most {broken.limit}"


def _too_few(thing: str) -> Callable[[Broken], str]:
    return lambda broken: (
        f"{_amount(broken, thing)} too few; at least {broken.limit}" if broken.value else _empty(broken)
    )


def _amount(broken: Broken, thing: str) -> str:
    count = len(broken.value)
    return f"{count} {plural(count, thing)} {plural(count, 'is', 'are')}"


def _empty(broken: Broken) -> str:
    return f"is empty; must be {wanted(broken.of)}"


# Where one place breaks several keywords, the first of them in this table is reported.
TEXTS: dict[str, Callable[[Broken], str]] = {
    "readOnly": _read_only,
    "required": _missing,
    "additionalProperties": _unknown_key,
    "type": _wrong_type,
    "enum": _not_in_enum,
    "reservedPrefix": _reserved,
    "pattern": _wrong_form,
    "maximum": _too_big,
    "minimum": _too_small,
    "maxLength": _too_many("character"),
    "minLength": _too_few("character"),
    "maxItems": _too_many("item"),
    "minItems": _too_few("item"),
    "maxProperties": _too_many("key"),
    "minProperties": _too_few("key"),
}
PRECEDENCE = {keyword: rank for rank, keyword in enumerate(TEXTS)}
