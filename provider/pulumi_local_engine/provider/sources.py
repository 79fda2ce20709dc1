"""Where providers come from: Python dynamic ones run in processes; other packages' are answered by mocks of the caller, or refused."""

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

Mocks: TypeAlias = Any
"""As `pulumi.runtime.Mocks`: `new_resource(args)` gives id and outputs (`resource_id` is set for what exists already); `call(args)` gives
the result, or the result and pairs of an argument and what is wrong with it. Without `call`, functions are refused."""


class HostedProviders:
    """Providers whose processes are these hosts'."""

    def __init__(self, hosts: Hosts, mocks: Mocks = None) -> None:
        self._hosts, self._mocks = hosts, mocks

    def listen(self, heard: Callable[[Diagnostic], None]) -> None:
        self._hosts.log = heard

    def load(self, resource: Resource, preview: bool) -> Provider:
        package = resource.type.removeprefix(PROVIDERS)
        if package == DYNAMIC:
            return self._dynamic(resource, preview)
        if self._mocks:
            return MockProvider(self._mocks, resource.reference)
        raise ProviderError(_refusal(package))

    def unload(self, provider: Provider) -> None:
        if isinstance(provider, DynamicProvider) and provider.host:
            self._hosts.end(provider.host)

    def invoke(self, token: str, arguments: Properties, provider: str) -> Properties:
        if not hasattr(self._mocks, "call"):
            raise ProviderError(_refusal(package_of(token)))
        found = _answer(self._mocks.call, MockCallArgs(token, arguments, provider))
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
    """Stands for the provider of another package: the mocks give ids and outputs, the engine compares inputs."""

    def __init__(self, mocks: Mocks, reference: str) -> None:
        self._mocks, self._reference = mocks, reference

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
        found, outputs = _answer(self._mocks.new_resource, asked)
        return Answer(id_ or found or f"{asked.name}_id", marked_like(outputs, inputs))


def _answer(mock: Callable[[Any], Any], arguments: Any) -> Any:
    """What the mock answers. Raises ProviderError for whatever it raises."""
    try:
        return mock(arguments)
    except Exception as error:
        raise ProviderError(str(error) or type(error).__name__) from error


def _refusal(package: str) -> str:
    """Why resources and functions of the package are not served."""
    return f"package '{package}': the local engine runs Python dynamic providers only; other packages can be mocked"
