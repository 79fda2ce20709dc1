"""The policy allows exactly the actions that are called, and tells what AWS asks for behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pulumi.dynamic import Config, ConfigureRequest
from pulumi_connect_domains import registry
from pulumi_connect_domains.core import aws
from pulumi_connect_domains.core.call import Call
from pulumi_connect_domains.core.configuration import Access
from pulumi_connect_domains.core.spec import ResourceSpec
from pulumi_connect_domains.iam_policy import api_actions, iam_policy
from pulumi_connect_domains.local.aws import LocalAws

SAMPLES = Path(__file__).parents[1] / "contract" / "samples"
SPECS = list(registry.specs().values())


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


def provider_of(spec: ResourceSpec) -> Any:
    from importlib import import_module

    provider = import_module(f"pulumi_connect_domains.{spec.package}").DomainProvider()
    provider.configure(ConfigureRequest(Config({"aws:region": "us-east-1"}, "test")))
    return provider


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(iam_policy, list(arguments))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout), result.stderr


def actions(local_aws: LocalAws, spec: ResourceSpec) -> set[str]:
    """The IAM actions of the calls so far."""
    prefix = aws.service(spec.service, "us-east-1", Access()).prefix
    return {f"{prefix}:{call.operation}" for call in local_aws.calls(spec.service)}


@pytest.mark.parametrize("spec", SPECS, ids=[spec.package for spec in SPECS])
def test_the_actions_are_exactly_those_that_are_called(local_aws: LocalAws, spec: ResourceSpec) -> None:
    provider = provider_of(spec)
    sample = json.loads((SAMPLES / f"{spec.package}.json").read_text())["full"]
    inputs = dict(provider.check({}, {**sample, "tags": {"a": "1", "b": "1"}}).inputs)
    made = provider.create(inputs)
    outputs = dict(made.outs)
    changed = dict(provider.check(inputs, {**inputs, "tags": {"b": "2"}, "force_destroy": True}).inputs)
    setting = "description" if "description" in sample else "default_expiration_days"
    changed[setting] = "another" if setting == "description" else 31
    if not spec.force_input:
        changed.pop("force_destroy", None)
    outputs = dict(provider.update(made.id, outputs, changed).outs)
    provider.read(made.id, outputs)
    list(spec.api.list(Call(aws.service(spec.service, "us-east-1", Access()), spec)))
    provider_of(spec).delete(made.id, outputs)  # as a later command does
    assert actions(local_aws, spec) == set(api_actions(spec.package))


@pytest.mark.parametrize("spec", SPECS, ids=[spec.package for spec in SPECS])
def test_the_read_only_actions_are_exactly_those_of_reading(local_aws: LocalAws, spec: ResourceSpec) -> None:
    provider = provider_of(spec)
    sample = json.loads((SAMPLES / f"{spec.package}.json").read_text())["full"]
    made = provider.create(dict(provider.check({}, sample).inputs))
    local_aws.forget_calls()
    provider.read(made.id, dict(made.outs))
    list(spec.api.list(Call(aws.service(spec.service, "us-east-1", Access()), spec)))
    assert actions(local_aws, spec) == set(api_actions(spec.package, read_only=True))


def test_the_policy_of_everything() -> None:
    document, notes = run()
    assert document["Version"] == "2012-10-17"
    assert [each["Sid"] for each in document["Statement"]] == ["CustomerProfilesDomains", "VoiceIdDomains"]
    assert {each["Effect"] for each in document["Statement"]} == {"Allow"}
    for spec in SPECS:
        for behind in spec.schema["behind"]:
            assert all(action in notes for action in behind["actions"])
            assert behind["source"] in notes


def test_one_resource_and_its_keys() -> None:
    key = "arn:aws:kms:eu-west-2:123456789012:key/1"
    document, notes = run("--resource", "voiceid", "--key", key)
    assert [each["Sid"] for each in document["Statement"]] == ["VoiceIdDomains", "KeysOfDomains"]
    assert document["Statement"][1] == {
        "Sid": "KeysOfDomains",
        "Effect": "Allow",
        "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey"],
        "Resource": key,
    }
    assert "sqs:" not in notes


def test_read_only_allows_no_write() -> None:
    document, notes = run("--read-only", "--key", "arn:key")
    allowed = {action for each in document["Statement"] for action in each["Action"]}
    assert allowed == {
        "profile:GetDomain", "profile:ListDomains", "voiceid:DescribeDomain", "voiceid:ListDomains", "voiceid:ListTagsForResource",
    }  # fmt: skip
    assert "Behind" not in notes


def test_a_resource_that_does_not_exist_is_a_mistake() -> None:
    result = CliRunner().invoke(iam_policy, ["--resource", "sqs"])
    assert result.exit_code != 0
    assert "'customerprofiles'" in result.output
