"""A provider as the engine uses it, in property values; how it fails; and where a run's providers come from."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..model.diff import Diff, decided, put_back
from ..model.events import Diagnostic
from ..model.resource import Resource
from ..model.values import Properties, equal


class ProviderError(Exception):
    """A provider's method failed. `maybe_done`: nobody knows whether it took effect."""

    def __init__(self, message: str, maybe_done: bool = False) -> None:
        super().__init__(message)
        self.maybe_done = maybe_done


class DiffUnavailable(Exception):
    """The provider cannot diff before its configuration is known."""


class Refused(Exception):
    """A program asks for what the local engine does not do; the text is a sentence."""


@dataclass(frozen=True)
class Failure:
    """One mistake that check found; `property` may be empty."""

    property: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """What create, update and read give. `reasons`: it exists, but is not finished. Without an id: read found nothing."""

    id: str = ""
    outputs: Properties = field(default_factory=dict)
    inputs: Properties | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Name:
    """What a resource without a name of its own is to be called; `mode` is the protocol's: 0 proposed, 1 enforced, 2 none at all."""

    text: str
    mode: int


class Provider(Protocol):
    """What a run asks of a provider; every method raises ProviderError."""

    def check(
        self, urn: str, olds: Properties, news: Properties, name: Name | None
    ) -> tuple[Properties, list[Failure]]: ...
    def diff(self, urn: str, old: Resource, news: Properties, ignored: tuple[str, ...]) -> Diff: ...
    def create(self, new: Resource, preview: bool) -> Answer: ...
    def update(self, old: Resource, new: Resource, preview: bool) -> Answer: ...
    def read(
        self, urn: str, id_: str, inputs: Properties | None, state: Properties | None, timeout: float
    ) -> Answer: ...
    def delete(self, old: Resource) -> None: ...


class Providers(Protocol):
    """Where a run's providers come from: processes, or objects of this process. All but `listen` may raise ProviderError."""

    def listen(self, heard: Callable[[Diagnostic], None]) -> None:
        """What providers say from now on is told to the function."""

    def check(self, resource: Resource, olds: Properties) -> tuple[Properties, list[Failure]]:
        """The inputs of a provider's resource, and mistakes in them, as the provider says."""

    def diff(self, old: Resource, new: Resource) -> Diff:
        """What the provider of the new resource says of the old one's inputs, which may be those of another package's provider."""

    def load(self, resource: Resource, preview: bool) -> Provider:
        """A provider, configured as its resource says."""

    def unload(self, provider: Provider) -> None:
        """The run needs the provider no longer."""

    def cancel(self) -> None:
        """All providers were asked to end what they are at."""

    def invoke(self, token: str, arguments: Properties, provider: str) -> Properties:
        """The result of a function of a package; `provider` is the reference of an explicit one, or empty."""


class Registry:
    """Loads providers, each once, and ends them."""

    def __init__(self, providers: Providers, preview: bool) -> None:
        self._source, self._preview = providers, preview
        self._loaded: dict[str, Provider] = {}
        self._lock = threading.RLock()

    def ensure(self, resource: Resource, known: Iterable[Resource] = ()) -> Provider:
        """The resource's provider, loaded from state if need be, be it one that is still to be deleted. Raises ProviderError for none."""
        if resource.provider not in self._loaded:
            found = next((each for each in known if each.reference == resource.provider), None)
            if not found:
                raise ProviderError(f"provider '{resource.provider}' of {resource.urn} is not in state")
            self.load(found)
        return self._loaded[resource.provider]

    def load(self, resource: Resource, again: bool = False) -> None:
        """The provider that the resource describes is loaded; `again`: with other inputs than before. Raises ProviderError."""
        with self._lock:
            if again:
                self.unload(resource.reference)
            if resource.reference not in self._loaded:
                self._loaded[resource.reference] = self._source.load(resource, self._preview)

    def check(self, resource: Resource, olds: Properties) -> tuple[Properties, list[Failure]]:
        """The inputs of a provider's resource, and mistakes in them. Raises ProviderError."""
        return self._source.check(resource, olds)

    def diff(self, old: Resource, new: Resource) -> Diff:
        """What differs between two providers' resources, as the new one's provider says, or else by their inputs. Raises ProviderError."""
        diff = self._source.diff(old, new)
        return diff if diff.changes is not None else replace(diff, changes=not equal(old.outputs, new.configuration))

    def cancel(self) -> None:
        """The providers were asked to end what they are at."""
        self._source.cancel()

    def unload(self, reference: str) -> None:
        with self._lock:
            if provider := self._loaded.pop(reference, None):
                self._source.unload(provider)

    def close(self) -> None:
        for reference in list(self._loaded):
            self.unload(reference)


def asked(provider: Provider, urn: str, old: Resource, news: Properties, ignored: tuple[str, ...]) -> Diff:
    """The provider's diff, with the engine's own where the provider leaves the question open."""
    diff = provider.diff(urn, old, news, ignored)
    return decided(diff, old.inputs, put_back(news, old.inputs, ignored)[0])
