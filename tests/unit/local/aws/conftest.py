from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from pulumi_connect_domains.local.aws import LocalAws, token


@pytest.fixture(scope="session")
def server() -> Iterator[LocalAws]:
    with LocalAws.start() as aws:
        yield aws


@pytest.fixture
def aws(server: LocalAws) -> LocalAws:
    server.reset()
    return server


@pytest.fixture
def bearer(server: LocalAws) -> dict[str, str]:
    """The headers with which the controls answer."""
    return {"Authorization": f"Bearer {token.read(int(server.endpoint.rpartition(':')[2]))}"}


@pytest.fixture
def profiles(aws: LocalAws) -> Any:
    return aws.client("customer-profiles")


@pytest.fixture
def voice(aws: LocalAws) -> Any:
    return aws.client("voice-id")


@pytest.fixture(scope="session")
def unchecked(server: LocalAws) -> Callable[[str], Any]:
    """Clients that send whatever they are given, as SDKs without parameter validation do."""
    session, environment = boto3.Session(), server.environment()

    @cache
    def client(service: str) -> Any:
        return session.client(
            service,
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )

    return client


@pytest.fixture
def refused() -> Callable[..., dict[str, Any]]:
    """Makes a call that must fail, and gives the error's code, message, HTTP status and further members."""

    def error_of(call: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        response = caught.value.response
        known = ("Error", "ResponseMetadata", "Message", "message", "__type")
        return {
            "code": response["Error"]["Code"],
            "message": response["Error"].get("Message", ""),
            "status": response["ResponseMetadata"]["HTTPStatusCode"],
            **{name: value for name, value in response.items() if name not in known},
        }

    return error_of


@pytest.fixture
def signed(aws: LocalAws) -> Callable[..., tuple[int, dict[str, str], Any]]:
    """Sends one request to Customer Profiles as it stands; the headers' names of the answer are in lower case."""

    def send(method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], Any]:
        key = aws.environment()["AWS_ACCESS_KEY_ID"]
        scope = f"AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/profile/aws4_request, Signature=0"
        connection = http.client.HTTPConnection(aws.endpoint.removeprefix("http://"), timeout=10)
        connection.request(method, path, body, {"Authorization": scope})
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, answer

    return send
