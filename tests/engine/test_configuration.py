"""Where domains go, and as whom: every source of region and credentials, explicit providers, and what speaks against a destination."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import Provider, customerprofiles
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.accounts import access_key_id
from pulumi_connect_domains.testing import MakeStack, PulumiStack

SERVICE = "customer-profiles"
HOME, OTHER, THIRD = "123456789012", "222222222222", "333333333333"
NO_REGION = {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}
UNCONFINED = {"CONNECT_DOMAINS_LOCAL_AWS": ""}
"""Profiles and files have their say, as they have against the real AWS; AWS_ENDPOINT_URL alone leads to the local one."""
CLEAN = {
    **NO_REGION,
    **UNCONFINED,
    "AWS_PROFILE": "",
    "AWS_CONFIG_FILE": "/nowhere",
    "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
}


def declares(**arguments: Any) -> Callable[[], None]:
    """A program with one domain."""

    def program() -> None:
        customerprofiles.Domain("crm", **{"default_expiration_days": 30, "domain_name": "crm", **arguments})

    return program


def fails(run: Callable[..., Any], **options: Any) -> str:
    """The text of a command that has to fail."""
    with pytest.raises(CommandError) as failed:
        run(**options)
    return str(failed.value)


def region_at_preview(stack: PulumiStack) -> str:
    """The region in the inputs that a preview shows for the domain."""
    steps = stack.preview_json()["steps"]
    return next(str(step["newState"]["inputs"]["region"]) for step in steps if step["urn"].endswith("::crm"))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """AWS config files with a default profile and one named `team`, each with a region and credentials, as variables."""
    config, credentials = tmp_path / "aws-config", tmp_path / "aws-credentials"
    config.write_text(
        "[default]\nregion = ca-central-1\n[profile team]\nregion = eu-central-1\ns3 =\n  max_queue_size = 10\n"
    )
    credentials.write_text(
        f"[default]\naws_access_key_id = {access_key_id(OTHER)}\naws_secret_access_key = local\n"
        f"[team]\naws_access_key_id = {access_key_id(THIRD)}\naws_secret_access_key = local\n"
    )
    return {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}


# -- the region -------------------------------------------------------------------------------------------------------


def test_each_source_of_the_region_wins_over_the_next(
    pulumi_stack: MakeStack, local_aws: LocalAws, files: dict[str, str]
) -> None:
    stack = pulumi_stack(declares(region="eu-west-2"), env={**CLEAN, **files})
    stack.set_config("aws:region", "us-west-2")
    stack.set_config("aws:profile", "team")
    stack.environment.update(AWS_REGION="ap-southeast-1", AWS_DEFAULT_REGION="ap-southeast-2")
    assert region_at_preview(stack) == "eu-west-2"
    stack.run(declares())
    assert region_at_preview(stack) == "us-west-2"
    stack.automation.remove_config("aws:region")
    assert region_at_preview(stack) == "ap-southeast-1"
    stack.environment["AWS_REGION"] = ""
    assert region_at_preview(stack) == "ap-southeast-2"
    stack.environment["AWS_DEFAULT_REGION"] = ""
    assert region_at_preview(stack) == "eu-central-1"
    stack.automation.remove_config("aws:profile")
    assert region_at_preview(stack) == "ca-central-1"
    assert local_aws.calls() == []


def test_an_explicit_provider_stands_alone(pulumi_stack: MakeStack, local_aws: LocalAws, files: dict[str, str]) -> None:
    def program(own: str | None = None, **provided: Any) -> Callable[[], None]:
        def run() -> None:
            opts = pulumi.ResourceOptions(provider=Provider("explicit", **provided))
            customerprofiles.Domain("crm", default_expiration_days=30, region=own, opts=opts)

        return run

    stack = pulumi_stack(program("eu-west-2", region="us-west-2"), env={**CLEAN, **files})
    stack.set_config("aws:region", "af-south-1")
    stack.set_config("aws:profile", "team")
    stack.environment["AWS_REGION"] = "ap-southeast-1"
    assert region_at_preview(stack) == "eu-west-2"
    stack.run(program(region="us-west-2"))
    assert region_at_preview(stack) == "us-west-2"
    stack.run(program())
    assert region_at_preview(stack) == "ap-southeast-1"
    stack.environment["AWS_REGION"] = ""
    assert region_at_preview(stack) == "ca-central-1"
    stack.run(program(profile="team"))
    assert region_at_preview(stack) == "eu-central-1"


def test_another_shells_region_never_replaces_a_domain(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(), env=CLEAN)
    stack.environment["AWS_REGION"] = "eu-west-2"
    stack.up()
    stack.environment["AWS_REGION"] = "us-west-2"
    text = fails(stack.preview)
    assert (
        "region: this shell's AWS_REGION says us-west-2, but the Customer Profiles domain is in eu-west-2; "
        "set the resource's region, or aws:region in the stack's config, to the one you mean"
    ) in text
    stack.environment["AWS_REGION"] = ""
    text = fails(stack.preview)
    assert (
        "region: is not set; the Customer Profiles domain is in eu-west-2; set the resource's region, aws:region"
        in text
    )
    local_aws.forget_calls()
    stack.environment["AWS_REGION"] = "us-west-2"
    stack.refresh(expect_no_changes=True)
    assert {call.region for call in local_aws.calls(SERVICE)} == {"eu-west-2"}
    stack.set_config("aws:region", "us-west-2")
    [step] = [
        step for step in stack.preview_json()["steps"] if step["urn"].endswith("::crm") and step["op"] == "replace"
    ]
    assert step["replaceReasons"] == ["region"]
    stack.destroy()
    assert local_aws.domains(SERVICE, region="eu-west-2") == {}


def test_a_silence_that_cannot_be_read_is_named_and_stops_nothing(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(region="eu-west-2"))
    stack.set_config("connect-domains:silence", "[broken")
    for command in (stack.preview, stack.up, stack.refresh):
        command()
        said = "\n".join(stack.messages())
        assert "Traceback" not in said
        if command != stack.refresh:  # which checks nothing
            assert "connect-domains:silence: should be names of rules" in said
            assert "[silence-unreadable]" in said
    stack.destroy()
    assert local_aws.domains(SERVICE, region="eu-west-2") == {}


def test_a_region_without_the_service_is_a_warning(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(region="eu-north-1"))
    stack.preview()
    [warning] = stack.messages()
    assert warning.startswith("region: ")
    assert warning.endswith("[region-unknown]")
    stack.set_config("connect-domains:silence", "region-unknown")
    stack.preview()
    assert stack.messages() == []
    stack.automation.remove_config("connect-domains:silence")
    stack.environment["CONNECT_DOMAINS_SILENCE"] = "other, region-unknown"
    stack.preview()
    assert stack.messages() == []


# -- credentials -------------------------------------------------------------------------------------------------------


def chain() -> list[dict[str, Any]]:
    """Two roles, the second in a third account, in the form of stack config."""
    return [
        {
            "roleArn": f"arn:aws:iam::{OTHER}:role/hub",
            "sessionName": "deploy",
            "externalId": "ext-0451",
            "duration": "1h",
            "policy": '{"Version": "2012-10-17", "Statement": []}',
        },
        {"roleArn": f"arn:aws:iam::{THIRD}:role/spoke"},
    ]


@pytest.mark.parametrize(
    ("config", "env", "account"),
    [
        ({}, {}, HOME),
        ({}, {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, OTHER),
        ({}, {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "team"}, THIRD),
        ({"aws:profile": "team"}, {}, THIRD),
        ({"aws:accessKey": access_key_id(OTHER), "aws:secretKey": "local", "aws:profile": "team"}, {}, OTHER),
        ({"aws:assumeRoles": json.dumps(chain()[:1])}, {}, OTHER),
        ({"aws:profile": "team", "aws:assumeRoles": json.dumps(chain()[:1])}, {}, OTHER),
    ],
    ids=[
        "the environment's keys",
        "the default profile",
        "AWS_PROFILE",
        "aws:profile over the environment's keys",
        "aws:accessKey over aws:profile",
        "aws:assumeRoles with the environment's keys",
        "aws:assumeRoles with aws:profile",
    ],
)
def test_each_source_of_credentials(
    pulumi_stack: MakeStack,
    local_aws: LocalAws,
    files: dict[str, str],
    config: dict[str, str],
    env: dict[str, str],
    account: str,
) -> None:
    stack = pulumi_stack(declares(), config=config, env={**UNCONFINED, "AWS_PROFILE": "", **files, **env})
    stack.set_config("aws:allowedAccountIds", json.dumps(["999999999999"]))
    assert f"account: the credentials are of account {account}, but only 999999999999 may be used" in fails(
        stack.preview
    )
    assert local_aws.domains(SERVICE) == {}


def test_a_chain_of_roles(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(), config={"aws:assumeRoles": json.dumps(chain())})
    stack.up()
    assert set(local_aws.domains(SERVICE, account=THIRD)) == {"crm"}
    first, second = local_aws.calls("sts", "AssumeRole")
    assert (first.account, second.account) == (HOME, OTHER)
    asked = {key: first.parameters[key] for key in ("RoleSessionName", "ExternalId", "DurationSeconds", "Policy")}
    assert asked == {
        "RoleSessionName": "deploy",
        "ExternalId": "ext-0451",
        "DurationSeconds": "3600",
        "Policy": '{"Version": "2012-10-17", "Statement": []}',
    }
    assert second.parameters["RoleSessionName"] == "pulumi-connect-domains"
    assert len(local_aws.calls("sts", "GetCallerIdentity")) == 1
    stack.destroy()
    assert local_aws.domains(SERVICE, account=THIRD) == {}


def test_a_web_identity(pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("a.b.c\n")
    identity = {"roleArn": f"arn:aws:iam::{OTHER}:role/pipeline", "webIdentityTokenFile": str(token)}
    none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", **CLEAN, "AWS_REGION": "us-east-1"}
    stack = pulumi_stack(declares(), config={"aws:assumeRoleWithWebIdentity": json.dumps(identity)}, env=none)
    stack.up()
    assert set(local_aws.domains(SERVICE, account=OTHER)) == {"crm"}
    [call] = local_aws.calls("sts", "AssumeRoleWithWebIdentity")
    assert call.parameters["WebIdentityToken"] == "a.b.c"


# -- many regions and accounts ----------------------------------------------------------------------------------------


def everywhere() -> None:
    """Two regions and two accounts: a stack's default, two providers, and a component that hands one down."""
    role = {"role_arn": f"arn:aws:iam::{OTHER}:role/deploy"}
    london = Provider("london", region="eu-west-2", default_tags={"where": "london"})
    other = Provider("other", region="us-west-2", assume_roles=[role], allowed_account_ids=[OTHER])
    team = pulumi.ComponentResource("test:index:Team", "team", None, pulumi.ResourceOptions(providers=[other]))
    here = pulumi.ResourceOptions(parent=team)
    customerprofiles.Domain("home", default_expiration_days=30, domain_name="home")
    customerprofiles.Domain(
        "london", default_expiration_days=30, domain_name="london", opts=pulumi.ResourceOptions(provider=london)
    )
    customerprofiles.Domain("team", default_expiration_days=30, domain_name="team", opts=here)


def placed(aws: LocalAws) -> Iterator[tuple[str, str, str]]:
    """Account, region and name of every domain."""
    for account in (HOME, OTHER):
        for region in ("us-east-1", "eu-west-2", "us-west-2"):
            for name in aws.domains(SERVICE, account=account, region=region):
                yield account, region, name


def test_two_regions_and_two_accounts_in_one_stack(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(everywhere)
    stack.up()
    expected = [(HOME, "us-east-1", "home"), (HOME, "eu-west-2", "london"), (OTHER, "us-west-2", "team")]
    assert list(placed(local_aws)) == expected
    state = stack.state()
    assert state["london"]["outputs"]["tags_all"] == {"where": "london"}
    assert "tags_all" not in state["home"]["outputs"]
    stack.preview(expect_no_changes=True)
    stack.run(declares())  # neither refresh nor destroy needs the program
    stack.refresh(expect_no_changes=True)
    stack.destroy()
    assert list(placed(local_aws)) == []


def test_another_region_of_a_provider_replaces_its_domains(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program(region: str) -> Callable[[], None]:
        def run() -> None:
            opts = pulumi.ResourceOptions(provider=Provider("explicit", region=region))
            customerprofiles.Domain("crm", default_expiration_days=30, domain_name="crm", force_destroy=True, opts=opts)

        return run

    stack = pulumi_stack(program("eu-west-2"))
    stack.up()
    stack.run(program("us-west-2"))
    assert stack.up().summary.resource_changes["replace"] == 1
    assert local_aws.domains(SERVICE, region="eu-west-2") == {}
    assert set(local_aws.domains(SERVICE, region="us-west-2")) == {"crm"}


def test_an_input_of_a_provider_may_be_unknown_at_preview(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program() -> None:
        first = customerprofiles.Domain("first", default_expiration_days=30, domain_name="first", region="eu-west-2")
        region = first.arn.apply(lambda arn: arn.split(":")[3])
        opts = pulumi.ResourceOptions(provider=Provider("explicit", region=region))
        customerprofiles.Domain("second", default_expiration_days=30, domain_name="second", opts=opts)

    stack = pulumi_stack(program)
    assert stack.preview().change_summary["create"] == 4
    stack.up()
    assert set(local_aws.domains(SERVICE, region="eu-west-2")) == {"first", "second"}
    stack.preview(expect_no_changes=True)


def test_a_provider_of_another_package_is_refused(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program() -> None:
        provider = pulumi.ProviderResource.__new__(pulumi.ProviderResource)  # unregistered, so that no plugin is needed
        provider.package = "aws"
        opts = pulumi.ResourceOptions()
        opts.provider = provider
        customerprofiles.Domain("crm", default_expiration_days=30, opts=opts)

    text = fails(pulumi_stack(program).preview)
    assert "crm: opts.provider is a provider of the package 'aws', which the engine would silently ignore here" in text
    assert "Traceback" not in text
    assert local_aws.calls() == []


def test_a_domain_is_not_read_before_its_region_is_known(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    local_aws.seed(SERVICE, "theirs", DefaultExpirationDays=7)

    def program() -> None:
        first = customerprofiles.Domain("first", domain_name="first", default_expiration_days=1)
        region = pulumi.Output.secret(first.arn.apply(lambda arn: arn.split(":")[3]))
        pulumi.export("days", customerprofiles.Domain.get("theirs", "theirs", region=region).default_expiration_days)

    stack = pulumi_stack(program)
    stack.preview()
    assert local_aws.calls(SERVICE) == []
    stack.up()
    assert stack.outputs()["days"] == 7
    assert stack.state()["theirs"]["id"] == "theirs"
