"""The answering server says what AWS would, counts what it is asked, and keeps AWS's quotas when it is told to."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from pulumi_connect_domains.local.aws.accounts import access_key_id

ROLE = "arn:aws:iam::000000000007:role/read"


def signed(line: str, account: str = "123456789012", region: str = "us-east-1", service: str = "profile") -> bytes:
    """A request's head, as far as the server looks at it."""
    scope = f"{access_key_id(account)}/20260101/{region}/{service}/aws4_request"
    return f"{line} HTTP/1.1\r\nAuthorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host".encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def document(answer: bytes) -> Any:
    assert status(answer) == 200, answer
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def test_a_quota_is_kept_for_each_account_region_and_operation(benchmark: Any) -> None:
    answers, now = benchmark("answers"), [0.0]
    made = answers.Answers(answers.Quotas({"GetDomain": 5}, clock=lambda: now[0]))

    def asked(times: int, line: str = "GET /domains/crm", **where: str) -> list[int]:
        return [status(made.answer(signed(line, **where), b"")) for _ in range(times)]

    assert asked(7) == [200] * 5 + [429] * 2
    assert asked(6, region="eu-west-2") == [200] * 5 + [429]
    assert asked(6, account="000000000007") == [200] * 5 + [429]
    assert asked(9, "GET /domains?max-results=100") == [200] * 9
    now[0] = 0.4
    assert asked(3) == [200, 200, 429]
    assert made.throttled == {"GetDomain": 5}
    assert made.calls == {"GetDomain": 17, "ListDomains": 9}
    assert len(made.quotas) == 3


def test_a_scaled_quota_lets_as_many_times_more_calls_through(benchmark: Any) -> None:
    now = [0.0]
    quotas = benchmark("answers").Quotas({"*": 2}, scale=10, clock=lambda: now[0])
    bucket = benchmark("answers").Bucket("1", "eu-west-2", "GetDomain")
    assert [quotas.allow(bucket) for _ in range(3)] == [True, True, False]
    now[0] = 0.05
    assert [quotas.allow(bucket) for _ in range(2)] == [True, False]


def test_what_was_made_changed_and_deleted_is_found_so(benchmark: Any) -> None:
    made = benchmark("answers").Answers()
    one = "/domains/sales"
    assert document(made.answer(signed(f"GET {one}"), b""))["DefaultExpirationDays"] == 365
    created = document(made.answer(signed(f"POST {one}"), b'{"DefaultExpirationDays": 30, "Tags": {"team": "crm"}}'))
    changed = document(made.answer(signed(f"PUT {one}"), b'{"DefaultExpirationDays": 60}'))
    assert document(made.answer(signed(f"GET {one}"), b"")) == changed
    assert changed == {**created, "DefaultExpirationDays": 60, "LastUpdatedAt": changed["LastUpdatedAt"]}
    made.answer(signed("POST /tags/arn%3Aaws%3Aprofile%3A%3A1%3Adomains%2Fsales"), b'{"tags": {"owner": "ann"}}')
    made.answer(signed("DELETE /tags/arn%3Aaws%3Aprofile%3A%3A1%3Adomains%2Fsales?tagKeys=team"), b"")
    assert document(made.answer(signed(f"GET {one}"), b""))["Tags"] == {"owner": "ann"}
    assert [each["DomainName"] for each in document(made.answer(signed("GET /domains"), b""))["Items"]] == ["sales"]
    assert document(made.answer(signed(f"GET {one}", region="eu-west-2"), b""))["DefaultExpirationDays"] == 365
    assert status(made.answer(signed(f"DELETE {one}"), b"")) == 200
    assert [status(made.answer(signed(f"{method} {one}"), b"{}")) for method in ("GET", "PUT", "DELETE")] == [404] * 3


def test_boto3_understands_the_answers_and_each_is_counted(benchmark: Any) -> None:
    surroundings, server = benchmark("surroundings"), benchmark("answering")
    with server.answering(0) as address, surroundings.talking_to(address):
        sts = boto3.client("sts")
        assert sts.get_caller_identity()["Account"] == "123456789012"
        found = sts.assume_role(RoleArn=ROLE, RoleSessionName="bench")["Credentials"]
        keys = {
            "aws_access_key_id": found["AccessKeyId"],
            "aws_secret_access_key": found["SecretAccessKey"],
            "aws_session_token": found["SessionToken"],
        }
        other = boto3.client("sts", **keys)
        assert other.get_caller_identity()["Account"] == "000000000007"
        profiles, voices = boto3.client("customer-profiles", **keys), boto3.client("voice-id", **keys)
        assert profiles.get_domain(DomainName="a b")["DomainName"] == "a b"
        voice = voices.describe_domain(DomainId="0" * 22)["Domain"]
        assert voice["Arn"] == f"arn:aws:voiceid:us-east-1:000000000007:domain/{'0' * 22}"
        assert voices.list_tags_for_resource(ResourceArn=voice["Arn"])["Tags"] == []
        profiles.delete_domain(DomainName="a b")
        with pytest.raises(profiles.exceptions.ResourceNotFoundException):
            profiles.get_domain(DomainName="a b")
        seen = server.counts(address)
        assert seen.calls == {
            "GetCallerIdentity": 2, "AssumeRole": 1, "GetDomain": 2, "DescribeDomain": 1, "ListTagsForResource": 1, "DeleteDomain": 1,
        }  # fmt: skip
        assert (seen.connections, seen.open, seen.throttled) == (4, 4, {})
        assert 0 < seen.cpu_seconds < 5
        again = server.counts(address)
        assert (again.calls, again.connections, again.open) == ({}, 0, 4)


def test_boto3_sees_that_it_is_throttled(benchmark: Any) -> None:
    surroundings, server = benchmark("surroundings"), benchmark("answering")
    with server.answering(0, {"*": 1}) as address, surroundings.talking_to(address):
        client = boto3.client("customer-profiles", config=boto3.session.Config(retries={"total_max_attempts": 1}))
        client.get_domain(DomainName="crm")
        with pytest.raises(ClientError) as raised:
            client.get_domain(DomainName="crm")
        assert raised.value.response["Error"]["Code"] == "ThrottlingException"
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
        assert server.counts(address).throttled == {"GetDomain": 1}
