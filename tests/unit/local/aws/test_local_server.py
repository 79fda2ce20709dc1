"""The server: its process, its connections, its registration with moto, and the command that runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import boto3
import pytest
from click.testing import CliRunner
from moto import mock_aws
from pulumi_connect_domains.local.aws import LocalAws, LocalAwsError
from pulumi_connect_domains.local.aws.command import start
from pulumi_connect_domains.local.aws.registration import register

COMMAND = [sys.executable, "-c", "from pulumi_connect_domains.local.aws.command import start; start()"]


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ends(port: int, within_seconds: float = 10) -> bool:
    """Whether nothing listens there any more, soon."""
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        if not is_listening(port):
            return True
        time.sleep(0.05)
    return False


def port_of(endpoint: str) -> int:
    return int(endpoint.rpartition(":")[2])


def test_the_server_ends_with_its_block(refused: Any) -> None:
    with LocalAws.start() as aws:
        assert is_listening(port_of(aws.endpoint))
    assert ends(port_of(aws.endpoint))
    with pytest.raises(LocalAwsError, match="no local AWS answers"):
        aws.calls()
    aws.stop()  # once more does no harm


def test_the_server_ends_with_the_process_that_started_it_however_that_dies() -> None:
    program = (
        "import os, signal; from pulumi_connect_domains.local.aws import LocalAws\n"
        "print(LocalAws.start().endpoint, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    endpoint = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip()
    assert ends(port_of(endpoint))


def test_a_running_server_can_be_connected_to_and_goes_on(aws: LocalAws) -> None:
    aws.seed("customer-profiles", "d")
    with LocalAws.connect(f"{aws.endpoint}/") as other:
        assert list(other.domains("customer-profiles")) == ["d"]
    assert list(aws.domains("customer-profiles")) == ["d"]


def test_a_port_that_is_taken_is_said_at_once(aws: LocalAws, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LocalAwsError, match="did not start"):
        LocalAws.start(port=port_of(aws.endpoint))
    assert "in use" in capfd.readouterr().err


def test_only_one_loopback_address_is_listened_on(aws: LocalAws) -> None:
    """A server on all interfaces would answer on 127.0.0.2 as well."""
    with socket.socket() as probe:
        probe.settimeout(1)
        assert probe.connect_ex(("127.0.0.2", port_of(aws.endpoint))) != 0


def test_motos_own_services_answer_at_the_same_endpoint(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="some-bucket")
    s3.put_object(Bucket="some-bucket", Key="a/b", Body=b"x" * 100_000)
    assert s3.get_object(Bucket="some-bucket", Key="a/b")["Body"].read() == b"x" * 100_000
    assert s3.head_object(Bucket="some-bucket", Key="a/b")["ContentLength"] == 100_000
    s3.delete_object(Bucket="some-bucket", Key="a/b")  # an answer without a body
    assert s3.list_objects_v2(Bucket="some-bucket")["KeyCount"] == 0
    queue = aws.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    aws.client("sqs").send_message(QueueUrl=queue, MessageBody="m")
    assert aws.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "m"
    key = aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    assert aws.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"


UNKNOWN: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("a service that moto lacks", "connectcases", "list_domains", {}, "no service at cases.us-east-1"),
    ("an operation that moto lacks", "sts", "decode_authorization_message", {"EncodedMessage": "m"}, "Decode"),
]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "message"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN]
)
def test_what_is_not_there_says_so(
    aws: LocalAws, refused: Any, service: str, operation: str, parameters: dict[str, Any], message: str
) -> None:
    error = refused(getattr(aws.client(service), operation), **parameters)
    assert (error["code"], error["status"]) == ("NotOfferedByLocalAws", 501)
    assert message in error["message"]


def test_hundreds_of_calls_a_second_pass(aws: LocalAws, profiles: Any) -> None:
    """Time on the server itself, which a busy machine stretches least: 300 a second leave 3.3 ms for each."""
    aws.seed("customer-profiles", "d")
    for _ in range(200):
        profiles.get_domain(DomainName="d")
    times = sorted(call.seconds for call in aws.calls())
    assert times[len(times) // 2] < 0.0033


def test_motos_own_decorator_knows_the_two_services_after_registering() -> None:
    register()
    register()
    with mock_aws():
        profiles = boto3.client("customer-profiles", region_name="eu-west-2")
        profiles.create_domain(DomainName="d", DefaultExpirationDays=1)
        assert profiles.get_domain(DomainName="d")["DefaultExpirationDays"] == 1
        voice = boto3.client("voice-id", region_name="eu-west-2")
        domain = voice.create_domain(Name="d", ServerSideEncryptionConfiguration={"KmsKeyId": "k"})["Domain"]
        assert domain["Arn"].startswith("arn:aws:voiceid:eu-west-2:123456789012:domain/")
    with mock_aws():
        assert boto3.client("customer-profiles", region_name="eu-west-2").list_domains()["Items"] == []


MOVED = "import sys, types; sys.modules['moto.backend_index'] = types.ModuleType('moved')\n"
ABSENT = "import sys; sys.modules[{!r}] = None\n"
BROKEN = [
    ("moto has moved a name", MOVED, "lacks a name the local AWS is built on"),
    ("moto is not installed", ABSENT.format("moto"), "install pulumi-connect-domains[local]"),
    ("moto is installed without its server", ABSENT.format("flask"), "install pulumi-connect-domains[local]"),
]


@pytest.mark.parametrize(("before", "message"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_the_error_says_what_to_do_when(before: str, message: str) -> None:
    program = f"{before}import pulumi_connect_domains.local.aws.registration"
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert finished.returncode == 1
    assert message in finished.stderr


# The command


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_the_variables_and_stops_when_told(number: signal.Signals) -> None:
    arguments = ["--port", "0", "--account", "222222222222", "--region", "eu-west-2", "--format", "json"]
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    variables = json.loads(process.stdout.readline())
    try:
        assert (variables["AWS_REGION"], variables["AWS_ACCESS_KEY_ID"]) == ("eu-west-2", "AKIAACCT222222222222")
        aws = LocalAws.connect(variables["AWS_ENDPOINT_URL"])
        assert aws.environment("222222222222", "eu-west-2") == variables
    finally:
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, f"The local AWS is ready at {aws.endpoint}. Ctrl-C stops it.\n")


def test_a_shell_can_read_what_the_command_prints(tmp_path: Any) -> None:
    script = tmp_path / "variables.sh"
    with script.open("w") as printed:
        process = subprocess.Popen([*COMMAND, "--port", "0"], stdout=printed, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        assert "is ready" in process.stderr.readline()
    try:
        shell = f'. {script}; echo "$AWS_ENDPOINT_URL $AWS_REGION [$AWS_SESSION_TOKEN] ${{AWS_PROFILE-unset}}"'
        environment = {**os.environ, "AWS_SESSION_TOKEN": "real", "AWS_PROFILE": "work"}
        read = subprocess.run(["sh", "-c", shell], env=environment, capture_output=True, text=True).stdout.split()
        assert LocalAws.connect(read[0])
        assert read[1:] == ["us-east-1", "[]", "unset"]
    finally:
        process.terminate()
        process.communicate(timeout=10)


MISTAKES = [
    ("an account that is none", ["--account", "12"], 2, "twelve digits"),
    ("a format that is none", ["--format", "yaml"], 2, "yaml"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "message"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_the_command_refuses(arguments: list[str], code: int, message: str) -> None:
    result = CliRunner().invoke(start, arguments)
    assert (result.exit_code, message in result.output) == (code, True)


def test_the_command_says_when_its_port_is_taken(aws: LocalAws) -> None:
    result = CliRunner().invoke(start, ["--port", str(port_of(aws.endpoint))])
    assert result.exit_code == 1
    assert "in use" in result.output


def test_a_service_of_a_test_stands_beside_the_others() -> None:
    """The one of the contract tests, of which moto knows nothing."""
    with LocalAws.start(services=["bare.cloud"]) as aws:
        made = aws.client("connectcases").create_domain(name="support")
        assert list(aws.domains("connectcases")) == [made["domainId"]]
        assert [(call.service, call.operation) for call in aws.calls()] == [("connectcases", "CreateDomain")]
        assert aws.domains("customer-profiles") == {}


def test_a_service_that_cannot_be_imported_is_the_callers_mistake() -> None:
    with pytest.raises(LocalAwsError, match="did not start"):
        LocalAws.start(services=["bare.nowhere"])
