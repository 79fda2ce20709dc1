"""The providers of a run: Python dynamic ones in processes; other packages' answered by functions of the caller, or refused."""

from __future__ import annotations

from collections.abc import Callable

import grpc

from ..model.events import Diagnostic
from ..model.resource import Resource
from ..model.urn import DYNAMIC, PROVIDERS, package_of
from ..model.values import Properties, Unknown, contains
from .hosts import HostError, Hosts
from .mocks import Mock, MockInvoke, MockProvider, answer
from .protocol import Provider, ProviderError
from .rpc import DynamicProvider


class HostedProviders:
    """Providers whose processes are these hosts'. `mock` and `mock_invoke` answer for other packages' resources and functions."""

    def __init__(self, hosts: Hosts, mock: Mock | None = None, mock_invoke: MockInvoke | None = None) -> None:
        self._hosts, self._mock, self._mock_invoke = hosts, mock, mock_invoke

    def listen(self, heard: Callable[[Diagnostic], None]) -> None:
        self._hosts.log = heard

    def load(self, resource: Resource, preview: bool) -> Provider:
        package = resource.type.removeprefix(PROVIDERS)
        if package == DYNAMIC:
            return self._dynamic(resource, preview)
        if self._mock:
            return MockProvider(self._mock, resource.reference)
        raise ProviderError(_refusal(package))

    def unload(self, provider: Provider) -> None:
        if isinstance(provider, DynamicProvider) and provider.host:
            self._hosts.end(provider.host)

    def invoke(self, token: str, arguments: Properties, provider: str) -> Properties:
        if self._mock_invoke is None:
            raise ProviderError(_refusal(package_of(token)))
        return answer(self._mock_invoke, token, arguments, provider)

    def _dynamic(self, resource: Resource, preview: bool) -> Provider:
        if contains(resource.inputs, Unknown):
            return DynamicProvider(None, preview)
        host = self._hosts.take()
        try:
            host.configure(resource.inputs, resource.urn, resource.id)
        except (HostError, grpc.RpcError) as error:
            self._hosts.end(host)
            said = error.details() if isinstance(error, grpc.RpcError) else None
            raise ProviderError(said or str(error)) from None
        return DynamicProvider(host, preview)


def _refusal(package: str) -> str:
    """Why resources and functions of the package are not served."""
    return f"package '{package}': the local engine runs Python dynamic providers only; other packages can be mocked"
