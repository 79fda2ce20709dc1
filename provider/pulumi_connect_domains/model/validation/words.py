"""How values, limits and characters are called in messages.

Check sees secrets in clear and cannot tell which they are. So a value itself is shown only where the schema allows
numbers, booleans, the words of an enum or a time of day; of free text only its length, or one character.
"""

from __future__ import annotations

import math

from ..schema import Schema

SHOWN_CHARACTERS = 32  # a longer text is free text, wherever it stands

# bool before int, which it is an instance of.
KINDS: dict[type, str] = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "text",
    dict: "a map",
    list: "a list",
    type(None): "null",
}


def wanted(schema: Schema) -> str:
    """What the schema wants: `a whole number from 1 to 1098 (days)`, `one of RECENCY, SOURCE`, `a time of day, HH:MM`."""
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    if "patternSays" in schema:
        return str(schema["patternSays"])
    name, unit, low, high = {
        "boolean": ("True or False", "", "", ""),
        "integer": ("a whole number", "", "minimum", "maximum"),
        "number": ("a number", "", "minimum", "maximum"),
        "string": ("text", " characters", "minLength", "maxLength"),
        "array": ("a list", " items", "minItems", "maxItems"),
        "object": ("a map", " keys", "", "maxProperties"),
    }[schema["type"]]
    if low in schema and high in schema:
        name += f" {'of' if unit else 'from'} {number(schema[low])} to {number(schema[high])}{unit}"
    elif high in schema:
        name += f" of at most {schema[high]}{unit}"
    return f"{name} ({schema['units']})" if "units" in schema else name


def shown(schema: Schema, value: object) -> str | None:
    """The value in its place's schema, or None where it must not be shown."""
    if is_printable(schema) and isinstance(value, (str, int, float)) and len(str(value)) <= SHOWN_CHARACTERS:
        return repr(value) if isinstance(value, (str, bool)) else number(value)
    return None


def is_printable(schema: Schema) -> bool:
    """Whether values of the place may be shown."""
    listed = "enum" in schema or schema.get("format") == "time-of-day"
    return listed or schema["type"] in ("boolean", "integer", "number")


def kind(value: object) -> str:
    """What kind of value it is, as people call it."""
    if isinstance(value, float) and not value.is_integer():
        return "a number with a fraction" if math.isfinite(value) else "not a finite number"
    return next((name for type_, name in KINDS.items() if isinstance(value, type_)), f"a Python {type(value).__name__}")


def number(value: float) -> str:
    """The number as people write it, 30.0 as 30."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def counted(count: int, thing: str) -> str:
    """`1 item`, `16 items`; no thing, no word."""
    return f"{count} {thing}{'' if count == 1 else 's'}" if thing else str(count)


def text_of_length(value: str) -> str:
    """All that may be said of a free text: `text of 12 characters`."""
    return f"text of {counted(len(value), 'character')}"


def character(value: str) -> str:
    """One character, told from those that look like it: `' '`, `'é' (U+00E9)`, `U+000A`."""
    code = f"U+{ord(value):04X}"
    if value.isascii() and value.isprintable():
        return repr(value)
    return f"{value!r} ({code})" if value.isprintable() else code
