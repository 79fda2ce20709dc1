"""What a stack makes of answers that nobody can use, and of state that such answers had damaged: nothing is lost."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pulumi
import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiStack

SERVICE = "customer-profiles"
CRM: dict[str, Any] = {
    "domain_name": "crm",
    "default_expiration_days": 30,
    "tags": {"team": "crm"},
    "force_destroy": True,
    "adopt_existing": True,
}
IMPATIENT = {"aws:maxRetries": "1"}
WAYS = ["html", "empty", "null", "half", "empty object", "another domain"]


def declares(name: str = "crm", **others: Any) -> Callable[[], None]:
    """A program with one domain; `others` are arguments, or options as ResourceOptions."""

    def program() -> None:
        opts = others.get("opts")
        arguments = {key: value for key, value in others.items() if key != "opts"}
        domain = customerprofiles.Domain(name, **copy.deepcopy({**CRM, **arguments}), opts=opts)
        pulumi.export("name", domain.domain_name)

    return program


def fails(run: Callable[..., Any], **options: Any) -> str:
    with pytest.raises(CommandError) as failed:
        run(**options)
    return str(failed.value)


def crm_holds(aws: LocalAws, profiles: int) -> None:
    aws.change(SERVICE, "crm", Stats={"ProfileCount": profiles, "ObjectCount": profiles, "TotalSize": profiles * 100})


def damage(stack: PulumiStack, *, inputs: bool = True, outputs: bool = True) -> None:
    """State is as a refresh used to leave it after an answer without members."""
    exported = stack.automation.export_stack()
    for resource in exported.deployment["resources"]:  # type: ignore[index]  # a deployment
        if resource["urn"].endswith("::crm"):
            for part, is_emptied in (("inputs", inputs), ("outputs", outputs)):
                if is_emptied:
                    resource[part] = {"__provider": resource[part]["__provider"], "region": "us-east-1"}
    stack.automation.import_stack(exported)


@pytest.mark.parametrize("how", WAYS)
def test_a_refresh_never_takes_a_spoiled_answer_into_state(
    pulumi_stack: MakeStack, local_aws: LocalAws, how: str
) -> None:
    stack = pulumi_stack(declares(), config=IMPATIENT)
    stack.up()
    before = stack.state()["crm"]
    local_aws.garble("GetDomain", how=how, times=None)
    said = fails(stack.refresh)
    assert "cannot read Customer Profiles domain 'crm': the answer from" in said
    after = stack.state()["crm"]
    assert (after["inputs"], after["outputs"]) == (before["inputs"], before["outputs"])
    assert fails(stack.preview, refresh=True)
    local_aws.reset_faults()
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)


def test_a_spoiled_answer_that_passes_is_not_noticed(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares())
    local_aws.garble("CreateDomain", how="html")
    stack.up()
    local_aws.garble("GetDomain", how="html", times=2)
    stack.refresh(expect_no_changes=True)
    assert list(local_aws.domains(SERVICE)) == ["crm"]


def test_a_creation_of_voice_id_whose_answer_is_spoiled_makes_one_domain(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    def program() -> None:
        voiceid.Domain("calls", server_side_encryption_configuration={"kms_key_id": "key"})

    stack = pulumi_stack(program)
    local_aws.garble("CreateDomain", how="html", service="voice-id", times=2)
    stack.up()
    assert list(local_aws.domains("voice-id")) == [stack.state()["calls"]["id"]]


@pytest.mark.parametrize("part", ["inputs", "outputs", "both"])
def test_a_damaged_state_never_costs_the_domain(pulumi_stack: MakeStack, local_aws: LocalAws, part: str) -> None:
    stack = pulumi_stack(declares(), config=IMPATIENT)
    stack.up()
    crm_holds(local_aws, 1_000_000)
    damage(stack, inputs=part != "outputs", outputs=part != "inputs")
    if part != "inputs":
        for command in (stack.preview, stack.up, stack.destroy):
            assert "it is not certain which domain it means" in fails(command)
    assert list(local_aws.domains(SERVICE)) == ["crm"]
    stack.refresh()
    stack.up()
    stack.preview(expect_no_changes=True)
    assert list(local_aws.domains(SERVICE)) == ["crm"]
    assert local_aws.calls(SERVICE, "DeleteDomain") == []
    stack.destroy()
    assert local_aws.domains(SERVICE) == {}


def test_a_resource_that_is_renamed_and_adopts_its_domain_keeps_it(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    """The engine creates the new resource, which adopts, and then deletes the old one: the same domain."""
    stack = pulumi_stack(declares())
    stack.up()
    crm_holds(local_aws, 1_000_000)
    stack.run(declares("customers")).up()
    assert "the Customer Profiles domain crm is kept" in "\n".join(stack.messages())
    assert set(stack.state()) >= {"customers"}
    assert "crm" not in stack.state()
    assert list(local_aws.domains(SERVICE)) == ["crm"]
    stack.up(expect_no_changes=True)
    assert list(local_aws.domains(SERVICE)) == ["crm"], "nor does the next run delete it"
    stack.refresh(expect_no_changes=True)


def test_a_replacement_that_the_engine_forces_deletes_first_or_keeps_the_domain(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    """`--target-replace` asks no provider for the order: the engine creates first, under a name that is taken."""
    stack = pulumi_stack(declares())
    stack.up()
    urn = stack.state()["crm"]["urn"]
    crm_holds(local_aws, 1_000_000)
    created = local_aws.domains(SERVICE)["crm"]["CreatedAt"]
    with suppress(CommandError):
        stack.up(replace=[urn])
    stack.up()
    there = local_aws.domains(SERVICE)["crm"]
    assert (there["CreatedAt"], there["Stats"]["ProfileCount"]) == (created, 1_000_000), "it was never deleted"
    assert stack.state()["crm"]["id"] == "crm"
    stack.preview(expect_no_changes=True)


def test_a_property_that_forces_a_replacement_under_the_same_name_deletes_first(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    options = pulumi.ResourceOptions(replace_on_changes=["default_expiration_days"])
    stack = pulumi_stack(declares(opts=options, adopt_existing=False))
    stack.up()
    created = local_aws.domains(SERVICE)["crm"]["CreatedAt"]
    local_aws.forget_calls()
    stack.run(declares(opts=options, adopt_existing=False, default_expiration_days=31)).up()
    changed = [call.operation for call in local_aws.calls(SERVICE) if call.operation != "GetDomain"]
    assert changed == ["DeleteDomain", "CreateDomain"]
    assert local_aws.domains(SERVICE)["crm"]["CreatedAt"] > created
