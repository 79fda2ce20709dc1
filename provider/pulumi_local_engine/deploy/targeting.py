"""`--target`, `--exclude` and what goes with them: which resources take part, and keeping those that do not in state."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.resource import Resource
from ..model.urn import STACK_TYPE, Targets, qualified_type
from .actions import Action
from .ledger import Ledger, PlanError
from .options import Options


class Targeting:
    """Says whether a resource takes part. Providers and the stack always do."""

    def __init__(self, options: Options, ledger: Ledger) -> None:
        self._options, self._ledger = options, ledger
        self.targets, self.excludes = Targets(options.targets), Targets(options.excludes)
        self.replace = Targets(options.replace)
        # These two grow by the dependents that are met.
        self._targeted, self._excluded = Targets(options.targets), Targets(options.excludes)
        self._kept: set[str] = set()

    @property
    def constrained(self) -> bool:
        return self.targets.constrained or self.excludes.constrained

    def includes(self, resource: Resource) -> bool:
        if resource.is_provider or qualified_type(resource.urn) == STACK_TYPE:
            return True
        return self.selects(resource)

    def selects(self, resource: Resource) -> bool:
        if self.targets.constrained:
            return self._is_targeted(resource)
        return not (self.excludes.constrained and self._is_excluded(resource))

    def selects_by_name(self, urn: str) -> bool:
        """True when the URN alone says so, whatever depends on whom."""
        if self.excludes.constrained:
            return urn not in self.excludes
        return urn in self.targets

    def note(self, new: Resource, included: bool) -> None:
        """The resource's dependents may follow it."""
        if not included and self.excludes.constrained and self._is_excluded(new):
            self._excluded.add(new.urn)
        elif included and self._is_targeted(new):
            self._targeted.add(new.urn)

    def sames_before(self, new: Resource) -> list[Action]:
        """Actions that keep in state those the resource depends on that the program no longer names, or not yet."""
        if not self.targets.constrained:
            return []
        return self._keep(new.needs)

    def left_alone(self, old: Resource, new: Resource) -> list[Action]:
        """Actions that keep a resource that does not take part as it is, and what it depends on before it."""
        ledger = self._ledger
        ledger.marks["same"].add(new.urn)
        kept = self._keep(old.needs)
        ledger.marks["same"].add(old.urn)
        return [*kept, Action("same", old, old.copy(id=""), untargeted=True)]

    def validated(self, actions: list[Action]) -> list[Action]:
        """The actions. Tells an error, and in an update raises PlanError, for one that needs a resource whose create is left out.

        What CLI 3.260.0 does when that is because of `--exclude` is not recorded; here it is refused too.
        """
        ledger = self._ledger
        if not self.constrained and not self.replace.constrained:
            return actions
        left_out = "was excluded" if self.excludes.constrained else "was was not specified in --target list"
        for action in actions:
            new = None if action.skipped_create else action.new
            for urn in sorted(new.needs & ledger.skipped_creates) if new else ():
                ledger.error(
                    action.urn,
                    f"Resource '{action.urn}' depends on '{urn}' which {left_out}.",
                )
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
        if self.targets.constrained and resource.urn in self.targets:
            return True
        return self._follows(resource, self._targeted, self._options.target_dependents)

    def _is_excluded(self, resource: Resource) -> bool:
        if resource.urn in self.excludes:
            return True
        return self._follows(resource, self._excluded, self._options.exclude_dependents)

    def _follows(self, resource: Resource, chosen: Targets, asked: bool) -> bool:
        return asked and chosen.constrained and any(urn in chosen for urn in resource.needs)
