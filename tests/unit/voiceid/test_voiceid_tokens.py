"""Voice ID's client tokens: what a later run gets for the token of an earlier one, and when it asks with another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pulumi_connect_domains.model.errors import AccessDenied, Conflict, NoAnswer, Refused
from pulumi_connect_domains.operations.call import Run
from pulumi_connect_domains.operations.creating import client_token
from pulumi_connect_domains.voiceid.domain import api

from .conftest import Fixture, inputs

SERVICE = "voice-id"
NOT_ACTIVE = {"code": "ConflictException", "members": {"ConflictType": "DOMAIN_NOT_ACTIVE"}}
MISSING = {"code": "ResourceNotFoundException", "members": {"ResourceType": "DOMAIN"}}


@pytest.fixture(autouse=True)
def a_run_of_its_own() -> Iterator[None]:
    Run.begin()
    yield
    Run.begin()


def made(voice: Fixture, **others: Any) -> str:
    """The id of a domain that an earlier run made."""
    id, _ = api.create(voice.call, inputs(**others))
    aged(voice, id)
    voice.cloud.forget_calls()
    return id


def lost(voice: Fixture, **others: Any) -> str:
    """The id of a domain that an earlier run made, which did not learn of it."""
    before = set(voice.cloud.domains(SERVICE))
    voice.cloud.drop("CreateDomain", when="after", times=None)
    with pytest.raises(NoAnswer):
        api.create(voice.call, inputs(**others))
    voice.cloud.reset_faults()
    (id,) = set(voice.cloud.domains(SERVICE)) - before
    aged(voice, id)
    voice.cloud.forget_calls()
    return id


def aged(voice: Fixture, id: str) -> None:
    domain = voice.domain(id)
    voice.cloud.change(SERVICE, id, CreatedAt=domain["CreatedAt"] - timedelta(hours=1))


def suspended(voice: Fixture, id: str) -> str:
    voice.cloud.change(SERVICE, id, DomainStatus="SUSPENDED")
    return id


def arn(voice: Fixture, id: str) -> str:
    return str(voice.domain(id)["Arn"])


# -- the token --------------------------------------------------------------------------------------------------------


REQUEST = {"name": "calls", "description": "t0p s3cret", "tags": [{"key": "a", "value": "1"}]}


def test_the_same_request_has_the_same_token_in_whichever_order_it_is_written() -> None:
    token = client_token("urn", REQUEST)
    assert token == client_token("urn", dict(reversed(REQUEST.items())))
    assert re.fullmatch("[a-zA-Z0-9-_]{1,64}", token)


@pytest.mark.parametrize(
    "other",
    [
        ("urn:other", REQUEST, []),
        ("urn", {**REQUEST, "name": "other"}, []),
        ("urn", {**REQUEST, "tags": []}, []),
        ("urn", REQUEST, ["an id"]),
        ("", REQUEST, []),
    ],
    ids=["URN", "setting", "tags", "domains that answered", "no URN"],
)
def test_another_one_has_another_token(other: tuple[str, Any, list[str]]) -> None:
    assert client_token(*other) != client_token("urn", REQUEST)


def test_without_a_urn_tokens_are_random() -> None:
    assert client_token("", REQUEST) != client_token("", REQUEST)


def test_tags_in_another_order_are_the_same_request(voice: Fixture) -> None:
    first, _ = api.create(voice.call, inputs(tags_all={"a": "1", "b": "2"}))
    second, _ = api.create(voice.call, inputs(tags_all={"b": "2", "a": "1"}))
    assert first == second
    one, other = voice.cloud.calls(operation="CreateDomain")
    assert one.parameters == other.parameters


# -- a domain that an earlier run made --------------------------------------------------------------------------------


def test_the_next_run_takes_over_what_the_lost_answer_was_about(voice: Fixture) -> None:
    id = lost(voice, tags_all={"a": "1"})
    found, live = api.create(voice.call, inputs(tags_all={"a": "1"}))
    assert (found, live["domain_id"], live["tags"]) == (id, id, {"a": "1"})
    assert list(voice.cloud.domains(SERVICE)) == [id]
    assert voice.operations() == ["CreateDomain", "DescribeDomain", "ListTagsForResource"]
    (warning,) = voice.host.warnings
    assert warning.startswith(f"the domain {id} of an earlier run, created at 20")
    assert "changed on it: nothing" in warning


def test_what_differs_on_it_is_made_as_the_program_says(voice: Fixture) -> None:
    given = inputs(description="ours", tags_all={"a": "1", "b": "2"})
    id = lost(voice, description="ours", tags_all={"a": "1", "b": "2"})
    voice.cloud.change(SERVICE, id, Description="theirs", Tags={"a": "9", "c": "3"})
    _, live = api.create(voice.call, given)
    domain = voice.domain(id)
    assert (domain["Description"], domain["Tags"]) == ("ours", {"a": "1", "b": "2"})
    assert live["description"] == "ours"
    assert "changed on it: description, tags" in voice.host.warnings[0]


def test_one_that_cannot_be_made_so_is_no_second_domain_and_the_next_run_tries_again(voice: Fixture) -> None:
    id = lost(voice, tags_all={"a": "1"})
    voice.cloud.change(SERVICE, id, Tags={})
    voice.cloud.fault("TagResource", code="AccessDeniedException", times=1)
    with pytest.raises(AccessDenied, match=f"tag Voice ID domain {id}|{id}"):
        api.create(voice.call, inputs(tags_all={"a": "1"}))
    assert arn(voice, id) in Run.claimed
    assert api.create(voice.call, inputs(tags_all={"a": "1"}))[0] == id
    assert list(voice.cloud.domains(SERVICE)) == [id]
    assert voice.domain(id)["Tags"] == {"a": "1"}


def test_a_domain_of_this_call_needs_no_second_look(voice: Fixture) -> None:
    api.create(voice.call, inputs())
    assert voice.operations() == ["CreateDomain"]
    assert voice.host.warnings == []


def test_one_that_is_pending_is_waited_for(voice: Fixture) -> None:
    voice.cloud.voiceid(pending_describes=3)
    id = lost(voice)
    found, live = api.create(voice.call, inputs())
    assert (found, live["domain_status"]) == (id, "ACTIVE")


def test_a_read_that_comes_too_early_is_repeated(voice: Fixture) -> None:
    voice.cloud.drop("CreateDomain", when="after", times=None)
    with pytest.raises(NoAnswer):
        api.create(voice.call, inputs())
    voice.cloud.reset_faults()
    (id,) = voice.cloud.domains(SERVICE)
    domain = voice.domain(id)
    voice.cloud.change(SERVICE, id, CreatedAt=domain["CreatedAt"] - timedelta(seconds=5))
    voice.cloud.fault("DescribeDomain", **MISSING, times=1)
    assert api.create(voice.call, inputs())[0] == id


def test_one_that_aws_then_does_not_know_is_no_reason_for_a_second(voice: Fixture) -> None:
    id = lost(voice)
    voice.cloud.fault("DescribeDomain", **MISSING, times=None)
    with pytest.raises(Refused, match=f"the domain {id} of an earlier run, and says that there is no such domain"):
        api.create(voice.call, inputs())
    assert list(voice.cloud.domains(SERVICE)) == [id]


# -- a deleted one ----------------------------------------------------------------------------------------------------


def test_a_suspended_domain_leads_to_a_new_one_however_many_there_are(voice: Fixture) -> None:
    gone = [suspended(voice, made(voice)) for _ in range(3)]
    id, live = api.create(voice.call, inputs())
    assert len({*gone, id}) == 4
    assert live["domain_status"] == "ACTIVE"
    assert voice.host.warnings == []


def test_the_answer_to_the_next_token_may_be_lost_too(voice: Fixture) -> None:
    gone = suspended(voice, made(voice))
    id = made(voice)  # and its run was killed before it knew
    assert api.create(voice.call, inputs())[0] == id != gone
    assert len(voice.cloud.domains(SERVICE)) == 2


def test_an_answer_that_shows_a_suspended_domain_as_it_was_is_looked_after(
    voice: Fixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = made(voice)
    before = voice.domain(gone)
    suspended(voice, gone)
    asked = api._requested

    def remembered(*arguments: Any) -> Any:
        domain = asked(*arguments)
        return {**domain, "domain_status": before["DomainStatus"]} if domain["domain_id"] == gone else domain

    monkeypatch.setattr(api, "_requested", remembered)
    assert api.create(voice.call, inputs())[0] != gone


def test_after_very_many_the_last_token_is_random(voice: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "TOKENS", 3)
    ids = {suspended(voice, made(voice)) for _ in range(5)}
    assert len(ids) == 5
    assert all(len(call.parameters["ClientToken"]) <= 64 for call in voice.cloud.calls(operation="CreateDomain"))


# -- a replacement ----------------------------------------------------------------------------------------------------


def test_a_replacement_never_gets_what_it_replaces(voice: Fixture) -> None:
    first = made(voice)
    Run.in_state(voice.host.urn, arn(voice, first))
    second, _ = api.create(voice.call, inputs())
    assert second != first
    assert voice.host.warnings == []


def test_what_a_lost_replacement_made_is_taken_over(voice: Fixture) -> None:
    first = made(voice)
    Run.in_state(voice.host.urn, arn(voice, first))
    second = made(voice)  # and its run was killed before it knew
    assert api.create(voice.call, inputs())[0] == second != first
    assert len(voice.cloud.domains(SERVICE)) == 2


def test_where_it_is_not_known_what_is_replaced_no_earlier_domain_is_taken(voice: Fixture) -> None:
    made(voice)
    Run.in_state(voice.host.urn)
    second = made(voice)
    assert voice.host.warnings == []
    third = made(voice)
    assert f"{second} with the same settings; state holds one of them at most" in voice.host.warnings[-1]
    fourth = made(voice)
    assert len(voice.cloud.domains(SERVICE)) == 4
    with pytest.raises(Refused, match=f"{third}, {fourth} with the same settings"):
        api.create(voice.call, inputs())
    assert len(voice.cloud.domains(SERVICE)) == 4


# -- a token that AWS does not repeat ---------------------------------------------------------------------------------


def test_a_conflict_with_deleted_domains_alone_leads_to_a_new_one(voice: Fixture) -> None:
    gone = suspended(voice, made(voice))
    voice.cloud.fault("CreateDomain", **NOT_ACTIVE, times=1)
    id, live = api.create(voice.call, inputs())
    assert (id != gone, live["domain_status"]) == (True, "ACTIVE")


@pytest.mark.parametrize("is_there", [True, False])
def test_any_other_conflict_is_an_error_that_names_what_is_there(voice: Fixture, is_there: bool) -> None:
    id = made(voice, description="another") if is_there else ""
    made(voice, name="elsewhere")
    voice.cloud.fault("CreateDomain", **NOT_ACTIVE, times=1)
    with pytest.raises(Conflict) as caught:
        api.create(voice.call, inputs())
    expected = f"domains of that name in us-east-1: {id}" if is_there else "us-east-1 has no domain of that name"
    assert expected in str(caught.value)
    assert "calls" not in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 3
    assert len(voice.cloud.domains(SERVICE)) == 1 + is_there


def test_a_domain_that_was_renamed_since_is_not_renamed_back(voice: Fixture) -> None:
    id = made(voice)
    voice.cloud.change(SERVICE, id, Name="s3cret-name")
    with pytest.raises(NoAnswer, match=f"the domain {id}, which has another name") as caught:
        api.create(voice.call, inputs())
    assert "s3cret" not in str(caught.value)
    assert list(voice.cloud.domains(SERVICE)) == [id]


def test_one_that_was_renamed_and_deleted_leads_to_a_new_one(voice: Fixture) -> None:
    gone = suspended(voice, made(voice))
    voice.cloud.change(SERVICE, gone, Name="renamed")
    assert api.create(voice.call, inputs())[0] != gone
