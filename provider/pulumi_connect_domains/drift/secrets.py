"""Secrets in exports: opened where they stand in clear, and marked where they are encrypted. Pure.

Source: the engine's deployment format: an object with a signature, and `ciphertext`, or `plaintext` (JSON text) with `--show-secrets`.
"""

from __future__ import annotations

import json
from typing import Any

from pulumi.output import Unknown

from .paths import Keys

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


def opened(value: Any) -> tuple[Any, set[Keys]]:
    """The value with its secrets in clear, those that cannot be read as unknown values; and the paths of them all."""
    found: set[Keys] = set()
    return _open(value, (), found), found


def unreadable() -> Unknown:
    """The mark of a secret that cannot be read: to the comparator, a value that is not known."""
    return Unknown()  # type: ignore[no-untyped-call]  # pulumi's own class


def _open(value: Any, keys: Keys, found: set[Keys]) -> Any:
    if isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET:
        found.add(keys)
        return json.loads(value["plaintext"]) if "plaintext" in value else unreadable()
    if isinstance(value, dict):
        return {key: _open(item, (*keys, key), found) for key, item in value.items()}
    if isinstance(value, list):
        return [_open(item, (*keys, position), found) for position, item in enumerate(value)]
    return value
