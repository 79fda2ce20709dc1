"""Other packages, for which functions of the caller answer: those of Pulumi's own mocks, `new_resource` and `call`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

from ..model.diff import Diff
from ..model.resource import Resource
from ..model.urn import name_of, type_of
from ..model.values import Properties, marked_like, reveal
from .protocol import Answer, Failure, ProviderError

Mock: TypeAlias = Callable[[MockResourceArgs], "tuple[str | None, Properties]"]
"""For resources: id and outputs, by the names that they have on the wire. `resource_id` is set for what exists already."""
MockInvoke: TypeAlias = Callable[[MockCallArgs], Any]
"""For functions: the result; or the result, and pairs of an argument and what is wrong with it."""


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


def answer(mock: MockInvoke, token: str, arguments: Properties, provider: str) -> Properties:
    """What the caller's function answers for a function of another package. Raises ProviderError for whatever it raises or refuses."""
    try:
        found = mock(MockCallArgs(token, arguments, provider))
    except Exception as error:
        raise ProviderError(_told(error)) from error
    result, failures = found if isinstance(found, tuple) else (found, None)
    if failures:
        raise ProviderError("; ".join(f"{name}: {reason}" for name, reason in failures))
    return dict(result)


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
