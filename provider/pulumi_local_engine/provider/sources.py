"""Where providers come from: Python dynamic ones run in processes; those of other packages are refused."""

from collections.abc import Callable

import grpc

from ..model.events import Diagnostic
from ..model.resource import Resource
from ..model.urn import DYNAMIC, PROVIDERS, package_of
from ..model.values import Properties, Unknown, contains
from .hosts import HostError, Hosts
from .protocol import Provider, ProviderError
from .rpc import DynamicProvider


class HostedProviders:
    """Providers whose processes are these hosts'."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def listen(self, heard: Callable[[Diagnostic], None]) -> None:
        self._hosts.log = heard

    def load(self, resource: Resource, preview: bool) -> Provider:
        package = resource.type.removeprefix(PROVIDERS)
        if package != DYNAMIC:
            raise ProviderError(_refusal(package))
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

    def unload(self, provider: Provider) -> None:
        if isinstance(provider, DynamicProvider) and provider.host:
            self._hosts.end(provider.host)

    def invoke(self, token: str, arguments: Properties, provider: str) -> Properties:
        raise ProviderError(_refusal(package_of(token)))


def _refusal(package: str) -> str:
    """Why resources and functions of the package are not served."""
    return f"package '{package}': the local engine runs Python dynamic providers only; other packages can be mocked"
