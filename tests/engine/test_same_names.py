"""Resources of one name: the test kit and the review tell them apart by their URNs."""

from __future__ import annotations

import json

import pulumi
import pytest
from click.testing import CliRunner
from pulumi_connect_domains import Provider, customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.review.command import review
from pulumi_connect_domains.testing import MakeStack

PROFILES = "urn:pulumi:dev::shop::pulumi-python:dynamic/customerprofiles:Domain::crm"
VOICES = "urn:pulumi:dev::shop::pulumi-python:dynamic/voiceid:Domain::crm"
KEY = {"kms_key_id": "11111111-1111-1111-1111-111111111111"}


def declares(days: int) -> None:
    customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=days)
    customerprofiles.Domain("other", domain_name="other", default_expiration_days=30)
    voiceid.Domain("crm", name="voices", server_side_encryption_configuration=KEY)
    pulumi.export("days", days)


def provided() -> None:
    provider = Provider("crm", region="us-east-1")
    customerprofiles.Domain(
        "crm", domain_name="crm", default_expiration_days=30, opts=pulumi.ResourceOptions(provider=provider)
    )


def test_one_name_of_two_resources(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    stack = pulumi_stack(lambda: declares(30), project="shop", name="dev")
    stack.up()
    state = stack.state()
    assert state[PROFILES]["id"] == "crm"
    assert state[VOICES]["outputs"]["name"] == "voices"
    assert state["other"] is state[PROFILES.replace("::crm", "::other")]
    assert "crm" in state
    assert PROFILES in state
    assert "nobody" not in state
    assert state.get("nobody") is None
    with pytest.raises(KeyError, match="2 resources are named 'crm'; ask by URN"):
        state["crm"]

    document = json.dumps(stack.run(lambda: declares(60)).preview_json())
    assert "end-of-support" in document, "the Voice ID domain has a warning of its own"
    result = CliRunner(env={"GITHUB_STEP_SUMMARY": ""}).invoke(review, ["--format", "json"], document)
    (found,) = json.loads(result.stdout)["stacks"]
    assert [(each["kind"], each["notes"]) for each in found["domains"]] == [("Customer Profiles domain", [])]
    assert [each["resource"] for each in found["warnings"]] == ["crm"]


def test_a_provider_gives_way_to_a_resource_of_its_name(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    stack = pulumi_stack(provided)
    stack.up()
    assert stack.state()["crm"]["id"] == "crm"
