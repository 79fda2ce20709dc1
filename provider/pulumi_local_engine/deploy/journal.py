"""The state as it changes during a run, saved after every step: what is new first, then what was there and still is."""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ..model.resource import Deployment, Operation, Resource

SAVE_AGAIN_SECONDS: Final = tuple(1.2**attempt for attempt in range(10))
"""How long to wait before each new try to save the state, 26 s in all. Source: `saveCheckpoint` of CLI 3.260.0."""


class NotSavedError(Exception):
    """The state could not be saved; the text says why. It is still to be saved."""


@dataclass(frozen=True)
class Effect:
    """What an operation does to state: a resource is there, is there no longer, or is marked."""

    add: Resource | None = None
    remove: Resource | None = None
    delete: Resource | None = None
    pending_replacement: Resource | None = None


class Journal:
    """Keeps count of resources and of operations under way. Without `save` (a preview) nothing is written.

    A save that fails is tried again for a while; then whoever wrote gets NotSavedError. After that each is tried once, and `close` saves
    what nobody could save before.
    """

    def __init__(self, deployment: Deployment, save: Callable[[Deployment], None] | None) -> None:
        self.base = list(deployment.resources)
        self.news: list[Resource] = []
        self._save = save
        # A pending create may have made something nobody knows of: only a refresh clears it, on request.
        self._left = [operation for operation in deployment.pending_operations if operation.type == "creating"]
        self._running: dict[int, Operation] = {}
        self._dirty = bool(deployment.pending_operations)
        self.has_refreshed_one = False
        """True when a program's registrations were refreshed: the order of state is then not that of dependencies."""
        self._lock = threading.RLock()
        self._waits = SAVE_AGAIN_SECONDS

    def begin(self, kind: str, resource: Resource) -> int:
        """The operation is under way; the number ends it."""
        with self._lock:
            operation = Operation(kind, resource)
            self._running[id(operation)] = operation
            try:
                self._write()
            except NotSavedError:
                del self._running[id(operation)]  # nobody begins what is not on record
                raise
            return id(operation)

    def end(self, number: int | None, effect: Effect, write: bool = True) -> None:
        """The operation, if it was one, is over, and state changed by its effect."""
        if number is None and effect == Effect():
            return
        with self._lock:
            if number is not None:
                del self._running[number]
            if effect.delete:
                effect.delete.delete = True
            if effect.pending_replacement:
                effect.pending_replacement.pending_replacement = True
            if effect.add:
                self.news.append(effect.add)
            if effect.remove:
                self.news, self.base = (replaced(found, effect.remove, None) for found in (self.news, self.base))
            if write:
                self._write()
            else:
                self._dirty = True

    def refreshed(self, old: Resource, new: Resource | None) -> None:
        """In the old resource's place stands the new one, or nothing."""
        with self._lock:
            self.base = replaced(self.base, old, new)
            self.has_refreshed_one = True
            self._write()

    def rebase(self, resources: list[Resource]) -> None:
        """These are the resources from here on, none of them new."""
        with self._lock:
            self.base, self.news = list(resources), []
            self._dirty = True

    def changed(self) -> None:
        """A resource in state was given outputs."""
        with self._lock:
            self._write()

    def close(self) -> None:
        """Everything is saved."""
        with self._lock:
            if self._dirty:
                self._write()

    @property
    def resources(self) -> list[Resource]:
        return [*self.news, *self.base]

    def _write(self) -> None:
        self._dirty = True
        if self._save:
            resources = renamed([resource.copy() for resource in self.resources])
            if self.has_refreshed_one:
                settle(resources, only_dangling=True)
            running = [Operation(o.type, o.resource.copy()) for o in self._running.values()]
            self._save_again(self._save, Deployment(tuple(resources), (*running, *self._left)))
        self._dirty = False

    def _save_again(self, save: Callable[[Deployment], None], deployment: Deployment) -> None:
        for seconds in (0.0, *self._waits):
            time.sleep(seconds)
            try:
                return save(deployment)
            except OSError as error:
                reason = error
        self._waits = ()
        raise NotSavedError(f"the state of the stack could not be saved: {reason}") from reason


def replaced(resources: Iterable[Resource], old: Resource, new: Resource | None) -> list[Resource]:
    """The resources with the new one, or nothing, in the old one's place."""
    return [found for found in (new if each is old else each for each in resources) if found]


def settle(resources: Iterable[Resource], finished: Collection[Resource] = (), *, only_dangling: bool = False) -> None:
    """No resource, but for the finished ones, names one as dependency or parent that does not stand before it.

    Empty lists of dependencies go too; `only_dangling`: not from resources that name nothing that is missing.
    """
    there: set[str] = set()
    grandparents: dict[str, str] = {}
    for resource in resources:
        if resource not in finished and not (only_dangling and resource.needs <= there):
            _settle_one(resource, there, grandparents)
        grandparents[resource.urn] = resource.parent
        there.add(resource.urn)


def _settle_one(resource: Resource, there: set[str], grandparents: Mapping[str, str]) -> None:
    resource.dependencies = tuple(urn for urn in resource.dependencies if urn in there)
    resource.replace_with = tuple(urn for urn in resource.replace_with if urn in there)
    resource.deleted_with = resource.deleted_with if resource.deleted_with in there else ""
    resource.property_dependencies = {
        key: [urn for urn in urns if urn in there]
        for key, urns in resource.property_dependencies.items()
        if there.intersection(urns)
    }
    if resource.parent and resource.parent not in there:
        resource.parent = grandparents.get(resource.parent, "")


def renamed(resources: list[Resource]) -> list[Resource]:
    """The same resources with every URN that an alias has replaced spelt anew, and the aliases forgotten."""
    names = {alias: resource.urn for resource in resources for alias in resource.aliases}
    if not names:
        return resources

    def new(urn: str) -> str:
        return names.get(urn, urn)

    def spelt_anew(resource: Resource) -> Resource:
        provider, _, id_ = resource.provider.rpartition("::")
        return resource.copy(
            aliases=(), parent=new(resource.parent), deleted_with=new(resource.deleted_with),
            provider=f"{new(provider)}::{id_}" if provider else "",
            dependencies=tuple(map(new, resource.dependencies)), replace_with=tuple(map(new, resource.replace_with)),
            property_dependencies={key: [*map(new, urns)] for key, urns in resource.property_dependencies.items()},
        )  # fmt: skip

    return [spelt_anew(resource) for resource in resources]
