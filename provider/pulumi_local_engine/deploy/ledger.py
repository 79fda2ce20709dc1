"""What a run knows and has decided so far: the state before it, what was planned for each URN, and which resources take part."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, Literal, NoReturn, TypeAlias

from ..model.events import Diagnostic
from ..model.goal import Goal, former_urns
from ..model.resource import Resource
from ..model.urn import STACK_TYPE, Targets, make, qualified_type
from .actions import Action
from .options import Options

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

    def is_alias(self, alias: str, urn: str) -> bool:
        """True when what the program calls by the URN stood in state by the alias."""
        return self._new_name.get(alias) == urn

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


class Targeting:
    """Says whether a resource takes part. Providers and the stack always do."""

    def __init__(self, options: Options, ledger: Ledger) -> None:
        self._options, self._ledger = options, ledger
        self.targets, self.excludes = Targets(options.targets), Targets(options.excludes)
        self.replace = Targets(options.replace)
        # These two grow by the dependents that are met.
        self._targeted, self._excluded = Targets(options.targets), Targets(options.excludes)
        self._kept: set[str] = set()

    def includes(self, resource: Resource) -> bool:
        is_always = resource.is_provider or qualified_type(resource.urn) == STACK_TYPE
        return is_always or self.selects(resource)

    def selects(self, resource: Resource) -> bool:
        return self._is_targeted(resource) if self.targets.constrained else not self._is_excluded(resource)

    def selects_by_name(self, urn: str) -> bool:
        """True when the URN alone says so, whatever depends on whom."""
        if self.excludes.constrained:
            return urn not in self.excludes
        return urn in self.targets

    def note(self, new: Resource, included: bool) -> None:
        """The resource's dependents may follow it."""
        if not included and self._is_excluded(new):
            self._excluded.add(new.urn)
        elif included and self._is_targeted(new):
            self._targeted.add(new.urn)

    def sames_before(self, new: Resource) -> list[Action]:
        """Actions that keep in state those the resource depends on that the program no longer names, or not yet."""
        if not self.targets.constrained:
            return []
        return self._keep(new.needs)

    def left_alone(self, old: Resource) -> list[Action]:
        """Actions that keep a resource that does not take part as it is, and what it depends on before it."""
        kept = self._keep(old.needs)
        self._ledger.marks["same"].add(old.urn)
        return [*kept, Action("same", old, old.copy(id=""), untargeted=True)]

    def validated(self, actions: list[Action]) -> list[Action]:
        """The actions. Tells an error, and in an update raises PlanError, for one that needs a resource whose create is left out."""
        ledger = self._ledger
        if not any(each.constrained for each in (self.targets, self.excludes, self.replace)):
            return actions
        # What CLI 3.260.0 does when a create is left out because of `--exclude` is not recorded: it is refused too.
        how = "was excluded" if self.excludes.constrained else "was was not specified in --target list"
        for action in actions:
            new = None if action.skipped_create else action.new
            for urn in sorted(new.needs & ledger.skipped_creates) if new else ():
                ledger.error(action.urn, f"Resource '{action.urn}' depends on '{urn}' which {how}.")
                if not self._options.preview:
                    raise PlanError
                ledger.skipped_creates.discard(urn)
        return actions

    def missing(self, targets: Targets) -> list[str]:
        """Those URNs among the patterns that are neither in state nor in the program."""
        ledger = self._ledger
        known = {resource.urn for resource in ledger.resources} | ledger.urns
        return [urn for urn in targets.literals if urn not in known]

    def _keep(self, urns: Iterable[str]) -> list[Action]:
        ledger = self._ledger
        found: list[Action] = []
        for urn in sorted(urns):
            old = ledger.olds.get(urn)
            if not old or urn in self._kept or ledger.planned(urn) or ledger.kept(urn):
                continue
            self._kept.add(urn)
            found += self._keep(old.needs)
            ledger.urns.add(urn)
            ledger.marks["same"].add(urn)
            found.append(Action("same", old, old.copy(id=""), untargeted=True))
        return found

    def _is_targeted(self, resource: Resource) -> bool:
        return self._is_among(resource, self._targeted, self._options.target_dependents)

    def _is_excluded(self, resource: Resource) -> bool:
        return self._is_among(resource, self._excluded, self._options.exclude_dependents)

    def _is_among(self, resource: Resource, chosen: Targets, dependents_too: bool) -> bool:
        urns = {resource.urn, *(resource.needs if dependents_too else ())}
        return chosen.constrained and any(urn in chosen for urn in urns)
