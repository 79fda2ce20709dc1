"""Property paths as people and the engine write them: `matching.job_schedule.time`, `tags["a.b"]`, `matching_rules[1]`, `rules[*].rule`."""

from __future__ import annotations

import re

Keys = tuple[str | int, ...]

ANY = "*"

_STEP = re.compile(r'\.?(?P<name>[^.\[\]"]+)|\[(?P<index>\d+)\]|\[(?P<any>\*)\]|\.?\["(?P<quoted>(?:[^"\\]|\\.)*)"\]')


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
            keys.append(re.sub(r"\\(.)", r"\1", step["quoted"]))
        else:
            keys.append(step["name"] or ANY)
    if not keys:
        raise ValueError("a property path is empty")
    return tuple(keys)


def text(keys: Keys) -> str:
    """The path as `parse` reads it: names that hold dots, brackets or quotes in brackets and quotes."""
    written = ""
    for key in keys:
        if isinstance(key, int):
            written += f"[{key}]"
        elif re.fullmatch(r'[^.\[\]"]+', key):
            written += f".{key}" if written else key
        else:
            escaped = re.sub(r'(["\\])', r"\\\1", key)
            written += f'["{escaped}"]'
    return written


def covers(pattern: Keys, keys: Keys) -> bool:
    """Whether the path is what the pattern names, or lies within it."""
    return len(pattern) <= len(keys) and all(wanted in (ANY, key) for wanted, key in zip(pattern, keys, strict=False))


def within(keys: Keys, outer: Keys) -> bool:
    """Whether the path is the outer one or lies in it."""
    return keys[: len(outer)] == outer
