"""Other packages, for which a function of the caller answers, in the manner of Pulumi's own mocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from .differences import Diff
from .provider import Answer, Failure, ProviderError
from .state import Resource
from .urns import name_of, type_of
from .values import Properties, marked_like, reveal

Mock: TypeAlias = Callable[[str, str, Properties], tuple[str, Properties]]
"""For resources: (type, name, inputs) -> (id, outputs)."""
MockInvoke: TypeAlias = Callable[[str, Properties], Properties]
"""For functions: (token, arguments) -> result."""


class MockProvider:
    """Stands for the provider of another package: a function of the caller gives ids and outputs, the engine compares inputs."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

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
        try:
            found, outputs = self._mock(type_of(urn), name_of(urn), reveal(inputs))
        except Exception as error:  # whatever the caller's function raises is the resource's failure
            raise ProviderError(str(error)) from error
        return Answer(id_ or found, marked_like(outputs, inputs))
