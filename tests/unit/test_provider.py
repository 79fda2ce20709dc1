"""The explicit provider passes its arguments on, marked as its own, and nothing else."""

from __future__ import annotations

import inspect
from typing import Any

import pulumi
import pytest
from pulumi_connect_domains import Provider
from pulumi_connect_domains.aws.access import Access, Role
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.operations import PROVIDER_MARK
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.operations.settings import from_config
from pulumi_connect_domains.operations.vocabulary import SETTINGS

ROLE = "arn:aws:iam::222222222222:role/deploy"


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What is handed to the SDK: package, name, inputs, options."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(pulumi.ProviderResource, "__init__", lambda self, *arguments: calls.append(arguments))
    return calls


def test_every_argument_is_a_setting_and_there_are_no_outputs() -> None:
    arguments = set(inspect.signature(Provider.__init__).parameters) - {"self", "resource_name", "opts"}
    assert arguments <= set(SETTINGS)
    assert not inspect.get_annotations(Provider)


def test_arguments_travel_typed_and_marked(registered: list[tuple[Any, ...]]) -> None:
    opts = pulumi.ResourceOptions()
    Provider(
        "eu",
        region="eu-west-2",
        assume_roles=[{"role_arn": ROLE, "external_id": "e"}],
        default_tags={"team": "crm"},
        ignore_tags={"key_prefixes": ["k8s/"]},
        allowed_account_ids=["222222222222"],
        endpoints={"sts": "http://127.0.0.1:1"},
        opts=opts,
    )
    [(package, name, inputs, given)] = registered
    assert (package, name, given) == ("pulumi-python", "eu", opts)
    assert from_config(inputs, {}) == Configuration(
        region="eu-west-2",
        access=Access(roles=(Role(ROLE, external_id="e"),), endpoints=(("sts", "http://127.0.0.1:1"),)),
        tags=TagPolicy({"team": "crm"}, ignored_prefixes=("k8s/",)),
        allowed_account_ids=("222222222222",),
        is_explicit=True,
    )


def test_what_is_left_out_is_left_to_the_environment(registered: list[tuple[Any, ...]]) -> None:
    Provider("bare")
    [(_, _, inputs, _)] = registered
    assert {key for key, value in inputs.items() if value is not None} == {PROVIDER_MARK}
    assert from_config(inputs, {}) == Configuration(is_explicit=True)


def test_the_stacks_silenced_rules_are_passed_on(
    registered: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"connect-domains:silence": "end-of-support"}')
    Provider("eu")
    [(_, _, inputs, _)] = registered
    assert from_config(inputs, {}).silenced == {"end-of-support"}
