"""Property paths: the one grammar that every command prints and reads; docs/paths.md describes it. Pure.

Shape: `matching.job_schedule.time`, `tags["cost.center"]`, `matching_rules[1].rule`; in patterns also `matching_rules[*].rule`.

Source: the grammar is Pulumi's own (`resource.ParsePropertyPath`), so paths of the engine and of `ignore_changes` are read too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Keys = tuple[str | int, ...]
"""A path taken apart: names, and list positions as ints."""

ANY = "*"

_PLAIN = re.compile(r'[^.\[\]"]+')
_STEP = re.compile(
    rf'\.?(?P<name>{_PLAIN.pattern})|\[(?P<index>\d+)\]|\[(?P<any>\*)\]|\.?\["(?P<quoted>(?:[^"\\]|\\.)*)"\]', re.DOTALL
)
_ESCAPED = re.compile(r'\\(["\\])')


def parse(text: str) -> Keys:
    """The keys of a path: list positions are ints, `*` stands for any one key.

    Shape: `matching_rules[1].rule` gives `("matching_rules", 1, "rule")`. Raises: ValueError, which says where the path ends to make sense.
    """
    keys: list[str | int] = []
    position = 0
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            raise ValueError(f"{text!r} is not a property path: it makes no sense from {text[position:]!r} on")
        position = step.end()
        if step["index"] is not None:
            keys.append(int(step["index"]))
        elif step["quoted"] is not None:
            keys.append(_ESCAPED.sub(r"\1", step["quoted"]))
        else:
            keys.append(step["name"] or ANY)
    if not keys:
        raise ValueError("a property path is empty")
    return tuple(keys)


def text(keys: Keys) -> str:
    """The path as `parse` reads it: names that hold dots, brackets or quotes stand in brackets and quotes."""
    written = ""
    for key in keys:
        if isinstance(key, int):
            written += f"[{key}]"
        elif _PLAIN.fullmatch(key):
            written += f".{key}" if written else key
        else:
            escaped = re.sub(r'(["\\])', r"\\\1", key)
            written += f'["{escaped}"]'
    return written


def top(path: str) -> str:
    """The first name of a path; the whole text where it is no path."""
    try:
        return str(parse(path)[0])
    except ValueError:
        return path


def covers(pattern: Keys, keys: Keys) -> bool:
    """Whether the path is what the pattern names, or lies within it."""
    return len(pattern) <= len(keys) and all(wanted in (ANY, key) for wanted, key in zip(pattern, keys, strict=False))


def within(keys: Keys, outer: Keys) -> bool:
    """Whether the path is the outer one or lies in it."""
    return keys[: len(outer)] == outer


# -- by a schema ------------------------------------------------------------------------------------------------------


def node_at(schema: Mapping[str, object], keys: Keys) -> Mapping[str, object]:
    """The part of the schema that describes the value at the path; `{}` where it has none."""
    node: object = schema
    for key in keys:
        if not isinstance(node, Mapping):
            return {}
        node = node.get("items") if isinstance(key, int) else _member(node, key)
    return node if isinstance(node, Mapping) else {}


def settled(schema: Mapping[str, object], keys: Keys) -> Keys:
    """The same path, where all names that follow a map of plain values are one key of it.

    So `tags.cost.center` means what `tags["cost.center"]` means: nothing can lie within a tag's value.
    """
    for place in range(1, len(keys) - 1):
        node, rest = node_at(schema, keys[:place]), [key for key in keys[place:] if isinstance(key, str)]
        values = node.get("additionalProperties")
        if "properties" not in node and isinstance(values, Mapping) and values.get("type") == "string":
            return (*keys[:place], ".".join(rest)) if len(rest) == len(keys) - place else keys
    return keys


def _member(node: Mapping[str, object], key: str) -> object:
    members = node.get("properties")
    named = members.get(key) if isinstance(members, Mapping) else None
    return node.get("additionalProperties") if named is None else named
