"""customerprofiles.api against the local AWS, over HTTP: what happens when answers are lost, old, or not ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.customerprofiles import DomainProvider
from pulumi_connect_domains.customerprofiles.domain import api
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.errors import InvalidRequest, NoAnswer, Refused, Unreachable
from pulumi_connect_domains.model.resource_type import Clock
from pulumi_connect_domains.model.warning import Notice
from pulumi_connect_domains.operations.call import Call, Host

SERVICE = "customer-profiles"
INPUTS: dict[str, Any] = {"domain_name": "crm", "default_expiration_days": 30, "region": "us-east-1"}


@pytest.fixture
def call(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    made = DomainProvider().bridge.operations.call(INPUTS)
    yield replace(made, host=Host(Clock(sleep=lambda seconds: None)))
    aws.forget_clients()


def operations(local_aws: LocalAws) -> list[str]:
    return [each.operation for each in local_aws.calls(SERVICE)]


# -- create -----------------------------------------------------------------------------------------------------------


def test_a_domain_whose_answer_was_lost_is_recognised_when_the_retry_meets_it(call: Call, local_aws: LocalAws) -> None:
    local_aws.drop("CreateDomain", when="after")
    id, live = api.create(call, INPUTS)
    assert (id, live["default_expiration_days"]) == ("crm", 30)
    assert live["arn"] == "arn:aws:profile:us-east-1:123456789012:domains/crm"
    assert operations(local_aws) == ["CreateDomain", "CreateDomain", "GetDomain"]


def test_a_connection_cut_before_the_change_is_simply_tried_again(call: Call, local_aws: LocalAws) -> None:
    local_aws.drop("CreateDomain", when="before")
    assert api.create(call, INPUTS)[0] == "crm"
    assert operations(local_aws) == ["CreateDomain", "CreateDomain"]


def test_an_older_domain_is_not_ours_though_an_answer_was_lost(call: Call, local_aws: LocalAws) -> None:
    local_aws.seed(SERVICE, "crm", DefaultExpirationDays=30, CreatedAt=1_700_000_000, LastUpdatedAt=1_700_000_000)
    local_aws.drop("CreateDomain", when="before")
    with pytest.raises(Refused, match="the name is taken"):
        api.create(call, INPUTS)


def test_a_domain_made_just_now_with_other_settings_is_not_ours(call: Call, local_aws: LocalAws) -> None:
    local_aws.drop("CreateDomain", when="before")
    local_aws.seed(SERVICE, "crm", DefaultExpirationDays=31)
    with pytest.raises(Refused, match="the name is taken"):
        api.create(call, INPUTS)


def test_without_a_lost_answer_a_domain_made_just_now_is_somebody_elses(call: Call, local_aws: LocalAws) -> None:
    local_aws.seed(SERVICE, "crm", DefaultExpirationDays=30)
    with pytest.raises(Refused, match="the name is taken") as refused:
        api.create(call, INPUTS)
    assert operations(local_aws) == ["CreateDomain"]
    assert "adopt_existing=True" in str(refused.value)
    assert "import file" in str(refused.value)


def test_when_every_answer_is_lost_a_look_finds_the_domain(call: Call, local_aws: LocalAws) -> None:
    local_aws.drop("CreateDomain", when="after", times=None)
    assert api.create(call, INPUTS)[0] == "crm"
    assert operations(local_aws)[-1] == "GetDomain"


def test_when_the_look_is_lost_too_the_error_says_what_may_exist_and_how_to_look(
    call: Call, local_aws: LocalAws
) -> None:
    local_aws.fault("CreateDomain", code="InternalServerException", times=None)
    local_aws.fault("GetDomain", code="InternalServerException", times=None)
    with pytest.raises(NoAnswer) as lost:
        api.create(call, INPUTS)
    assert "the domain 'crm' may exist all the same" in str(lost.value)
    assert "aws customer-profiles get-domain --domain-name 'crm' --region us-east-1" in str(lost.value)


def test_another_refusal_stays_what_it_is(call: Call, local_aws: LocalAws) -> None:
    local_aws.fault("CreateDomain", code="BadRequestException", message="The key arn:x cannot be used")
    with pytest.raises(InvalidRequest, match="cannot be used") as refused:
        api.create(call, {**INPUTS, "default_encryption_key": "arn:x"})
    assert "arn:x" not in str(refused.value)
    assert "default_encryption_key" in str(refused.value)


def test_nothing_was_made_when_no_connection_was(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    assert call.account == "123456789012"
    monkeypatch.setenv("CONNECT_DOMAINS_LOCAL_AWS", "")
    monkeypatch.setenv("AWS_ENDPOINT_URL_CUSTOMER_PROFILES", "http://127.0.0.1:9")
    aws.forget_clients()
    with pytest.raises(Unreachable) as unreachable:
        api.create(DomainProvider().bridge.operations.call(INPUTS), INPUTS)
    assert "may exist" not in str(unreachable.value)


def test_adoption_brings_the_domain_to_the_declared_settings_and_warns(call: Call, local_aws: LocalAws) -> None:
    local_aws.seed(SERVICE, "crm", DefaultExpirationDays=7, Tags={"left": "over"}, Stats={"ProfileCount": 3})
    heard: list[Notice] = []
    host = Host(call.clock, warn=lambda urn, notice: heard.append(notice))
    inputs = {**INPUTS, "adopt_existing": True, "tags": {"team": "crm"}, "tags_all": {"team": "crm"}}
    id, live = api.create(replace(call, host=host), inputs)
    assert (id, live["stats"]) == ("crm", {"profile_count": 3})
    assert operations(local_aws) == ["CreateDomain", "GetDomain", "UpdateDomain", "TagResource", "UntagResource"]
    (warning,) = map(str, heard)
    assert warning.startswith(
        "the existing domain 'crm' was adopted; changed on it: default_expiration_days, tags_all.team"
    )


# -- delete and list --------------------------------------------------------------------------------------------------


def test_a_delete_whose_answer_was_lost_is_done(call: Call, local_aws: LocalAws) -> None:
    _, live = api.create(call, INPUTS)
    local_aws.drop("DeleteDomain", when="after")
    api.delete(call, "crm", live)
    assert local_aws.domains(SERVICE) == {}


def test_every_page_is_listed(call: Call, local_aws: LocalAws) -> None:
    names = [f"d-{number:03}" for number in range(250)]
    for name in names:
        local_aws.seed(SERVICE, name)
    assert sorted(str(each["id"]) for each in api.list_all(call)) == names
    assert operations(local_aws) == ["ListDomains"] * 3
