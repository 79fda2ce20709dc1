"""A bucket's objects, over HTTP: of the local AWS, and of a small S3 where a list has many pages or the Region is another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from botocore.awsrequest import AWSResponse
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import Access
from pulumi_connect_domains.aws.access import VARIABLE
from pulumi_connect_domains.aws.objects import Objects, StoredObject
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.errors import AccessDenied, AwsError, NoAnswer, NotFound, Unreachable

from .s3 import Bucket, serving

REGION = "eu-west-2"
MOST_BYTES = 2**20


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Environment and caches as in a process that has just begun."""
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def states(local_aws: LocalAws) -> Objects:
    """A bucket with two objects below `a/`, and one elsewhere."""
    s3 = local_aws.client("s3", region=REGION)
    s3.create_bucket(Bucket="states", CreateBucketConfiguration={"LocationConstraint": REGION})
    for key, content in {"a/1": b"one", "a/2 +%": b"two" * 1000, "b": b""}.items():
        s3.put_object(Bucket="states", Key=key, Body=content)
    return Objects("states", REGION, Access(max_attempts=1))


def test_objects_below_a_prefix_are_listed_and_read(states: Objects) -> None:
    found = list(states.listed("a/"))
    assert [(each.key, each.size_bytes) for each in found] == [("a/1", 3), ("a/2 +%", 3000)]
    assert all(each.modified.startswith("20") for each in found)
    assert [states.read(each.key, MOST_BYTES) for each in found] == [b"one", b"two" * 1000]
    assert states.read("b", MOST_BYTES) == b""


def test_of_what_is_too_big_one_byte_more_is_read(states: Objects) -> None:
    assert states.read("a/2 +%", 100) == (b"two" * 1000)[:101]


def test_what_was_deleted_is_not_found(states: Objects, local_aws: LocalAws) -> None:
    local_aws.client("s3", region=REGION).delete_object(Bucket="states", Key="a/1")
    with pytest.raises(NotFound) as raised:
        states.read("a/1", MOST_BYTES)
    assert raised.value.code == "NoSuchKey"


@pytest.mark.parametrize(
    ("operation", "action", "message"),
    [
        pytest.param("ListObjectsV2", "s3:ListBucket", "Access Denied", id="the list, S3 says no more"),
        pytest.param("GetObject", "s3:GetObject", "Access Denied", id="an object"),
        pytest.param(
            "GetObject",
            "kms:Decrypt",
            "User: arn:aws:iam::123456789012:user/x is not authorized to perform: kms:Decrypt on the resource",
            id="the key of an object",
        ),
    ],
)
def test_a_missing_permission_is_named(
    states: Objects, local_aws: LocalAws, operation: str, action: str, message: str
) -> None:
    local_aws.fault(operation, code="AccessDenied", status=403, message=message, times=1)
    with pytest.raises(AccessDenied, match=f"allow the IAM action {action} to the caller") as raised:
        [states.read(each.key, MOST_BYTES) for each in states.listed("a/")]
    assert "(AccessDenied)" in str(raised.value)


def test_a_bucket_that_is_not_there_says_so() -> None:
    with pytest.raises(AwsError, match=r"cannot list the objects of bucket none: .*\(NoSuchBucket\)") as raised:
        next(Objects("none", REGION, Access(max_attempts=1)).listed(""))
    assert "\ncheck its name\n" in str(raised.value)


def test_a_body_that_is_cut_off_is_asked_for_again(states: Objects, local_aws: LocalAws) -> None:
    local_aws.garble("GetObject", how="cut", times=1)
    again = Objects("states", REGION, Access())
    assert again.read("a/2 +%", MOST_BYTES) == b"two" * 1000
    assert len(local_aws.calls("s3", "GetObject")) == 2


def test_a_body_that_is_always_cut_off_is_no_answer(states: Objects, local_aws: LocalAws) -> None:
    local_aws.garble("GetObject", how="cut", times=None)
    with pytest.raises(NoAnswer, match=r"cannot read the object: the answer from .* was cut off"):
        states.read("a/2 +%", MOST_BYTES)


@pytest.mark.parametrize("how", ["html", "empty", "half", "wrong types"])
def test_another_answer_is_not_taken_for_an_empty_bucket(states: Objects, local_aws: LocalAws, how: str) -> None:
    body = {"wrong types": "<ListBucketResult><Name>states</Name></ListBucketResult>"}.get(how)
    if body:
        local_aws.fault("ListObjectsV2", status=200, body=body, content_type="text/xml", times=None)
    else:
        local_aws.garble("ListObjectsV2", how=how, times=None)
    with pytest.raises(NoAnswer):
        list(states.listed("a/"))


# -- a small S3 -------------------------------------------------------------------------------------------------------


def reached(bucket: Bucket, region: str = "us-east-1") -> Objects:
    keys = Access(access_key="AKIAIOSFODNN7EXAMPLE", secret_key="wJalrXUtnFEMI", endpoints=(("s3", bucket.url),))
    return Objects("states", region, keys)


def test_a_list_of_many_pages_is_whole_and_is_asked_for_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    keys = [f"s/{number:05}" for number in range(2500)]
    with serving(Bucket(["r", *keys, "t"])) as bucket:
        found = reached(bucket).listed("s/")
        assert next(found) == StoredObject("s/00000", 2, "2026-11-01T10:00:00+00:00")
        assert len(bucket.asked) == 1
        assert [each.key for each in found] == keys[1:]
        assert len(bucket.asked) == 3


def test_a_list_that_goes_on_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")

    class Turning(Bucket):
        def page(self, prefix: str, after: str) -> bytes:
            return super().page(prefix, "" if len(self.asked) < 4 else after)

    with serving(Turning([f"s/{number:05}" for number in range(1001)])) as bucket:
        with pytest.raises(NoAnswer, match="the list goes on, and S3 does not say where"):
            list(reached(bucket).listed("s/"))
        assert len(bucket.asked) == 2


def test_a_bucket_in_another_region_is_found_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    with serving(Bucket(["s/1"], region="ap-south-1")) as bucket:
        objects = reached(bucket)
        assert [objects.read(each.key, MOST_BYTES) for each in objects.listed("s/")] == [b"{}"]
    assert bucket.asked == [
        ("us-east-1", "/states"),
        ("ap-south-1", "/states"),
        ("ap-south-1", "/states/s/1"),
    ], "it is asked for once, and remembered"


def test_the_run_stays_on_this_machine_whatever_the_endpoint_says(local_aws: LocalAws, states: Objects) -> None:
    with serving(Bucket(["a/1"])) as bucket:
        found = reached(bucket, REGION)
        assert [each.key for each in found.listed("a/")] == ["a/1", "a/2 +%"]
        assert bucket.asked == []


def test_the_local_aws_is_asked_by_its_own_name_whatever_style_is_configured(
    local_aws: LocalAws, states: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, local_aws.endpoint.replace("127.0.0.1", "localhost"))
    found = Objects("states", REGION, Access(addressing_style="virtual", max_attempts=1))
    assert [each.key for each in found.listed("a/")] == ["a/1", "a/2 +%"]


@pytest.mark.parametrize(
    ("style", "endpoint", "url"),
    [
        ("path", "", "https://s3.eu-west-2.amazonaws.com/states/a"),
        ("path", "https://s3.example", "https://s3.example/states/a"),
        ("virtual", "https://s3.example", "https://states.s3.example/a"),
    ],
)
def test_the_bucket_is_named_in_the_path_or_in_the_host(
    monkeypatch: pytest.MonkeyPatch, style: str, endpoint: str, url: str
) -> None:
    for name in (VARIABLE, "AWS_ENDPOINT_URL"):
        monkeypatch.setenv(name, "")
    access = Access(addressing_style=style, endpoints=(("s3", endpoint),) if endpoint else ())
    asked: list[str] = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        asked.append(request.url)
        body = mock.Mock(stream=lambda *_, **__: [b"<Error><Code>NoSuchKey</Code></Error>"])
        return AWSResponse(request.url, 404, {}, body)

    s3 = aws.service("s3", REGION, access)
    s3._client.meta.events.register_last("before-send", answer)  # so nothing is sent
    with pytest.raises(NotFound):
        Objects("states", REGION, access).read("a", MOST_BYTES)
    assert asked == [url]


def test_a_bucket_that_is_said_to_be_in_a_region_that_is_none_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    with (
        serving(Bucket(["s/1"], region="evil/../x")) as bucket,
        pytest.raises(
            Unreachable, match=r"cannot list .*: http://127.0.0.1:[0-9]+/? sends us to a Region that is none"
        ),
    ):
        list(reached(bucket).listed("s/"))
