"""What is said about a property, in whole sentences: the same words for docstrings, reference pages and other languages. Pure.

The sentences come from schema.json. What follows from its other keywords (limits, what is required, what replaces) is put into words here.
"""

from __future__ import annotations

import json

from pulumi_connect_domains.model.path import ANY, PathPattern
from pulumi_connect_domains.model.schema import Property, Schema
from pulumi_connect_domains.model.validation.words import number
from pulumi_connect_domains.model.values import ABSENT
from pulumi_connect_domains.model.wording import plural

Place = tuple[object, ...]
"""A place of a schema, as `places_of` gives it."""


def at(schema: Schema, place: Place) -> Property:
    """The property at the place."""
    return schema.at(tuple(0 if step is ANY else str(step) for step in place))


def is_required(schema: Schema, place: Place) -> bool:
    """Whether the structure around the place must have a value there."""
    return place[-1] in at(schema, place[:-1]).required


def arguments(schema: Schema) -> dict[str, Property]:
    """What a program may give, by name: first what it must give, and otherwise in the order of the schema."""
    found = {name: of for name, of in schema.inputs.items() if not of.merged_from}
    return {name: found[name] for name in sorted(found, key=lambda name: name not in schema.required)}


def computed(schema: Schema) -> dict[str, Property]:
    """The outputs that are no arguments, by name."""
    given = arguments(schema)
    return {name: of for name, of in schema.members.items() if name not in given}


def is_always_there(schema: Schema, name: str) -> bool:
    """Whether the output with the name has a value on every resource."""
    of = schema.members[name]
    return name in schema.required or of.auto_name or of.always


# -- sentences --------------------------------------------------------------------------------------------------------


def of_argument(schema: Schema, place: Place, *, is_read: bool = False, with_example: bool = True) -> list[str]:
    """All that is said of a place of the inputs: one text for each fact. `is_read`: of a resource that is only read, so never changed.

    No text begins with one word and a colon: in a docstring, editors take that for the next argument.
    """
    of = at(schema, place)
    said = [
        of.description,
        *meanings(of),
        sentence(limits(of)),
        "Required." if is_required(schema, place) else "",
        f"By default: {of.default_says}" if of.default_says else "",
    ]
    if not is_read and (text := removal(schema, place)):
        said.append(f"Taken out of the program: {text}")
    if not is_read and of.create_only:
        said.append(f"A change {change(schema, place)}.")
    if with_example and has_example(of):
        said.append(f"For example: `{literal(of.example)}`.")
    return list(filter(None, said))


def of_output(of: Property) -> list[str]:
    """All that is said of an output, or of a member of one: one text for each fact."""
    return [of.description, *meanings(of), *([f"In {of.units}."] if of.units else [])]


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop; "" stays ""."""
    return f"{text[0].upper()}{text[1:].removesuffix('.')}." if text else ""


def meanings(of: Property) -> list[str]:
    """What each word of an enum means: "- `RECENCY`: The value that was updated last is kept."."""
    return [f"- `{word}`: {text}" for word, text in of.enum_says.items()]


def limits(of: Property) -> str:
    """`1 to 1098 days`, `1 to 64 characters: ASCII letters, digits, _ and -`, `a time of day, HH:MM`; "" where there are none."""
    if of.format == "time-of-day":
        return of.pattern_says
    found = _amount(of)
    if of.pattern_says:
        found = f"{found}: {of.pattern_says}" if found else of.pattern_says
    if of.kind == "map" and of.keys and of.values:
        reserved = f". No key begins with `{of.reserved_prefix}`" if of.reserved_prefix else ""
        found = f"{found}. A key has {limits(of.keys)}{reserved}. A value has {limits(of.values)}"
    return found


def _amount(of: Property) -> str:
    """How much of it there may be: `1 to 1098 days`, `at most 256 characters`, `exactly 22 characters`."""
    known = of.limits
    unit, low, high = {
        "integer": (of.units, known.minimum, known.maximum),
        "number": (of.units, known.minimum, known.maximum),
        "string": ("characters", known.min_length, known.max_length),
        "array": ("items", known.min_items, known.max_items),
        "map": ("keys", None, known.max_properties),
    }.get(of.kind, ("", None, None))
    if high is None:
        return f"at least {number(low)} {plural(int(low), unit[:-1], unit)}".rstrip() if low else ""
    if low == high:
        return f"exactly {number(high)} {unit}"
    if of.kind in ("string", "map") and not low:
        return f"at most {number(high)} {unit}"
    return f"{number(low or 0)} to {number(high)} {unit}".rstrip()


def change(schema: Schema, place: Place) -> str:
    """What a change of the argument does: `replaces the domain`."""
    noun, is_new = schema.short_noun, at(schema, place[:1]).create_only
    return f"replaces the {noun}" if is_new else f"updates the {noun} in place"


def removal(schema: Schema, place: Place) -> str:
    """What taking the property out of the program does; "" for what cannot be taken out: it is required, or an item of a list."""
    of = at(schema, place)
    if place[-1] is ANY or is_required(schema, place):
        return ""
    if of.taken_out:
        return of.taken_out
    meant = of.means.get("removed", "")
    if len(place) == 1:
        return sentence(of.means.get("off", meant))
    return f"The whole setting is sent to AWS again, without this member{f': {meant}' if meant else ''}."


# -- other facts ------------------------------------------------------------------------------------------------------


def type_of(of: Property) -> str:
    """What kind of value it is: `text`, `list of texts`, `map of texts`, `structure`."""
    if of.items:
        return f"list of {_many(type_of(of.items))}"
    if of.kind == "map" and of.values:
        return f"map of {_many(type_of(of.values))}"
    if of.is_time:
        return "text, a time in ISO 8601"
    return {"string": "text", "integer": "whole number", "boolean": "True or False", "object": "structure"}.get(
        of.kind, of.kind
    )


def _many(noun: str) -> str:
    """The plural of the first word: `lists of texts`."""
    first, *rest = noun.split(" ", 1)
    return " ".join([f"{first}s", *rest])


def literal(value: object) -> str:
    """The JSON value as Python writes it: `True`, `["EmailAddress"]`."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value) if value is None or isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def page(schema: Schema, place: Place) -> str:
    """The URL of AWS's page about the property; "" for what AWS does not know."""
    top = at(schema, place[:1])
    if top.provider_only or top.is_made_here:
        return ""
    pages = (at(schema, place[:length]).page for length in range(len(place), 0, -1))
    return next(filter(None, pages), schema.page)


def page_title(url: str) -> str:
    """`MatchingRequest`, for its page of the API reference."""
    return url.rpartition("_")[2].removesuffix(".html")


def article(noun: str) -> str:
    """`an Amazon Connect domain`."""
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"


def place(name: str) -> PathPattern:
    """The place of a member of the resource itself."""
    return PathPattern((name,))


def has_example(of: Property) -> bool:
    """Whether the schema gives a valid value of it."""
    return of.example is not ABSENT


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return f"{text[0].upper()}{text[1:]}"
