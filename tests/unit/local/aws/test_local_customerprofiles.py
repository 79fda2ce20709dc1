"""Customer Profiles: what each operation does to a domain, over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pulumi_connect_domains.local.aws import LocalAws

ARN = "arn:aws:profile:us-east-1:123456789012:domains/d"
RULES = {"Enabled": True, "MatchingRules": [{"Rule": ["FirstName"]}, {"Rule": ["LastName"]}]}
NO_PROFILES = {"ProfileCount": 0, "MeteringProfileCount": 0, "ObjectCount": 0, "TotalSize": 0}


def members(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without what botocore adds and without its dates."""
    return {
        name: value for name, value in answer.items() if name not in ("ResponseMetadata", "CreatedAt", "LastUpdatedAt")
    }


@pytest.fixture
def domain(profiles: Any) -> Any:
    """A domain `d` of 30 days, and the client."""
    profiles.create_domain(DomainName="d", DefaultExpirationDays=30)
    return profiles


def test_a_created_domain_is_read_back_with_its_statistics_dates_and_tags(profiles: Any) -> None:
    created = profiles.create_domain(
        DomainName="d",
        DefaultExpirationDays=30,
        DefaultEncryptionKey="key",
        DeadLetterQueueUrl="queue",
        Matching={"Enabled": True, "AutoMerging": {"Enabled": True, "MinAllowedConfidenceScoreForMerging": 0.0}},
        RuleBasedMatching=RULES,
        DataStore={"Enabled": True},
        Tags={"k": "v"},
    )
    expected = {
        "DomainName": "d",
        "DefaultExpirationDays": 30,
        "DefaultEncryptionKey": "key",
        "DeadLetterQueueUrl": "queue",
        "Matching": {"Enabled": True, "AutoMerging": {"Enabled": True, "MinAllowedConfidenceScoreForMerging": 0.0}},
        "RuleBasedMatching": {**RULES, "Status": "ACTIVE"},
        "DataStore": {"Enabled": True, "Readiness": {"ProgressPercentage": 100}},
        "Tags": {"k": "v"},
    }
    assert members(created) == expected
    read = profiles.get_domain(DomainName="d")
    assert members(read) == {**expected, "Stats": NO_PROFILES}
    assert read["CreatedAt"] == read["LastUpdatedAt"] == created["CreatedAt"]
    assert timedelta(0) <= datetime.now(timezone.utc) - read["CreatedAt"] < timedelta(minutes=1)


def test_of_a_plain_domain_nothing_is_read_back_that_was_not_set(domain: Any) -> None:
    assert members(domain.get_domain(DomainName="d")) == {
        "DomainName": "d",
        "DefaultExpirationDays": 30,
        "Stats": NO_PROFILES,
    }


def test_a_name_can_be_taken_once(domain: Any, refused: Any) -> None:
    error = refused(domain.create_domain, DomainName="d", DefaultExpirationDays=31)
    assert error == {"code": "BadRequestException", "message": "Domain d already exists", "status": 400}
    assert domain.get_domain(DomainName="d")["DefaultExpirationDays"] == 30


MONDAY = {"Enabled": True, "JobSchedule": {"DayOfTheWeek": "MONDAY", "Time": "9:05"}}
MERGING = {"Enabled": True, "AutoMerging": {"Enabled": True}}
REVERSED = {"Enabled": True, "MatchingRules": [{"Rule": ["LastName"]}, {"Rule": ["FirstName"]}]}
OFF: dict[str, Any] = {"Enabled": False}

UPDATES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (
        "a setting left out stays",
        {"DefaultEncryptionKey": "k"},
        {"DefaultExpirationDays": 31},
        {"DefaultEncryptionKey": "k", "DefaultExpirationDays": 31},
    ),
    ("an empty key is no key", {"DefaultEncryptionKey": "k"}, {"DefaultEncryptionKey": ""}, {}),
    ("an empty queue is no queue", {"DeadLetterQueueUrl": "q"}, {"DeadLetterQueueUrl": ""}, {}),
    ("nothing given changes nothing", {"DeadLetterQueueUrl": "q"}, {}, {"DeadLetterQueueUrl": "q"}),
    (
        "a structure replaces the whole of the old one",
        {"Matching": MONDAY},
        {"Matching": MERGING},
        {"Matching": MERGING},
    ),
    (
        "matching without AutoMerging is read back with one that is off, and its time as it was written",
        {},
        {"Matching": MONDAY},
        {"Matching": {**MONDAY, "AutoMerging": OFF}},
    ),
    ("matching that is turned off is read back as sent", {"Matching": MONDAY}, {"Matching": OFF}, {"Matching": OFF}),
    (
        "rules on a domain that exists wait before they are built",
        {},
        {"RuleBasedMatching": RULES},
        {"RuleBasedMatching": {**RULES, "Status": "PENDING"}},
    ),
    (
        "the same rules again start nothing",
        {"RuleBasedMatching": RULES},
        {"RuleBasedMatching": RULES},
        {"RuleBasedMatching": {**RULES, "Status": "ACTIVE"}},
    ),
    (
        "the order of the rules is kept, and another order is another configuration",
        {"RuleBasedMatching": RULES},
        {"RuleBasedMatching": REVERSED},
        {"RuleBasedMatching": {**REVERSED, "Status": "PENDING"}},
    ),
    (
        "rules that are turned off have no status",
        {"RuleBasedMatching": RULES},
        {"RuleBasedMatching": OFF},
        {"RuleBasedMatching": OFF},
    ),
    (
        "a store that is turned off has no readiness",
        {"DataStore": {"Enabled": True}},
        {"DataStore": OFF},
        {"DataStore": OFF},
    ),
    ("the update's own tags are ignored", {"Tags": {"k": "v"}}, {"Tags": {"other": "w"}}, {"Tags": {"k": "v"}}),
]


@pytest.mark.parametrize(("before", "update", "after"), [row[1:] for row in UPDATES], ids=[row[0] for row in UPDATES])
def test_update(profiles: Any, before: dict[str, Any], update: dict[str, Any], after: dict[str, Any]) -> None:
    profiles.create_domain(DomainName="d", **{"DefaultExpirationDays": 30, **before})
    answer = profiles.update_domain(DomainName="d", **update)
    expected = {"DomainName": "d", "DefaultExpirationDays": 30, **after}
    assert members(answer) == expected
    assert members(profiles.get_domain(DomainName="d")) == {**expected, "Stats": NO_PROFILES}


def test_each_update_moves_the_date_of_the_last_one_only(domain: Any) -> None:
    created = domain.get_domain(DomainName="d")
    dates = [domain.update_domain(DomainName="d", DefaultExpirationDays=days)["LastUpdatedAt"] for days in (31, 32)]
    assert created["CreatedAt"] < dates[0] < dates[1]
    assert domain.get_domain(DomainName="d")["CreatedAt"] == created["CreatedAt"]


def test_rules_that_are_being_built_cannot_be_changed_but_sent_again(
    aws: LocalAws, profiles: Any, refused: Any
) -> None:
    profiles.create_domain(DomainName="d", DefaultExpirationDays=30, RuleBasedMatching=RULES)
    aws.change("customer-profiles", "d", **{"RuleBasedMatching.Status": "IN_PROGRESS"})
    error = refused(profiles.update_domain, DomainName="d", RuleBasedMatching={"Enabled": False})
    assert (error["code"], error["status"]) == ("BadRequestException", 400)
    answer = profiles.update_domain(DomainName="d", DefaultExpirationDays=31, RuleBasedMatching=RULES)
    assert (answer["DefaultExpirationDays"], answer["RuleBasedMatching"]["Status"]) == (31, "IN_PROGRESS")


def test_a_deleted_domain_is_gone_and_its_name_free(domain: Any, refused: Any) -> None:
    assert domain.delete_domain(DomainName="d")["Message"]
    assert refused(domain.get_domain, DomainName="d")["code"] == "ResourceNotFoundException"
    domain.create_domain(DomainName="d", DefaultExpirationDays=1)


ABSENT = [
    ("get_domain", {"DomainName": "gone"}),
    ("update_domain", {"DomainName": "gone", "DefaultExpirationDays": 1}),
    ("delete_domain", {"DomainName": "gone"}),
    ("tag_resource", {"resourceArn": f"{ARN}-gone", "tags": {"k": "v"}}),
    ("untag_resource", {"resourceArn": f"{ARN}-gone", "tagKeys": ["k"]}),
    ("list_tags_for_resource", {"resourceArn": f"{ARN}-gone"}),
    ("list_tags_for_resource", {"resourceArn": ARN.replace("us-east-1", "eu-west-2")}),
    ("list_tags_for_resource", {"resourceArn": ARN.replace("123456789012", "222222222222")}),
]


@pytest.mark.parametrize(("operation", "parameters"), ABSENT)
def test_an_absent_domain_is_not_found(domain: Any, refused: Any, operation: str, parameters: dict[str, Any]) -> None:
    error = refused(getattr(domain, operation), **parameters)
    assert (error["code"], error["status"]) == ("ResourceNotFoundException", 404)


def test_tags_are_added_overwritten_and_removed_by_name(domain: Any) -> None:
    domain.tag_resource(resourceArn=ARN, tags={"a": "1", "b": "2"})
    domain.tag_resource(resourceArn=ARN, tags={"b": "3", "c": ""})
    domain.untag_resource(resourceArn=ARN, tagKeys=["a", "never-there"])
    assert domain.list_tags_for_resource(resourceArn=ARN)["tags"] == {"b": "3", "c": ""}
    assert domain.get_domain(DomainName="d")["Tags"] == {"b": "3", "c": ""}


def test_without_tags_a_domain_shows_none(domain: Any) -> None:
    domain.tag_resource(resourceArn=ARN, tags={"a": "1"})
    domain.untag_resource(resourceArn=ARN, tagKeys=["a"])
    assert "Tags" not in domain.get_domain(DomainName="d")
    assert domain.list_tags_for_resource(resourceArn=ARN)["tags"] == {}


def test_a_domain_has_at_most_50_tags_over_all_calls(domain: Any, refused: Any) -> None:
    domain.tag_resource(resourceArn=ARN, tags={f"k{number}": "" for number in range(50)})
    domain.tag_resource(resourceArn=ARN, tags={"k0": "again"})
    error = refused(domain.tag_resource, resourceArn=ARN, tags={"one-more": ""})
    assert error["code"] == "BadRequestException"
    assert len(domain.list_tags_for_resource(resourceArn=ARN)["tags"]) == 50


@pytest.mark.parametrize("size", [1, 2, 5, 7, 100])
def test_pages_of_any_size_hold_every_domain_once(profiles: Any, size: int) -> None:
    names = [f"d{number}" for number in range(7)]
    for name in reversed(names):
        profiles.create_domain(DomainName=name, DefaultExpirationDays=1)
    listed: list[str] = []
    page = profiles.list_domains(MaxResults=size)
    listed += [item["DomainName"] for item in page["Items"]]
    while "NextToken" in page:
        page = profiles.list_domains(MaxResults=size, NextToken=page["NextToken"])
        assert 0 < len(page["Items"]) <= size
        listed += [item["DomainName"] for item in page["Items"]]
    assert listed == names


def test_without_a_size_a_page_holds_100(aws: LocalAws, profiles: Any) -> None:
    for number in range(101):
        aws.seed("customer-profiles", f"d{number:03}")
    page = profiles.list_domains()
    assert (len(page["Items"]), len(profiles.list_domains(NextToken=page["NextToken"])["Items"])) == (100, 1)


def test_a_list_shows_names_dates_and_tags(profiles: Any) -> None:
    profiles.create_domain(DomainName="d", DefaultExpirationDays=1, DefaultEncryptionKey="key", Tags={"k": "v"})
    (item,) = profiles.list_domains()["Items"]
    assert set(item) == {"DomainName", "CreatedAt", "LastUpdatedAt", "Tags"}


def test_a_token_that_was_never_given_is_refused(profiles: Any, refused: Any) -> None:
    assert refused(profiles.list_domains, NextToken="é")["code"] == "BadRequestException"


def test_other_operations_say_that_they_are_not_offered(domain: Any, refused: Any) -> None:
    error = refused(domain.list_integrations, DomainName="d")
    assert (error["code"], error["status"]) == ("NotOfferedByLocalAws", 501)
    assert "ListIntegrations" in error["message"]


def test_the_request_id_is_in_the_headers_of_answers_and_errors(aws: LocalAws, domain: Any, refused: Any) -> None:
    answer = domain.get_domain(DomainName="d")
    refused(domain.get_domain, DomainName="gone")
    _, read, failed = aws.calls("customer-profiles")
    assert answer["ResponseMetadata"]["RequestId"] == read.request_id != failed.request_id != ""
