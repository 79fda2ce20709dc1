"""Voice ID: what each operation does to a domain, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.voiceid.models import VoiceIdBackend

KEY = {"KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/one"}
OTHER_KEY = {"KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/two"}
ABSENT_ID = "0" * 22


def created(voice: Any, **members: Any) -> dict[str, Any]:
    answer: dict[str, Any] = voice.create_domain(Name="d", ServerSideEncryptionConfiguration=KEY, **members)["Domain"]
    return answer


def described(voice: Any, domain_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = voice.describe_domain(DomainId=domain_id)["Domain"]
    return answer


def updated(voice: Any, domain_id: str, key: dict[str, str] = KEY, **members: Any) -> dict[str, Any]:
    parameters = {"DomainId": domain_id, "Name": "d", "ServerSideEncryptionConfiguration": key, **members}
    answer: dict[str, Any] = voice.update_domain(**parameters)["Domain"]
    return answer


def test_a_created_domain_has_an_id_an_arn_and_a_watchlist_and_shows_no_tags(voice: Any) -> None:
    domain = created(voice, Description="Zürich 東京", Tags=[{"Key": "k", "Value": "v"}])
    assert domain == {
        "DomainId": domain["DomainId"],
        "Arn": f"arn:aws:voiceid:us-east-1:123456789012:domain/{domain['DomainId']}",
        "Name": "d",
        "Description": "Zürich 東京",
        "DomainStatus": "ACTIVE",
        "ServerSideEncryptionConfiguration": KEY,
        "WatchlistDetails": {"DefaultWatchlistId": domain["WatchlistDetails"]["DefaultWatchlistId"]},
        "CreatedAt": domain["CreatedAt"],
        "UpdatedAt": domain["CreatedAt"],
    }
    assert (len(domain["DomainId"]), len(domain["WatchlistDetails"]["DefaultWatchlistId"])) == (22, 22)
    assert described(voice, domain["DomainId"]) == domain


def test_a_client_token_creates_one_domain(voice: Any) -> None:
    first, again = created(voice, ClientToken="token"), created(voice, ClientToken="token")
    assert first == again
    assert created(voice, ClientToken="other")["DomainId"] != first["DomainId"]
    assert len(voice.list_domains()["DomainSummaries"]) == 2


def test_a_client_token_gives_a_suspended_domain_as_it_is_now(voice: Any) -> None:
    first = created(voice, ClientToken="token")
    voice.delete_domain(DomainId=first["DomainId"])
    again = created(voice, ClientToken="token")
    assert (again["DomainId"], again["DomainStatus"]) == (first["DomainId"], "SUSPENDED")


def test_two_domains_may_have_one_name(voice: Any) -> None:
    assert created(voice)["DomainId"] != created(voice)["DomainId"]


def test_an_update_replaces_everything_so_a_description_left_out_is_gone(voice: Any) -> None:
    domain = created(voice, Description="first", Tags=[{"Key": "k", "Value": "v"}])
    changed = updated(voice, domain["DomainId"], Name="e")
    assert changed == {
        **{name: value for name, value in domain.items() if name != "Description"},
        "Name": "e",
        "UpdatedAt": changed["UpdatedAt"],
    }
    assert changed["UpdatedAt"] > domain["UpdatedAt"]
    assert described(voice, domain["DomainId"]) == changed
    assert voice.list_tags_for_resource(ResourceArn=domain["Arn"])["Tags"] == [{"Key": "k", "Value": "v"}]


def test_a_deleted_domain_is_suspended_and_stays_listed(voice: Any, refused: Any) -> None:
    domain = created(voice)
    voice.delete_domain(DomainId=domain["DomainId"])
    assert described(voice, domain["DomainId"])["DomainStatus"] == "SUSPENDED"
    assert [item["DomainStatus"] for item in voice.list_domains()["DomainSummaries"]] == ["SUSPENDED"]


CHANGES = ["update_domain", "delete_domain", "tag_resource", "untag_resource"]


def change_of(domain: dict[str, Any], operation: str) -> dict[str, Any]:
    return {
        "update_domain": {"DomainId": domain["DomainId"], "Name": "e", "ServerSideEncryptionConfiguration": KEY},
        "delete_domain": {"DomainId": domain["DomainId"]},
        "tag_resource": {"ResourceArn": domain["Arn"], "Tags": [{"Key": "k", "Value": "v"}]},
        "untag_resource": {"ResourceArn": domain["Arn"], "TagKeys": ["k"]},
        "describe_domain": {"DomainId": domain["DomainId"]},
        "list_tags_for_resource": {"ResourceArn": domain["Arn"]},
    }[operation]


@pytest.mark.parametrize("operation", CHANGES)
def test_a_suspended_domain_cannot_be_changed(voice: Any, refused: Any, operation: str) -> None:
    domain = created(voice)
    voice.delete_domain(DomainId=domain["DomainId"])
    error = refused(getattr(voice, operation), **change_of(domain, operation))
    assert (error["code"], error["status"], error["ConflictType"]) == ("ConflictException", 400, "DOMAIN_NOT_ACTIVE")


@pytest.mark.parametrize("operation", [*CHANGES, "describe_domain", "list_tags_for_resource"])
def test_an_absent_domain_is_not_found_and_the_error_says_what_is_missing(
    voice: Any, refused: Any, operation: str
) -> None:
    absent = {"DomainId": ABSENT_ID, "Arn": f"arn:aws:voiceid:us-east-1:123456789012:domain/{ABSENT_ID}"}
    error = refused(getattr(voice, operation), **change_of(absent, operation))
    assert (error["code"], error["ResourceType"]) == ("ResourceNotFoundException", "DOMAIN")


def test_a_new_domain_is_pending_for_as_many_describes_as_was_asked(aws: LocalAws, voice: Any) -> None:
    aws.voiceid(pending_describes=2)
    domain = created(voice)
    statuses = [described(voice, domain["DomainId"])["DomainStatus"] for _ in range(4)]
    assert [domain["DomainStatus"], *statuses] == ["PENDING", "PENDING", "PENDING", "ACTIVE", "ACTIVE"]


def test_a_new_domain_stays_pending_until_told(aws: LocalAws, voice: Any, refused: Any) -> None:
    aws.voiceid(pending_describes=None)
    domain = created(voice)
    assert {described(voice, domain["DomainId"])["DomainStatus"] for _ in range(5)} == {"PENDING"}
    error = refused(voice.update_domain, **change_of(domain, "update_domain"))
    assert error["ConflictType"] == "DOMAIN_NOT_ACTIVE"
    aws.change("voice-id", domain["DomainId"], DomainStatus="ACTIVE")
    assert updated(voice, domain["DomainId"])["DomainStatus"] == "ACTIVE"


def test_another_key_starts_a_re_encryption_that_completes_in_the_background(aws: LocalAws, voice: Any) -> None:
    aws.voiceid(encryption_describes=1)
    domain = created(voice)
    changed = updated(voice, domain["DomainId"], OTHER_KEY)
    assert changed["ServerSideEncryptionConfiguration"] == OTHER_KEY
    details = [
        described(voice, domain["DomainId"])["ServerSideEncryptionUpdateDetails"]["UpdateStatus"] for _ in range(3)
    ]
    assert [changed["ServerSideEncryptionUpdateDetails"]["UpdateStatus"], *details] == [
        "IN_PROGRESS",
        "IN_PROGRESS",
        "COMPLETED",
        "COMPLETED",
    ]
    assert described(voice, domain["DomainId"])["ServerSideEncryptionUpdateDetails"]["OldKmsKeyId"] == KEY["KmsKeyId"]


def test_while_a_key_change_runs_another_is_refused_and_a_rename_is_not(
    aws: LocalAws, voice: Any, refused: Any
) -> None:
    aws.voiceid(encryption_describes=None)
    domain = created(voice)
    updated(voice, domain["DomainId"], OTHER_KEY)
    error = refused(voice.update_domain, **change_of(domain, "update_domain"))
    assert (error["code"], error["ConflictType"]) == ("ConflictException", "DOMAIN_LOCKED_FROM_ENCRYPTION_UPDATES")
    renamed = updated(voice, domain["DomainId"], OTHER_KEY, Name="e")
    assert (renamed["Name"], renamed["ServerSideEncryptionUpdateDetails"]["UpdateStatus"]) == ("e", "IN_PROGRESS")


def test_a_failed_key_change_says_why_and_the_same_key_tries_again(aws: LocalAws, voice: Any) -> None:
    aws.voiceid(encryption_failure="the key is disabled")
    domain = created(voice)
    updated(voice, domain["DomainId"], OTHER_KEY)
    assert described(voice, domain["DomainId"])["ServerSideEncryptionUpdateDetails"] == {
        "UpdateStatus": "FAILED",
        "OldKmsKeyId": KEY["KmsKeyId"],
        "Message": "the key is disabled",
    }
    aws.voiceid(encryption_failure=None)
    again = updated(voice, domain["DomainId"], OTHER_KEY)["ServerSideEncryptionUpdateDetails"]
    assert again == {"UpdateStatus": "IN_PROGRESS", "OldKmsKeyId": KEY["KmsKeyId"]}
    finished = described(voice, domain["DomainId"])["ServerSideEncryptionUpdateDetails"]
    assert finished == {"UpdateStatus": "COMPLETED", "OldKmsKeyId": KEY["KmsKeyId"]}


def test_the_last_key_change_is_shown_for_ever_and_a_rename_does_not_touch_it(voice: Any) -> None:
    domain = created(voice)
    updated(voice, domain["DomainId"], OTHER_KEY)
    described(voice, domain["DomainId"])
    renamed = updated(voice, domain["DomainId"], OTHER_KEY, Name="e")
    assert renamed["ServerSideEncryptionUpdateDetails"]["UpdateStatus"] == "COMPLETED"


def test_a_concurrent_change_can_be_made_up(aws: LocalAws, voice: Any, refused: Any) -> None:
    domain = created(voice)
    aws.fault("UpdateDomain", code="ConflictException", members={"ConflictType": "CONCURRENT_CHANGES"})
    error = refused(voice.update_domain, **change_of(domain, "update_domain"))
    assert (error["code"], error["ConflictType"], error["status"]) == ("ConflictException", "CONCURRENT_CHANGES", 400)
    updated(voice, domain["DomainId"])


def test_tags_are_added_overwritten_and_removed_by_key(voice: Any) -> None:
    arn = created(voice, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])["Arn"]
    voice.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "3"}, {"Key": "ç 1", "Value": ""}])
    voice.untag_resource(ResourceArn=arn, TagKeys=["a", "never-there"])
    assert voice.list_tags_for_resource(ResourceArn=arn)["Tags"] == [
        {"Key": "b", "Value": "3"},
        {"Key": "ç 1", "Value": ""},
    ]


def test_a_domain_has_at_most_200_tags_over_all_calls(voice: Any, refused: Any) -> None:
    arn = created(voice, Tags=[{"Key": f"k{number}", "Value": ""} for number in range(200)])["Arn"]
    error = refused(voice.tag_resource, ResourceArn=arn, Tags=[{"Key": "one-more", "Value": ""}])
    assert error["code"] == "ValidationException"


@pytest.mark.parametrize("size", [1, 3, 10])
def test_pages_hold_every_domain_once_in_the_order_of_creation(voice: Any, size: int) -> None:
    identifiers = [created(voice)["DomainId"] for _ in range(12)]
    pages = list(voice.get_paginator("list_domains").paginate(PaginationConfig={"PageSize": size}))
    assert [item["DomainId"] for page in pages for item in page["DomainSummaries"]] == identifiers
    assert len(pages) == -(-12 // size)


def test_a_token_that_was_never_given_is_refused(voice: Any, refused: Any) -> None:
    assert refused(voice.list_domains, NextToken="x")["code"] == "ValidationException"


def test_without_the_accounts_consent_no_domain_is_created(aws: LocalAws, voice: Any, refused: Any) -> None:
    aws.voiceid(consent=False)
    error = refused(voice.create_domain, Name="d", ServerSideEncryptionConfiguration=KEY)
    assert (error["code"], error["ResourceType"]) == ("ResourceNotFoundException", "COMPLIANCE_CONSENT")
    aws.voiceid(consent=True)
    created(voice)


def test_a_quota_counts_the_domains_that_are_not_suspended(aws: LocalAws, voice: Any, refused: Any) -> None:
    aws.voiceid(domain_quota=1)
    domain = created(voice)
    error = refused(voice.create_domain, Name="e", ServerSideEncryptionConfiguration=KEY)
    assert error["code"] == "ServiceQuotaExceededException"
    voice.delete_domain(DomainId=domain["DomainId"])
    created(voice)


def test_a_closed_service_denies_access(aws: LocalAws, voice: Any, refused: Any) -> None:
    aws.voiceid(closed="access-denied")
    assert refused(voice.list_domains)["code"] == "AccessDeniedException"


def test_a_closed_service_answers_404_without_a_code_of_its_own(aws: LocalAws, voice: Any, refused: Any) -> None:
    aws.voiceid(closed="not-found")
    assert refused(voice.list_domains) == {"code": "404", "message": "", "status": 404}


def test_a_closed_service_does_not_answer_and_may_open_again(aws: LocalAws, voice: Any) -> None:
    aws.voiceid(closed="connection")
    for _ in range(2):
        with pytest.raises(ConnectionClosedError):
            voice.list_domains()
    assert aws.client("customer-profiles").list_domains()["Items"] == []
    aws.voiceid(closed=None)
    assert voice.list_domains()["DomainSummaries"] == []


def test_other_operations_say_that_they_are_not_offered(voice: Any, refused: Any) -> None:
    error = refused(voice.list_watchlists, DomainId=ABSENT_ID)
    assert (error["code"], error["status"]) == ("NotOfferedByLocalAws", 501)


def test_nothing_is_kept_of_a_domain_that_was_removed() -> None:
    """A server that lives for days would grow by every domain that it ever had."""
    backend = VoiceIdBackend("us-east-1", "123456789012")
    key = {"ServerSideEncryptionConfiguration": {"KmsKeyId": "k"}}
    made = [
        backend.create_domain({"Name": "calls", "ClientToken": token, **key})["Domain"]["DomainId"] for token in "ab"
    ]
    backend.update_domain(
        {"DomainId": made[0], "Name": "x", "ServerSideEncryptionConfiguration": {"KmsKeyId": "other"}}
    )
    backend.remove(made[0])
    kept = {name: value for name, value in vars(backend).items() if isinstance(value, dict) and made[0] in str(value)}
    assert kept == {}
    assert backend.create_domain({"Name": "calls", "ClientToken": "b", **key})["Domain"]["DomainId"] == made[1]
    backend.remove(made[1])
    assert str(vars(backend)).find(made[1]) == -1
