"""The whole project, as `pulumi up` runs it: Pulumi.yaml, configuration, program and provider."""

from pathlib import Path

import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiStack

PROJECT = Path(__file__).parent.parent


@pytest.fixture
def production(pulumi_stack: MakeStack) -> PulumiStack:
    """The stack `production` with its own settings, Pulumi.production.yaml. State and AWS are the test's."""
    return pulumi_stack(PROJECT, name="production", project="connect-tested-project")


def test_the_domain_is_made_and_then_left_alone(local_aws: LocalAws, production: PulumiStack) -> None:
    production.up()
    name = production.outputs()["domain_name"]
    assert set(local_aws.domains("customer-profiles", region="eu-west-2")) == {name}
    assert production.state()["profiles"]["outputs"]["tags_all"] == {
        "managed-by": "pulumi",
        "owner": "crm",
        "stage": "production",
    }
    production.preview(expect_no_changes=True)


def test_a_change_behind_our_back_is_found(local_aws: LocalAws, production: PulumiStack) -> None:
    production.up()
    local_aws.change("customer-profiles", production.outputs()["domain_name"], DefaultExpirationDays=1)
    with pytest.raises(CommandError, match="no changes were expected"):
        production.refresh(preview_only=True, expect_no_changes=True)


def test_the_customers_of_production_are_not_deleted(local_aws: LocalAws, production: PulumiStack) -> None:
    production.up()
    name = production.outputs()["domain_name"]
    local_aws.change("customer-profiles", name, Stats={"ProfileCount": 1})
    with pytest.raises(CommandError, match="force_destroy"):
        production.destroy()
    assert name in local_aws.domains("customer-profiles")


def test_another_stage_is_a_mistake(local_aws: LocalAws, production: PulumiStack) -> None:
    production.set_config("stage", "test")
    with pytest.raises(CommandError, match="KeyError: 'test'"):
        production.preview()
