"""A resource under test, as a host holds it, and which there are: every registered type, and the bare ones that live here only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains import registry
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model import documents
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property
from pulumi_connect_domains.operations.call import Run
from pulumi_connect_domains.operations.lifecycle import Operations
from pulumi_connect_domains.operations.settings import from_native_inputs

from .hosts import HELD, Difference, Found, Held

SAMPLES = Path(__file__).parent / "samples"
PARENT = "$parent"
"""In samples it stands for the id of the resource that this one lies in."""

BARE = {each.key: each for each in (ResourceType("bare.cases.domain"), ResourceType("bare.cases.template"))}
TYPES = {**registry.resource_types(), **BARE}
SERVICES = ["bare.cloud"]
"""What the local AWS offers beside the services of the registered types."""


@dataclass(frozen=True)
class Resource:
    """A resource type, a provider as a host holds it, sample inputs, and the cloud.

    After each creation and each update it makes sure that the same inputs are no change: not by what state knows, and not by what a
    refresh then reads. No test has to ask for that.
    """

    type: ResourceType
    held: Held
    sample: dict[str, Any]
    cloud: LocalAws
    settings: dict[str, str] = field(default_factory=dict)
    """The stack's config, by the names of settings; it counts from the next run on."""
    parent_id: str = ""
    """The id of what the resource lies in; "" for a type that stands by itself."""
    around: frozenset[str] = frozenset()
    """The ids of what is in the cloud beforehand: what the resource lies in, and what that lies in."""

    @property
    def operations(self) -> Operations:
        """The operations with the same settings, for what a test asks of AWS itself."""
        return Operations(self.type, from_native_inputs(self.settings, is_explicit=False))

    def check(self, inputs: dict[str, Any], state: dict[str, Any] | None = None, proposed: str = "") -> dict[str, Any]:
        """The checked inputs; a failure fails the test. Where they leave the name out, one is `proposed`."""
        result = self.held.check(state or {}, inputs, proposed)
        assert result.failures == []
        return result.inputs

    def make(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A new resource's id and outputs, of which nothing is asked any further."""
        return self.held.create(self.check(inputs))

    def create(self, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A new resource's id and outputs. Nothing differs afterwards."""
        id, outputs = self.make(inputs)
        self._assert_settled(id, outputs, inputs)
        return id, outputs

    def diff(self, id: str, outputs: dict[str, Any], inputs: dict[str, Any]) -> Difference:
        """The provider's answer for these inputs, checked against the inputs that the outputs echo."""
        return self.held.diff(id, outputs, self.check(inputs, outputs))

    def change(self, id: str, outputs: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs after an update to these inputs, of which nothing is asked any further."""
        return self.held.update(id, outputs, self.check(inputs, outputs))

    def update(self, id: str, outputs: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs after an update to these inputs. Nothing differs afterwards."""
        outputs = self.change(id, outputs, inputs)
        self._assert_settled(id, outputs, inputs)
        return outputs

    def read(self, id: str, outputs: dict[str, Any], inputs: dict[str, Any] | None = None) -> Found:
        """What a refresh reads. State's inputs are those that the outputs echo, unless others are given."""
        return self.held.read(id, outputs, inputs or documents.inputs_of(self.type.schema, outputs))

    def get(self, id: str) -> Found:
        """What a program gets that only reads the resource, and declares nothing of it."""
        return self.held.get(id, "us-east-1")

    def delete(self, id: str, outputs: dict[str, Any]) -> None:
        """What a later command deletes: the host that runs it knows nothing of this one's run."""
        self.begin_a_run()
        self.held.delete(id, outputs)

    def begin_a_run(self) -> None:
        """From here on the provider is as in a host that has just started."""
        Run.begin()
        self.held.configure(self.settings)

    def there(self) -> dict[str, dict[str, Any]]:
        """The resources of the service that the cloud has, by their ids, but for those that this one lies in."""
        found = self.cloud.domains(self.type.service)
        return {id: members for id, members in found.items() if id not in self.around}

    def unguarded(self, outputs: dict[str, Any]) -> dict[str, Any]:
        """The outputs, by which a deletion is let through although data is lost."""
        guard = self.type.schema.deletion.guard if self.type.schema.deletion else ""
        return {**outputs, guard: True} if guard else outputs

    def _assert_settled(self, id: str, outputs: dict[str, Any], inputs: dict[str, Any]) -> None:
        assert not self.diff(id, outputs, inputs).is_different, (
            "the outputs differ from the inputs that were just applied"
        )
        found = self.read(id, outputs)
        assert found.id == id
        assert found.inputs == self.check(inputs, outputs), "a refresh reads other inputs than were just applied"
        assert not self.diff(id, found.outputs, inputs).is_different, "what a refresh reads differs from the inputs"


def resource_in(cloud: LocalAws, held: Held) -> Resource:
    """A resource of the type that is held, in the cloud, where what it lies in has been made."""
    type = held.type
    text = (SAMPLES / f"{type.key}.json").read_text()
    parent_id, around = "", frozenset[str]()
    if type.parent:
        parent = resource_in(cloud, HELD[held.host](TYPES[type.parent]))
        parent_id, _ = parent.make(parent.sample["minimal"])
        text, around = text.replace(PARENT, parent_id), parent.around | {parent_id}
    made = Resource(type, held, json.loads(text), cloud, parent_id=parent_id, around=around)
    made.begin_a_run()
    return made


def token_of(type: ResourceType, host: str) -> str:
    """The type in states of the host."""
    return type.native_token if host == "native" else type.type_token


# -- which tests there are ---------------------------------------------------------------------------------------------


def of_each(names: Callable[[ResourceType], Iterable[str]]) -> pytest.MarkDecorator:
    """The test runs for each property of each type that is named: with the type's resource, and the property's name."""
    cases = [pytest.param(key, name, id=f"{key}-{name}") for key, type in TYPES.items() for name in names(type)]
    return pytest.mark.parametrize(("resource", "name"), cases, indirect=["resource"])


def of_each_input(wanted: Callable[[Property], bool]) -> pytest.MarkDecorator:
    """The test runs for each input of each type that is wanted."""
    return of_each(lambda type: [name for name, of in type.schema.inputs.items() if wanted(of)])


def may_be_taken_out(of: Property) -> bool:
    """Whether AWS sees the input, and the program may leave it out."""
    return of.removal is not None


def may_change(of: Property) -> bool:
    """Whether AWS sees the input, and can change it in place."""
    return not of.create_only and not of.provider_only


def needs(capability: object, reason: str) -> None:
    """Skips the test for a resource type, or a host, that lacks what it is about."""
    if not capability:
        pytest.skip(reason)
