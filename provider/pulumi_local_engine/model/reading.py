"""Files that others wrote: what cannot be made out of one is an error that names the file, and not one of Python's own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MISREAD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What Python and its libraries raise for content that they, or we, did not expect."""


class DamagedError(Exception):
    """A file holds something else than it should; the text says which file, and what is wrong, in one line."""


@contextmanager
def reading(what: object, form: str) -> Iterator[None]:
    """In this block a file's content is made out. Whatever cannot be done with it raises DamagedError. `form`: what it should be."""
    try:
        yield
    except MISREAD as error:
        is_said = isinstance(error, ValueError) and not isinstance(error, UnicodeError)
        said = str(error).partition("\n")[0][:500] if is_said else f"it has not the form of {form}"
        raise DamagedError(f"{what} is damaged: {said}") from None


def json_of(path: Path) -> Any:
    """The JSON in a file, without what JSON does not have: NaN, and halves of characters. For a `reading` block."""
    text = path.read_text("utf-8")
    found = json.loads(text, parse_constant=_refuse)
    if "\\ud" in text.lower():
        json.dumps(found, ensure_ascii=False).encode()
    return found


def expect(value: object, kind: type, what: str) -> Any:
    """The value, an empty one where there is none. Raises ValueError when it is of another kind."""
    if value is not None and type(value) is not kind:
        raise ValueError(f"{what} must be {_WORDS[kind]}")
    return kind() if value is None else value


_WORDS = {str: "a text", bool: "true or false", dict: "a mapping", list: "a list", int: "a whole number"}


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number in JSON")
