"""A stack changes its host by one import line: there is an update, no replacement, and no change in AWS. Both ways."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pulumi
import pulumi_connect_domains as dynamic
import pytest
from pulumi_connect_domains import native
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import by_token, resource_types
from pulumi_connect_domains.testing import MakeStack, PulumiStack

PROFILES = resource_types()["customerprofiles"]
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001"
READS = {
    "GetCallerIdentity",
    "GetDomain",
    "DescribeDomain",
    "ListTagsForResource",
    "ListDomains",
    "GetProfileObjectType",
}
SECRET = "open sesame"


def declares(of: Any) -> Callable[[], None]:
    """A program of every kind of domain: auto-named, secret, with a provider of its own, with ignored changes."""

    def program() -> None:
        of.customerprofiles.Domain(
            "crm",
            default_expiration_days=366,
            matching={"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}},
            tags={"domain_name": pulumi.Output.secret(SECRET), "plain": "1"},
        )
        of.voiceid.Domain("calls", server_side_encryption_configuration={"kms_key_id": pulumi.Output.secret(KEY)})
        there = of.Provider("there", region="eu-west-2", default_tags={"team": "crm"})
        ignoring = ["default_expiration_days", "matching.job_schedule.time", "tags"]
        of.customerprofiles.Domain(
            "elsewhere",
            default_expiration_days=30,
            matching={"enabled": True, "job_schedule": {"day_of_the_week": "MONDAY", "time": "10:00"}},
            tags={"own": "1"},
            opts=pulumi.ResourceOptions(provider=there, ignore_changes=ignoring),
        )

    return program


def domains(stack: PulumiStack) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in stack.state().items() if each["type"] in by_token()}


def moved(stack: PulumiStack, local_aws: LocalAws, to: ModuleType) -> None:
    """The stack goes over to the host: its preview, its `up`, and what comes after."""
    before = {name: (each["id"], each["outputs"]["arn"]) for name, each in domains(stack).items()}
    local_aws.forget_calls()
    stack.run(declares(to))
    steps = {step["urn"].rpartition("::")[2]: step for step in stack.preview_json()["steps"]}
    assert {steps[name]["op"] for name in before} == {"update"}
    assert {name: steps[name].get("detailedDiff") or {} for name in before} == {name: {} for name in before}
    summary = stack.up().summary.resource_changes
    assert "replace" not in summary
    assert summary["update"] == 3
    assert {call.operation for call in local_aws.calls()} <= READS
    after = domains(stack)
    assert {name: (each["id"], each["outputs"]["arn"]) for name, each in after.items()} == before
    token = "native_token" if to is native else "type_token"
    assert {each["type"] for each in after.values()} == {getattr(type, token) for type in resource_types().values()}
    assert all(("__provider" in each["outputs"]) == (to is dynamic) for each in after.values())
    stack.preview(expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    stack.preview(expect_no_changes=True)
    text = json.dumps(
        stack.automation.workspace.pulumi_command.run(
            ["stack", "export", "--stack", stack.automation.name],
            stack.automation.workspace.work_dir,
            stack.environment,
        ).stdout
    )
    assert SECRET not in text
    assert KEY not in text


@pytest.mark.parametrize("first", [dynamic, native], ids=["from the dynamic host", "from the native host"])
def test_a_stack_changes_its_host_and_goes_back(
    first: ModuleType, local_aws: LocalAws, pulumi_stack: MakeStack
) -> None:
    second = native if first is dynamic else dynamic
    stack = pulumi_stack(declares(first), native=True)
    for package in ("aws", "connect-domains"):
        stack.set_config(f"{package}:region", "us-east-1")
    stack.up()
    local_aws.change(PROFILES.service, domains(stack)["crm"]["id"], **{"Stats.ProfileCount": 3, "Stats.ObjectCount": 4})
    stack.refresh()
    moved(stack, local_aws, second)
    moved(stack, local_aws, first)
    local_aws.change(PROFILES.service, domains(stack)["crm"]["id"], **{"Stats.ProfileCount": 0, "Stats.ObjectCount": 0})
    stack.refresh()
    stack.destroy()
    assert local_aws.domains(PROFILES.service) == {}
