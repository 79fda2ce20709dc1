"""Where providers come from: processes, of Python dynamic ones and of plugins."""

from collections.abc import Callable

from ..model.diff import Diff
from ..model.events import Diagnostic
from ..model.resource import INTERNAL, Resource
from ..model.urn import package_of
from ..model.values import Properties
from .hosts import HostError, Hosts
from .protocol import Failure, Provider, ProviderError
from .rpc import HostedProvider


class HostedProviders:
    """Providers whose processes are these hosts'."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._checked: dict[str, HostedProvider] = {}
        """By URN, those that have checked their configuration and wait for it."""
        self._loaded: dict[str, HostedProvider] = {}
        """By reference."""

    def listen(self, heard: Callable[[Diagnostic], None]) -> None:
        self._hosts.log = heard

    def check(self, resource: Resource, olds: Properties) -> tuple[Properties, list[Failure]]:
        if before := self._checked.pop(resource.urn, None):  # it is to be replaced
            self.unload(before)
        provider = self._checked[resource.urn] = self._start(resource, False)
        known = resource.copy(inputs=olds).configuration
        inputs, failures = provider.check_configuration(resource.urn, known, resource.configuration)
        return {**inputs, **{key: value for key, value in resource.inputs.items() if key == INTERNAL}}, failures

    def diff(self, old: Resource, new: Resource) -> Diff:
        provider = self._checked.get(new.urn) or self._loaded.get(new.reference) or self._start(new, False)
        return provider.diff_configuration(old, new)

    def load(self, resource: Resource, preview: bool) -> Provider:
        provider = self._checked.pop(resource.urn, None) or self._start(resource, preview)
        provider.preview = preview
        try:
            provider.configure(resource)
        except ProviderError:
            self.unload(provider)
            raise
        self._loaded[resource.reference] = provider
        return provider

    def unload(self, provider: Provider) -> None:
        if isinstance(provider, HostedProvider):
            self._loaded = {reference: found for reference, found in self._loaded.items() if found is not provider}
            self._hosts.end(provider.host)

    def cancel(self) -> None:
        self._hosts.cancel()

    def invoke(self, token: str, arguments: Properties, provider: str) -> Properties:
        text = f"package '{package_of(token)}': functions are not supported by the local engine; in tests they can be mocked"
        raise ProviderError(text)

    def _start(self, resource: Resource, preview: bool) -> HostedProvider:
        try:
            host = self._hosts.take(*resource.package)
        except HostError as error:
            raise ProviderError(str(error)) from None
        return HostedProvider(host, preview)
