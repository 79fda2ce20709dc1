"""Domains that other stacks declare. Two stacks that have one domain undo what the other does, and either can delete it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model.errors import Unreadable
from ..stacks import deployment
from ..stacks.deployment import Deployment
from ..stacks.sources import Export
from .model import Adopted, Remarks, manager
from .state import managed


def declared_elsewhere(adopted: Sequence[Adopted], exports: Iterable[Export]) -> Remarks:
    """A warning for each of the domains that one of the stacks declares, and a problem for each export that cannot be read."""
    problems, warnings = [], []
    for export in exports:
        try:
            other = _read(export)
            declared = managed(other)
        except Unreadable as error:
            problems.append(f"{export.origin}: {error}")
            continue
        warnings += [
            f"{each.found.text} is declared already, in stack {other.stack} ({export.origin}) as {urn}: two stacks that declare one "
            f"domain undo each other's changes, and either can delete it; first let go of it there (`pulumi state delete '{urn}'`)"
            for each in adopted
            if (urn := manager(declared, each.found.place))
        ]
    return Remarks(problems=tuple(problems), warnings=tuple(dict.fromkeys(warnings)))


def _read(export: Export) -> Deployment:
    if export.error:
        raise Unreadable(export.error)
    return deployment.parse(export.text)
