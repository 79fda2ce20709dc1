"""The service's patterns, with the service's meaning."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

import regex


@cache
def compiled(pattern: str) -> regex.Pattern[str]:
    r"""The pattern to search with.

    `\p{L}` is known, and a closing `$` is the very end, not also the place before a last line break.
    """
    return regex.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


def first_misfit(pattern: str, value: str) -> int | None:
    """The index of the first character after which nothing could match any more; None if the text only ends too early."""
    fits = compiled(pattern).fullmatch
    # What begins with a misfit stays one, so the shortest can be found by halving, in texts of any length.
    index = bisect_left(range(1, len(value) + 1), True, key=lambda end: not fits(value[:end], partial=True))
    return index if index < len(value) else None
