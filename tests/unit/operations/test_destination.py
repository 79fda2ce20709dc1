"""The region and the account of a resource, and what speaks against them; no AWS call unless accounts are limited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pulumi_connect_domains import aws, registry
from pulumi_connect_domains.aws.access import VARIABLE, Access
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.errors import ConfigurationError, Refused
from pulumi_connect_domains.model.values import Unknown
from pulumi_connect_domains.operations import destination
from pulumi_connect_domains.operations.configuration import Configuration, Region

TYPE = next(iter(registry.resource_types().values()))
STACK = Configuration(region="us-west-2")
PROVIDER = Configuration(region="us-west-2", is_explicit=True)
NAMED = {"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-central-1"}


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv(VARIABLE, "")
    aws.forget_clients()
    yield
    aws.forget_clients()


def settled(state: dict[str, Any], inputs: dict[str, Any], configuration: Configuration) -> tuple[list[str], object]:
    """The failures, and the region in the inputs afterwards."""
    region, found = destination.settled_region(TYPE, state, inputs, configuration)
    return found, region or inputs.get("region")


@pytest.mark.parametrize(
    ("own", "configuration", "environment", "expected"),
    [
        ("af-south-1", STACK, NAMED, Region("af-south-1", "region")),
        ("", STACK, NAMED, Region("us-west-2", "aws:region")),
        ("", PROVIDER, NAMED, Region("us-west-2", "Provider")),
        ("", Configuration(), NAMED, Region("eu-west-2", "AWS_REGION")),
        ("", Configuration(), {"AWS_DEFAULT_REGION": "eu-central-1"}, Region("eu-central-1", "AWS_DEFAULT_REGION")),
        ("", Configuration(), {}, None),
    ],
)
def test_the_first_source_wins(
    own: str, configuration: Configuration, environment: dict[str, str], expected: Region | None
) -> None:
    assert destination.resolve_region(own, configuration, environment) == expected


def test_only_environment_and_profile_are_ambient() -> None:
    sources = ("region", "aws:region", "Provider", "AWS_REGION", "AWS_DEFAULT_REGION", "profile")
    assert [source for source in sources if Region("x", source).is_ambient] == [
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "profile",
    ]


def test_no_region_is_one_failure(local_aws: LocalAws) -> None:
    text = "region: is not set; set the resource's region, aws:region in the stack's config, or AWS_REGION"
    assert settled({}, {}, Configuration()) == ([text], None)
    assert settled({}, {}, replace(Configuration(), is_explicit=True))[0] == [
        "region: is not set; set the resource's region, the Provider's region, or AWS_REGION"
    ]
    with pytest.raises(ConfigurationError, match=r"^region: is not set; set the resource's region"):
        destination.service(TYPE, {}, Configuration())
    assert local_aws.calls() == []


@pytest.mark.parametrize("name", ["eu west 2", "EU-WEST-2", "eu-west-2/..", "london", "-"])
def test_what_is_no_region_at_all(name: str) -> None:
    [failure], region = settled({}, {"region": name}, Configuration())
    assert failure == f"region: {name!r} (from region) is not the name of a region"
    assert region == name


def test_a_region_that_is_unknown_or_no_text_is_left_to_others() -> None:
    unknown = Unknown()
    assert settled({}, {"region": unknown}, Configuration()) == ([], unknown)
    assert settled({}, {"region": 5}, Configuration()) == ([], 5)


def test_an_ambient_region_may_not_differ_from_the_one_in_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    assert settled({"region": "eu-west-2"}, {}, Configuration()) == ([], "eu-west-2")
    [failure], region = settled({"region": "us-west-2"}, {}, Configuration())
    assert failure.startswith("region: this shell's AWS_REGION says eu-west-2, but the ")
    assert " is in us-west-2; set the resource's region" in failure
    assert region is None
    assert settled({"region": "us-east-1"}, {}, STACK) == ([], "us-west-2")


def test_accounts_are_asked_for_only_where_they_are_limited(local_aws: LocalAws) -> None:
    assert settled({}, {}, STACK)[0] == []
    assert local_aws.calls() == []
    allowed = replace(STACK, allowed_account_ids=(local_aws.account,))
    assert settled({}, {}, allowed)[0] == settled({}, {}, allowed)[0] == []
    assert [call.operation for call in local_aws.calls()] == ["GetCallerIdentity"]


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (
            {"allowed_account_ids": ("1" * 12, "2" * 12)},
            "but only 111111111111 or 222222222222 may be used (aws:allowedAccountIds)",
        ),
        ({"forbidden_account_ids": ("123456789012",)}, "but this account must not be used (aws:forbiddenAccountIds)"),
        (
            {"forbidden_account_ids": ("123456789012",), "is_explicit": True},
            "but this account must not be used (forbidden_account_ids of the Provider)",
        ),
    ],
)
def test_a_wrong_account_fails_check_and_every_call(limits: dict[str, Any], text: str) -> None:
    configuration = replace(STACK, **limits)
    expected = f"account: the credentials are of account 123456789012, {text}"
    assert settled({}, {}, configuration)[0] == [expected]
    with pytest.raises(Refused) as error:
        destination.service(TYPE, {"region": "us-west-2"}, configuration)
    assert str(error.value) == expected


def test_an_account_that_cannot_be_asked_for_is_a_failure_too(local_aws: LocalAws) -> None:
    local_aws.fault("GetCallerIdentity", code="ExpiredToken", status=403)
    configuration = replace(STACK, allowed_account_ids=(local_aws.account,), access=Access(max_attempts=1))
    [failure], _ = settled({}, {}, configuration)
    assert failure.startswith("account: cannot read the caller's identity: the credentials have expired (ExpiredToken)")


def test_a_profile_that_does_not_exist_is_a_failure() -> None:
    [failure], _ = settled({}, {}, Configuration(access=Access(profile="team")))
    assert failure.startswith("the AWS profile 'team' does not exist on this machine")
