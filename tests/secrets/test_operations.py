"""Nothing that an operation says holds a text of the resource, whatever AWS answers: each operation, each of its calls, each fault."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import pytest
from pulumi_connect_domains.aws import services
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.control import Control
from pulumi_connect_domains.local.aws.controls import Controls, Failure

from ..contract.hosts import HELD
from ..contract.resources import Resource, resource_in
from .canaries import Search
from .faults import DETAILS, FAULTS, KINDS, NO_FAULTS, SILENT, Fault
from .inputs import TYPES, document, flat
from .saying import ONCE, Said


@dataclass
class Scene:
    """A resource that is there, made of canaries, and what could be done with it."""

    resource: Resource
    id: str
    outputs: dict[str, Any]
    inputs: dict[str, Any]
    plainly: bool

    @property
    def wanted(self) -> dict[str, Any]:
        return document(self.resource.type, 1, plainly=self.plainly)

    def create(self) -> object:
        schema = self.resource.type.schema
        another = {schema.name_input: "another"} if schema.name_input == schema.id_property else {}
        return self.resource.held.create({**self.inputs, **another})

    def read(self) -> object:
        found = self.resource.read(self.id, self.outputs, self.inputs)
        return self.resource.held.diff(self.id, found.outputs, self.inputs) if found.id else None

    def update(self) -> object:
        return self.resource.change(self.id, self.outputs, self.wanted)

    def delete(self) -> object:
        return self.resource.delete(self.id, self.resource.unguarded(self.outputs))


def scene(local_aws: LocalAws, host: str, key: str, plainly: bool) -> Scene:
    """The resource stands in an AWS that is otherwise empty and in order; nothing is known of whose the credentials are."""
    local_aws.reset()
    services._callers.clear()
    resource = resource_in(local_aws, HELD[host](TYPES[key]))
    resource.settings.update(ONCE)
    resource.begin_a_run()
    inputs = resource.check(document(TYPES[key], plainly=plainly))
    id, outputs = resource.make(inputs)
    services._callers.clear()
    local_aws.forget_calls()
    return Scene(resource, id, outputs, inputs, plainly)


OPERATIONS = ("create", "read", "update", "delete")
SHARE = 4
"""In `make test` each call meets every fourth fault, the next call the ones after these, and the other host those between."""


def calls_of(local_aws: LocalAws, said: Said, host: str, key: str, operation: str) -> list[str]:
    """The calls that the operation makes when all is well. STS never hears of a resource: it has tests of its own."""
    made = scene(local_aws, host, key, plainly=False)
    said.of(getattr(made, operation))
    asked = list(dict.fromkeys(call.operation for call in local_aws.calls(TYPES[key].service)))
    assert asked
    return asked


def hold(
    local_aws: LocalAws, said: Said, host: str, key: str, operation: str, call: str, fault: Fault, plainly: bool
) -> None:
    """The operation, whose call meets the fault, tells no text of the resource."""
    made = scene(local_aws, host, key, plainly)
    texts = [*flat(made.inputs), *(flat(made.wanted) if operation == "update" else ())]
    fault.arm(local_aws, call, " and ".join(dict.fromkeys(texts)))
    said.texts.clear()
    said.of(getattr(made, operation))
    assert call in {each.operation for each in local_aws.calls()}
    found = [find for text in said.texts for find in SEARCH.found(text)]
    assert found == [], f"{call}, {fault.name}: {said.texts}"


SEARCH = Search()
each_operation = pytest.mark.parametrize("operation", OPERATIONS)
each_type = pytest.mark.parametrize("key", TYPES)
each_host = pytest.mark.parametrize("host", HELD)


@each_host
@each_operation
@each_type
def test_no_operation_tells_a_text_of_the_resource(
    local_aws: LocalAws, said: Said, host: str, key: str, operation: str
) -> None:
    turn = OPERATIONS.index(operation) + [*TYPES].index(key) + 2 * [*HELD].index(host)
    for number, call in enumerate(calls_of(local_aws, said, host, key, operation)):
        for fault in FAULTS[(turn + number) % SHARE :: SHARE]:
            hold(local_aws, said, host, key, operation, call, fault, plainly=False)


@pytest.mark.long
@pytest.mark.parametrize("plainly", [pytest.param(False, id="in-arns"), pytest.param(True, id="plain")])
@each_host
@each_operation
@each_type
def test_no_operation_tells_a_text_of_the_resource_by_any_fault(
    local_aws: LocalAws, said: Said, host: str, key: str, operation: str, plainly: bool
) -> None:
    for call in calls_of(local_aws, said, host, key, operation):
        for fault in FAULTS:
            hold(local_aws, said, host, key, operation, call, fault, plainly)


def test_each_fault_that_the_local_aws_knows_has_its_cases(local_aws: LocalAws) -> None:
    """A new control or kind of failure fails this test: it belongs into `faults`, with secrets in its answer, or into a list there."""
    known = {field.name for field in fields(Failure)} | set(Control(Controls())._verbs)
    assert known == {*KINDS, *DETAILS, *SILENT, *NO_FAULTS}
