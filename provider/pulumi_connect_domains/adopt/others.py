"""Domains that other stacks declare. Two stacks that have one domain undo what the other does, and either can delete it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..stacks.files import Unreadable
from ..stacks.sources import Export
from . import state
from .model import Adopted, Remarks, manager


def declared_elsewhere(adopted: Sequence[Adopted], exports: Iterable[Export]) -> Remarks:
    """A warning for each of the domains that one of the stacks declares, and a problem for each export that cannot be read."""
    problems, warnings = [], []
    for export in exports:
        try:
            other = _read(export)
        except Unreadable as error:
            problems.append(f"{export.origin}: {error}")
            continue
        managed = other.managed
        warnings += [
            f"{each.found.text} is declared already, in stack {other.stack} ({export.origin}) as {urn}: two stacks that declare one "
            f"domain undo each other's changes, and either can delete it; first let go of it there (`pulumi state delete '{urn}'`)"
            for each in adopted
            if (urn := manager(managed, each.found.place))
        ]
    return Remarks(problems=tuple(problems), warnings=tuple(dict.fromkeys(warnings)))


def _read(export: Export) -> state.State:
    if export.error:
        raise Unreadable(export.error)
    return state.read(export.text)
