"""Other packages' resources and functions, answered by a test's mocks: the local engine itself would look for their plugins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs
from pulumi_local_engine.model.diff import Diff
from pulumi_local_engine.model.resource import Resource
from pulumi_local_engine.model.urn import DYNAMIC, PROVIDERS, name_of, type_of
from pulumi_local_engine.model.values import Properties, marked_like, reveal
from pulumi_local_engine.provider.hosts import Hosts
from pulumi_local_engine.provider.protocol import Answer, Failure, Name, Provider, ProviderError
from pulumi_local_engine.provider.sources import HostedProviders

from ..stacks.urn import NATIVE_PROVIDER_TYPE

Mocks: TypeAlias = Any
"""As `pulumi.runtime.Mocks`: `new_resource(args)` gives id and outputs (`resource_id` is set for what exists already); `call(args)` gives
the result, or the result and pairs of an argument and what is wrong with it. Without `call`, functions are refused."""


class MockedProviders(HostedProviders):
    """Dynamic providers and our native one run in processes; the mocks answer for all others."""

    def __init__(self, hosts: Hosts, mocks: Mocks) -> None:
        super().__init__(hosts)
        self._mocks = mocks

    def check(self, resource: Resource, olds: Properties) -> tuple[Properties, list[Failure]]:
        return super().check(resource, olds) if _is_ours(resource) else (resource.inputs, [])

    def diff(self, old: Resource, new: Resource) -> Diff:
        return super().diff(old, new) if _is_ours(new) else Diff(None)

    def load(self, resource: Resource, preview: bool) -> Provider:
        if _is_ours(resource):
            return super().load(resource, preview)
        return MockProvider(self._mocks, resource.reference)

    def invoke(self, token: str, arguments: Properties, provider: str) -> Properties:
        if not hasattr(self._mocks, "call"):
            return super().invoke(token, arguments, provider)
        found = _answer(self._mocks.call, MockCallArgs(token, arguments, provider))
        result, failures = found if isinstance(found, tuple) else (found, None)
        if failures:
            raise ProviderError("; ".join(f"{name}: {reason}" for name, reason in failures))
        return dict(result)


class MockProvider:
    """Stands for the provider of another package: the mocks give ids and outputs, the engine compares inputs."""

    def __init__(self, mocks: Mocks, reference: str) -> None:
        self._mocks, self._reference = mocks, reference

    def check(
        self, urn: str, olds: Properties, news: Properties, name: Name | None
    ) -> tuple[Properties, list[Failure]]:
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


def _is_ours(resource: Resource) -> bool:
    """Whether it is a provider of our resources, by either host."""
    return resource.type in (f"{PROVIDERS}{DYNAMIC}", NATIVE_PROVIDER_TYPE)


def _answer(mock: Callable[[Any], Any], arguments: Any) -> Any:
    """What the mock answers. Raises ProviderError for whatever it raises."""
    try:
        return mock(arguments)
    except Exception as error:
        raise ProviderError(str(error) or type(error).__name__) from error
