"""Secrets in exports: opened where they stand in clear, and marked where they are encrypted. Pure."""

from __future__ import annotations

from typing import Any

from pulumi.output import Unknown

from ..stacks import deployment
from .paths import Keys


def opened(value: Any) -> tuple[Any, set[Keys]]:
    """The value with its secrets in clear, those that cannot be read as unknown values; and the paths of them all."""
    found: set[Keys] = set()
    return _open(value, (), found), found


def unreadable() -> Unknown:
    """The mark of a secret that cannot be read: to the comparator, a value that is not known."""
    return Unknown()  # type: ignore[no-untyped-call]  # pulumi's own class


def _open(value: Any, keys: Keys, found: set[Keys]) -> Any:
    if deployment.is_secret(value):
        found.add(keys)
        return deployment.in_clear(value, encrypted=unreadable())
    if isinstance(value, dict):
        return {key: _open(item, (*keys, key), found) for key, item in value.items()}
    if isinstance(value, list):
        return [_open(item, (*keys, position), found) for position, item in enumerate(value)]
    return value
