"""What a run may delete when it was to adopt a domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi_connect_domains import aws
from pulumi_connect_domains.customerprofiles import DomainProvider
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.errors import AwsError, Refused
from pulumi_connect_domains.operations.call import Run

INPUTS: dict[str, Any] = {"domain_name": "crm", "default_expiration_days": 30, "region": "us-east-1"}


@pytest.fixture
def provider(local_aws: LocalAws) -> Iterator[DomainProvider]:
    aws.forget_clients()
    yield in_another_run()
    aws.forget_clients()


def in_another_run() -> DomainProvider:
    """The provider in a host that has just started."""
    Run.begin()
    provider = DomainProvider()
    provider.configure(ConfigureRequest(Config({}, "test")))
    return provider


def test_a_run_that_fails_to_adopt_does_not_delete_by_the_old_entry(
    provider: DomainProvider, local_aws: LocalAws
) -> None:
    made = provider.create({**INPUTS, "default_expiration_days": 60})
    provider = in_another_run()
    local_aws.fault("UpdateDomain", code="AccessDeniedException")
    with pytest.raises(AwsError):
        provider.create({**INPUTS, "adopt_existing": True})
    with pytest.raises(Refused, match="another resource of this run was to adopt it, and that failed"):
        provider.delete(made.id, {**(made.outs or {}), "force_destroy": True})
    assert list(local_aws.domains("customer-profiles")) == ["crm"]
