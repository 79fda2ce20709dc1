"""Numbers and nouns in messages."""

from __future__ import annotations

import re

_STEPS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def plural(count: int, one: str, many: str = "") -> str:
    """The noun for that many: `domain` for 1, `domains` for any other number; `many` where an s is not enough."""
    return one if count == 1 else many or f"{one}s"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 domain`, `12,345 domains`."""
    return f"{count:,} {plural(count, one, many)}"


def size_text(size: int) -> str:
    """A number of bytes for people: `812 bytes`, `1.2 MB`. Steps of a thousand."""
    amount, step = float(size), 0
    while amount >= 999.95 and step < len(_STEPS) - 1:
        amount, step = amount / 1000, step + 1
    return f"{amount:.1f} {_STEPS[step]}" if step else counted(size, "byte")


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(0 if number % 100 in (11, 12, 13) else number % 10, "th")
    return f"{number}{ending}"


def either(names: tuple[str, ...]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def camel_case(name: str) -> str:
    """`assume_roles` becomes `assumeRoles`."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def snake_case(name: str) -> str:
    """`assumeRoles` becomes `assume_roles`; snake_case stays as it is."""
    return re.sub("([A-Z])", r"_\1", name).lower()
