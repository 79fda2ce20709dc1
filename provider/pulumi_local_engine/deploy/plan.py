"""What is to be done about one registration: the heart of the engine.

A plan is made for one registration at a time, in the order in which the program's calls come in; only actions run side by side.
"""

from ..model.diff import Diff, put_back, with_replace_on_changes
from ..model.events import Diagnostic
from ..model.goal import Goal
from ..model.resource import Resource
from ..model.urn import provider_urn
from ..model.values import Properties, equal
from ..provider.protocol import DiffUnavailable, Provider, Registry, asked
from .actions import Action
from .applying import sentence_about
from .ledger import Ledger, PlanError, Targeting
from .naming import Naming
from .options import Options
from .replacing import Replacing


class Planner:
    """Plans registrations. Every method may raise PlanError, and ProviderError when a provider cannot answer."""

    def __init__(self, options: Options, ledger: Ledger, registry: Registry, naming: Naming) -> None:
        self.options, self.ledger, self.registry, self.naming = options, ledger, registry, naming
        self.targeting = Targeting(options, ledger)
        self.replacing = Replacing(ledger, registry)

    def _read(self, goal: Goal, old: Resource | None, new: Resource) -> list[Action]:
        marks = self.ledger.marks
        new.external, new.id, new.import_id = True, goal.id, ""
        if old and not old.external and old.id != goal.id:
            marks["replace"].add(new.urn)
            return [Action("read-replacement", old, new), Action("replace", old, new)]
        if self.options.kind == "destroy":
            self.ledger.condemned.append(new)
        marks["read"].add(new.urn)
        return [Action("read", old, new)]

    def apart_from_update(self, goal: Goal, old: Resource | None, new: Resource) -> list[Action] | None:
        """The actions for what is read only, and what a refresh or a destroy makes of the rest; None when it is planned as in an update."""
        if goal.reads:
            return self._read(goal, old, new)
        ledger = self.ledger
        plain = goal.custom and not new.is_provider
        skips = bool(new.needs & ledger.skipped_creates)
        if self.options.kind == "refresh" and (plain or skips):
            return [] if old else self._skip_create(new)
        if self.options.kind == "destroy":
            if skips or (plain and not old):
                new.outputs = old.outputs if old else new.outputs
                ledger.marks["refresh"].discard(new.urn)  # it goes like what the program does not register
                return self._skip_create(new)
            ledger.condemned.append(new)
            if plain and old:
                ledger.marks["same"].add(new.urn)
                new.inputs, new.external = old.inputs, old.external  # what was only read is not deleted
                return [Action("same", old, new)]
        return None

    def imports(self, goal: Goal, old: Resource | None) -> bool:
        """True when the goal names an existing thing that is not the one in state."""
        return bool(goal.custom and goal.id and (not old or old.external or (old.import_id or old.id) != goal.id))

    def import_(self, old: Resource | None, new: Resource) -> list[Action]:
        """The actions that take an existing thing into state; an update follows."""
        marks = self.ledger.marks
        marks["import"].add(new.urn)
        if old and new.urn not in marks["delete"]:
            return [Action("import-replacement", old, new, original=old), Action("replace", old, new)]
        return [Action("import", None, new)]

    def update(self, goal: Goal, old: Resource | None, new: Resource) -> list[Action]:
        """The actions that turn the old resource into the new one."""
        included = self.targeting.includes(new)
        provider = self._inputs(goal, old, new, included)
        before = self.targeting.sames_before(new) if included else []
        return self.targeting.validated([*before, *self._change(goal, old, new, provider, included)])

    def _change(
        self, goal: Goal, old: Resource | None, new: Resource, provider: Provider | None, included: bool
    ) -> list[Action]:
        urn, marks = new.urn, self.ledger.marks
        if old and urn in marks["delete"]:  # deleted already, because something that it needs is replaced
            marks["delete"].discard(urn)
            marks["replace"].add(urn)
            why = Diff(True, self.replacing.keys.get(urn, ()))
            return [Action("replace", old, new), Action("create-replacement", old, new, why)]
        if old and old.external and included:  # read until now, from here on managed: so there has to be one of our own
            marks["create"].add(urn)
            create = Action("create-replacement", old, new, pending_delete=True)
            return [create, Action("replace", old, new)]
        self.targeting.note(new, included)
        if not included:
            marks["same"].add(urn)
            return self.targeting.left_alone(old) if old else self._skip_create(new)
        if not old:
            marks["create"].add(urn)
            return [Action("create", None, new)]
        if actions := self._update(goal, old, new, provider):
            return actions
        if urn in marks["import"]:
            return []
        marks["same"].add(urn)
        return [Action("same", old, new)]

    def _inputs(self, goal: Goal, old: Resource | None, new: Resource, included: bool) -> Provider | None:
        """The resource's provider (None for components and providers), after it has checked `new.inputs`."""
        if old:
            new.inputs, impossible = put_back(new.inputs, old.inputs, goal.ignore_changes)
            if impossible:
                text = "cannot ignore changes in added or removed elements of the path"
                self.ledger.log(Diagnostic("info", f'{text}: "{", ".join(impossible)}"', new.urn))
        if not new.custom:
            return None
        provider = None if new.is_provider else self.registry.ensure(new, self.ledger.resources)
        if not included:
            new.inputs = old.inputs if old else {}
        elif not old or old.external or new.urn in self.ledger.marks["delete"] or self._replace_asked(new.urn, old):
            self._check(provider, new, {}, goal.inputs)
        else:
            self._check(provider, new, old.inputs, new.inputs)
        return provider

    def _update(self, goal: Goal, old: Resource, new: Resource, provider: Provider | None) -> list[Action]:
        """The update or replacement of a resource, or nothing."""
        marks = self.ledger.marks
        try:
            diff = self._diff(old, new, provider)
        except DiffUnavailable as unavailable:
            diff = Diff(True)
            self.ledger.log(Diagnostic("warning", str(unavailable), new.urn))
        diff = with_replace_on_changes(diff, goal.replace_on_changes, bool(old.init_errors))
        if (diff.changes and diff.replaces) or old.pending_replacement:
            self._refuse_if_protected(old, new)
            self._refuse_if_imported(goal, diff)
            marks["replace"].add(new.urn)
            if new.custom and not self._replace_asked(new.urn, old):
                self._check(provider, new, {}, goal.inputs)
            first = diff.delete_before_replace if goal.delete_before_replace is None else goal.delete_before_replace
            first |= bool(new.custom and self.naming.repeats(new.urn))
            create = Action("create-replacement", old, new, diff, pending_delete=not first)
            logical = Action("replace", old, new, diff)
            return [*self.replacing.deletes_before(old), logical, create] if first else [create, logical]
        if diff.changes or old.init_errors:
            marks["update"].add(new.urn)
            return [Action("update", old, new, diff)]
        return []

    def _diff(self, old: Resource, new: Resource, provider: Provider | None) -> Diff:
        replaced = self.ledger.marks["replace"]
        if self._replace_asked(new.urn, old):
            return Diff(True, ("id",))
        if replaced.intersection(new.replace_with):
            return Diff(True, ("replaceWith",))
        if new.deleted_with in replaced:
            return Diff(True, ("deletedWith",))
        if self._is_foreign(old, new):
            return Diff(True, ("provider",))
        if provider:
            return asked(provider, new.urn, old, new.inputs, new.ignore_changes)
        return self.registry.diff(old, new) if new.is_provider else Diff(not equal(old.inputs, new.inputs))

    def _is_foreign(self, old: Resource, new: Resource) -> bool:
        """True when the new resource's provider, which is another than the old one's, says that it cannot manage what that one made."""
        one, other = provider_urn(old.provider), provider_urn(new.provider)
        if not (one and other):
            return one != other
        before, after = self.ledger.olds.get(one), self.ledger.registered.get(other)
        if old.provider == new.provider or self.ledger.is_alias(one, other) or not (before and after):
            return False
        return self.registry.diff(before, after).replaces

    def _check(self, provider: Provider | None, new: Resource, olds: Properties, news: Properties) -> None:
        """The new resource's inputs are as its provider wants them (without one: as a provider wants its own). Raises PlanError."""
        if provider:
            new.inputs, failures = provider.check(new.urn, olds, news, self.naming.name_of(new.urn))
        else:
            new.inputs, failures = self.registry.check(new.copy(inputs=news), olds)
        for failure in failures:
            self.ledger.error(new.urn, sentence_about(new, failure))
        if failures:
            raise PlanError

    def _replace_asked(self, urn: str, old: Resource | None) -> bool:
        asked_for = self.targeting.replace
        return (asked_for.constrained and urn in asked_for) or bool(old and old.taint)

    def _refuse_if_protected(self, old: Resource, new: Resource) -> None:
        if old.protect and new.protect:
            self.ledger.error(
                new.urn,
                f'unable to replace resource "{new.urn}"\nas it is currently marked for protection. To unprotect the '
                "resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
            )
            if not self.options.preview:
                raise PlanError

    def _refuse_if_imported(self, goal: Goal, diff: Diff) -> None:
        if goal.id:
            text = (
                "previously-imported resources that still specify an ID may not be replaced; please remove the `import` "
                f"declaration from your program;\n{', '.join(diff.replace_keys)}"
            )
            if not self.options.preview:
                raise PlanError(text)
            self.ledger.log(Diagnostic("warning", text))

    def _skip_create(self, new: Resource) -> list[Action]:
        self.ledger.skipped_creates.add(new.urn)
        return [Action("same", new.copy(), new, skipped_create=True)]
