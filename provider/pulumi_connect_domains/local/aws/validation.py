"""What a request breaks of its service's own model: types, required and unknown members, lengths, ranges, patterns, enums.

Pure and driven by the botocore shape alone; both services use it. botocore checks some of this before it sends a
request; AWS checks all of it on arrival, and so does the local AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import regex


def violations(shape: Any, value: object, path: str = "") -> list[str]:
    """One sentence for each constraint of `shape` that `value` breaks, each led by its path; none means valid.

    Free text is never repeated in a sentence: some of it is sensitive.
    """
    return list(_violations(shape, value, path))


def _violations(shape: Any, value: object, path: str) -> Iterator[str]:
    python_types, name, check = _KINDS[shape.type_name]
    if not isinstance(value, python_types) or (isinstance(value, bool) and bool not in python_types):
        yield f"{path or shape.name}: {_article(name)} is expected, not {_article(_kind_of(value))}"
    else:
        yield from check(shape, value, path)


def _structure(shape: Any, value: Mapping[str, object], path: str) -> Iterator[str]:
    # A null member is an absent one, as AWS's JSON protocols have it.
    given = {name: member for name, member in value.items() if member is not None}
    for name in shape.required_members:
        if name not in given:
            yield f"{_member(path, name)}: is required"
    for name, member in given.items():
        if name in shape.members:
            yield from _violations(shape.members[name], member, _member(path, name))
        else:
            yield f"{_member(path, name)}: is not a member of {shape.name}"


def _list(shape: Any, value: list[object], path: str) -> Iterator[str]:
    yield from _range(shape, len(value), path, "size")
    for index, element in enumerate(value):
        yield from _violations(shape.member, element, f"{path}[{index}]")


def _map(shape: Any, value: Mapping[str, object], path: str) -> Iterator[str]:
    yield from _range(shape, len(value), path, "size")
    for key, element in value.items():
        yield from _violations(shape.key, key, f"{path}: key")
        yield from _violations(shape.value, element, f"{path}[{key!r}]")


def _string(shape: Any, value: str, path: str) -> Iterator[str]:
    yield from _range(shape, len(value), path, "length")
    constraints = shape.metadata
    if "enum" in constraints and value not in constraints["enum"]:
        yield f"{path}: is not one of {', '.join(constraints['enum'])}"
    if "pattern" in constraints and not _compiled(constraints["pattern"]).search(value):
        yield f"{path}: does not match {constraints['pattern']}"


def _number(shape: Any, value: float, path: str) -> Iterator[str]:
    yield from _range(shape, value, path, "value")


def _anything(shape: Any, value: object, path: str) -> Iterator[str]:
    yield from ()


def _range(shape: Any, measured: float, path: str, measure: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and measured < least:
        yield f"{path}: {measure} {measured} is below the minimum, {least}"
    if most is not None and measured > most:
        yield f"{path}: {measure} {measured} is above the maximum, {most}"


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    r"""AWS's pattern with AWS's meaning: searched for, not anchored, and `$` is the very end.

    Python's `$` also matches before a last newline. `regex` knows `\p{L}`, which `re` does not.
    """
    return regex.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


def _member(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {int: "integer", float: "number", str: "string", list: "list", dict: "structure"}
    return names.get(type(value), "null")


# botocore's type name -> Python types as JSON has them, the name in messages, the further check.
_KINDS: dict[str, tuple[tuple[type, ...], str, Callable[[Any, Any, str], Iterator[str]]]] = {
    "structure": ((dict,), "structure", _structure),
    "list": ((list,), "list", _list),
    "map": ((dict,), "map", _map),
    "string": ((str,), "string", _string),
    "integer": ((int,), "integer", _number),
    "long": ((int,), "integer", _number),
    "float": ((int, float), "number", _number),
    "double": ((int, float), "number", _number),
    "boolean": ((bool,), "boolean", _anything),
    "timestamp": ((int, float), "timestamp", _anything),
    "blob": ((str,), "blob", _anything),
}
