"""The providers of a run that are loaded, by the references that resources name them by."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from ..model.resource import Resource
from ..model.urn import provider_urn
from ..provider.protocol import Provider, ProviderError, Providers


class Registry:
    """Loads providers, each once, and ends them."""

    def __init__(self, providers: Providers, preview: bool) -> None:
        self._source, self._preview = providers, preview
        self._loaded: dict[str, Provider] = {}
        self._lock = threading.RLock()

    def get(self, reference: str) -> Provider:
        """The provider of the reference. Raises ProviderError when it was not loaded."""
        try:
            return self._loaded[reference]
        except KeyError:
            raise ProviderError(f"unknown provider '{reference}'") from None

    def ensure(self, resource: Resource, olds: Mapping[str, Resource]) -> Provider:
        """The resource's provider, loaded from state if need be. Raises ProviderError when it is not even there."""
        if resource.provider not in self._loaded:
            found = olds.get(provider_urn(resource.provider))
            if not found or found.reference != resource.provider:
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

    def unload(self, reference: str) -> None:
        with self._lock:
            if provider := self._loaded.pop(reference, None):
                self._source.unload(provider)

    def close(self) -> None:
        for reference in list(self._loaded):
            self.unload(reference)
