"""Files that others wrote: what cannot be made out of one is an error that names the file, and not one of Python's own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_MISREAD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What Python and its libraries raise for content that they, or we, did not expect."""
_WORDS = {str: "a text", bool: "true or false", dict: "a mapping", list: "a list", int: "a whole number"}


class DamagedError(Exception):
    """A file holds something else than it should; the text says which file, and what is wrong, in one line."""


@contextmanager
def reading(what: object, form: str) -> Iterator[None]:
    """In this block a file's content is made out. Whatever cannot be done with it raises DamagedError. `form`: what it should be."""
    try:
        yield
    except _MISREAD as error:
        is_said = isinstance(error, ValueError) and not isinstance(error, UnicodeError)
        said = str(error).partition("\n")[0][:500] if is_said else f"it has not the form of {form}"
        raise DamagedError(f"{what} is damaged: {said}") from None


def json_of(path: Path, shape: Any) -> Any:
    """The JSON in a file, without what JSON does not have: NaN, and halves of characters. For a `reading` block."""
    found = json.loads(path.read_text("utf-8"))
    json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    return expect(found, shape)


def expect(value: Any, shape: Any, what: str = "it") -> Any:
    """The value, which has the shape. Raises ValueError, which names the first part that has not: `resources[2].urn must be a text`.

    **Shape** a type; `[SHAPE]`, a list of such; `{"key": SHAPE, "other?": SHAPE}`, a mapping: a key with `?` may be absent or null;
    `{...: SHAPE}`, a mapping in which every value is such.
    """
    kind: Any = shape if isinstance(shape, type) else type(shape)
    if type(value) is not kind:
        raise ValueError(f"{what} must be {_WORDS[kind]}")
    if isinstance(shape, list):
        for number, item in enumerate(value):
            expect(item, shape[0], f"{what}[{number}]")
    if isinstance(shape, dict):
        for name, inner in shape.items():
            for key in value if name is ... else [name.removesuffix("?")]:
                if value.get(key) is not None:
                    expect(value[key], inner, f"{what}.{key}".removeprefix("it."))
                elif name in (key, ...):
                    raise ValueError(f"{what} has no {key}")
    return value
