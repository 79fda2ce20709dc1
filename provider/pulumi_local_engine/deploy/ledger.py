"""What a run knows and has decided so far: the state before it, the URNs that were spoken of, and what was planned for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final, Literal, NoReturn, TypeAlias

from ..model.events import Diagnostic
from ..model.goal import Goal, former_urns
from ..model.resource import Resource
from ..model.urn import make

Mark: TypeAlias = Literal[
    "create", "same", "update", "replace", "delete", "delete-replaced", "read", "refresh", "import"
]
PLANNED: Final[tuple[Mark, ...]] = ("create", "same", "update", "delete", "replace", "read")
KEPT: Final[tuple[Mark, ...]] = ("same", "update", "replace", "read", "refresh")


class PlanError(Exception):
    """The run cannot go on; with a text, which is still to be told to the user, or after one that was told."""


class Ledger:
    """One run's knowledge. Whoever changes it holds the run's planning lock."""

    def __init__(self, stack: str, project: str, resources: list[Resource], log: Callable[[Diagnostic], None]) -> None:
        self.stack, self.project, self.log = stack, project, log
        self.marks: dict[Mark, set[str]] = defaultdict(set)
        """The URNs for which each was planned. `delete-replaced` are those of which an old resource goes while a new one may stay."""
        self.urns: set[str] = set()
        """Those the program has named."""
        self.skipped_creates: set[str] = set()
        self.registered: dict[str, Resource] = {}
        self.condemned: list[Resource] = []
        """Of a destroy that runs the program: what it registered."""
        self.deleted: list[Resource] = []
        """What was deleted already, because something it needs is replaced."""
        self.skipped: list[Resource] = []
        """What stays as it is in state, because something it was to need from now on could not be made."""
        self.failed = False
        self._new_name: dict[str, str] = {}
        self._old_name: dict[str, str] = {}
        self.set_state(resources)

    def set_state(self, resources: list[Resource]) -> None:
        """What there is before the program speaks."""
        self.resources = resources
        self.olds = {resource.urn: resource for resource in resources if not resource.delete}

    def planned(self, urn: str) -> bool:
        return any(urn in self.marks[mark] for mark in PLANNED)

    def kept(self, urn: str) -> bool:
        """True when the run leaves or makes something of the URN; all others are deleted in the end."""
        urn = self._new_name.get(urn, urn)
        return any(urn in self.marks[mark] for mark in KEPT)

    def error(self, urn: str, message: str) -> None:
        """The message is told, and the run is a failed one."""
        self.failed = True
        self.log(Diagnostic("error", message, urn))

    def stop(self, urn: str, message: str) -> NoReturn:
        """Raises PlanError, after the message was told."""
        self.error(urn, message)
        raise PlanError

    def claim(self, goal: Goal) -> tuple[Resource | None, Resource]:
        """What is known of the resource, and what it is to be, before anybody was asked. Raises PlanError."""
        if goal.parent and goal.parent not in self.urns:
            raise PlanError(f"could not find parent resource {goal.parent}")
        urn = make(self.stack, self.project, goal.parent, goal.type, goal.name)
        if urn in self.urns:
            self.stop(urn, f"Duplicate resource URN '{urn}'; try giving it a unique name")
        self.urns.add(urn)
        old, alias = self._find(urn, goal)
        new = goal.resource(urn, alias)
        if old:
            new.created, new.modified = old.created, old.modified
        return old, new

    def _find(self, urn: str, goal: Goal) -> tuple[Resource | None, str]:
        """The resource in state, by its URN or an alias, and that alias."""
        if taken := self._new_name.get(urn):
            self.stop(urn, f"Duplicate resource URN '{urn}' conflicting with alias on resource with URN '{taken}'")
        if urn in self.olds:
            return self.olds[urn], ""
        for alias in former_urns(goal, self.stack, self.project, self._old_name):
            if alias in self.olds:
                other = urn if alias in self.urns else self._new_name.get(alias)
                if other:
                    self.stop(
                        urn,
                        f"Duplicate resource alias '{alias}' applied to resource with URN '{urn}' conflicting with "
                        f"resource with URN '{other}'",
                    )
                self._new_name[alias], self._old_name[urn] = urn, alias
                return self.olds[alias], alias
        return None, ""
