"""How properties are spelled: in snake_case in Python and in our documents, in camelCase in every other language and in their states.

Only names that the schema knows are spelled anew. The keys of maps, such as tags, are people's own and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from .path import ANY, Path, PathPattern
from .schema import Property, Schema, places_of
from .wording import camel_case


class Spelling(Enum):
    """The spelling of a program's language. A host or report writes paths and messages in it."""

    SNAKE = "snake_case"
    CAMEL = "camelCase"

    def path(self, schema: Property, path: Path) -> Path:
        """The path, whose names are in either spelling, in this one."""
        return Path(self._steps(schema, path))

    def pattern(self, schema: Property, pattern: PathPattern) -> PathPattern:
        """The same for a pattern."""
        return PathPattern(self._steps(schema, pattern))

    def pattern_text(self, schema: Property, text: str) -> str:
        """The same for a pattern as the engine reads it, from `ignore_changes`; the text as it is where it cannot be read."""
        try:
            return str(self.pattern(schema, PathPattern.of_engine(text)))
        except ValueError:
            return text

    def document(self, schema: Property, document: object) -> object:
        """The document, whose names are in either spelling, in this one. Where no name changes, it is a copy all the same."""
        return _spelled(schema, document, self._names)

    def text(self, schema: Schema, text: str, also: Collection[str] = ()) -> str:
        """A message of ours, which spells names in snake_case, with all names of properties in this spelling, and those in `also`.

        Python's way to write a value becomes JSON's too: `force_destroy=True` becomes `forceDestroy: true`. What stands in quotes stays.
        """
        return text if self is Spelling.SNAKE else _in_camel_case(schema, text, also)

    def _names(self, of: Property) -> Mapping[str, str]:
        return of.camel_names if self is Spelling.CAMEL else of.snake_names

    def _steps(self, schema: Property, steps: tuple[Any, ...]) -> list[Any]:
        found: list[Any] = []
        of = schema
        for step in steps:
            if isinstance(step, str):
                name = of.snake_names.get(step, step)
                found.append(self._names(of).get(step, step))
                of = of.step(name)
            else:
                found.append(step)  # a position, a hidden key, or ANY of a pattern
                of = of.step(0 if step is ANY or isinstance(step, int) else "")
        return found


def snake_case(schema: Property, document: object) -> object:
    """The document as our own code knows it. Its names may be in either spelling."""
    return Spelling.SNAKE.document(schema, document)


def _spelled(of: Property, value: object, names: Callable[[Property], Mapping[str, str]]) -> object:
    if isinstance(value, Mapping):
        if not of.is_declared:
            return value
        own, snake = names(of), of.snake_names
        return {
            own.get(key, key): _spelled(of.step(snake.get(key, key)), item, names)
            if isinstance(item, (Mapping, list))
            else item
            for key, item in value.items()
        }
    if isinstance(value, list) and of.is_declared:
        inner = of.step(0)
        return [_spelled(inner, item, names) for item in value] if inner.is_declared else value
    return value


# -- texts ------------------------------------------------------------------------------------------------------------

_NAME = re.compile("[a-z0-9]+(?:_[a-z0-9]+)+")
_CODE = re.compile("`[^`]*`")
_ARGUMENT = re.compile("([a-z0-9_]+)=(?=(?:True|False)\\b)")
_BOOLEAN = re.compile("(?<!['\"\\w.])(?:True|False)(?!['\"\\w])")


@lru_cache(maxsize=16)
def _names_in(schema: Schema) -> frozenset[str]:
    """The names of all properties, at any depth."""
    return frozenset(str(place[-1]) for place, _ in places_of(schema))


def _in_camel_case(schema: Schema, text: str, also: Collection[str]) -> str:
    known = _names_in(schema).union(also) if also else _names_in(schema)
    text = _NAME.sub(lambda word: camel_case(word[0]) if word[0] in known else word[0], text)
    text = _CODE.sub(lambda code: _NAME.sub(lambda word: camel_case(word[0]), code[0]), text)
    text = _ARGUMENT.sub(lambda argument: f"{camel_case(argument[1])}: ", text)
    return _BOOLEAN.sub(lambda value: value[0].lower(), text)
