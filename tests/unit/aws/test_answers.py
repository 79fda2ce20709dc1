"""An answer that nobody can use is no answer: every operation, every way in which an answer can be spoiled, over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from pulumi_connect_domains import aws, registry
from pulumi_connect_domains.aws import answers, roles, services
from pulumi_connect_domains.aws.access import Access, Role
from pulumi_connect_domains.aws.answers import Expected
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.garbling import WAYS
from pulumi_connect_domains.model.errors import AwsError, NoAnswer
from pulumi_connect_domains.model.path import ANY

ONCE = Access(max_attempts=1)
ID = "abcdefghijklmnopqrstuv"
ARN = {
    "customer-profiles": "arn:aws:profile:us-east-1:123456789012:domains/crm",
    "voice-id": f"arn:aws:voiceid:us-east-1:123456789012:domain/{ID}",
}
KEY = {"kms_key_id": "key"}
ASKED: dict[str, dict[str, dict[str, Any]]] = {
    "customer-profiles": {
        "CreateDomain": {"domain_name": "new", "default_expiration_days": 30},
        "GetDomain": {"domain_name": "crm"},
        "UpdateDomain": {"domain_name": "crm", "default_expiration_days": 31},
        "DeleteDomain": {"domain_name": "crm"},
        "ListDomains": {},
        "TagResource": {"resource_arn": ARN["customer-profiles"], "tags": {"team": "crm"}},
        "UntagResource": {"resource_arn": ARN["customer-profiles"], "tag_keys": ["team"]},
    },
    "voice-id": {
        "CreateDomain": {"name": "new", "server_side_encryption_configuration": KEY},
        "DescribeDomain": {"domain_id": ID},
        "UpdateDomain": {"domain_id": ID, "name": "calls", "server_side_encryption_configuration": KEY},
        "DeleteDomain": {"domain_id": ID},
        "ListDomains": {},
        "ListTagsForResource": {"resource_arn": ARN["voice-id"]},
        "TagResource": {"resource_arn": ARN["voice-id"], "tags": [{"key": "team", "value": "voice"}]},
        "UntagResource": {"resource_arn": ARN["voice-id"], "tag_keys": ["team"]},
    },
    "sts": {
        "GetCallerIdentity": {},
        "AssumeRole": {"role_arn": "arn:aws:iam::222222222222:role/deploy", "role_session_name": "test"},
        "AssumeRoleWithWebIdentity": {
            "role_arn": "arn:aws:iam::222222222222:role/deploy",
            "role_session_name": "test",
            "web_identity_token": "token",
        },
    },
}
OPERATIONS = [(service, operation) for service, each in ASKED.items() for operation in each]
WITHOUT_OUTPUT = [
    ("customer-profiles", "TagResource"),
    ("customer-profiles", "UntagResource"),
    ("voice-id", "DeleteDomain"),
    ("voice-id", "TagResource"),
    ("voice-id", "UntagResource"),
]

ALL_RIGHT = {
    **dict.fromkeys(
        WITHOUT_OUTPUT, ("empty", "empty object", "no content", "wrong types", "another domain", "undated")
    ),
    ("customer-profiles", "DeleteDomain"): ("another domain", "undated"),  # it answers a message only
    ("voice-id", "ListTagsForResource"): ("another domain", "undated", "empty object"),  # it names no domain
    ("customer-profiles", "ListDomains"): ("another domain", "empty object"),  # it was asked for no domain
    ("voice-id", "CreateDomain"): (
        "another domain",
    ),  # a token may be answered with a renamed domain: `api._requested`
    ("voice-id", "ListDomains"): ("another domain", "undated", "empty object"),
    ("sts", "GetCallerIdentity"): ("undated",),
    ("sts", "AssumeRole"): ("another domain",),
    ("sts", "AssumeRoleWithWebIdentity"): ("another domain",),
}
"""What does not spoil an answer: there is nothing in it that it would change, or nothing that counts."""


@pytest.fixture(autouse=True)
def cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    aws.forget_clients()
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Tags={"team": "crm"})
    local_aws.seed(
        "voice-id", ID, Name="calls", Tags={"team": "voice"}, ServerSideEncryptionConfiguration={"KmsKeyId": "key"}
    )
    yield local_aws
    aws.forget_clients()


def expected(service: str, operation: str) -> Expected:
    if service == "sts":
        return services.CALLER if operation == "GetCallerIdentity" else roles.CREDENTIALS
    type = next(type for type in registry.resource_types().values() if type.service == service)
    return type.schema.answers[operation]


def ask(service: str, operation: str, access: Access = ONCE) -> aws.Answer:
    called = aws.service(service, "us-east-1", access)
    return called.call(operation, "the thing", ASKED[service][operation], expected(service, operation))


def test_the_table_has_every_operation_that_is_ever_called() -> None:
    for type in registry.resource_types().values():
        declared = type.schema.answers
        assert set(declared) == set(ASKED[type.service]), (
            "schema.json declares what an answer must hold for each of them"
        )
        used = {action.partition(":")[2] for use in type.schema.permissions.values() for action in use}
        assert used <= set(declared)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=[" ".join(each) for each in OPERATIONS])
def test_what_is_declared_of_an_answer_is_in_botocores_model(service: str, operation: str) -> None:
    shape = botocore.session.get_session().get_service_model(service).operation_model(operation).output_shape
    asked = expected(service, operation)
    for path in (*asked.needs, *asked.lists, *asked.names):
        at = shape
        for step in path:
            spelled = {} if step is ANY else {botocore.xform_name(name): name for name in at.members}
            at = at.member if step is ANY else at.members[spelled[step]]
    assert set(asked.names.values()) <= set(ASKED[service][operation])


@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=[" ".join(each) for each in OPERATIONS])
def test_a_good_answer_is_taken(service: str, operation: str) -> None:
    ask(service, operation)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=[" ".join(each) for each in OPERATIONS])
def test_a_spoiled_answer_is_no_answer(cloud: LocalAws, service: str, operation: str) -> None:
    for how in WAYS:
        if how in ("cut", "half", "wrong types") and (service, operation) == ("voice-id", "DeleteDomain"):
            continue  # there is no body to spoil
        cloud.reset()
        cloud.seed("customer-profiles", "crm", DefaultExpirationDays=30, Tags={"team": "crm"})
        cloud.seed(
            "voice-id", ID, Name="calls", Tags={"team": "voice"}, ServerSideEncryptionConfiguration={"KmsKeyId": "key"}
        )
        cloud.garble(operation, how=how, service=service, times=None)
        if how in ALL_RIGHT.get((service, operation), ()):
            ask(service, operation)
            continue
        with pytest.raises(NoAnswer) as error:
            ask(service, operation)
        text = str(error.value)
        assert error.value.lost, how
        assert text.startswith("cannot "), how
        assert len(text.splitlines()) <= 2, how
        assert "Welcome" not in text, "nothing of a strange answer is shown"


def test_it_is_asked_again_and_the_good_answer_counts(cloud: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    cloud.garble("GetDomain", how="html", times=2)
    assert ask("customer-profiles", "GetDomain", Access())["domain_name"] == "crm"
    assert slept == list(services.UNUSABLE_AGAIN_AFTER_SECONDS)
    assert len(cloud.calls("customer-profiles", "GetDomain")) == 3


@pytest.mark.parametrize(("service", "operation"), [each for each in OPERATIONS if "List" in each[1]])
def test_a_list_that_is_left_out_is_asked_for_once_more(cloud: LocalAws, service: str, operation: str) -> None:
    """No document says that AWS sends a list with nothing in it; but a list that was lost on the way must not look like none."""
    whole = ask(service, operation)
    cloud.forget_calls()
    cloud.garble(operation, how="empty object", service=service)
    assert ask(service, operation) == whole
    cloud.garble(operation, how="empty object", service=service, times=None)
    assert ask(service, operation) == {}
    assert len(cloud.calls(service, operation)) == 4


def test_a_change_that_succeeds_after_a_spoiled_answer_is_no_lost_one(cloud: LocalAws) -> None:
    cloud.garble("TagResource", how="html", service="customer-profiles")
    ask("customer-profiles", "TagResource", Access())
    assert len(cloud.calls("customer-profiles", "TagResource")) == 2


def test_botocores_own_calls_for_a_profiles_role_are_looked_at_too(
    cloud: LocalAws, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONNECT_DOMAINS_LOCAL_AWS", "")  # which would keep profiles out
    config = tmp_path / "config"
    config.write_text(
        "[profile deploy]\nrole_arn = arn:aws:iam::222222222222:role/deploy\ncredential_source = Environment\n"
    )
    access = Access(profile="deploy", variables=(("config_file", str(config)),), max_attempts=1)
    cloud.garble("AssumeRole", how="html", times=None)
    with pytest.raises(
        NoAnswer, match=r"cannot read the thing: the answer to AssumeRole is not that of AssumeRole"
    ) as error:
        ask("customer-profiles", "GetDomain", access)
    assert not error.value.lost, "the call itself was never sent"


def test_the_credentials_of_a_role_are_never_half(cloud: LocalAws) -> None:
    cloud.garble("AssumeRole", how="undated", times=None)
    access = Access(roles=(Role("arn:aws:iam::222222222222:role/deploy"),), max_attempts=1)
    with pytest.raises(NoAnswer, match=r"cannot read the thing: cannot assume role .* lacks credentials\.expiration"):
        ask("customer-profiles", "GetDomain", access)


# -- errors that are none ----------------------------------------------------------------------------------------------

BODIES = {
    "no body": b"",
    "a page": b"<!DOCTYPE html><html><body>Bad gateway</body></html>",
    "an old page": b"<html><body>Bad gateway</body></html>",
    "null": b"null",
    "a list": b"[]",
    "a number": b"5",
    "an object": b"{}",
    "a code that is no text": b'{"__type": 5, "code": 5}',
    "a message that is no text": b'{"message": [1]}',
    "half": b'{"Message": "an inter',
    "XML": b"<ErrorResponse></ErrorResponse>",
    "not UTF-8": b"\xff\xfe\x00",
}


@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=[" ".join(each) for each in OPERATIONS])
def test_a_server_fault_without_a_code_may_have_been_carried_out(cloud: LocalAws, service: str, operation: str) -> None:
    for status in (500, 502, 503, 504, 521):
        for name, body in BODIES.items():
            cloud.fault(
                operation, service=service, status=status, body=body.decode("latin-1"), content_type="text/html"
            )
            with pytest.raises(AwsError) as error:
                ask(service, operation)
            assert isinstance(error.value, NoAnswer), (status, name, error.value)
            assert error.value.lost, (status, name)
            assert len(str(error.value).splitlines()) <= 3, (status, name)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS, ids=[" ".join(each) for each in OPERATIONS])
def test_a_refusal_without_a_code_says_nothing_of_the_domain(cloud: LocalAws, service: str, operation: str) -> None:
    """Least of all that it does not exist."""
    for status in (400, 403, 404, 429):
        for name, body in BODIES.items():
            cloud.fault(
                operation, service=service, status=status, body=body.decode("latin-1"), content_type="text/html"
            )
            with pytest.raises(AwsError) as error:
                ask(service, operation)
            assert type(error.value) in (AwsError, NoAnswer), (status, name, error.value)


# -- the parts ---------------------------------------------------------------------------------------------------------


def test_members_that_we_do_not_know_are_no_mistake() -> None:
    operation = botocore.session.get_session().get_service_model("customer-profiles").operation_model("GetDomain")
    body = {
        "DomainName": "crm",
        "CreatedAt": 1.0,
        "LastUpdatedAt": 1,
        "Shade": [{}],
        "Matching": None,
        "DefaultExpirationDays": 30.0,
    }
    assert answers.misfit(200, json.dumps(body).encode(), operation, {}) == ""


@pytest.mark.parametrize(
    ("member", "value", "why"),
    [
        ("DefaultExpirationDays", "30", "DefaultExpirationDays is no integer"),
        ("DefaultExpirationDays", 30.5, "DefaultExpirationDays is no whole number"),
        ("DefaultExpirationDays", True, "DefaultExpirationDays is no integer"),
        ("CreatedAt", "yesterday", "CreatedAt is no timestamp"),
        ("CreatedAt", 1e20, "CreatedAt is no timestamp"),
        ("Matching", {"Enabled": "yes"}, "Matching.Enabled is no boolean"),
        ("Matching", [], "Matching is no structure"),
        ("Tags", {"team": 1}, "Tags.a value is no string"),
        (
            "RuleBasedMatching",
            {"Enabled": True, "MatchingRules": [{"Rule": "x"}]},
            "MatchingRules.an item.Rule is no list",
        ),
    ],
)
def test_a_misfit_is_named_by_its_place(member: str, value: object, why: str) -> None:
    operation = botocore.session.get_session().get_service_model("customer-profiles").operation_model("GetDomain")
    body = {"DomainName": "crm", "CreatedAt": 1.0, member: value}
    assert answers.misfit(200, json.dumps(body).encode(), operation, {}).endswith(why)


def test_numbers_that_json_does_not_have_are_no_json() -> None:
    operation = botocore.session.get_session().get_service_model("customer-profiles").operation_model("GetDomain")
    assert answers.misfit(200, b'{"CreatedAt": NaN}', operation, {}) == "is not JSON, or only a part of it"


def test_what_a_tag_is_called_does_not_hide_that_a_name_is_taken(cloud: LocalAws) -> None:
    """What AWS says is read before anything in it is masked."""
    cloud.seed("customer-profiles", "new")
    service = aws.service("customer-profiles", "us-east-1", ONCE)
    with pytest.raises(AwsError) as error:
        service.call("CreateDomain", "x", {**ASKED["customer-profiles"]["CreateDomain"], "tags": {"already": "exists"}})
    assert error.value.says_it_exists
    assert "already exists" not in str(error.value)


# -- S3, whose answers are of other forms ------------------------------------------------------------------------------

REDIRECT = b"<Error><Code>PermanentRedirect</Code><Message>ask there</Message></Error>"


@pytest.mark.parametrize(
    ("status", "headers", "body", "why"),
    [
        (301, {"x-amz-bucket-region": "eu-west-2"}, REDIRECT, ""),
        (301, {}, REDIRECT, "sends us elsewhere (status 301)"),
        (200, {}, b'{"Version": "2012-10-17"}', ""),
        (200, {}, b"", "is empty"),
    ],
    ids=["a bucket of another Region", "a sign-in page", "a text", "nothing"],
)
def test_answers_about_a_bucket(status: int, headers: dict[str, str], body: bytes, why: str) -> None:
    operation = botocore.session.Session().get_service_model("s3").operation_model("GetBucketPolicy")
    response = {"status_code": status, "headers": headers, "body": body}
    assert answers.misfit(status, body, operation, response) == why
