"""Setting and removing one entry of a YAML file; all other values, comments and styles stay as people wrote them.

ruamel.yaml keeps them: block and flow style, quotes, comments, anchors. Indentation is made even, as the CLI does.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark, YAMLError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString
from ruamel.yaml.tokens import CommentToken

from .yaml_values import SettingsError, read_yaml, scalar

_NO_FOLDING = 2**20


class _NothingResolved(VersionedResolver):
    """Every plain scalar is a text, and so comes back as it was spelt: `012`, `yes`, `~`."""

    @property
    def versioned_resolver(self) -> Any:
        return {}


def edit(text: str, keys: tuple[str, ...], value: Any, path: Path = Path()) -> str:
    """The YAML text with the entry below one or two keys set, or removed (None). Raises SettingsError when that cannot be done."""
    try:
        document = _yaml().load(text)
    except YAMLError as error:
        raise SettingsError(f"{path}: {error}") from None
    root = document if isinstance(document, CommentedMap) else CommentedMap()
    _set(root, keys, value)
    changed = _dump(root) if root else ""
    if read_yaml(changed, path) != _expected(read_yaml(text, path), keys, value):
        raise SettingsError(
            f"{path}: '{keys[-1]}' cannot be changed without changing other values: edit the file by hand"
        )
    return changed


def _yaml() -> YAML:
    made = YAML(typ="rt", pure=True)
    made.Resolver = _NothingResolved
    made.preserve_quotes = True
    made.width = _NO_FOLDING
    made.indent(mapping=2, sequence=4, offset=2)
    return made


def _dump(root: CommentedMap) -> str:
    stream = io.StringIO()
    _yaml().dump(root, stream)
    return stream.getvalue()


def _set(mapping: CommentedMap, keys: tuple[str, ...], value: Any) -> None:
    key, rest = keys[0], keys[1:]
    if rest:
        inner = mapping.get(key)
        if not isinstance(inner, CommentedMap) or not inner:
            inner = CommentedMap()
        _set(inner, rest, value)
        if not inner:
            _remove(mapping, key)
        elif inner is not mapping.get(key):
            _put(mapping, key, inner)
    elif value is None:
        _remove(mapping, key)
    else:
        _put(mapping, key, _node(value))


def _put(mapping: CommentedMap, key: str, node: Any) -> None:
    """The entry is there; a new one stands before the comment that ends the mapping, which is about what follows."""
    last = next(reversed(mapping), None)
    comment = _take_comment(mapping, last) if last is not None and key not in mapping else ""
    mapping[key if key in mapping else _text(key)] = node
    _add_comment(mapping, key, comment)


def _remove(mapping: CommentedMap, key: str) -> None:
    """There is no such entry; the comment after it, which is about what follows, stays."""
    if key not in mapping:
        return
    before = [found for found in mapping if found != key][: list(mapping).index(key)]
    comment = _take_comment(mapping, key)
    del mapping[key]
    if before:
        _add_comment(mapping, before[-1], comment)
    elif mapping and comment.strip():
        following = next(iter(mapping))
        lines = [line.strip().removeprefix("#").removeprefix(" ") for line in comment.strip().splitlines()]
        mapping.yaml_set_comment_before_after_key(following, before="\n".join(lines), indent=mapping.lc.col)


def _take_comment(mapping: CommentedMap, key: Any) -> str:
    """The lines of comment below the entry, which has them no longer; ruamel.yaml counts them to the last value before them."""
    holder, place, slot = _deepest(mapping, key)
    token = (holder.ca.items.get(place) or [None] * 4)[slot]
    if token is None or isinstance(token, list):
        return ""
    end_of_line, _, below = token.value.partition("\n")
    token.value = f"{end_of_line}\n"
    return str(below)


def _add_comment(mapping: CommentedMap, key: Any, comment: str) -> None:
    if not comment:
        return
    holder, place, slot = _deepest(mapping, key)
    slots = holder.ca.items.setdefault(place, [None] * 4)
    if slots[slot] is None:
        slots[slot] = CommentToken("\n", CommentMark(0), None)
    slots[slot].value += comment


def _deepest(holder: Any, place: Any) -> tuple[Any, Any, int]:
    """Where ruamel.yaml keeps the comment after an entry: the collection, the key or index in it, and the slot of its comments."""
    value = holder[place]
    if isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
        return _deepest(value, next(reversed(value)) if isinstance(value, CommentedMap) else len(value) - 1)
    return holder, place, 2 if isinstance(holder, CommentedMap) else 0


def _node(value: Any) -> Any:
    """The value as ruamel.yaml writes it: its scalars are texts here, which are read as numbers and booleans unless they are in quotes."""
    if isinstance(value, dict):
        return CommentedMap((_text(key), _node(item)) for key, item in value.items())
    if isinstance(value, list):
        return CommentedSeq(map(_node, value))
    return _text(value) if isinstance(value, str) else PlainScalarString(json.dumps(value))


def _text(text: str) -> str:
    """The text, in quotes where it would be read as something else, or is not printable."""
    try:
        is_plain = text.isprintable() and text == scalar(text)
    except ValueError:
        is_plain = False
    # A text without a style of its own would take over the style of the value before.
    styled: str = PlainScalarString(text) if is_plain else DoubleQuotedScalarString(text)
    return styled


def _expected(document: dict[str, Any], keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    key, rest = keys[0], keys[1:]
    inner = _expected(document.get(key) or {}, rest, value) or None if rest else value
    changed = {**document, key: inner}
    return {found: item for found, item in changed.items() if found != key or item is not None}
