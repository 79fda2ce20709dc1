"""What is wrong with a value, in a person's words: one function for each keyword of the schema."""

from __future__ import annotations

from collections.abc import Callable

from . import suggestions
from .mistakes import MapKey, Mistake
from .patterns import first_misfit
from .words import character, counted, is_printable, kind, number, shown, text_of_length, wanted


def text_of(mistake: Mistake) -> str:
    """What to say about the mistake."""
    top, last = (mistake.keys[0], mistake.keys[-1]) if mistake.keys else ("", "")
    subject = "the key " if isinstance(last, MapKey) and not last.is_value else ""
    merged = mistake.root["properties"].get(top, {}).get("mergedFrom")
    origin = f" ({'from' if len(mistake.keys) > 1 else 'with'} the provider's default {merged})" if merged else ""
    return subject + TEXTS[mistake.keyword](mistake) + origin


def _read_only(mistake: Mistake) -> str:
    path, members = ".".join(map(str, mistake.keys)), mistake.root["properties"]
    output = next((name for name, member in members.items() if member.get("source") == path), path)
    maker = "the provider makes it" if mistake.schema.get("source", path) is None else "AWS computes it"
    return f"cannot be set: {maker}; read it from the output {output}"


def _missing(mistake: Mistake) -> str:
    return f"is missing; must be {wanted(mistake.schema)}"


def _unknown_key(mistake: Mistake) -> str:
    key = mistake.keys[-1]
    if isinstance(key, MapKey):
        return f"{text_of_length(key.name)} is not the name of a property"
    place = ".".join(map(str, mistake.keys[:-1]))
    if meant := suggestions.for_key(str(key), place, mistake.schema, mistake.root):
        return f"unknown here; did you mean {' or '.join(meant)}?"
    return f"unknown here; known are {', '.join(sorted(suggestions.inputs(mistake.schema)))}"


def _wrong_type(mistake: Mistake) -> str:
    bare = isinstance(mistake.value, str) and mistake.schema["type"] in ("boolean", "integer", "number")
    subject = shown(mistake.schema, mistake.value) or ""
    advice = ", without quotes" if bare else ""
    return f"{subject} is {kind(mistake.value)}; must be {wanted(mistake.schema)}{advice}".lstrip()


def _not_in_enum(mistake: Mistake) -> str:
    meant = suggestions.alike(mistake.value, mistake.schema["enum"])
    return _is_not_wanted(mistake) + (f"; did you mean {meant[0]}?" if meant else "")


def _wrong_form(mistake: Mistake) -> str:
    """For a pattern: the value where it may be shown, else its first character that cannot stand where it stands."""
    if is_printable(mistake.schema):
        return _is_not_wanted(mistake)
    if not mistake.value:
        return _empty(mistake)
    position = first_misfit(mistake.limit, mistake.value)
    if position is None:
        return f"{text_of_length(mistake.value)} ends too early; must be {wanted(mistake.schema)}"
    found = character(mistake.value[position])
    return f"has {found} as character {position + 1}; must be {wanted(mistake.schema)}"


def _is_not_wanted(mistake: Mistake) -> str:
    subject = shown(mistake.schema, mistake.value) or text_of_length(mistake.value)
    return f"{subject} is not {wanted(mistake.schema)}"


def _reserved(mistake: Mistake) -> str:
    return f"begins with {mistake.limit}, which in any case of letters is AWS's own; choose another"


def _too_big(mistake: Mistake) -> str:
    return f"{number(mistake.value)} is too big; at most {_quantity(mistake)}"


def _too_small(mistake: Mistake) -> str:
    return f"{number(mistake.value)} is too small; at least {_quantity(mistake)}"


def _quantity(mistake: Mistake) -> str:
    """The limit with its units, which are plural in the schema: `1098 days`, `1 day`."""
    units = mistake.schema.get("units", "")
    return f"{number(mistake.limit)} {units[:-1] if mistake.limit == 1 else units}".rstrip()


def _too_many(thing: str) -> Callable[[Mistake], str]:
    return lambda mistake: f"{_amount(mistake, thing)} too many; at most {mistake.limit}"


def _too_few(thing: str) -> Callable[[Mistake], str]:
    return lambda mistake: (
        f"{_amount(mistake, thing)} too few; at least {mistake.limit}" if mistake.value else _empty(mistake)
    )


def _amount(mistake: Mistake, thing: str) -> str:
    count = len(mistake.value)
    return f"{counted(count, thing)} {'is' if count == 1 else 'are'}"


def _empty(mistake: Mistake) -> str:
    return f"is empty; must be {wanted(mistake.schema)}"


# Of several keywords that one place breaks, the first in this table speaks.
TEXTS: dict[str, Callable[[Mistake], str]] = {
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
