"""Where the states of a check come from: buckets over HTTP, folders, files, and all of them at once."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.aws.access import NOWHERE, VARIABLE
from pulumi_connect_domains.drift import origins
from pulumi_connect_domains.local.aws import LocalAws

from ..aws.s3 import Bucket, serving
from .reports import ACCOUNT, encrypted, export, resource

REGION = "eu-west-2"
URL = f"s3://states/acme?region={REGION}"
STACKS = "acme/.pulumi/stacks"
OTHER_ACCOUNT = "333333333333"


@pytest.fixture(autouse=True)
def _cloud(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def bucket(local_aws: LocalAws) -> None:
    """A backend with three stacks, each with one domain that is as declared; and what a backend keeps beside them."""
    objects = {f"{STACKS}/shop/{name}.json": export(resource(name, stack=name)).encode() for name in ("dev", "prod")}
    objects[f"{STACKS}/calls.json.gz"] = gzip.compress(export(resource("calls", stack="calls")).encode())
    objects |= dict.fromkeys(("acme/.pulumi/history/shop/x.json", f"{STACKS}/shop/dev.json.bak"), b"no state")
    put(local_aws, objects)
    for name in ("dev", "prod", "calls"):
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)


def put(local_aws: LocalAws, objects: Mapping[str, bytes]) -> None:
    s3 = local_aws.client("s3", region=REGION)
    s3.create_bucket(Bucket="states", CreateBucketConfiguration={"LocationConstraint": REGION})
    for key, content in objects.items():
        s3.put_object(Bucket="states", Key=key, Body=content)
    local_aws.forget_calls()


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    """The exit code, and the report as JSON."""
    code = cli.run(["drift", *arguments, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("bucket")
def test_every_stack_of_a_bucket_is_checked_and_only_read(
    local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = report(capsys, "--state", URL)
    assert (code, found["stacks"], found["problems"]) == (0, ["shop/calls", "shop/dev", "shop/prod"], [])
    assert [call.operation for call in local_aws.calls("s3")] == ["ListObjectsV2", *["GetObject"] * 3]
    assert {call.region for call in local_aws.calls("s3")} == {REGION}


@pytest.mark.usefixtures("bucket")
def test_the_bucket_is_read_with_ones_own_credentials_and_the_domains_with_the_role(local_aws: LocalAws) -> None:
    cli.run(["drift", "--state", URL, "--assume-role", f"arn:aws:iam::{OTHER_ACCOUNT}:role/Drift"])
    assert {call.account for call in local_aws.calls("s3")} == {ACCOUNT}
    assert [call.operation for call in local_aws.calls("sts")][:1] == ["AssumeRole"]
    assert not local_aws.calls("customer-profiles"), "the role is of another account than the domains"


@pytest.mark.usefixtures("bucket")
def test_a_role_in_the_url_is_for_the_bucket_alone(local_aws: LocalAws, capsys: pytest.CaptureFixture[str]) -> None:
    s3 = local_aws.client("s3", account=OTHER_ACCOUNT, region=REGION)
    s3.create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="theirs", Key=".pulumi/stacks/shop/dev.json", Body=export(resource("dev")).encode())
    local_aws.forget_calls()
    role = f"arn:aws:iam::{OTHER_ACCOUNT}:role/States"
    code, _ = report(capsys, "--state", f"s3://theirs?region={REGION}&role={role}")
    assert code == 0
    assert {(call.service, call.account) for call in local_aws.calls()} == {
        ("sts", ACCOUNT),
        ("s3", OTHER_ACCOUNT),
        ("customer-profiles", ACCOUNT),
    }


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_may_not_be_listed_is_said_and_no_domain_is_read(
    local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.fault("ListObjectsV2", code="AccessDenied", status=403, message="Access Denied")
    assert cli.run(["drift", "--state", URL]) == 1
    said = capsys.readouterr().err
    assert "error: cannot list the objects of bucket states: access denied (AccessDenied)" in said
    assert "allow the IAM action s3:ListBucket to the caller" in said
    assert [call.operation for call in local_aws.calls()] == ["ListObjectsV2"]


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_may_not_be_listed_does_not_stop_the_check_of_other_places(
    local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.fault("ListObjectsV2", code="AccessDenied", status=403, message="Access Denied")
    local_aws.seed("customer-profiles", "other", region="us-east-1", DefaultExpirationDays=30)
    inputs = {"domain_name": "other", "region": "us-east-1", "default_expiration_days": 30}
    (tmp_path / "other.json").write_text(export(resource("other", inputs=inputs)))
    code, found = report(capsys, "--state", URL, "--state", str(tmp_path / "other.json"))
    assert code == 1
    assert [each["name"] for each in found["domains"]] == ["other"]  # type: ignore[attr-defined]
    (problem,) = found["problems"]  # type: ignore[misc]
    assert problem["origin"] == "s3://states/acme/"  # type: ignore[call-overload]
    assert "access denied (AccessDenied); allow the IAM action s3:ListBucket" in problem["reason"]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("AccessDenied", 403, "access denied (AccessDenied); allow the IAM action s3:GetObject to the caller"),
        ("NoSuchKey", 404, "is gone since it was listed (NoSuchKey): run again"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_an_object_that_cannot_be_read_is_a_problem_with_its_url_and_the_others_are_checked(
    local_aws: LocalAws, capsys: pytest.CaptureFixture[str], code: str, status: int, said: str
) -> None:
    local_aws.fault("GetObject", code=code, status=status, times=1, region=REGION)
    exit_code, found = report(capsys, "--state", f"{URL}&profile=ci")
    (problem,) = found["problems"]  # type: ignore[misc]
    assert exit_code == 1
    assert problem["origin"].startswith(f"s3://states/{STACKS}/")
    assert "?" not in problem["origin"]
    assert said in problem["reason"]
    assert len(found["domains"]) == 2  # type: ignore[arg-type]


def test_an_encrypted_secret_in_a_bucket_cannot_be_told(
    local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = {"domain_name": "crm", "region": "us-east-1", "default_expiration_days": 30}
    secret = resource("crm", inputs={**declared, "dead_letter_queue_url": encrypted()})
    put(local_aws, {f"{STACKS}/shop/dev.json": export(secret).encode()})
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    assert cli.run(["drift", "--state", URL]) == 0
    assert "1 property that cannot be told" in capsys.readouterr().out


@pytest.mark.usefixtures("bucket")
def test_all_sources_at_once(local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder, name in ((".pulumi/stacks/shop", "eu"), ("exports", "us"), (".", "one")):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / f"{name}.json").write_text(export(resource(name, stack=name)))
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)
    sources = ["--state", URL, "--state", f"file://{tmp_path}", "--state", str(tmp_path / "one.json")]
    code, found = report(capsys, *sources, "--state", URL, "--state-dir", str(tmp_path / "exports"))
    assert (code, found["problems"]) == (0, [])
    assert found["stacks"] == [f"shop/{name}" for name in ("calls", "dev", "eu", "one", "prod", "us")]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"{URL}&regoin=x", "'regoin' is no parameter of this URL"),
        ("gs://states", "only s3:// and file:// are read directly"),
        ("file:///none", "there is no backend of Pulumi in this folder"),
        ("s3://states", "in which Region is the bucket?"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_a_mistake_in_a_url_is_1_and_asks_nothing(
    url: str, said: str, local_aws: LocalAws, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    assert cli.run(["drift", "--state", URL, "--state", url]) == 1
    assert said in capsys.readouterr().err
    assert local_aws.calls() == []


def test_a_run_that_must_not_call_aws_calls_no_s3_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, NOWHERE)
    with serving(Bucket(["acme/.pulumi/stacks/shop/dev.json"])) as elsewhere:
        assert cli.run(["drift", "--state", f"{URL}&endpoint={elsewhere.url}"]) == 1
        assert elsewhere.asked == []
    assert "AWS must not be called from here" in capsys.readouterr().err


def test_another_s3_is_asked_at_its_endpoint(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    keys = ["acme/.pulumi/stacks/shop/dev.json"]
    with serving(Bucket(keys, lambda key: export(resource("crm")).encode(), region=REGION)) as elsewhere:
        endpoint = elsewhere.url.removeprefix("http://")
        code, _ = report(capsys, "--state", f"{URL}&endpoint={endpoint}&disableSSL=true&s3ForcePathStyle=true")
        assert code == 0
        assert [path for _, path in elsewhere.asked] == ["/states", "/states/acme/.pulumi/stacks/shop/dev.json"]


@pytest.mark.long
def test_memory_does_not_grow_with_the_number_of_stacks_of_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """5,000 states of 100 kB each, through the client of AWS's SDK. The server is in this process, and is counted too."""
    monkeypatch.setenv(VARIABLE, "")

    class Forgetting(list[tuple[str, str]]):
        def append(self, _: tuple[str, str]) -> None:  # the server must not grow either
            pass

    state = b'{"version": 3}' + b" " * 100_000
    keys = [f"acme/.pulumi/stacks/shop/{number:04}.json" for number in range(5_000)]
    given = {"stacks": (), "every": False, "organizations": (), "folders": (), "cwd": ".", "show_secrets": False}
    held: list[int] = []
    with serving(Bucket(keys, lambda key: state, region=REGION, asked=Forgetting())) as elsewhere:
        files = (f"{URL}&endpoint={elsewhere.url}&s3ForcePathStyle=true",)
        found = origins.exports({**given, "files": files}, lambda what, done, of: None)
        tracemalloc.start()
        for export in found:
            assert export.text == state, export.error
            held.append(tracemalloc.get_traced_memory()[0])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(held) == 5_000
    assert peak < 8 * 2**20
    assert max(held[4_000:]) < max(held[:2_000]) + 2**20, "the last thousand take no more than the first ones"
