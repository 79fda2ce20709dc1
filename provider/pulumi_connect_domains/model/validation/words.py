"""How messages name values, limits and characters.

Check sees secrets in clear and cannot tell which they are. So a value itself is shown only where the schema allows
numbers, booleans, the words of an enum or a time of day; of free text only its length, or one character.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import cache

import regex

from ..schema import Property
from ..wording import plural

SHOWN_CHARACTERS = 32  # a longer text counts as free text, for any property

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


def wanted(of: Property) -> str:
    """What the property wants: `a whole number from 1 to 1098 (days)`, `one of RECENCY, SOURCE`, `a time of day, HH:MM`."""
    if of.enum:
        return f"one of {', '.join(of.enum)}"
    if of.pattern_says:
        return of.pattern_says
    limits = of.limits
    name, unit, low, high = {
        "boolean": ("True or False", "", None, None),
        "integer": ("a whole number", "", limits.minimum, limits.maximum),
        "number": ("a number", "", limits.minimum, limits.maximum),
        "string": ("text", " characters", limits.min_length, limits.max_length),
        "array": ("a list", " items", limits.min_items, limits.max_items),
        "object": ("a map", "", None, None),
        "map": ("a map", " keys", None, limits.max_properties),
    }[of.kind]
    if low is not None and high is not None:
        name += f" {'of' if unit else 'from'} {number(low)} to {number(high)}{unit}"
    elif high is not None:
        name += f" of at most {high}{unit}"
    return f"{name} ({of.units})" if of.units else name


def shown(of: Property, value: object) -> str | None:
    """The value of a property, or None where it must not be shown."""
    if is_printable(of) and isinstance(value, (str, int, float)) and len(str(value)) <= SHOWN_CHARACTERS:
        return repr(value) if isinstance(value, (str, bool)) else number(value)
    return None


def is_printable(of: Property) -> bool:
    """Whether values of the property may be shown."""
    return bool(of.enum) or of.format == "time-of-day" or of.kind in ("boolean", "integer", "number")


def kind(value: object) -> str:
    """What kind of value it is, as people call it."""
    if isinstance(value, float) and not value.is_integer():
        return "a number with a fraction" if math.isfinite(value) else "not a finite number"
    return next((name for type_, name in KINDS.items() if isinstance(value, type_)), f"a Python {type(value).__name__}")


def number(value: float) -> str:
    """The number as people write it, 30.0 as 30."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def text_of_length(value: str) -> str:
    """All that may be said of a free text: `text of 12 characters`."""
    return f"text of {len(value)} {plural(len(value), 'character')}"


def character(value: str) -> str:
    """One character; with its code where others may look like it: `' '`, `'é' (U+00E9)`, `U+000A`."""
    code = f"U+{ord(value):04X}"
    if value.isascii() and value.isprintable():
        return repr(value)
    return f"{value!r} ({code})" if value.isprintable() else code


@cache
def compiled(pattern: str) -> regex.Pattern[str]:
    r"""The pattern to search with.

    It may hold `\p{L}`. A `$` at its end means the very end of the text, and not also the place before a last line break.
    """
    return regex.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


def first_misfit(pattern: str, value: str) -> int | None:
    """The index of the first character that makes a match impossible; None if the text only ends too early."""
    fits = compiled(pattern).fullmatch
    # A text that begins with a misfit is a misfit too. So the shortest one can be found by halving, in texts of any length.
    index = bisect_left(range(1, len(value) + 1), True, key=lambda end: not fits(value[:end], partial=True))
    return index if index < len(value) else None
