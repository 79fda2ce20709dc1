"""Where a Pulumi backend in a folder or bucket keeps the states of its stacks. Pure.

    .pulumi/stacks/PROJECT/STACK.json       and .json.gz or .json.zst, where the backend compresses
    .pulumi/stacks/STACK.json               the layout before projects

Source: pkg/backend/diy/store.go and state.go in pulumi/pulumi; names by sdk/go/common/tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

STACKS = ".pulumi/stacks/"

FORMS = (".json", ".json.gz", ".json.zst")
"""How the files of states end. Backups (`.json.bak`) and kept versions (`.json.1700000000`) end otherwise."""

NOT_STATES = frozenset({"history", "backups", "locks", "local-aws", ".git", "node_modules"})
"""Folders that are not looked into: those that a backend keeps beside its stacks, also for its local AWS, and others without states."""

_STACK = re.compile(r"(?:[A-Za-z0-9_.-]+/)?[A-Za-z0-9_.-]+")


class Stored(Protocol):
    """A file or an object. `modified` is a time; later ones are greater."""

    @property
    def key(self) -> str: ...
    @property
    def modified(self) -> str: ...


Kept = TypeVar("Kept", bound=Stored)


def stem(key: str) -> str:
    """The key without the form of a state; "" where it is none."""
    return next((key[: -len(form)] for form in reversed(FORMS) if key.endswith(form)), "")


def is_stack(key: str) -> bool:
    """Whether the CLI takes what stands there, below `STACKS`, for the state of a stack."""
    return _STACK.fullmatch(stem(key)) is not None


def newest(found: Iterable[Kept]) -> Iterator[Kept]:
    """All states among those found, which come in the order of their keys. Of two forms of one state only the newer, as for the CLI.

    Both are there after the CLI was told to compress, and could not delete the other one. Source: `stackPath` in state.go.
    """
    held: dict[str, Kept] = {}
    for each in found:
        name = stem(each.key)
        # All forms of one state come before any key that begins otherwise.
        for other in [other for other in held if not each.key.startswith(f"{other}{FORMS[0]}")]:
            yield held.pop(other)
        if name and (name not in held or each.modified >= held[name].modified):
            held[name] = each
    yield from held.values()
