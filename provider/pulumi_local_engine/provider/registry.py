"""The providers of a run, by their references, each configured with what its resource in state or program says."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Final

import grpc

from ..model.resource import Resource
from ..model.urn import PROVIDERS, provider_urn
from ..model.values import Unknown, contains
from .hosts import Host, HostError, Hosts
from .mocks import Mock, MockProvider
from .protocol import Provider, ProviderError
from .rpc import DynamicProvider

DYNAMIC: Final = "pulumi-python"
"""The package of every Python dynamic provider."""


class Registry:
    """Loads providers and ends them."""

    def __init__(self, hosts: Hosts, mock: Mock | None, preview: bool) -> None:
        self._hosts, self._mock, self._preview = hosts, mock, preview
        self._providers: dict[str, Provider] = {}
        self._taken: dict[str, Host] = {}
        self._lock = threading.RLock()

    def get(self, reference: str) -> Provider:
        """The provider of the reference. Raises ProviderError when it was not loaded."""
        try:
            return self._providers[reference]
        except KeyError:
            raise ProviderError(f"unknown provider '{reference}'") from None

    def ensure(self, resource: Resource, olds: Mapping[str, Resource]) -> Provider:
        """The resource's provider, be it only known from state. Raises ProviderError when it is not even there."""
        if resource.provider not in self._providers:
            found = olds.get(provider_urn(resource.provider))
            if not found or found.reference != resource.provider:
                raise ProviderError(f"provider '{resource.provider}' of {resource.urn} is not in state")
            self.load(found)
        return self._providers[resource.provider]

    def load(self, resource: Resource, again: bool = False) -> None:
        """The provider that the resource describes is there, configured; `again` with other inputs than before."""
        with self._lock:
            reference = resource.reference
            if reference in self._providers and not again:
                return
            self.unload(reference)
            package = resource.type.removeprefix(PROVIDERS)
            if package == DYNAMIC:
                self._providers[reference] = self._dynamic(resource)
            elif self._mock:
                self._providers[reference] = MockProvider(self._mock, reference)
            else:
                raise ProviderError(refusal(package))

    def unload(self, reference: str) -> None:
        with self._lock:
            self._providers.pop(reference, None)
            if host := self._taken.pop(reference, None):
                self._hosts.give_back(host)

    def close(self) -> None:
        for reference in list(self._taken):
            self.unload(reference)

    def _dynamic(self, resource: Resource) -> Provider:
        if contains(resource.inputs, Unknown):
            return DynamicProvider(None, self._preview)
        host = self._hosts.take(resource.inputs)
        self._taken[resource.reference] = host
        try:
            host.configure(resource.inputs, resource.urn, resource.id)
        except HostError as error:
            raise ProviderError(str(error)) from None
        except grpc.RpcError as error:
            raise ProviderError(error.details() or str(error)) from None
        return DynamicProvider(host, self._preview)


def refusal(package: str) -> str:
    """Why resources and functions of the package are not served."""
    return f"package '{package}': the local engine runs Python dynamic providers only; other packages can be mocked"
