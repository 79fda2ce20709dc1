"""Property values as people read them: one line for what is plain, an indented block for lists and maps, secrets never."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..model.values import Secret, Unknown

_ABSENT = object()


def lines(key: str, value: Any, mark: str = " ", width: int = 0, indent: int = 0) -> Iterable[str]:
    """`key: value` with its mark before every line."""
    yield from _block(f"{key:<{width}}: ", value, mark, indent)


def difference(key: str, old: Any, new: Any, width: int = 0, indent: int = 0) -> Iterable[str]:
    """The lines that say how one value became the other; equal parts of maps are left out."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield f"{' ' * indent}~ {key:<{width}}: {{"
        inner = differences(old, new, indent + 4)
        yield from inner
        yield f"{' ' * indent}  }}"
    elif isinstance(old, list) and isinstance(new, list):
        yield f"{' ' * indent}~ {key:<{width}}: ["
        for index in range(max(len(old), len(new))):
            pair = [items[index] if index < len(items) else _ABSENT for items in (old, new)]
            yield from _one(f"[{index}]", pair[0], pair[1], 0, indent + 4)
        yield f"{' ' * indent}  ]"
    else:
        yield f"{' ' * indent}~ {key:<{width}}: {plain(old)} => {plain(new)}"


def differences(old: dict[str, Any], new: dict[str, Any], indent: int = 0, width: int = 0) -> Iterable[str]:
    """The same for every key of two maps; keys that begin with two underscores are the machinery's."""
    keys = sorted(k for k in old.keys() | new.keys() if not k.startswith("__") and not _equal(old, new, k))
    width = max(width, *(len(key) for key in keys), 0)
    for key in keys:
        yield from _one(key, old.get(key, _ABSENT), new.get(key, _ABSENT), width, indent)


def plain(value: Any) -> str:
    """The value on one line."""
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, Unknown):
        return "[unknown]"
    if isinstance(value, dict | list):
        return json.dumps(value, default=plain, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def _equal(old: dict[str, Any], new: dict[str, Any], key: str) -> bool:
    return key in old and key in new and bool(old[key] == new[key])


def _one(key: str, old: Any, new: Any, width: int, indent: int) -> Iterable[str]:
    if old is _ABSENT:
        yield from lines(key, new, "+", width, indent)
    elif new is _ABSENT:
        yield from lines(key, old, "-", width, indent)
    elif old != new:
        yield from difference(key, old, new, width, indent)


def _block(start: str, value: Any, mark: str, indent: int) -> Iterable[str]:
    margin = f"{' ' * indent}{mark} "
    if isinstance(value, dict) and value:
        yield f"{margin}{start}{{"
        width = max(len(key) for key in value)
        for key, item in sorted(value.items()):
            yield from _block(f"{key:<{width}}: ", item, mark, indent + 4)
        yield f"{' ' * indent}  }}"
    elif isinstance(value, list) and value:
        yield f"{margin}{start}["
        for index, item in enumerate(value):
            yield from _block(f"[{index}]: ", item, mark, indent + 4)
        yield f"{' ' * indent}  ]"
    else:
        yield f"{margin}{start}{plain(value)}"
