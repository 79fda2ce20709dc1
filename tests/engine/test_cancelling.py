"""Cancellation of the native provider: each wait ends within a second, and what the engine is told then is true.

The provider's own process is driven as the engine drives it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from google.rpc import status_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi_connect_domains.aws.services import UNUSABLE_AGAIN_AFTER_SECONDS
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.native import values
from pulumi_connect_domains.operations.reading import AGAIN_AFTER_SECONDS
from pulumi_connect_domains.registry import resource_types

VOICE, PROFILES = resource_types()["voiceid"], resource_types()["customerprofiles"]
KEY, OTHER = (f"arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-00000000000{n}" for n in (1, 2))
SOON_SECONDS = 1.0


def urn(token: str) -> str:
    return f"urn:pulumi:dev::shop::{token}::one"


def struct(**members: Any) -> Struct:
    found = Struct()
    found.update(members)
    return found


def encrypted(key: str) -> Struct:
    inputs: dict[str, Any] = {
        "name": "one",
        "region": "us-east-1",
        "serverSideEncryptionConfiguration": {"kmsKeyId": key},
    }
    return struct(**inputs)


class Provider:
    """The provider's process, and the calls of an engine to it."""

    def __init__(self, environment: dict[str, str]) -> None:
        """`environment` is all that the process has; the provider has no settings."""
        command = [sys.executable, "-m", "pulumi_connect_domains.native", "127.0.0.1:1"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout
        channel = grpc.insecure_channel(f"127.0.0.1:{self.process.stdout.readline().strip()}")
        self.calls = provider_pb2_grpc.ResourceProviderStub(channel)
        self.configure()

    def configure(self, **settings: Any) -> None:
        """The provider has these settings, and no others."""
        self.calls.Configure(provider_pb2.ConfigureRequest(args=struct(**settings), acceptSecrets=True), timeout=20)

    def cancelled(self, waits: Callable[[], bool], call: Callable[[], Any]) -> tuple[Any, float]:
        """The answer to the call, or its error, and the seconds that it took after the run was cancelled, while the call `waits`."""
        answers: list[Any] = []

        def made() -> None:
            try:
                answers.append(call())
            except grpc.RpcError as error:
                answers.append(error)

        thread = threading.Thread(target=made)
        thread.start()
        until = time.monotonic() + 20
        while not waits() and time.monotonic() < until:
            time.sleep(0.05)
        assert not answers, f"the call has not waited: {answers}"
        began = time.monotonic()
        self.calls.Cancel(empty_pb2.Empty(), timeout=5)
        thread.join(20)
        return answers[0], time.monotonic() - began


@contextmanager
def started(environment: dict[str, str]) -> Iterator[Provider]:
    found = Provider(environment)
    try:
        yield found
    finally:
        found.process.kill()
        found.process.wait()


@pytest.fixture
def provider(local_aws: LocalAws) -> Iterator[Provider]:
    with started({**os.environ, **local_aws.environment()}) as found:
        yield found


def asked(local_aws: LocalAws, operation: str, times: int = 1) -> Callable[[], bool]:
    return lambda: len(local_aws.calls(VOICE.service, operation)) >= times


def created(provider: Provider) -> Any:
    token = VOICE.native_token
    return provider.calls.Create(
        provider_pb2.CreateRequest(urn=urn(token), name="one", type=token, properties=encrypted(KEY)), timeout=60
    )


def changed(provider: Provider, before: Any, inputs: Struct) -> Any:
    token = VOICE.native_token
    request = provider_pb2.UpdateRequest(
        id=before.id, urn=urn(token), olds=before.properties, old_inputs=encrypted(KEY), news=inputs
    )
    return provider.calls.Update(request, timeout=60)


def test_a_domain_that_is_still_being_made_is_kept(provider: Provider, local_aws: LocalAws) -> None:
    local_aws.voiceid(pending_describes=None)
    answer, seconds = provider.cancelled(asked(local_aws, "DescribeDomain"), lambda: created(provider))
    assert seconds < SOON_SECONDS
    (id,) = local_aws.domains(VOICE.service)
    outputs = values.received(VOICE.schema, answer.properties).document
    assert (answer.id, outputs["domain_status"]) == (id, "PENDING")


def test_a_change_of_the_key_is_kept_with_its_outcome_open(provider: Provider, local_aws: LocalAws) -> None:
    before = created(provider)
    local_aws.voiceid(encryption_describes=None)
    local_aws.forget_calls()
    answer, seconds = provider.cancelled(
        asked(local_aws, "DescribeDomain"), lambda: changed(provider, before, encrypted(OTHER))
    )
    assert seconds < SOON_SECONDS
    outputs = values.received(VOICE.schema, answer.properties).document
    assert outputs["server_side_encryption_configuration"] == {"kms_key_id": OTHER}
    assert outputs["server_side_encryption_update_details"]["update_status"] == "IN_PROGRESS"


@pytest.mark.parametrize(
    "fault",
    [
        {"code": "ConflictException", "members": {"ConflictType": "CONCURRENT_CHANGES"}},
        {"code": "ThrottlingException"},
        {"code": "InternalServerException"},
    ],
    ids=["another request changes the domain", "AWS throttles", "AWS has a fault"],
)
def test_a_call_that_is_to_be_repeated_is_not_sent_again(
    fault: dict[str, Any], provider: Provider, local_aws: LocalAws
) -> None:
    before = created(provider)
    local_aws.fault("UpdateDomain", **fault, times=None)
    local_aws.forget_calls()
    answer, seconds = provider.cancelled(
        asked(local_aws, "UpdateDomain", 3), lambda: changed(provider, before, encrypted(OTHER))
    )
    assert seconds < SOON_SECONDS
    assert isinstance(answer, grpc.RpcError)
    asked_by_then = len(local_aws.calls(VOICE.service, "UpdateDomain"))
    time.sleep(SOON_SECONDS)
    assert len(local_aws.calls(VOICE.service, "UpdateDomain")) == asked_by_then
    assert local_aws.domains(VOICE.service)[before.id]["ServerSideEncryptionConfiguration"] == {"KmsKeyId": KEY}


def test_the_part_of_a_change_that_is_done_is_told(provider: Provider, local_aws: LocalAws) -> None:
    token, inputs = PROFILES.native_token, {"domainName": "crm", "region": "us-east-1"}
    given, wanted = (
        struct(**inputs, defaultExpirationDays=days, tags={"a": text}, tagsAll={"a": text})
        for days, text in ((30, "1"), (31, "2"))
    )
    made = provider.calls.Create(provider_pb2.CreateRequest(urn=urn(token), properties=given), timeout=60)
    local_aws.fault("TagResource", code="ThrottlingException", times=None)
    request = provider_pb2.UpdateRequest(id="crm", urn=urn(token), olds=made.properties, old_inputs=given, news=wanted)
    answer, seconds = provider.cancelled(
        lambda: len(local_aws.calls(PROFILES.service, "TagResource")) >= 3,
        lambda: provider.calls.Update(request, timeout=60),
    )
    assert seconds < SOON_SECONDS
    [packed] = status_pb2.Status.FromString(dict(answer.trailing_metadata())["grpc-status-details-bin"]).details
    told = provider_pb2.ErrorResourceInitFailed()
    assert packed.Unpack(told)
    outputs = values.received(PROFILES.schema, told.properties).document
    assert (outputs["default_expiration_days"], outputs["tags_all"]) == (31, {"a": "1"})
    (reason,) = told.reasons
    assert "the run was cancelled" in reason
    assert "`pulumi up` does the rest" in reason


def test_an_answer_that_cannot_be_used_is_not_asked_for_again(provider: Provider, local_aws: LocalAws) -> None:
    before = created(provider)
    local_aws.garble("UpdateDomain", how="empty", times=None)
    local_aws.forget_calls()
    answer, seconds = provider.cancelled(
        asked(local_aws, "UpdateDomain"), lambda: changed(provider, before, encrypted(OTHER))
    )
    assert seconds < SOON_SECONDS
    assert isinstance(answer, grpc.RpcError)
    assert answer.details() == f"cannot update Voice ID domain {before.id}: the run was cancelled"
    time.sleep(SOON_SECONDS)
    most = len(UNUSABLE_AGAIN_AFTER_SECONDS)  # all of them but the last
    assert len(local_aws.calls(VOICE.service, "UpdateDomain")) <= most


def test_a_domain_that_aws_does_not_show_yet_is_not_called_gone(provider: Provider, local_aws: LocalAws) -> None:
    """AWS's reads lag behind: a new domain that is not found is looked for again."""
    before = created(provider)
    local_aws.remove(VOICE.service, before.id)
    local_aws.forget_calls()
    token = VOICE.native_token
    request = provider_pb2.ReadRequest(
        id=before.id, urn=urn(token), properties=before.properties, inputs=encrypted(KEY)
    )
    answer, seconds = provider.cancelled(
        asked(local_aws, "DescribeDomain"), lambda: provider.calls.Read(request, timeout=60)
    )
    assert seconds < SOON_SECONDS
    assert isinstance(answer, grpc.RpcError)
    assert answer.details() == f"cannot read Voice ID domain '{before.id}': the run was cancelled"
    assert len(local_aws.calls(VOICE.service, "DescribeDomain")) <= len(AGAIN_AFTER_SECONDS)


@pytest.mark.parametrize("mode", ["standard", "adaptive"])
def test_a_call_that_aws_throttles_on_and_on_is_given_up(mode: str, provider: Provider, local_aws: LocalAws) -> None:
    """After some attempts the waits are longer than a second: botocore's, and those for the pace that AWS lets through."""
    provider.configure(retryMode=mode)
    before = created(provider)
    local_aws.fault("UpdateDomain", code="ThrottlingException", times=None)
    local_aws.forget_calls()
    answer, seconds = provider.cancelled(
        asked(local_aws, "UpdateDomain", 5), lambda: changed(provider, before, encrypted(OTHER))
    )
    assert seconds < SOON_SECONDS
    assert isinstance(answer, grpc.RpcError)
    assert answer.details() == f"cannot update Voice ID domain {before.id}: the run was cancelled"


def test_calls_that_wait_for_the_rate_of_the_adaptive_mode_are_not_sent(
    provider: Provider, local_aws: LocalAws
) -> None:
    """Once AWS has throttled a call, all calls of that mode share a rate of their own: here one in two seconds."""
    provider.configure(retryMode="adaptive")
    before = created(provider)
    token = VOICE.native_token
    request = provider_pb2.ReadRequest(
        id=before.id, urn=urn(token), properties=before.properties, inputs=encrypted(KEY)
    )
    local_aws.fault("DescribeDomain", code="ThrottlingException", times=1)
    provider.calls.Read(request, timeout=60)
    local_aws.forget_calls()
    calls = 10

    def read(_: int) -> Any:
        try:
            return provider.calls.Read(request, timeout=60)
        except grpc.RpcError as error:
            return error

    with ThreadPoolExecutor(calls) as threads:
        answers, seconds = provider.cancelled(
            asked(local_aws, "DescribeDomain"), lambda: list(threads.map(read, range(calls)))
        )
    assert seconds < SOON_SECONDS
    failed = [str(each.details()) for each in answers if isinstance(each, grpc.RpcError)]
    assert failed
    assert all(each.endswith(": the run was cancelled") for each in failed)


def test_credentials_of_a_container_are_not_asked_for_again(local_aws: LocalAws) -> None:
    requests: list[str] = []

    class Failing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(500)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}/credentials"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CONNECT_DOMAINS_"))}
    environment = {
        **kept,
        "AWS_ENDPOINT_URL": local_aws.endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": here,
    }
    try:
        with started(environment) as provider:
            answer, seconds = provider.cancelled(lambda: bool(requests), lambda: created(provider))
    finally:
        server.shutdown()
        server.server_close()
    assert seconds < SOON_SECONDS
    assert isinstance(answer, grpc.RpcError)
    assert "the run was cancelled" in str(answer.details())
    assert len(requests) < 3  # botocore asks three times
    assert local_aws.domains(VOICE.service) == {}


def test_a_run_that_ends_without_a_wait_is_as_any(provider: Provider, local_aws: LocalAws) -> None:
    """The engine cancels at the end of every run."""
    before = created(provider)
    provider.calls.Cancel(empty_pb2.Empty())
    after = changed(provider, before, encrypted(OTHER))
    assert values.received(VOICE.schema, after.properties).document["domain_status"] == "ACTIVE"
