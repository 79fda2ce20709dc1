"""The servicer, called in this process: no secret is told in clear, a preview changes nothing, nothing is guessed of a state."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2
from pulumi_connect_domains.model.marks import OTHERS, SECRET_MARK, SIGNATURE, UNKNOWN_TEXT
from pulumi_connect_domains.model.spelling import Spelling
from pulumi_connect_domains.model.state_format import MARK
from pulumi_connect_domains.native import messages, servicer
from pulumi_connect_domains.native.servicer import Servicer
from pulumi_connect_domains.operations.lifecycle import Operations
from pulumi_connect_domains.operations.requests import CreateAnswer, ReadAnswer, ReadRequest, UpdateAnswer
from pulumi_connect_domains.registry import resource_types

PROFILES, VOICE = resource_types()["customerprofiles"], resource_types()["voiceid"]
OLD, NEW = (f"arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-00000000000{n}" for n in (1, 2))


def urn(token: str) -> str:
    return f"urn:pulumi:dev::shop::{token}::one"


def struct(document: dict[str, Any]) -> Struct:
    found = Struct()
    found.update(document)
    return found


def secret(value: object) -> dict[str, object]:
    return {SIGNATURE: SECRET_MARK, "value": value}


def configured(**inputs: Any) -> Servicer:
    found = Servicer()
    found.Configure(provider_pb2.ConfigureRequest(args=struct({"region": "us-east-1", **inputs})), None)
    return found


@pytest.fixture(autouse=True)
def in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are spelled as for a program in Python."""
    monkeypatch.setattr(messages, "spelling", lambda: Spelling.SNAKE)


def checked(inputs: dict[str, Any], olds: dict[str, Any] | None = None) -> Any:
    request = provider_pb2.CheckRequest(urn=urn(PROFILES.native_token), olds=struct(olds or {}), news=struct(inputs))
    return configured().Check(request, None)


@pytest.mark.parametrize(
    "inputs",
    [
        {"matching": {"enabled": True, "jobSchedule": {"dayOfTheWeek": "SUNDAY", "time": secret("hush")}}},
        {"matching": secret({"enabled": True, "jobSchedule": {"dayOfTheWeek": "hush", "time": "9:05"}})},
        {"defaultExpirationDays": secret("hush")},
        {"region": secret("hush!")},
    ],
)
def test_no_mistake_shows_a_secret(inputs: dict[str, Any]) -> None:
    answer = checked({"defaultExpirationDays": 30, **inputs})
    assert answer.failures
    assert not [each.reason for each in answer.failures if "hush" in each.reason]


def test_a_secret_name_that_state_keeps_stays_secret() -> None:
    answer = checked({"defaultExpirationDays": 30}, {"defaultExpirationDays": 30, "domainName": secret("hush")})
    assert MessageToDict(answer.inputs)["domainName"] == secret("hush")


def test_what_a_move_keeps_of_a_secret_stays_secret() -> None:
    matching = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}}
    olds = {"default_expiration_days": 30, "domain_name": "crm", "matching": secret(matching), "__provider": "gASV"}
    answer = checked({"defaultExpirationDays": 30, "domainName": "crm", "matching": {"enabled": True}}, olds)
    schedule = MessageToDict(answer.inputs)["matching"]["jobSchedule"]
    assert schedule == {"dayOfTheWeek": secret("SUNDAY"), "time": secret("9:05")}


def test_the_old_key_that_aws_repeats_after_a_change_stays_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    details = {"old_kms_key_id": OLD, "update_status": "COMPLETED"}
    given = UpdateAnswer({"server_side_encryption_update_details": details})
    monkeypatch.setattr(Operations, "update", lambda self, request: given)
    olds, news = (
        {"name": "one", "region": "us-east-1", "serverSideEncryptionConfiguration": {"kmsKeyId": key}}
        for key in (secret(OLD), NEW)
    )
    request = provider_pb2.UpdateRequest(id="1", urn=urn(VOICE.native_token), olds=struct(olds), news=struct(news))
    found = MessageToDict(configured().Update(request, None).properties)
    assert found["serverSideEncryptionUpdateDetails"]["oldKmsKeyId"] == secret(OLD)


def test_a_secret_default_tag_is_secret_among_the_tags_of_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = {"tags": {"a": "hush", "b": "1"}, "tags_all": {"a": "hush", "b": "1"}}
    monkeypatch.setattr(Operations, "read", lambda self, request: ReadAnswer(tags, tags))
    request = provider_pb2.ReadRequest(id="crm", urn=urn(PROFILES.native_token))
    answer = configured(defaultTags={"a": secret("hush")}).Read(request, None)
    for document in (answer.inputs, answer.properties):
        found = MessageToDict(document)
        assert found["tags"] == found["tagsAll"] == {"a": secret("hush"), "b": "1"}


@pytest.mark.parametrize(
    ("documents", "is_import"),
    [({}, True), ({"inputs": Struct(), "properties": Struct()}, False)],
    ids=["an import, of which the engine sends an id alone", "get, of which it sends empty documents"],
)
def test_an_import_is_told_from_get(
    monkeypatch: pytest.MonkeyPatch, documents: dict[str, Struct], is_import: bool
) -> None:
    seen: list[ReadRequest] = []

    def read(self: Operations, request: ReadRequest) -> ReadAnswer:
        seen.append(request)
        return ReadAnswer()

    monkeypatch.setattr(Operations, "read", read)
    configured().Read(provider_pb2.ReadRequest(id="crm", urn=urn(PROFILES.native_token), **documents), None)
    assert [(each.is_get, each.is_import) for each in seen] == [(True, is_import)]


@pytest.mark.parametrize("form", ["structured", "as JSON"])
def test_credentials_within_settings_are_stored_as_secrets(form: str) -> None:
    roles: Any = [{"roleArn": "arn:aws:iam::123456789012:role/one", "externalId": "hush"}]
    if form == "as JSON":
        roles = '[{"roleArn": "arn:aws:iam::123456789012:role/one", "externalId": "hush"}]'
    found = MessageToDict(servicer.with_secrets(struct({"assumeRoles": roles, "region": "us-east-1"})))
    assert found == {"assumeRoles": secret(roles), "region": "us-east-1"}


# -- what is not done, and what is not guessed ------------------------------------------------------------------------

CRM = {"domainName": "crm", "defaultExpirationDays": 30, "region": "us-east-1"}
PROFILES_URN = urn(PROFILES.native_token)


class _EndedError(Exception):
    """Ends a call, as gRPC's own context does."""


class Ending:
    """What gRPC hands to a method beside the request."""

    def abort(self, code: object, text: str) -> None:
        raise _EndedError(text)


@pytest.mark.parametrize("name", ["Create", "Update"])
def test_a_preview_changes_nothing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    asked: list[object] = []
    for method in ("create", "update"):
        monkeypatch.setattr(Operations, method, lambda self, request: asked.append(request))
    create = provider_pb2.CreateRequest(urn=PROFILES_URN, properties=struct(CRM), preview=True)
    update = provider_pb2.UpdateRequest(
        id="crm", urn=PROFILES_URN, olds=struct({**CRM, "arn": "a"}), news=struct(CRM), preview=True
    )
    answer = getattr(configured(), name)(create if name == "Create" else update, Ending())
    found = MessageToDict(answer.properties)
    assert (found["domainName"], found["arn"]) == ("crm", "a" if name == "Update" else UNKNOWN_TEXT)
    assert asked == []


def test_what_is_certainly_gone_has_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Operations, "read", lambda self, request: ReadAnswer(is_gone=True))
    answer = configured().Read(provider_pb2.ReadRequest(id="crm", urn=PROFILES_URN, properties=struct(CRM)), Ending())
    assert answer == provider_pb2.ReadResponse()


def test_a_replacement_that_was_asked_for_on_the_command_line_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def create(self: object, request: Any) -> CreateAnswer:
        asked.append(request.is_replacement)
        return CreateAnswer("crm", {})

    monkeypatch.setattr(Operations, "create", create)
    for is_asked in (True, False):
        monkeypatch.setattr(servicer, "asks_to_replace", lambda urn, is_asked=is_asked: is_asked)
        configured().Create(provider_pb2.CreateRequest(urn=PROFILES_URN, properties=struct(CRM)), Ending())
    assert asked == [True, False]


def test_a_change_that_the_program_ignores_is_none() -> None:
    known = {"arn": "arn:aws:profile:us-east-1:123456789012:domains/crm", "createdAt": "2026-05-01T10:00:00+00:00"}
    asked = {"id": "crm", "urn": PROFILES_URN, "olds": struct({**CRM, **known})}
    news = struct({**CRM, "defaultExpirationDays": 31, "deadLetterQueueUrl": "q"})
    for ignored, left in (
        ([], 2),
        (["defaultExpirationDays"], 1),
        (["defaultExpirationDays", "deadLetterQueueUrl"], 0),
    ):
        answer = configured().Diff(provider_pb2.DiffRequest(**asked, news=news, ignoreChanges=ignored), Ending())
        assert len(answer.detailedDiff) == left
        assert answer.changes == (answer.DIFF_SOME if left else answer.DIFF_NONE)


@pytest.mark.parametrize("sign", OTHERS)
def test_what_is_no_plain_value_is_a_mistake(sign: str) -> None:
    answer = checked({**CRM, "deadLetterQueueUrl": {SIGNATURE: sign}})
    (failure,) = answer.failures
    assert failure.reason == f"dead_letter_queue_url: is {OTHERS[sign]}, not a plain value"


def test_a_state_of_a_newer_version_is_refused_by_each_method() -> None:
    newer = struct({**CRM, MARK: {"number": 9, "needs": "9.0"}})
    checked_one = provider_pb2.CheckRequest(urn=PROFILES_URN, olds=newer, news=struct(CRM))
    (failure,) = configured().Check(checked_one, Ending()).failures
    requests = {
        "Diff": provider_pb2.DiffRequest(id="crm", urn=PROFILES_URN, olds=newer, news=struct(CRM)),
        "Read": provider_pb2.ReadRequest(id="crm", urn=PROFILES_URN, properties=newer),
        "Update": provider_pb2.UpdateRequest(id="crm", urn=PROFILES_URN, olds=newer, news=struct(CRM)),
        "Delete": provider_pb2.DeleteRequest(id="crm", urn=PROFILES_URN, properties=newer),
    }
    told = [failure.reason]
    for method, request in requests.items():
        with pytest.raises(_EndedError) as ended:
            getattr(configured(), method)(request, Ending())
        told.append(str(ended.value))
    assert all("was written by a newer version: install pulumi-connect-domains 9.0 or newer" in text for text in told)
