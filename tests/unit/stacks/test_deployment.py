"""States: the forms that are read, what a resource in one is, and what is said of a damaged one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_connect_domains.stacks.deployment import Deployment, NotAState, StateResource, parse
from pulumi_connect_domains.stacks.urn import Urn

from ..drift.reports import export, resource

URN = "urn:pulumi:dev::shop::aws:sqs/queue:Queue::q"
PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:pulumi-python::eu"


def read(*resources: dict[str, Any]) -> Deployment:
    return parse(json.dumps({"version": 3, "deployment": {"resources": resources}}))


def one(**members: Any) -> StateResource:
    return read({"urn": URN, "type": "aws:sqs/queue:Queue", **members}).resources[0]


# -- what is read -----------------------------------------------------------------------------------------------------


def test_a_resource_has_all_that_its_entry_says() -> None:
    document = {
        "urn": URN,
        "type": "aws:sqs/queue:Queue",
        "id": "q-1",
        "inputs": {"a": 1},
        "outputs": {"b": 2},
        "parent": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        "provider": f"{PROVIDER}::1",
        "protect": True,
        "delete": True,
        "external": True,
        "pendingReplacement": True,
        "ignoreChanges": ["a"],
        "initErrors": ["no"],
    }
    assert read(document).resources == (
        StateResource(
            Urn.parse(URN),
            "aws:sqs/queue:Queue",
            id="q-1",
            inputs={"a": 1},
            outputs={"b": 2},
            parent="urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
            provider=f"{PROVIDER}::1",
            is_protected=True,
            is_leaving=True,
            is_external=True,
            is_pending_replacement=True,
            ignore_changes=("a",),
            init_errors=("no",),
            document=document,
        ),
    )


def test_what_an_entry_does_not_say_is_empty() -> None:
    nothing = dict.fromkeys(("id", "inputs", "outputs", "parent", "provider", "protect", "delete", "ignoreChanges"))
    for members in ({}, nothing):
        found = one(**members)
        assert found == StateResource(Urn.parse(URN), "aws:sqs/queue:Queue", document=found.document)


@pytest.mark.parametrize(
    ("members", "is_managed"),
    [
        ({"id": "q"}, True),
        ({"id": "q", "pendingReplacement": True}, True),
        ({"id": "q", "delete": True}, False),
        ({"id": "q", "external": True}, False),
        ({"id": ""}, False),
    ],
    ids=["made", "deleted, to be made again", "waits for its deletion", "only read", "never made"],
)
def test_what_a_stack_manages(members: dict[str, Any], is_managed: bool) -> None:
    assert one(**members).is_managed == is_managed


@pytest.mark.parametrize(
    ("parent", "is_child"),
    [(None, False), ("urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", False), ("urn:pulumi:dev::shop::a:b:C::c", True)],
    ids=["no parent", "the stack", "a component"],
)  # fmt: skip
def test_what_stands_below_another_resource(parent: str | None, is_child: bool) -> None:
    assert one(parent=parent).is_child == is_child


def test_a_resources_provider_is_the_one_that_its_reference_names() -> None:
    def provider(id: str, region: str, **more: Any) -> dict[str, Any]:
        type_ = "pulumi:providers:pulumi-python"
        return {"urn": PROVIDER, "type": type_, "id": id, "inputs": {"region": region}, **more}

    state = read(provider("2", "eu-west-2"), provider("1", "eu-west-1", delete=True))
    assert state.provider_inputs(one(provider=f"{PROVIDER}::2")) == {"region": "eu-west-2"}
    assert state.provider_inputs(one(provider=f"{PROVIDER}::1")) == {"region": "eu-west-1"}
    assert state.provider_inputs(one(provider="urn:pulumi:dev::shop::pulumi:providers:aws::gone::1")) == {}
    assert state.provider_inputs(one()) == {}


# -- the forms of a state ---------------------------------------------------------------------------------------------


def test_a_backends_own_file_is_read_too() -> None:
    deployment = json.loads(export(resource("crm")))["deployment"]
    checkpoint = json.dumps({"version": 3, "checkpoint": {"stack": "organization/shop/dev", "latest": deployment}})
    assert [each.id for each in parse(checkpoint).resources] == ["", "crm"]
    assert parse(checkpoint).stack == "shop/dev"


@pytest.mark.parametrize(
    "empty", [{"deployment": None}, {"deployment": {"manifest": {}}}, {"checkpoint": {"stack": "dev"}}]
)
def test_a_stack_that_was_never_deployed_has_no_resources(empty: dict[str, Any]) -> None:
    assert parse(json.dumps({"version": 3, **empty})) == Deployment()
    assert Deployment().stack == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "is not JSON", id="nothing"),
        pytest.param("[]", "is not a stack export", id="a list"),
        pytest.param('{"resources": []}', "is not a stack export", id="another document"),
        pytest.param(export(version=1), "is a state of version 1; known are 3 and 4", id="an old version"),
        pytest.param(export(version=9), "is a state of version 9; known are 3 and 4: a newer version", id="a version of the future"),
        pytest.param('{"version": 3, "deployment": [1]}', "is damaged: its deployment is not a map", id="a deployment that is none"),
        pytest.param('{"version": 3, "deployment": {"resources": {"a": 1}}}', "is damaged: its resources are not a list", id="a map"),
        pytest.param(b"\xff\xfe\x00", "is not JSON", id="bytes that are no text"),
    ],
)  # fmt: skip
def test_what_is_no_state_is_said(text: str | bytes, said: str) -> None:
    with pytest.raises(NotAState) as refused:
        parse(text)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("x", "its resource 1 is not a map"),
        ({"type": "x"}, "its resource 1 has no URN"),
        ({"urn": 5, "type": "x"}, "its resource 1 has no URN"),
        ({"urn": "urn:pulumi:dev::shop", "type": "x"}, "its resource 1 has no URN"),
        ({"urn": URN}, f"'{URN}' has no type"),
        ({"urn": URN, "type": "x", "id": 5}, f"`id` of '{URN}' is not a text"),
        ({"urn": URN, "type": "x", "inputs": []}, f"`inputs` of '{URN}' is not a map"),
        ({"urn": URN, "type": "x", "delete": "yes"}, f"`delete` of '{URN}' is not true or false"),
        ({"urn": URN, "type": "x", "initErrors": {}}, f"`initErrors` of '{URN}' is not a list"),
        ({"urn": URN, "type": "x", "ignoreChanges": [1]}, f"`ignoreChanges` of '{URN}' is not a list of texts"),
    ],
)
def test_a_damaged_resource_is_said(entry: Any, said: str) -> None:
    with pytest.raises(NotAState) as refused:
        read(entry)
    assert str(refused.value) == f"is damaged: {said}"
