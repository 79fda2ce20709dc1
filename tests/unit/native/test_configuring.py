"""The provider's own inputs: mistakes in them are told in the program's words, and what is not known is never sent to AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import provider_pb2
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws.access import VARIABLE
from pulumi_connect_domains.host import engine_log
from pulumi_connect_domains.model.marks import OTHERS, SIGNATURE, UNKNOWN_TEXT
from pulumi_connect_domains.model.spelling import Spelling
from pulumi_connect_domains.native import messages, servicer, values
from pulumi_connect_domains.native.servicer import Servicer
from pulumi_connect_domains.operations.lifecycle import Operations

from .test_servicer import PROFILES, struct, urn

ASSET = {SIGNATURE: next(iter(OTHERS)), "text": "hidden"}
DEFAULT, EXPLICIT = (f"urn:pulumi:dev::shop::pulumi:providers:connect-domains::{name}" for name in ("default", "mine"))
CRM = {"domainName": "crm", "defaultExpirationDays": 30}


class Ended(Exception):
    """The call was ended with this text."""


class Context:
    """gRPC's context of a call."""

    def abort(self, code: object, text: str) -> None:
        raise Ended(text)

    def set_trailing_metadata(self, metadata: object) -> None:
        raise AssertionError


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No Region, no profile and no AWS. The program is in TypeScript, unless a test says otherwise."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setattr(messages, "spelling", lambda: Spelling.CAMEL)
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings."""
    found: list[str] = []
    monkeypatch.setattr(engine_log, "warn", lambda urn, text: found.append(text))
    return found


def provider(inputs: dict[str, Any], of: str = EXPLICIT) -> Servicer:
    found = Servicer()
    found.Configure(provider_pb2.ConfigureRequest(urn=of, args=struct(inputs)), Context())
    return found


def mistakes(inputs: dict[str, Any], of: str = EXPLICIT) -> list[str]:
    """What CheckConfig finds; Configure says the same."""
    answer = Servicer().CheckConfig(provider_pb2.CheckRequest(urn=of, news=struct(inputs)), Context())
    found = [each.reason for each in answer.failures]
    assert not any(each.property for each in answer.failures)  # the engine would show its value
    with pytest.raises(Ended) as ended:
        provider(inputs, of)
    assert str(ended.value).splitlines() == found
    return found


def check(inputs: dict[str, Any], of: Servicer, olds: dict[str, Any] | None = None) -> list[str]:
    request = provider_pb2.CheckRequest(urn=urn(PROFILES.native_token), olds=struct(olds or {}), news=struct(inputs))
    return [each.reason for each in of.Check(request, Context()).failures]


# -- the words of settings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "spelling", "named"),
    [
        (DEFAULT, Spelling.CAMEL, "connect-domains:{}"),
        (DEFAULT, Spelling.SNAKE, "connect-domains:{}"),
        (EXPLICIT, Spelling.CAMEL, "{} of the Provider"),
        (EXPLICIT, Spelling.SNAKE, "{} of the Provider"),
    ],
)
def test_a_setting_is_named_as_the_program_or_the_config_names_it(
    monkeypatch: pytest.MonkeyPatch, told: list[str], of: str, spelling: Spelling, named: str
) -> None:
    monkeypatch.setattr(messages, "spelling", lambda: spelling)
    is_snake = of == EXPLICIT and spelling is Spelling.SNAKE
    retries, key, secret, capacity, allowed = (
        named.format(snake if is_snake else camel)
        for snake, camel in (
            ("max_retries", "maxRetries"),
            ("access_key", "accessKey"),
            ("secret_key", "secretKey"),
            ("token_bucket_rate_limiter_capacity", "tokenBucketRateLimiterCapacity"),
            ("profile", "profile"),
        )
    )
    assert mistakes({"maxRetries": "many", "secretKey": "hush"}, of) == [
        f"{retries}: should be a whole number from 1 on",
        f"{secret}: is of no use without {key}",
    ]
    there = provider({"tokenBucketRateLimiterCapacity": "3", "profile": "none"}, of)
    [failure] = check(CRM, there)
    assert f"set {allowed} or AWS_PROFILE to one that does" in failure
    [warning] = told
    assert warning.startswith(f"{capacity}: has no effect here; retries are limited by {retries}")


def test_advice_for_missing_credentials_names_the_stacks_own_key() -> None:
    there = provider({"region": "us-east-1"}, DEFAULT)
    request = provider_pb2.CreateRequest(urn=urn(PROFILES.native_token), properties=struct(CRM))
    with pytest.raises(Ended, match="set connect-domains:profile, AWS_PROFILE, or AWS_ACCESS_KEY_ID"):
        there.Create(request, Context())


def test_a_call_before_configure_names_the_stacks_own_key_too() -> None:
    assert check(CRM, Servicer()) == [
        "region: is not set; set the resource's region, connect-domains:region in the stack's config, or AWS_REGION"
    ]


def test_a_wrong_region_is_one_mistake() -> None:
    [failure] = check({**CRM, "region": "Virginia"}, Servicer())
    assert failure.startswith("region: ")


@pytest.mark.parametrize("value", [True, False])
def test_a_value_is_shown_as_the_program_writes_it(value: bool) -> None:
    schedule = {"enabled": "True", "jobSchedule": {"dayOfTheWeek": "SUNDAY", "time": "9:05"}}
    there = provider({"region": "us-east-1"})
    found = check({"domainName": "crm", "defaultExpirationDays": value, "matching": schedule}, there)
    assert found == [
        f"defaultExpirationDays: {str(value).lower()} is a boolean; must be a whole number from 1 to 1098 (days)",
        "matching.enabled: 'True' is text; must be true or false, without quotes",
    ]


@pytest.mark.parametrize("argument", ["force_destroy", "retain_on_delete"])
def test_an_argument_is_written_as_in_an_object(argument: str) -> None:
    name = "".join((argument.split("_")[0], *(each.capitalize() for each in argument.split("_")[1:])))
    assert Spelling.CAMEL.text(PROFILES.schema, f"set {argument}=True, or 'True', tags.True") == (
        f"set {name}: true, or 'True', tags.True"
    )


def test_what_a_newer_version_has_written_is_spelled_as_the_program_spells_it(told: list[str]) -> None:
    there = provider({"region": "us-east-1"})
    assert check(CRM, there, {**CRM, "brandNew": "1"}) == []
    assert [each for each in told if "the state holds brandNew," in each], told


# -- what cannot be taken ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [ASSET, {"tags": {"team": ASSET}}])
def test_an_asset_is_no_setting(value: Any) -> None:
    assert mistakes({"defaultTags": value}, DEFAULT) == [
        "connect-domains:defaultTags: holds an asset, not plain values"
    ]


def test_a_setting_in_both_spellings_is_refused() -> None:
    assert mistakes({"maxRetries": 1, "max_retries": 2}) == [
        "maxRetries of the Provider: is given twice, as maxRetries and as max_retries; keep maxRetries"
    ]
    assert mistakes({"assumeRoles": [{"roleArn": "a", "role_arn": "b"}]}, DEFAULT) == [
        "connect-domains:assumeRoles: gives a member twice, in two spellings"
    ]
    assert provider({"maxRetries": 1, "max_retries": None})


@pytest.mark.parametrize("spelling", Spelling)
def test_an_input_in_both_spellings_is_refused(monkeypatch: pytest.MonkeyPatch, spelling: Spelling) -> None:
    monkeypatch.setattr(messages, "spelling", lambda: spelling)
    schedule = {"dayOfTheWeek": "SUNDAY", "day_of_the_week": "MONDAY", "time": "9:05"}
    inputs = {**CRM, "domain_name": "other", "matching": {"enabled": True, "jobSchedule": schedule}}
    assert check(inputs, provider({"region": "us-east-1"})) == [
        f"{each}: is given twice, as {camel} and as {snake}; keep {camel}"
        for snake, camel in (
            ("domain_name", "domainName"),
            ("matching.job_schedule.day_of_the_week", "matching.jobSchedule.dayOfTheWeek"),
        )
        for each in [snake if spelling is Spelling.SNAKE else camel]
    ]
    assert check({**CRM, "domain_name": None}, provider({"region": "us-east-1"})) == []


# -- what is not known yet --------------------------------------------------------------------------------------------

UNKNOWN_PROVIDERS = [{"region": UNKNOWN_TEXT}, {"region": "us-east-1", "assumeRoles": [{"roleArn": UNKNOWN_TEXT}]}]


@pytest.fixture
def no_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("AWS would be asked")

    for name in ("service", "profile_region"):
        monkeypatch.setattr(aws, name, asked)


def test_a_provider_that_is_not_known_yet_asks_aws_nothing(no_calls: None) -> None:
    of = urn(PROFILES.native_token)
    for inputs in UNKNOWN_PROVIDERS:
        there = provider({**inputs, "allowedAccountIds": ["123456789012"]})
        for given in (CRM, {**CRM, "region": "eu-west-2"}):
            news = struct(given)
            checked = there.Check(provider_pb2.CheckRequest(urn=of, news=news), Context())
            assert (checked.inputs, [*checked.failures]) == (news, [])
            diff = there.Diff(provider_pb2.DiffRequest(urn=of, id="crm", olds=news, news=news), Context())
            assert diff.changes == provider_pb2.DiffResponse.DIFF_UNKNOWN
            made = there.Create(provider_pb2.CreateRequest(urn=of, properties=news, preview=True), Context())
            assert MessageToDict(made.properties)["arn"] == UNKNOWN_TEXT
            read = there.Read(provider_pb2.ReadRequest(urn=of, id="crm", properties=news, inputs=news), Context())
            assert (read.id, read.inputs) == ("crm", news)
            assert MessageToDict(read.properties) == MessageToDict(made.properties)
            with pytest.raises(Ended, match="the provider's configuration is not known yet"):
                there.Create(provider_pb2.CreateRequest(urn=of, properties=news), Context())


def test_a_read_in_a_region_that_is_not_known_yet_asks_aws_nothing(no_calls: None) -> None:
    there, region = provider({"region": "us-east-1"}), struct({"region": UNKNOWN_TEXT})
    for inputs in ({"inputs": region}, {"properties": region}, {"inputs": region, "properties": region}):
        request = provider_pb2.ReadRequest(urn=urn(PROFILES.native_token), id="crm", **inputs)
        answer = MessageToDict(there.Read(request, Context()))
        assert answer["id"] == "crm"
        assert set(answer["properties"].values()) == {UNKNOWN_TEXT}
    with pytest.raises(Ended, match="region: is not known yet, so AWS was not asked"):
        there.Create(provider_pb2.CreateRequest(urn=urn(PROFILES.native_token), properties=region), Context())


# -- errors -----------------------------------------------------------------------------------------------------------

CALLS: list[tuple[str, Callable[..., Any]]] = [
    ("CheckConfig", provider_pb2.CheckRequest),
    ("DiffConfig", provider_pb2.DiffRequest),
    ("Configure", provider_pb2.ConfigureRequest),
    ("Check", provider_pb2.CheckRequest),
    ("Diff", provider_pb2.DiffRequest),
    ("Create", provider_pb2.CreateRequest),
    ("Read", provider_pb2.ReadRequest),
    ("Update", provider_pb2.UpdateRequest),
    ("Delete", provider_pb2.DeleteRequest),
]


@pytest.mark.parametrize(("method", "request_"), CALLS, ids=[name for name, _ in CALLS])
def test_a_bug_is_told_by_its_class_and_place_and_not_by_its_text(
    monkeypatch: pytest.MonkeyPatch, method: str, request_: Callable[..., Any]
) -> None:
    def received(*_: object) -> None:
        raise KeyError("hush")

    monkeypatch.setattr(values, "received", received)
    with pytest.raises(Ended) as ended:
        getattr(Servicer(), method)(request_(urn=urn(PROFILES.native_token)), Context())
    text = str(ended.value)
    assert text.startswith("connect-domains has a bug: KeyError\n")
    assert servicer.__file__ in text
    assert "hush" not in text.replace('raise KeyError("hush")', "")


@pytest.mark.parametrize(("method", "request_"), CALLS[3:], ids=[name for name, _ in CALLS[3:]])
@pytest.mark.parametrize(
    ("of", "text"),
    [("crm", "'crm' is not a URN"), (urn("aws:s3:Bucket"), "this provider has no resource type 'aws:s3:Bucket'")],
)
def test_a_resource_that_is_none_of_ours_is_told(method: str, request_: Callable[..., Any], of: str, text: str) -> None:
    with pytest.raises(Ended) as ended:
        getattr(Servicer(), method)(request_(urn=of), Context())
    assert str(ended.value) == text


# -- what AWS answers -------------------------------------------------------------------------------------------------


def test_a_creation_is_stored_whatever_aws_has_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    from pulumi_connect_domains.operations.requests import CreateAnswer

    outputs: dict[str, object] = {
        "domain_name": "crm",
        "stats": {"profile_count": 10**400},
        "tags": {"\ud800": "a\udfff"},
    }
    monkeypatch.setattr(Operations, "create", lambda self, request: CreateAnswer("crm", outputs))
    request = provider_pb2.CreateRequest(urn=urn(PROFILES.native_token), properties=struct(CRM))
    answer = provider({"region": "us-east-1"}).Create(request, Context())
    assert MessageToDict(answer) == {
        "id": "crm",
        "properties": {"domainName": "crm", "stats": {"profileCount": "1E+400"}, "tags": {"�": "a�"}},
    }
