"""Replacements that delete first: who must go too, because it needs what goes, and in which order."""

from typing import Literal, TypeAlias

from ..model import graph
from ..model.diff import with_replace_on_changes
from ..model.resource import Resource
from ..model.urn import provider_urn
from ..model.values import UNKNOWN
from ..provider.protocol import Registry, asked
from .actions import Action
from .ledger import PLANNED, Ledger

Follower: TypeAlias = tuple[Resource, tuple[str, ...]]
"""A resource that is replaced because of another, and the keys of its inputs that are why."""


class Replacing:
    """Finds followers, and remembers why they go."""

    def __init__(self, ledger: Ledger, registry: Registry) -> None:
        self._ledger, self._registry = ledger, registry
        self.keys: dict[str, tuple[str, ...]] = {}

    def deletes_before(self, old: Resource) -> list[Action]:
        """The deletes that come before the create of a replacement: its followers, then the resource. Raises PlanError."""
        ledger = self._ledger
        found: list[Action] = []
        for follower, keys in reversed([*self.followers(old), *self.tied_to(old.urn)]):
            if follower in ledger.deleted:
                continue
            self.keys[follower.urn] = keys
            if follower.provider:
                self._registry.ensure(follower, ledger.resources)
            if follower.protect and not follower.delete:
                ledger.stop(
                    old.urn,
                    f'unable to replace resource "{follower.urn}" as part of replacing "{old.urn}" as it is currently '
                    "marked for protection. To unprotect the resource, remove the `protect` flag from the resource in "
                    "your Pulumi program and run `pulumi up`, or use the command:\n"
                    f"`pulumi state unprotect '{follower.urn}'`",
                )
            op: Literal["delete", "delete-replaced"] = "delete" if follower.delete else "delete-replaced"
            found.append(Action(op, follower, pending_replacement=not follower.delete))
            ledger.marks["delete"].add(follower.urn)
            ledger.deleted.append(follower)
        if old.provider:
            self._registry.ensure(old, ledger.resources)
        if not old.pending_replacement:
            ledger.marks["delete"].add(old.urn)
            found.append(Action("delete-replaced", old, pending_replacement=True))
        return found

    def followers(self, root: Resource) -> list[Follower]:
        """The resources that must be replaced when the root is deleted first, as their providers say."""
        ledger = self._ledger
        if root not in ledger.resources:
            return []
        found: list[Follower] = []
        replaced = {root.urn}
        # What was planned already cannot need the root any more, whatever state says.
        planned = {urn for mark in PLANNED for urn in ledger.marks[mark]}
        for candidate in graph.depending_on(ledger.resources, root, planned):
            keys = self._why(candidate, replaced)
            if keys is not None:
                found.append((candidate, keys))
                replaced.add(candidate.urn)
        return found

    def tied_to(self, urn: str) -> list[Follower]:
        """The resources whose options say that they are deleted or replaced with that one."""
        known = {**self._ledger.olds, **self._ledger.registered}.values()
        return [(found, ()) for found in known if urn in found.replace_with or found.deleted_with == urn]

    def _why(self, candidate: Resource, replaced: set[str]) -> tuple[str, ...] | None:
        """The keys because of which the candidate is replaced too; None when it is not."""
        if not candidate.custom or candidate.external:
            return None
        if provider_urn(candidate.provider) in replaced or candidate.deleted_with in replaced:
            return ()
        changing = {key for key, urns in candidate.property_dependencies.items() if replaced.intersection(urns)}
        if not changing & candidate.inputs.keys():
            return None
        news = {key: UNKNOWN if key in changing else value for key, value in candidate.inputs.items()}
        if candidate.is_provider:
            self._registry.load(candidate)
            diff = self._registry.diff(candidate, candidate.copy(inputs=news))
        else:
            provider = self._registry.ensure(candidate, self._ledger.resources)
            diff = asked(provider, candidate.urn, candidate, news, candidate.ignore_changes)
        diff = with_replace_on_changes(diff, candidate.replace_on_changes, False)
        return diff.replace_keys if diff.replaces else None
