"""The controls: faults, cut connections, latency, throttles, the log, and domains changed behind AWS's back."""

from __future__ import annotations

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from pulumi_connect_domains.local.aws import LocalAws, LocalAwsError
from pulumi_connect_domains.local.aws.calls import Call
from pulumi_connect_domains.local.aws.controls import THROTTLED, Controls, Failure, Rule, Throttle, Which


def outcome(client: Any) -> str:
    try:
        client.get_domain(DomainName="d")
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def outcomes(client: Any, times: int) -> list[str]:
    """What that many calls of GetDomain for `d` come to: `ok` or the error's code."""
    return [outcome(client) for _ in range(times)]


@pytest.fixture
def seeded(aws: LocalAws) -> LocalAws:
    aws.seed("customer-profiles", "d")
    return aws


# Faults


FAULTS: list[tuple[str, str, dict[str, Any], int]] = [
    ("the model's status for a code of Customer Profiles", "customer-profiles", {"code": "AccessDeniedException"}, 403),
    ("the model's status for throttling", "customer-profiles", {"code": "ThrottlingException"}, 429),
    ("the model's status for a fault of the server", "customer-profiles", {"code": "InternalServerException"}, 500),
    ("500 for a fault whose status the model lacks", "voice-id", {"code": "InternalServerException"}, 500),
    ("400 for any other code", "voice-id", {"code": "AccessDeniedException"}, 400),
    ("400 for a code the model does not know", "customer-profiles", {"code": "ExpiredTokenException"}, 400),
    ("the status that is asked for", "customer-profiles", {"code": "BadRequestException", "status": 418}, 418),
    ("XML for STS", "sts", {"code": "ExpiredToken", "status": 403}, 403),
    ("XML for S3", "s3", {"code": "SlowDown", "status": 503}, 503),
    ("JSON for SQS", "sqs", {"code": "RequestThrottled"}, 400),
]


@pytest.mark.parametrize(("service", "fault", "status"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_has_the_form_of_its_service(
    aws: LocalAws, refused: Any, service: str, fault: dict[str, Any], status: int
) -> None:
    aws.fault("*", service=service, message="made <up>", **fault)
    client = aws.client(service)
    call = {"sts": "get_caller_identity", "s3": "list_buckets", "sqs": "list_queues"}.get(service, "list_domains")
    assert refused(getattr(client, call)) == {"code": fault["code"], "message": "made <up>", "status": status}
    (logged,) = aws.calls()
    assert (logged.status, logged.error_code) == (status, fault["code"])


def test_a_fault_ends_after_its_times(seeded: LocalAws, profiles: Any) -> None:
    seeded.fault("GetDomain", code="InternalServerException", times=2)
    assert outcomes(profiles, 3) == ["InternalServerException"] * 2 + ["ok"]


def test_a_fault_without_times_lasts_until_the_reset(seeded: LocalAws, profiles: Any) -> None:
    seeded.fault("GetDomain", code="AccessDeniedException", times=None)
    assert outcomes(profiles, 3) == ["AccessDeniedException"] * 3
    seeded.reset()
    seeded.seed("customer-profiles", "d")
    assert outcomes(profiles, 1) == ["ok"]


def test_faults_queue_up_in_the_order_they_were_set(seeded: LocalAws, profiles: Any) -> None:
    seeded.fault("GetDomain", code="First")
    seeded.fault("*", code="Second")
    assert outcomes(profiles, 3) == ["First", "Second", "ok"]


def test_a_failing_call_does_nothing(aws: LocalAws, profiles: Any, refused: Any) -> None:
    aws.fault("CreateDomain", code="InternalServerException")
    refused(profiles.create_domain, DomainName="d", DefaultExpirationDays=1)
    assert aws.domains("customer-profiles") == {}


MISSES: list[tuple[str, dict[str, str]]] = [
    ("another operation", {"operation": "UpdateDomain"}),
    ("another service", {"operation": "GetDomain", "service": "voice-id"}),
    ("another account", {"operation": "GetDomain", "account": "222222222222"}),
    ("another region", {"operation": "GetDomain", "region": "eu-west-2"}),
]


@pytest.mark.parametrize("which", [row[1] for row in MISSES], ids=[row[0] for row in MISSES])
def test_a_fault_is_not_for(seeded: LocalAws, profiles: Any, which: dict[str, Any]) -> None:
    seeded.fault(**which, code="Wrong")
    assert outcomes(profiles, 1) == ["ok"]


def test_a_fault_for_all_that_matches(seeded: LocalAws, profiles: Any) -> None:
    seeded.fault("GetDomain", service="customer-profiles", account="123456789012", region="us-east-1", code="Right")
    assert outcomes(profiles, 1) == ["Right"]


# Cut connections


def test_a_connection_cut_before_the_change_leaves_none(aws: LocalAws, profiles: Any) -> None:
    aws.drop("CreateDomain", when="before")
    with pytest.raises(ConnectionClosedError):
        profiles.create_domain(DomainName="d", DefaultExpirationDays=1)
    assert aws.domains("customer-profiles") == {}
    profiles.create_domain(DomainName="d", DefaultExpirationDays=1)


def test_a_connection_cut_after_the_change_leaves_it_done(aws: LocalAws, profiles: Any, refused: Any) -> None:
    aws.drop("CreateDomain", when="after")
    with pytest.raises(ConnectionClosedError):
        profiles.create_domain(DomainName="d", DefaultExpirationDays=1)
    assert list(aws.domains("customer-profiles")) == ["d"]
    again = refused(profiles.create_domain, DomainName="d", DefaultExpirationDays=1)
    assert again["message"] == "Domain d already exists"
    assert [(call.operation, call.status) for call in aws.calls()] == [("CreateDomain", 0), ("CreateDomain", 400)]


def test_a_cut_closes_one_connection_and_the_others_stay(seeded: LocalAws) -> None:
    """Two kept-alive connections, by hand: botocore would open new ones unnoticed."""
    key = seeded.environment()["AWS_ACCESS_KEY_ID"]
    scope = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/profile/aws4_request"}
    address = seeded.endpoint.removeprefix("http://")
    kept, cut = (http.client.HTTPConnection(address, timeout=10) for _ in range(2))

    def get(connection: http.client.HTTPConnection) -> int:
        connection.request("GET", "/domains/d", headers=scope)
        response = connection.getresponse()
        response.read()
        return response.status

    assert [get(kept), get(cut)] == [200, 200]
    sockets = kept.sock, cut.sock
    assert [get(kept), get(cut)] == [200, 200]
    assert (kept.sock, cut.sock) == sockets  # the server kept both open
    seeded.drop("GetDomain", when="before")
    with pytest.raises(http.client.RemoteDisconnected):
        get(cut)
    assert get(kept) == 200
    assert kept.sock is sockets[0]
    assert get(cut) == 200  # on a new connection
    kept.close()
    cut.close()


def test_drop_is_before_or_after(aws: LocalAws) -> None:
    with pytest.raises(LocalAwsError, match="before or after"):
        aws.drop("GetDomain", when="during")  # type: ignore[arg-type]  # the mistake under test


# Calls that pass before, late and slow answers, answers of a moment ago


def test_so_many_calls_pass_before_a_fault(seeded: LocalAws, profiles: Any) -> None:
    seeded.fault("GetDomain", code="ThrottlingException", times=2, after=1)
    assert outcomes(profiles, 5) == ["ok", "ThrottlingException", "ThrottlingException", "ok", "ok"]


def test_only_calls_that_match_count_as_passed(seeded: LocalAws, profiles: Any) -> None:
    seeded.drop("GetDomain", when="before", after=1)
    profiles.list_domains()
    assert outcomes(profiles, 1) == ["ok"]
    with pytest.raises(ConnectionClosedError):
        profiles.get_domain(DomainName="d")


def test_a_fault_is_unmet_until_a_call_has_failed_by_it(seeded: LocalAws, profiles: Any) -> None:
    seeded.fault("GetDomain", code="ThrottlingException", times=None, after=1)
    seeded.drop("DeleteDomain", when="after")
    assert outcomes(profiles, 1) == ["ok"]
    assert seeded.unmet() == ["GetDomain", "DeleteDomain"]
    assert outcomes(profiles, 1) == ["ThrottlingException"]
    assert seeded.unmet() == ["DeleteDomain"]
    seeded.reset_faults()
    assert seeded.unmet() == []


@pytest.mark.parametrize("bytewise", [False, True])
def test_a_delayed_call_is_done_at_once_and_answered_later(aws: LocalAws, profiles: Any, bytewise: bool) -> None:
    aws.delay("CreateDomain", seconds=0.3, bytewise=bytewise)
    with ThreadPoolExecutor(1) as pool:
        started = time.perf_counter()
        answer = pool.submit(profiles.create_domain, DomainName="d", DefaultExpirationDays=1)
        while "d" not in aws.domains("customer-profiles"):
            assert not answer.done()
        assert answer.result()["DomainName"] == "d"
    assert time.perf_counter() - started >= 0.25
    assert outcomes(profiles, 1) == ["ok"]


def test_a_slow_answer_begins_at_once(seeded: LocalAws) -> None:
    key = seeded.environment()["AWS_ACCESS_KEY_ID"]
    scope = f"AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/profile/aws4_request"
    connection = http.client.HTTPConnection(seeded.endpoint.removeprefix("http://"), timeout=10)
    seeded.delay("GetDomain", seconds=0.3, bytewise=True)
    connection.request("GET", "/domains/d", headers={"Authorization": scope})
    response = connection.getresponse()
    began = time.perf_counter()
    assert json.loads(response.read())["DomainName"] == "d"
    assert time.perf_counter() - began >= 0.2
    connection.close()


def test_a_stale_read_sees_what_was_before_the_last_change(aws: LocalAws, profiles: Any) -> None:
    profiles.create_domain(DomainName="d", DefaultExpirationDays=1)
    aws.stale("GetDomain", times=1)
    assert outcomes(profiles, 2) == ["ResourceNotFoundException", "ok"]
    profiles.update_domain(DomainName="d", DefaultExpirationDays=2)
    profiles.get_domain(DomainName="d")
    aws.stale("*", times=1)
    days = [profiles.get_domain(DomainName="d")["DefaultExpirationDays"] for _ in range(2)]
    assert days == [1, 2]


def test_a_call_that_changed_nothing_is_no_last_change(aws: LocalAws, profiles: Any, refused: Any) -> None:
    profiles.create_domain(DomainName="d", DefaultExpirationDays=1)
    refused(profiles.create_domain, DomainName="d", DefaultExpirationDays=1)
    aws.stale("GetDomain")
    assert outcomes(profiles, 2) == ["ResourceNotFoundException", "ok"]


def test_an_answer_may_be_labelled_as_something_else(seeded: LocalAws, profiles: Any) -> None:
    seeded.garble("GetDomain", how="mislabelled")
    answer = profiles.get_domain(DomainName="d")
    assert answer["DomainName"] == "d"
    assert answer["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "text/html"


# Latency


def test_latency_delays_without_queueing_calls_up(seeded: LocalAws, profiles: Any) -> None:
    seeded.latency(0.1)
    with ThreadPoolExecutor(32) as pool:
        started = time.perf_counter()
        list(pool.map(lambda _: profiles.get_domain(DomainName="d"), range(32)))
        took = time.perf_counter() - started
    assert all(call.seconds >= 0.1 for call in seeded.calls())
    assert 0.1 <= took < 1.6  # one after the other they would take 3.2 s


def test_latency_of_one_operation_and_its_end(seeded: LocalAws, profiles: Any) -> None:
    seeded.latency(0.05, "GetDomain")
    profiles.list_domains()
    profiles.get_domain(DomainName="d")
    seeded.latency(0, "GetDomain")
    profiles.get_domain(DomainName="d")
    assert [call.seconds >= 0.05 for call in seeded.calls()] == [False, True, False]


# Throttles: the bucket against a clock by hand, then over HTTP


def throttled(throttle: Throttle, moments: list[float]) -> list[bool]:
    clock = iter([moments[0], *moments])  # the first look is the bucket's own
    controls = Controls(clock=lambda: next(clock))
    controls.limit(throttle)
    asked = Call("s", "Get", "1", "r", {})
    return [controls.failure(asked) is THROTTLED for _ in moments]


ANY_CALL = Which("*")
BUCKETS: list[tuple[str, Throttle, list[float], list[bool]]] = [
    ("a full bucket first", Throttle(ANY_CALL, 2, 2, shared=False), [0, 0, 0], [False, False, True]),
    (
        "it fills with time",
        Throttle(ANY_CALL, 2, 2, shared=False),
        [0, 0, 0, 0.5, 0.6],
        [False, False, True, False, True],
    ),
    ("it never holds more than the burst", Throttle(ANY_CALL, 9, 1, shared=False), [0, 50, 50], [False, False, True]),
    ("a call that is refused costs nothing", Throttle(ANY_CALL, 1, 1, shared=False), [0, 0.5, 1], [False, True, False]),
    ("other calls are not its business", Throttle(Which("Put"), 1, 1, shared=False), [0, 0, 0], [False, False, False]),
]


@pytest.mark.parametrize(
    ("throttle", "moments", "expected"), [row[1:] for row in BUCKETS], ids=[row[0] for row in BUCKETS]
)
def test_bucket(throttle: Throttle, moments: list[float], expected: list[bool]) -> None:
    assert throttled(throttle, moments) == expected


def test_a_throttle_is_for_each_account_and_region_and_operation_unless_shared(seeded: LocalAws, profiles: Any) -> None:
    seeded.seed("customer-profiles", "d", account="222222222222")
    seeded.throttle("*", 0.001)
    elsewhere = seeded.client("customer-profiles", account="222222222222")
    assert outcomes(profiles, 2) == ["ok", "ThrottlingException"]
    assert outcomes(elsewhere, 2) == ["ok", "ThrottlingException"]
    assert profiles.list_domains()["Items"]
    seeded.throttle("*", 0.001, shared=True)
    assert profiles.list_domains()["Items"]
    assert outcomes(profiles, 1) == ["ThrottlingException"]
    seeded.throttle("*", 0.001)
    assert outcomes(profiles, 2) == ["ok", "ThrottlingException"]  # the buckets are full again
    seeded.throttle("*", 0)
    assert outcomes(profiles, 2) == ["ok", "ok"]


def test_a_throttle_with_a_burst(seeded: LocalAws, profiles: Any, refused: Any) -> None:
    seeded.throttle("GetDomain", 0.001, service="customer-profiles", burst=3)
    assert outcomes(profiles, 4) == ["ok"] * 3 + ["ThrottlingException"]
    assert refused(profiles.get_domain, DomainName="d")["status"] == 429


def test_a_standing_rule_goes_before_the_queue_and_comes_off() -> None:
    controls, call = Controls(), Call("s", "Get", "1", "r", {})
    controls.add(Rule(ANY_CALL, Failure(code="Queued")))
    controls.stand("gate", Rule(ANY_CALL, Failure(code="Standing"), times=None))
    first, second = controls.failure(call), controls.failure(call)
    controls.stand("gate", None)
    third, fourth = controls.failure(call), controls.failure(call)
    assert [failure and failure.code for failure in (first, second, third, fourth)] == [
        "Standing",
        "Standing",
        "Queued",
        None,
    ]


# The log


def test_calls_are_logged_with_who_asked_for_what_and_what_came_of_it(
    aws: LocalAws, profiles: Any, refused: Any
) -> None:
    before = time.time()
    profiles.create_domain(DomainName="d", DefaultExpirationDays=1, Tags={"k": "v"})
    refused(profiles.get_domain, DomainName="gone")
    created, read = aws.calls()
    assert (created.service, created.operation, created.account) == (
        "customer-profiles",
        "CreateDomain",
        "123456789012",
    )
    assert (created.region, created.status, created.error_code) == ("us-east-1", 200, None)
    assert created.parameters == {"DomainName": "d", "DefaultExpirationDays": 1, "Tags": {"k": "v"}}
    assert (read.status, read.error_code) == (404, "ResourceNotFoundException")
    assert before <= created.started <= read.started <= time.time()


LOGGED: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("sts", "GetCallerIdentity", {}, {"Action": "GetCallerIdentity", "Version": "2011-06-15"}),
    ("s3", "CreateBucket", {"Bucket": "some-bucket"}, {"Bucket": "some-bucket"}),
    ("sqs", "CreateQueue", {"QueueName": "q"}, {"QueueName": "q"}),
    ("kms", "CreateKey", {"Description": "k"}, {"Description": "k"}),
    ("iam", "CreateUser", {"UserName": "u"}, {"Action": "CreateUser", "Version": "2010-05-08", "UserName": "u"}),
    ("voice-id", "DescribeDomain", {"DomainId": "0" * 22}, {"DomainId": "0" * 22}),
    ("customer-profiles", "ListDomains", {"MaxResults": 7}, {"MaxResults": 7}),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "logged"), LOGGED, ids=[row[0] for row in LOGGED])
def test_calls_of_every_protocol_are_told_apart(
    aws: LocalAws, service: str, operation: str, parameters: dict[str, Any], logged: dict[str, Any]
) -> None:
    try:
        aws.client(service)._make_api_call(operation, parameters)
    except ClientError:
        assert service == "voice-id"
    (call,) = aws.calls()
    assert (call.service, call.operation, call.parameters) == (service, operation, logged)


def test_the_log_can_be_asked_for_a_part_and_forgotten(seeded: LocalAws, profiles: Any, voice: Any) -> None:
    profiles.get_domain(DomainName="d")
    profiles.list_domains()
    voice.list_domains()
    assert [call.service for call in seeded.calls(operation="ListDomains")] == ["customer-profiles", "voice-id"]
    assert [call.operation for call in seeded.calls("customer-profiles")] == ["GetDomain", "ListDomains"]
    assert len(seeded.calls("voice-id", "ListDomains")) == 1
    seeded.forget_calls()
    assert seeded.calls() == []


def test_no_call_is_lost_when_many_come_at_once(seeded: LocalAws, profiles: Any) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: profiles.get_domain(DomainName="d"), range(200)))
    calls = seeded.calls()
    assert len({call.request_id for call in calls}) == len(calls) == 200


# Domains changed behind AWS's back


def test_a_seeded_domain_answers_as_if_it_had_been_created(aws: LocalAws, profiles: Any) -> None:
    created_at = datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    aws.seed("customer-profiles", "not allowed!", DefaultExpirationDays=9999, CreatedAt=created_at, Tags={"aws:x": "y"})
    (seeded,) = aws.domains("customer-profiles").values()
    assert (seeded["DefaultExpirationDays"], seeded["CreatedAt"], seeded["Tags"]) == (9999, created_at, {"aws:x": "y"})
    (listed,) = profiles.list_domains()["Items"]
    assert (listed["DomainName"], listed["CreatedAt"]) == ("not allowed!", created_at)


def test_a_seeded_voice_id_domain_has_the_given_id(aws: LocalAws, voice: Any) -> None:
    aws.seed("voice-id", "A" * 22, Name="n", Tags={"k": "v"})
    domain = voice.describe_domain(DomainId="A" * 22)["Domain"]
    assert (domain["Name"], domain["DomainStatus"]) == ("n", "ACTIVE")
    assert voice.list_tags_for_resource(ResourceArn=domain["Arn"])["Tags"] == [{"Key": "k", "Value": "v"}]


NO_PROFILES = {"ProfileCount": 0, "MeteringProfileCount": 0, "ObjectCount": 0, "TotalSize": 0}
CHANGED: list[tuple[str, dict[str, Any], str, Any]] = [
    ("a member", {"DefaultExpirationDays": 7}, "DefaultExpirationDays", 7),
    ("a member that AWS computes", {"Stats": {"ProfileCount": 3}}, "Stats", {"ProfileCount": 3}),
    ("a part of a structure", {"Stats.ProfileCount": 3}, "Stats", {**NO_PROFILES, "ProfileCount": 3}),
    (
        "a part of a structure that was not there",
        {"DataStore.Readiness.Message": "soon"},
        "DataStore",
        {"Readiness": {"Message": "soon"}},
    ),
    ("a member taken away", {"DefaultExpirationDays": None}, "DefaultExpirationDays", None),
    ("a null-like empty key, which AWS may answer too", {"DefaultEncryptionKey": ""}, "DefaultEncryptionKey", ""),
    (
        "tags, past all checks",
        {"Tags": {"aws:cloudformation:stack-name": "s"}},
        "Tags",
        {"aws:cloudformation:stack-name": "s"},
    ),
]


@pytest.mark.parametrize(("change", "name", "value"), [row[1:] for row in CHANGED], ids=[row[0] for row in CHANGED])
def test_change(seeded: LocalAws, profiles: Any, change: dict[str, Any], name: str, value: Any) -> None:
    seeded.change("customer-profiles", "d", **change)
    assert profiles.get_domain(DomainName="d").get(name) == value
    assert [call.operation for call in seeded.calls()] == ["GetDomain"]


def test_a_removed_domain_leaves_no_trace(seeded: LocalAws, refused: Any, profiles: Any) -> None:
    seeded.remove("customer-profiles", "d")
    assert refused(profiles.get_domain, DomainName="d")["code"] == "ResourceNotFoundException"


@pytest.mark.parametrize("control", ["change", "remove"])
def test_a_domain_that_is_not_there_is_the_callers_mistake(aws: LocalAws, control: str) -> None:
    with pytest.raises(LocalAwsError, match="no domain gone in any account or region"):
        getattr(aws, control)("customer-profiles", "gone")


def test_a_reset_leaves_nothing(seeded: LocalAws, profiles: Any, voice: Any) -> None:
    seeded.voiceid(consent=False, pending_describes=3)
    seeded.latency(5)
    seeded.fault("*", code="Wrong")
    seeded.throttle("*", 0.001)
    seeded.reset()
    seeded.client("s3").create_bucket(Bucket="some-bucket")
    seeded.reset()
    assert seeded.calls() == []
    assert profiles.list_domains()["Items"] == voice.list_domains()["DomainSummaries"] == []
    assert seeded.client("s3").list_buckets()["Buckets"] == []
    assert seeded.voiceid() == {
        "pending_describes": 0,
        "encryption_describes": 0,
        "encryption_failure": None,
        "consent": True,
        "domain_quota": None,
        "closed": None,
    }


# The controls' own HTTP


def test_a_misspelt_switch_is_the_callers_mistake(aws: LocalAws) -> None:
    with pytest.raises(LocalAwsError, match="consnet"):
        aws.voiceid(consnet=False)


@pytest.mark.parametrize(
    ("method", "verb", "status"), [("GET", "calls", 404), ("POST", "nonsense", 404), ("POST", "seed", 400)]
)
def test_a_wrong_control_is_answered_with_json(
    aws: LocalAws, bearer: dict[str, str], method: str, verb: str, status: int
) -> None:
    connection = http.client.HTTPConnection(aws.endpoint.removeprefix("http://"), timeout=10)
    connection.request(method, f"/_control/{verb}", b"{}", bearer)
    response = connection.getresponse()
    assert (response.status, type(json.loads(response.read()))) == (status, str)
    connection.close()


def test_a_web_page_cannot_use_the_controls(seeded: LocalAws, bearer: dict[str, str]) -> None:
    connection = http.client.HTTPConnection(seeded.endpoint.removeprefix("http://"), timeout=10)
    connection.request("POST", "/_control/reset", b"{}", {**bearer, "Origin": "https://example.com"})
    assert connection.getresponse().status == 403
    connection.close()
    assert list(seeded.domains("customer-profiles")) == ["d"]


def test_a_failure_of_the_local_aws_itself_is_answered(seeded: LocalAws, profiles: Any, refused: Any) -> None:
    seeded.change("customer-profiles", "d", LastUpdatedAt="not a time")
    error = refused(profiles.update_domain, DomainName="d")
    assert (error["code"], error["status"]) == ("InternalFailure", 500)
    assert "TypeError" in error["message"]


# Accounts and regions


@pytest.mark.parametrize("service", ["customer-profiles", "voice-id"])
def test_domains_are_found_wherever_they_are(aws: LocalAws, service: str) -> None:
    """A test that looks for what a program left over must not look in one region alone."""
    aws.seed(service, "first")
    aws.seed(service, "second", region="eu-west-2")
    aws.seed(service, "third", account="222222222222", region="eu-west-2")
    assert set(aws.domains(service)) == {"first", "second", "third"}
    assert set(aws.domains(service, region="eu-west-2")) == {"second", "third"}
    assert set(aws.domains(service, account="222222222222")) == {"third"}
    assert aws.domains(service, region="ap-south-1") == {}
    aws.change(service, "third", Description="changed")
    assert aws.domains(service)["third"]["Description"] == "changed"
    aws.remove(service, "second")
    assert set(aws.domains(service)) == {"first", "third"}
    aws.remove(service, "third", region="eu-west-2")
    aws.remove(service, "first", account="123456789012", region="us-east-1")
    assert aws.domains(service) == {}


def test_a_name_that_stands_twice_has_to_be_told_apart(aws: LocalAws) -> None:
    aws.seed("customer-profiles", "crm")
    aws.seed("customer-profiles", "crm", region="eu-west-2", DefaultExpirationDays=2)
    places = "in account 123456789012, region us-east-1 and in account 123456789012, region eu-west-2"
    for ask in (
        lambda: aws.domains("customer-profiles"),
        lambda: aws.change("customer-profiles", "crm", DefaultExpirationDays=3),
        lambda: aws.remove("customer-profiles", "crm"),
    ):
        with pytest.raises(LocalAwsError, match=f"there is a domain crm {places}: name the one that is meant"):
            ask()
    assert aws.domains("customer-profiles", region="eu-west-2")["crm"]["DefaultExpirationDays"] == 2
