"""Where providers come from: Python dynamic ones run in processes; other packages' are answered by functions of the caller, or refused.

The functions are those of Pulumi's own mocks, `new_resource` and `call`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import grpc
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

from ..model.diff import Diff
from ..model.events import Diagnostic
from ..model.resource import Resource
from ..model.urn import DYNAMIC, PROVIDERS, name_of, package_of, type_of
from ..model.values import Properties, Unknown, contains, marked_like, reveal
from .hosts import HostError, Hosts
from .protocol import Answer, Failure, Provider, ProviderError
from .rpc import DynamicProvider

Mock: TypeAlias = Callable[[MockResourceArgs], "tuple[str | None, Properties]"]
"""For resources: id and outputs, by the names that they have on the wire. `resource_id` is set for what exists already."""
MockInvoke: TypeAlias = Callable[[MockCallArgs], Any]
"""For functions: the result; or the result, and pairs of an argument and what is wrong with it."""


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
        try:
            found = self._mock_invoke(MockCallArgs(token, arguments, provider))
        except Exception as error:  # whatever the caller's function raises is the call's failure
            raise ProviderError(_told(error)) from error
        result, failures = found if isinstance(found, tuple) else (found, None)
        if failures:
            raise ProviderError("; ".join(f"{name}: {reason}" for name, reason in failures))
        return dict(result)

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


class MockProvider:
    """Stands for the provider of another package: a function of the caller gives ids and outputs, the engine compares inputs."""

    def __init__(self, mock: Mock, reference: str = "") -> None:
        self._mock, self._reference = mock, reference

    def check(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[Failure]]:
        return news, []

    def diff(self, urn: str, old: Resource, news: Properties, ignored: tuple[str, ...]) -> Diff:
        return Diff(None)

    def create(self, new: Resource, preview: bool) -> Answer:
        return Answer("", new.inputs) if preview else self._ask(new.urn, "", new.inputs)

    def update(self, old: Resource, new: Resource, preview: bool) -> Answer:
        return Answer(old.id, new.inputs) if preview else self._ask(new.urn, old.id, new.inputs)

    def read(self, urn: str, id_: str, inputs: Properties | None, state: Properties | None, timeout: float) -> Answer:
        if state is not None and state is not inputs:
            return Answer(id_, state, inputs)  # a refresh: what the mock once gave still stands
        return self._ask(urn, id_, inputs or {})

    def delete(self, old: Resource) -> None:
        return None

    def _ask(self, urn: str, id_: str, inputs: Properties) -> Answer:
        asked = MockResourceArgs(type_of(urn), name_of(urn), reveal(inputs), self._reference, id_ or None, True)
        try:
            found, outputs = self._mock(asked)
        except Exception as error:  # whatever the caller's function raises is the resource's failure
            raise ProviderError(_told(error)) from error
        return Answer(id_ or found or f"{asked.name}_id", marked_like(outputs, inputs))


def _refusal(package: str) -> str:
    """Why resources and functions of the package are not served."""
    return f"package '{package}': the local engine runs Python dynamic providers only; other packages can be mocked"


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
