"""voiceid.api: each operation, and every status and error that Voice ID has for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.model.comparison import changes
from pulumi_connect_domains.model.documents import outputs as outputs_of
from pulumi_connect_domains.model.errors import (
    AccessDenied,
    AwsError,
    Conflict,
    NoAnswer,
    NotFound,
    QuotaExceeded,
    Unfinished,
    Unreachable,
)
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.voiceid.domain import api

from .conftest import KEY, Fixture, inputs

SCHEMA = resource_types()["voiceid"].schema
NEW_KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000002"
WITH_NEW_KEY = {"server_side_encryption_configuration": {"kms_key_id": NEW_KEY}}
DETAILS = "server_side_encryption_update_details"


def created(voice: Fixture, **others: Any) -> tuple[str, dict[str, Any]]:
    """A domain that is there before the test begins: its id and outputs."""
    given = inputs(**others)
    id, live = api.create(voice.call, given)
    voice.cloud.forget_calls()
    return id, outputs_of(SCHEMA, given, live)


def updated(voice: Fixture, id: str, outputs: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return api.update(voice.call, id, outputs, wanted, changes(SCHEMA, wanted, outputs))


# -- create -----------------------------------------------------------------------------------------------------------


def test_a_domain_is_made_with_all_that_was_asked_for(voice: Fixture) -> None:
    given = inputs(description="für 東京", tags={"a": "1"}, tags_all={"a": "1", "b": "2"})
    id, live = api.create(voice.call, given)
    domain = voice.domain(id)
    assert (domain["Name"], domain["Description"], domain["Tags"]) == ("calls", "für 東京", {"a": "1", "b": "2"})
    assert domain["ServerSideEncryptionConfiguration"] == {"KmsKeyId": KEY}
    assert live["domain_id"] == id
    assert live["arn"] == f"arn:aws:voiceid:us-east-1:123456789012:domain/{id}"
    assert live["domain_status"] == "ACTIVE"
    assert len(live["watchlist_details"]["default_watchlist_id"]) == 22
    assert voice.operations() == ["CreateDomain"]


def test_a_lost_answer_never_makes_a_second_domain(voice: Fixture) -> None:
    voice.cloud.drop("CreateDomain", when="after", times=1)
    id, _ = api.create(voice.call, inputs())
    assert list(voice.cloud.domains("voice-id")) == [id]
    first, second = voice.cloud.calls(operation="CreateDomain")
    assert first.parameters["ClientToken"] == second.parameters["ClientToken"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_when_every_answer_is_lost_the_error_says_what_may_exist_and_how_to_look(voice: Fixture, when: Any) -> None:
    voice.max_attempts = 2
    voice.cloud.drop("CreateDomain", when=when, times=None)
    with pytest.raises(NoAnswer) as caught:
        api.create(voice.call, inputs(description="t0p s3cret"))
    text = str(caught.value)
    assert "a domain of the name in the program may exist all the same" in text
    assert "`aws voice-id list-domains --region us-east-1`" in text
    assert api.ENDED in text
    assert "s3cret" not in text
    assert len(text.splitlines()) == 2
    assert len(voice.cloud.domains("voice-id")) == (when == "after")


def test_a_refusal_after_a_lost_answer_says_so_too(voice: Fixture) -> None:
    voice.cloud.drop("CreateDomain", when="after", times=1)
    voice.cloud.fault("CreateDomain", code="AccessDeniedException", times=None)
    with pytest.raises(AccessDenied, match="may exist all the same"):
        api.create(voice.call, inputs())


def test_a_refusal_says_nothing_of_a_domain_that_may_exist(voice: Fixture) -> None:
    voice.cloud.fault("CreateDomain", code="AccessDeniedException", times=None)
    with pytest.raises(AccessDenied) as caught:
        api.create(voice.call, inputs())
    assert "may exist" not in str(caught.value)


def test_a_pending_domain_is_waited_for(voice: Fixture) -> None:
    voice.cloud.voiceid(pending_describes=5)
    _, live = api.create(voice.call, inputs())
    assert live["domain_status"] == "ACTIVE"
    assert voice.time.pauses == [1, 2, 4, 8, 10, 10]
    assert voice.host.shown[:2] == [
        "waiting for the domain: PENDING, for 0 s already",
        "waiting for the domain: PENDING, for 1 s already",
    ]
    assert voice.host.warnings == []


@pytest.mark.parametrize(("bound", "seconds"), [(None, 120), (5.0, 5)], ids=["by default", "by custom_timeouts"])
def test_a_domain_that_stays_pending_is_returned_with_a_warning(
    voice: Fixture, bound: float | None, seconds: int
) -> None:
    object.__setattr__(voice.host, "bound_seconds", bound)
    voice.cloud.voiceid(pending_describes=None)
    id, live = api.create(voice.call, inputs())
    assert live["domain_status"] == "PENDING"
    assert live["arn"]
    assert voice.time.passed == seconds
    (warning,) = voice.host.warnings
    assert (
        warning
        == f"the domain {id} is created, but not ready yet: PENDING after {seconds} s. `pulumi refresh` reads how it stands"
    )


ERRORS_WHILE_WAITING: dict[str, Callable[[Fixture], None]] = {
    "no permission to look": lambda voice: voice.cloud.fault(
        "DescribeDomain", code="AccessDeniedException", times=None
    ),
    "no answers": lambda voice: voice.cloud.drop("DescribeDomain", when="before", times=None),
    "not found yet": lambda voice: voice.cloud.fault(
        "DescribeDomain", code="ResourceNotFoundException", members={"ResourceType": "DOMAIN"}, times=None
    ),
    "another not-found": lambda voice: voice.cloud.fault(
        "DescribeDomain", code="ResourceNotFoundException", members={"ResourceType": "COMPLIANCE_CONSENT"}, times=None
    ),
}


@pytest.mark.parametrize("make_trouble", ERRORS_WHILE_WAITING.values(), ids=ERRORS_WHILE_WAITING)
def test_no_error_while_waiting_loses_the_domain(voice: Fixture, make_trouble: Callable[[Fixture], None]) -> None:
    voice.max_attempts = 1
    voice.cloud.voiceid(pending_describes=None)
    make_trouble(voice)
    id, live = api.create(voice.call, inputs())
    assert (live["domain_id"], live["domain_status"]) == (id, "PENDING")
    assert len(voice.host.warnings) == 1


def test_the_wait_goes_on_after_throttled_and_lost_looks(voice: Fixture) -> None:
    voice.max_attempts = 1
    voice.cloud.voiceid(pending_describes=1)
    voice.cloud.fault("DescribeDomain", code="ThrottlingException", times=1)
    voice.cloud.drop("DescribeDomain", when="before", times=1)
    _, live = api.create(voice.call, inputs())
    assert live["domain_status"] == "ACTIVE"
    assert voice.host.warnings == []


def test_a_missing_consent_is_explained_and_is_no_not_found(voice: Fixture) -> None:
    voice.cloud.voiceid(consent=False)
    with pytest.raises(AwsError) as caught:
        api.create(voice.call, inputs())
    assert not isinstance(caught.value, NotFound)
    assert "has not acknowledged the consent that Voice ID asks for (BIPA)" in str(caught.value)
    assert "(ResourceNotFoundException)" in str(caught.value)


def test_a_used_up_quota_keeps_its_code(voice: Fixture) -> None:
    voice.cloud.voiceid(domain_quota=0)
    with pytest.raises(QuotaExceeded, match="ServiceQuotaExceededException"):
        api.create(voice.call, inputs())


# -- the service is closed --------------------------------------------------------------------------------------------

CLOSED = {"connection": NoAnswer, "access-denied": AccessDenied, "not-found": AwsError}
OPERATIONS: dict[str, Callable[[Fixture, str, dict[str, Any]], object]] = {
    "read": lambda voice, id, outputs: api.read(voice.call, id),
    "update": lambda voice, id, outputs: updated(voice, id, outputs, {**inputs(), "description": "new"}),
    "delete": lambda voice, id, outputs: api.delete(voice.call, id, outputs),
    "list": lambda voice, id, outputs: list(api.list_all(voice.call)),
}


@pytest.mark.parametrize(("how", "error"), CLOSED.items(), ids=CLOSED)
def test_a_creation_on_a_closed_service_says_why_and_what_to_do(
    voice: Fixture, how: str, error: type[AwsError]
) -> None:
    voice.max_attempts = 2
    voice.cloud.voiceid(closed=how)
    with pytest.raises(error) as caught:
        api.create(voice.call, inputs())
    text = str(caught.value)
    assert "AWS ended support for Voice ID on 2026-05-20: if that is why, take the resource out of the program" in text
    assert len(text.splitlines()) <= 3


@pytest.mark.parametrize("run", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize(("how", "error"), CLOSED.items(), ids=CLOSED)
def test_a_closed_service_is_never_a_deleted_domain(
    voice: Fixture, how: str, error: type[AwsError], run: Callable[[Fixture, str, dict[str, Any]], object]
) -> None:
    voice.max_attempts = 2
    id, outputs = created(voice)
    voice.cloud.voiceid(closed=how)
    with pytest.raises(error) as caught:
        run(voice, id, outputs)
    assert not isinstance(caught.value, NotFound)
    assert f"`pulumi state delete '{voice.host.urn}'` drops the domain from the state" in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 3


def test_an_endpoint_that_nobody_answers_at_says_why_too(voice: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    voice.max_attempts = 1
    monkeypatch.setenv("CONNECT_DOMAINS_LOCAL_AWS", "")
    monkeypatch.setenv("AWS_ENDPOINT_URL_VOICE_ID", "http://127.0.0.1:9")
    aws.forget_clients()  # they are made by the environment
    with pytest.raises(Unreachable, match=api.ENDED) as caught:
        api.create(voice.call, inputs())
    assert "may exist" not in str(caught.value)


# -- read -------------------------------------------------------------------------------------------------------------


def test_a_domain_is_read_with_its_tags(voice: Fixture) -> None:
    id, _outputs = created(voice, tags_all={"a": "1"})
    live = api.read(voice.call, id)
    assert live is not None
    assert (live["name"], live["domain_status"], live["tags"]) == ("calls", "ACTIVE", {"a": "1"})
    assert voice.operations() == ["DescribeDomain", "ListTagsForResource"]


@pytest.mark.parametrize("status", ["ACTIVE", "PENDING"])
def test_active_and_pending_domains_are_there(voice: Fixture, status: str) -> None:
    voice.cloud.voiceid(pending_describes=0 if status == "ACTIVE" else None)
    id, _outputs = created(voice)
    live = api.read(voice.call, id)
    assert live is not None
    assert live["domain_status"] == status


def test_a_suspended_domain_is_gone(voice: Fixture) -> None:
    id, _outputs = created(voice)
    voice.cloud.change("voice-id", id, DomainStatus="SUSPENDED")
    assert api.read(voice.call, id) is None


def test_a_missing_domain_is_gone(voice: Fixture) -> None:
    id, _outputs = created(voice)
    voice.cloud.remove("voice-id", id)
    assert api.read(voice.call, id) is None


def test_a_domain_that_vanishes_between_the_two_reads_is_gone(voice: Fixture) -> None:
    id, _outputs = created(voice)
    voice.cloud.fault("ListTagsForResource", code="ResourceNotFoundException", members={"ResourceType": "DOMAIN"})
    assert api.read(voice.call, id) is None


@pytest.mark.parametrize("missing", ["COMPLIANCE_CONSENT", "SPEAKER", None])
@pytest.mark.parametrize("operation", ["DescribeDomain", "ListTagsForResource"])
def test_any_other_not_found_is_an_error(voice: Fixture, operation: str, missing: str | None) -> None:
    id, _outputs = created(voice)
    members = {"ResourceType": missing} if missing else {}
    voice.cloud.fault(operation, code="ResourceNotFoundException", members=members)
    with pytest.raises(AwsError) as caught:
        api.read(voice.call, id)
    assert not isinstance(caught.value, NotFound)
    assert caught.value.code == "ResourceNotFoundException"


# -- update -----------------------------------------------------------------------------------------------------------


def test_an_update_sends_every_setting_since_those_left_out_would_be_removed(voice: Fixture) -> None:
    id, outputs = created(voice, description="kept")
    updated(voice, id, outputs, inputs(name="renamed", description="kept"))
    (sent,) = voice.cloud.calls(operation="UpdateDomain")
    assert sent.parameters == {
        "DomainId": id,
        "Name": "renamed",
        "Description": "kept",
        "ServerSideEncryptionConfiguration": {"KmsKeyId": KEY},
    }
    assert voice.operations() == ["UpdateDomain"]


def test_a_description_taken_out_is_left_out_and_so_removed(voice: Fixture) -> None:
    id, outputs = created(voice, description="gone soon")
    live = updated(voice, id, outputs, inputs())
    assert "description" not in live
    assert "Description" not in voice.domain(id)


def test_tags_alone_need_no_update_of_the_domain(voice: Fixture) -> None:
    id, outputs = created(voice, tags_all={"a": "1", "b": "2"})
    assert updated(voice, id, outputs, inputs(tags_all={"a": "1", "c": "3"})) == {}
    assert voice.operations() == ["TagResource", "UntagResource"]
    assert voice.domain(id)["Tags"] == {"a": "1", "c": "3"}


def test_concurrent_changes_pass(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.fault("UpdateDomain", code="ConflictException", members={"ConflictType": "CONCURRENT_CHANGES"}, times=3)
    updated(voice, id, outputs, inputs(name="renamed"))
    assert voice.domain(id)["Name"] == "renamed"
    assert voice.time.pauses == [0.5, 1, 2]


def test_concurrent_changes_that_never_end_are_explained(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.fault(
        "UpdateDomain", code="ConflictException", members={"ConflictType": "CONCURRENT_CHANGES"}, times=None
    )
    with pytest.raises(Conflict, match="other requests kept changing the domain; run again"):
        updated(voice, id, outputs, inputs(name="renamed"))
    assert len(voice.cloud.calls(operation="UpdateDomain")) == 6


def test_another_key_while_a_change_of_the_key_runs_is_refused_and_explained(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.change("voice-id", id, ServerSideEncryptionUpdateDetails={"UpdateStatus": "IN_PROGRESS"})
    with pytest.raises(Conflict, match="an earlier change of the domain's key still runs") as caught:
        updated(voice, id, outputs, inputs(**WITH_NEW_KEY))
    assert len(voice.cloud.calls(operation="UpdateDomain")) == 1
    assert NEW_KEY not in str(caught.value)


def test_a_pending_domain_that_cannot_change_yet_is_explained(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.change("voice-id", id, DomainStatus="PENDING")
    with pytest.raises(Conflict, match="run again once `aws voice-id describe-domain` says ACTIVE"):
        updated(voice, id, outputs, inputs(name="renamed", description="x"))


@pytest.mark.parametrize("others", [{"name": "renamed"}, {"tags_all": {"a": "1"}}], ids=["a setting", "a tag"])
@pytest.mark.parametrize("how", ["suspended", "removed"])
def test_a_domain_that_is_gone_cannot_be_updated(voice: Fixture, how: str, others: dict[str, Any]) -> None:
    id, outputs = created(voice)
    if how == "suspended":
        voice.cloud.change("voice-id", id, DomainStatus="SUSPENDED")
    else:
        voice.cloud.remove("voice-id", id)
    with pytest.raises(NotFound):
        updated(voice, id, outputs, inputs(**others))


def test_a_description_that_somebody_else_set_and_no_program_declares_stays(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.change("voice-id", id, Description="theirs")
    updated(voice, id, outputs, inputs(name="renamed"))
    assert (voice.domain(id)["Name"], voice.domain(id)["Description"]) == ("renamed", "theirs")
    assert voice.operations() == ["DescribeDomain", "UpdateDomain"]


# -- a change of the key ----------------------------------------------------------------------------------------------


def test_a_change_of_the_key_is_waited_for(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.voiceid(encryption_describes=2)
    live = updated(voice, id, outputs, inputs(**WITH_NEW_KEY))
    assert live[DETAILS] == {"update_status": "COMPLETED", "old_kms_key_id": KEY}
    assert voice.time.pauses == [1, 2, 4]
    assert voice.host.shown[-1] == "waiting for the new key: IN_PROGRESS, for 3 s already"
    assert voice.host.warnings == []


@pytest.mark.parametrize(("bound", "seconds"), [(None, 1800), (7.0, 7)], ids=["by default", "by custom_timeouts"])
def test_a_change_of_the_key_that_still_runs_is_a_warning(voice: Fixture, bound: float | None, seconds: int) -> None:
    object.__setattr__(voice.host, "bound_seconds", bound)
    id, outputs = created(voice)
    voice.cloud.voiceid(encryption_describes=None)
    live = updated(voice, id, outputs, inputs(**WITH_NEW_KEY))
    assert live[DETAILS]["update_status"] == "IN_PROGRESS"
    assert voice.time.passed == seconds
    (warning,) = voice.host.warnings
    assert f"IN_PROGRESS after {seconds} s" in warning


def test_a_change_of_the_key_that_fails_is_told_in_awss_words_after_all_else_was_done(voice: Fixture) -> None:
    id, outputs = created(voice, tags_all={"a": "1"})
    voice.cloud.voiceid(encryption_failure=f"The key {NEW_KEY} is disabled")
    wanted = inputs(name="renamed", tags_all={"b": "2"}, **WITH_NEW_KEY)
    with pytest.raises(Unfinished) as caught:
        updated(voice, id, outputs, wanted)
    assert str(caught.value).startswith(
        f"cannot change the key of Voice ID domain {id}: The key <kms_key_id> is disabled (FAILED)\n"
    )
    assert caught.value.live["name"] == "renamed"
    assert caught.value.live[DETAILS]["update_status"] == "FAILED"
    assert (voice.domain(id)["Name"], voice.domain(id)["Tags"]) == ("renamed", {"b": "2"})


def test_a_failed_change_is_tried_again_and_nothing_else(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.voiceid(encryption_failure="disabled")
    wanted = inputs(tags_all={"b": "2"}, description="x", **WITH_NEW_KEY)
    with pytest.raises(Unfinished) as caught:
        updated(voice, id, outputs, wanted)
    saved = outputs_of(SCHEMA, wanted, caught.value.live, outputs)
    voice.cloud.voiceid(encryption_failure=None)
    voice.cloud.forget_calls()
    live = updated(voice, id, saved, wanted)
    assert live[DETAILS]["update_status"] == "COMPLETED"
    assert voice.operations() == ["UpdateDomain", "DescribeDomain"]


def test_an_older_failure_says_nothing_of_a_rename(voice: Fixture) -> None:
    id, outputs = created(voice)
    failed = {"UpdateStatus": "FAILED", "OldKmsKeyId": "k0", "Message": "disabled"}
    voice.cloud.change("voice-id", id, ServerSideEncryptionUpdateDetails=failed)
    live = updated(voice, id, outputs, inputs(name="renamed", description="x"))
    assert live["name"] == "renamed"
    assert voice.operations() == ["UpdateDomain"]


def test_a_rename_does_not_wait_for_a_change_of_the_key_that_somebody_else_made(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.voiceid(encryption_describes=None)
    voice.cloud.change("voice-id", id, ServerSideEncryptionUpdateDetails={"UpdateStatus": "IN_PROGRESS"})
    updated(voice, id, outputs, inputs(name="renamed"))
    assert voice.time.pauses == []


def test_a_domain_that_is_deleted_while_its_key_changes_is_a_warning(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.voiceid(encryption_describes=None)
    voice.cloud.fault("DescribeDomain", code="ResourceNotFoundException", members={"ResourceType": "DOMAIN"})
    live = updated(voice, id, outputs, inputs(description="x", **WITH_NEW_KEY))
    assert live[DETAILS]["update_status"] == "IN_PROGRESS"
    (warning,) = voice.host.warnings
    assert "was deleted meanwhile" in warning


# -- delete and list --------------------------------------------------------------------------------------------------


def test_a_deleted_domain_is_suspended(voice: Fixture) -> None:
    id, outputs = created(voice)
    api.delete(voice.call, id, outputs)
    assert voice.domain(id)["DomainStatus"] == "SUSPENDED"
    assert voice.operations() == ["DeleteDomain"]


@pytest.mark.parametrize("how", ["suspended", "removed"])
def test_deleting_what_is_gone_is_done_already(voice: Fixture, how: str) -> None:
    id, outputs = created(voice)
    if how == "suspended":
        voice.cloud.change("voice-id", id, DomainStatus="SUSPENDED")
    else:
        voice.cloud.remove("voice-id", id)
    api.delete(voice.call, id, outputs)


def test_a_missing_consent_is_never_taken_for_deleted(voice: Fixture) -> None:
    id, outputs = created(voice)
    voice.cloud.fault("DeleteDomain", code="ResourceNotFoundException", members={"ResourceType": "COMPLIANCE_CONSENT"})
    with pytest.raises(AwsError, match="consent"):
        api.delete(voice.call, id, outputs)


def test_all_domains_are_listed_over_pages_but_suspended_ones(voice: Fixture) -> None:
    ids = [api.create(voice.call, inputs(name=f"calls-{number}"))[0] for number in range(23)]
    api.delete(voice.call, ids[4], {})
    listed = list(api.list_all(voice.call))
    assert [each["id"] for each in listed] == [id for id in ids if id != ids[4]]
    assert listed[0]["name"] == "calls-0"
    assert len(voice.cloud.calls(operation="ListDomains")) == 3


def test_what_aws_calls_sensitive_stands_in_no_error(voice: Fixture) -> None:
    words = {"name": "s3cret-name", "description": "s3cret text", "tags_all": {"s3cret-key": "s3cret-value"}}
    voice.cloud.fault(
        "CreateDomain",
        code="ValidationException",
        message="s3cret-name, s3cret text, s3cret-key and s3cret-value are not valid",
    )
    with pytest.raises(AwsError) as caught:
        api.create(voice.call, inputs(**words))
    assert "s3cret" not in str(caught.value)
