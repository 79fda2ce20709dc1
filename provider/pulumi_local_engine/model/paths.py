"""Property paths: `labels.team`, `parts[0]`, `["a.b"]`, `*` for any key or index; and putting back what changed below one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from .values import Properties, Secret

Path: TypeAlias = tuple[str | int, ...]

_PART: Final = re.compile(r"""\.?\["((?:[^"\\]|\\.)*)"\]|\.?\[(\d+|\*)\]|\.?([^.\[]+)""")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_]*\Z")


def parse(text: str) -> Path:
    """The path's keys and indexes. Raises ValueError when it is none."""
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        found = _PART.match(text, position)
        if not found or (position == 0 and text.startswith(".")):
            raise ValueError(f"'{text}' is not a property path")
        quoted, index, plain = found.groups()
        if quoted is not None:
            parts.append(quoted.replace('\\"', '"'))
        elif index is not None:
            parts.append(index if index == "*" else int(index))
        else:
            parts.append(plain)
        position = found.end()
    return tuple(parts)


def text_of(path: Path) -> str:
    """The path as detailed diffs spell it."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.match(part):
            text += f".{part}" if text else part
        else:
            text += '["' + part.replace('"', '\\"') + '"]'
    return text


def covers(path: Path, other: Path) -> bool:
    """True when the other path is this one or lies below it."""
    return len(other) >= len(path) and all(
        part == "*" or part == found for part, found in zip(path, other, strict=False)
    )


def put_back(news: Properties, olds: Properties, ignored: Sequence[str]) -> tuple[Properties, list[str]]:
    """The new inputs with the old values wherever changes are ignored, and the paths for which that could not be done.

    It cannot where the place exists on one side only, short of the last part of the path: an element cannot be put into a list that
    has become too short.
    """
    impossible = []
    for text in ignored:
        found = _reset(parse(text), olds, news, False)
        if found is None:
            impossible.append(text)
        else:
            news = found
    return news, impossible


def _reset(path: Path, old: Any, new: Any, secret: bool) -> Any:
    """The new value with the old one at the path, or None when there is no such place; `secret`: the old one lies in a secret."""
    if isinstance(old, Secret):
        return _reset(path, old.value, new, not isinstance(new, Secret))
    if isinstance(new, Secret):
        inner = _reset(path, old, new.value, False)
        return None if inner is None else Secret(inner)
    part, rest = path[0], path[1:]
    if part == "*":
        return _reset_all(rest, old, new, secret)
    if isinstance(part, int):
        return _reset_index(part, rest, old, new, secret)
    in_old, in_new = isinstance(old, dict) and part in old, isinstance(new, dict) and part in new
    if not rest:
        if in_old:
            return {**new, part: _kept(old[part], secret)} if isinstance(new, dict) else None
        return {key: value for key, value in new.items() if key != part} if in_new else new
    if not isinstance(old, dict) or not isinstance(new, dict):
        return None if isinstance(old, dict) or isinstance(new, dict) else new
    if in_old and in_new:
        inner = _reset(rest, old[part], new[part], secret)
        return None if inner is None else {**new, part: inner}
    return None if in_old or in_new else new


def _reset_index(index: int, rest: Path, old: Any, new: Any, secret: bool) -> Any:
    if not isinstance(old, list) or not isinstance(new, list):
        return None if isinstance(old, list) or isinstance(new, list) else new
    if index >= len(old) or index >= len(new):
        return new if not rest and index >= len(old) and index >= len(new) else None
    inner = _reset(rest, old[index], new[index], secret) if rest else _kept(old[index], secret)
    return None if rest and inner is None else [*new[:index], inner, *new[index + 1 :]]


def _reset_all(rest: Path, old: Any, new: Any, secret: bool) -> Any:
    if isinstance(new, dict):
        if not rest:
            return {key: _kept(value, secret) for key, value in old.items()} if isinstance(old, dict) else new
        if not isinstance(old, dict) or old.keys() - new.keys():
            return None
        inner = {key: _reset(rest, old[key], new[key], secret) for key in old}
        return None if None in inner.values() else {**new, **inner}
    if not isinstance(new, list) or (isinstance(old, list) and len(old) != len(new)):
        return None
    if not isinstance(old, list):
        return None if rest else new
    items = [_reset(rest, a, b, secret) if rest else _kept(a, secret) for a, b in zip(old, new, strict=True)]
    return None if rest and None in items else items


def _kept(value: Any, secret: bool) -> Any:
    return Secret(value) if secret and not isinstance(value, Secret) else value
