"""Property paths: the one grammar that every command prints and reads; docs/reference/paths.md describes it.

A `Path` leads to one place. A `PathPattern` may also have the step ANY, so it names several places at once. They are two types, so that
nobody gives a pattern where one place is meant.

Shape: `matching.job_schedule.time`, `tags["cost.center"]`, `matching_rules[1].rule`; as a pattern also `matching_rules[*].rule`.

Source: the grammar is Pulumi's own (`resource.ParsePropertyPath`), so paths of the engine and of `ignore_changes` are read too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cache
from typing import TypeAlias

from typing_extensions import Self

from .records import record
from .values import ABSENT, is_unknown
from .wording import ordinal


@record(frozen=True, eq=True)
class HiddenKey:
    """A step to a key of a map that must not be shown, since it is free text. It is printed by its position, and cannot be parsed.

    `siblings` are all keys of the map, sorted. `is_value` is true for the value under the key, and false for the key itself.
    """

    name: str = field(repr=False)
    siblings: Sequence[str] = field(repr=False, compare=False)
    is_value: bool = True

    @property
    def position(self) -> int:
        """Where the key comes among all keys of the map when they are sorted, from 1."""
        return bisect_left(self.siblings, self.name) + 1

    def __str__(self) -> str:
        """`<2nd of 5 keys, sorted>`: enough to find the key without showing it."""
        if len(self.siblings) == 1:
            return "<the only key>"
        return f"<{ordinal(self.position)} of {len(self.siblings)} keys, sorted>"


class AnyStep:
    """In a pattern: any one name or position. A key whose name is `*` is another step, the text "*"."""

    def __repr__(self) -> str:
        return "ANY"


ANY = AnyStep()

Step: TypeAlias = str | int | HiddenKey
"""A name, or a position in a list, from 0."""

_NAME = r'[^.\[\]"]+'


@cache
def _name() -> re.Pattern[str]:
    return re.compile(_NAME)


@cache
def _step() -> re.Pattern[str]:
    """One step of a path. Not compiled at import: programs have only paths of plain names, which are read without it."""
    quoted = r'\.?\["(?P<quoted>(?:[^"\\]|\\.)*)"\]'
    return re.compile(rf"\.?(?P<name>{_NAME})|\[(?P<index>\d+)\]|\[(?P<any>\*)\]|{quoted}", re.DOTALL)


class Path(tuple[Step, ...]):
    """The way to one place: names, and positions in lists. `Path()` is the document itself.

    Shape: `Path.parse("matching_rules[1].rule")` is `Path(("matching_rules", 1, "rule"))`, and prints as it was read.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Path:
        """The path that the text spells. Raises: ValueError, which names the part that cannot be read; also for a `*`."""
        steps = _parsed(text)
        if any(isinstance(step, AnyStep) for step in steps):
            raise ValueError(f"{text!r} is not a property path: * stands for many, and one is meant")
        return cls(step for step in steps if not isinstance(step, AnyStep))

    def __str__(self) -> str:
        """The path as `parse` reads it: a name with a dot, a bracket or a quote stands in brackets and quotes."""
        return _printed(self)

    def __truediv__(self, step: Step) -> Self:
        """The path with one step more."""
        return type(self)((*self, step))

    @property
    def top(self) -> str:
        """The first name; "" for the document itself."""
        return str(self[0]) if self else ""

    def upto(self, steps: int) -> Path:
        """The path of the first `steps` steps."""
        return Path(self[:steps])

    def is_within(self, outer: tuple[object, ...]) -> bool:
        """Whether this path is the outer one, or leads to a place inside it."""
        return self[: len(outer)] == outer

    @property
    def names(self) -> tuple[str, ...]:
        """The steps before the first position in a list."""
        found: list[str] = []
        for step in self:
            if not isinstance(step, str):
                break
            found.append(step)
        return tuple(found)

    @property
    def list_around(self) -> Path | None:
        """The path of the outermost list that the place lies in, or None."""
        return next((self.upto(place) for place, step in enumerate(self) if isinstance(step, int)), None)

    def find(self, document: object) -> object:
        """The value at this path of the document, or ABSENT. Where the path leads through an unknown value: that unknown value."""
        for step in self:
            if isinstance(document, (dict, Mapping)):  # dict first: whether it is a Mapping takes longer to say
                document = document.get(step, ABSENT)
            elif is_unknown(document):
                return document
            elif isinstance(document, list) and isinstance(step, int) and step < len(document):
                document = document[step]
            else:
                return ABSENT
        return document


class PathPattern(tuple[str | int | AnyStep, ...]):
    """A path in which ANY stands for any one step, so that it may name many places."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> PathPattern:
        """The pattern that the text spells; "" is the document itself. Raises: ValueError, as `Path.parse`."""
        return cls(_parsed(text) if text else ())

    @classmethod
    def of_engine(cls, text: str) -> PathPattern:
        """The pattern as the engine understands it, for which a quoted `*` stands for any step too. Raises: ValueError.

        Source: `PropertyPath.Contains` in sdk/go/common/resource/properties_path.go of pulumi/pulumi.
        """
        return cls(ANY if step == "*" else step for step in _parsed(text))

    def __str__(self) -> str:
        """The pattern as `parse` reads it."""
        return _printed(self)

    def covers(self, path: tuple[Step, ...]) -> bool:
        """Whether the pattern names the path's place, or a place around it."""
        return len(self) <= len(path) and all(wanted in (ANY, step) for wanted, step in zip(self, path, strict=False))


def top_of(text: str) -> str:
    """The first name of a path that is given as text; the whole text if it cannot be read as a path."""
    try:
        first = _parsed(text)[0]
        return "*" if isinstance(first, AnyStep) else str(first)
    except ValueError:
        return text


def _parsed(text: str) -> list[str | int | AnyStep]:
    names = text.split(".")
    if all(map(str.isidentifier, names)):
        return [*names]
    steps: list[str | int | AnyStep] = []
    position = 0
    while position < len(text):
        step = _step().match(text, position)
        if step is None:
            raise ValueError(f"{text!r} is not a property path: it makes no sense from {text[position:]!r} on")
        position = step.end()
        if step["index"] is not None:
            steps.append(int(step["index"]))
        elif step["quoted"] is not None:
            steps.append(re.sub(r'\\(["\\])', r"\1", step["quoted"]))
        else:
            steps.append(ANY if step["name"] in (None, "*") else step["name"])
    if not steps:
        raise ValueError("a property path is empty")
    return steps


def _printed(steps: Iterable[Step | AnyStep]) -> str:
    written = ""
    for step in steps:
        if isinstance(step, int):
            written += f"[{step}]"
        elif isinstance(step, AnyStep):
            written += "[*]"
        elif isinstance(step, HiddenKey) or (_name().fullmatch(step) and step != "*"):
            written += f".{step}" if written else str(step)
        else:
            escaped = re.sub(r'(["\\])', r"\\\1", step)
            written += f'["{escaped}"]'
    return written
