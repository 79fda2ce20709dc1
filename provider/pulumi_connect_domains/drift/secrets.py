"""Secrets in exports: opened where they stand in clear, and marked where they are encrypted. Pure."""

from __future__ import annotations

from typing import Any

from ..model.path import Path
from ..model.values import Unknown
from ..stacks import deployment


def opened(value: Any) -> tuple[Any, set[Path]]:
    """The value with its secrets in clear, those that cannot be read as unknown values; and the paths of them all."""
    found: set[Path] = set()
    return _open(value, Path(), found), found


def unreadable() -> Unknown:
    """The mark of a secret that cannot be read: to the comparator, a value that is not known."""
    return Unknown()


def _open(value: Any, path: Path, found: set[Path]) -> Any:
    if deployment.is_secret(value):
        found.add(path)
        return deployment.in_clear(value, encrypted=unreadable())
    if isinstance(value, dict):
        return {key: _open(item, path / key, found) for key, item in value.items()}
    if isinstance(value, list):
        return [_open(item, path / position, found) for position, item in enumerate(value)]
    return value
