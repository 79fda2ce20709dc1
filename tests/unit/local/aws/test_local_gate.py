"""Who may ask: programs on this machine, never a web page; and nobody gets more in than the server can hold."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.local.aws import LocalAws, LocalAwsError
from pulumi_connect_domains.local.aws.calls import Call
from pulumi_connect_domains.local.aws.controls import MAX_CALLS, MAX_LOGGED_BYTES, Controls
from pulumi_connect_domains.local.aws.gate import MAX_BODY_BYTES


def ask(
    aws: LocalAws, method: str, path: str, headers: dict[str, str] | None = None, body: Any = b""
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of the answer to a request as it stands."""
    connection = http.client.HTTPConnection(aws.endpoint.removeprefix("http://"), timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def signed(service: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential=AKIAACCT123456789012/20260101/us-east-1/{service}/aws4_request, Signature=0"


PATHS = {
    "a control": ("POST", "/_control/domains", {}),
    "a control that resets": ("POST", "/_control/reset", {}),
    "Customer Profiles": ("GET", "/domains/crm", {"Authorization": signed("profile")}),
    "a service of moto's": ("GET", "/", {"Authorization": signed("s3")}),
    "an unsigned request": ("POST", "/", {"Content-Type": "application/x-www-form-urlencoded"}),
    "a preflight": ("OPTIONS", "/domains/crm", {"Access-Control-Request-Method": "GET"}),
    "the metadata service": ("GET", "/latest/meta-data/iam/security-credentials/x", {}),
}
PAGES = {
    "a page's origin": {"Origin": "https://evil.example"},
    "a page's origin on this machine": {"Origin": "http://localhost:3000"},
    "a page without an origin": {"Origin": "null"},
    "a page's picture": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    "a page's link": {"Referer": "https://evil.example/"},
    "a name that was made to lead here": {"Host": "evil.example"},
    "such a name with the port": {"Host": "evil.example:4599"},
    "a name that begins like ours": {"Host": "127.0.0.1.evil.example"},
    "a name that ends like ours": {"Host": "bucket.localhost"},
    "another address of this machine": {"Host": "127.0.0.2"},
    "no name": {"Host": ""},
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(("method", "path", "headers"), PATHS.values(), ids=PATHS)
def test_no_web_page_reaches(
    aws: LocalAws, bearer: dict[str, str], method: str, path: str, headers: dict[str, str], page: Any
) -> None:
    aws.seed("customer-profiles", "crm")
    headers = bearer if path.startswith("/_control/") else headers
    status, answered, _ = ask(aws, method, path, {**headers, **page}, b'{"service": "customer-profiles"}')
    assert status == 403
    assert not [name for name in answered if name.startswith("access-control-")]
    assert list(aws.domains("customer-profiles")) == ["crm"]
    assert aws.calls() == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:80", "localhost", "LOCALHOST:4599", "[::1]", "[::1]:4599"])
def test_this_machine_may_ask_by_any_of_its_own_names(aws: LocalAws, bearer: dict[str, str], host: str) -> None:
    aws.seed("customer-profiles", "crm")
    status, _, _ = ask(aws, "GET", "/domains/crm", {"Authorization": signed("profile"), "Host": host})
    assert status == 200
    assert ask(aws, "POST", "/_control/server", {**bearer, "Host": host})[0] == 200


def test_no_answer_lets_a_page_read_it(aws: LocalAws, bearer: dict[str, str]) -> None:
    aws.client("s3").create_bucket(Bucket="some-bucket")
    answers = [
        ask(aws, "GET", "/", {"Authorization": signed("s3")}),
        ask(aws, "OPTIONS", "/some-bucket", {"Authorization": signed("s3")}),
        ask(aws, "POST", "/_control/calls", bearer, b"{}"),
        ask(aws, "GET", "/domains", {"Authorization": signed("profile")}),
    ]
    assert answers[0][0] == 200
    assert not [name for _, headers, _ in answers for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize("verb", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    ["/moto-api/", "/moto-api/data.json", "/moto-api/reset", "/moto-api/recorder/start-recording", "/moto-api", "/favicon.ico"],
)  # fmt: skip
def test_motos_own_api_is_not_there(aws: LocalAws, verb: str, path: str) -> None:
    aws.seed("customer-profiles", "crm")
    status, _, body = ask(aws, verb, path)
    assert status == 501
    assert b"switched off" in body
    assert list(aws.domains("customer-profiles")) == ["crm"]


def test_nothing_is_recorded_into_the_working_folder(tmp_path: Path) -> None:
    program = (
        "from pulumi_connect_domains.local.aws import LocalAws\n"
        "with LocalAws.start() as aws: aws.client('s3').create_bucket(Bucket='some-bucket')"
    )
    environment = {**os.environ, "MOTO_ENABLE_RECORDING": "true"}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    assert list(tmp_path.iterdir()) == []


def in_chunks(size: int) -> Any:
    return (b"x" * min(1 << 20, size - start) for start in range(0, size, 1 << 20))


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        pytest.param({"Content-Length": str(MAX_BODY_BYTES + 1)}, b"", 413, id="too long, by its own word"),
        pytest.param({"Content-Length": "9" * 5000}, b"", 413, id="a length of 5,000 digits"),
        pytest.param({"Content-Length": "-1"}, b"", 400, id="a negative length"),
        pytest.param({"Content-Length": "many"}, b"", 400, id="a length that is no number"),
        pytest.param({"Transfer-Encoding": "chunked"}, None, 413, id="too long, without a word"),
    ],
)
@pytest.mark.parametrize("path", ["/_control/calls", "/domains/crm"])
def test_a_request_is_bounded(aws: LocalAws, path: str, headers: dict[str, str], body: Any, status: int) -> None:
    body = in_chunks(MAX_BODY_BYTES + 1) if body is None else body
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
        assert ask(aws, "POST", path, {"Authorization": signed("profile"), **headers}, body)[0] == status
    assert aws.calls() == []


def test_nesting_without_end_is_a_mistake_in_the_request(aws: LocalAws) -> None:
    body = b"[" * 1_000_000
    status, _, answer = ask(aws, "POST", "/domains/crm", {"Authorization": signed("profile")}, body)
    assert (status, json.loads(answer)["Message"]) == (400, "the body is not JSON")


def a_call() -> Call:
    return Call("customer-profiles", "GetDomain", "123456789012", "us-east-1", {})


@pytest.mark.parametrize(
    ("number", "size"),
    [(MAX_CALLS + 1, 0), (3, MAX_LOGGED_BYTES // 2)],
    ids=["too many calls", "too many bytes"],
)
def test_a_log_that_had_to_forget_says_so(number: int, size: int) -> None:
    """An assertion that something was not called must not hold because the log is full."""
    controls = Controls()
    for _ in range(number):
        controls.record(a_call(), size)
    with pytest.raises(ValueError, match="lost its first 1 calls"):
        controls.calls()
    controls.forget_calls()
    controls.record(a_call(), size)
    assert len(controls.calls()) == 1


def test_the_log_holds_a_call_of_any_size(aws: LocalAws) -> None:
    controls = Controls()
    controls.record(a_call(), MAX_LOGGED_BYTES + 1)
    assert len(controls.calls()) == 1
    with pytest.raises(LocalAwsError, match="no domain"):
        aws.change("customer-profiles", "none")
