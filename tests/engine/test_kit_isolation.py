"""The test kit as somebody's own tests use it: what their programs reach, and answers for other packages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws

ROOT = Path(__file__).parents[2]
PROGRAM = """
import boto3
import pulumi
import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import customerprofiles


def domain():
    customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=30)


def by_itself():
    boto3.client("s3").create_bucket(Bucket="by-the-program")

"""
Pytest = Callable[..., str]


@pytest.fixture
def pytest_run(tmp_path: Path) -> Pytest:
    """Runs a test module of its own; the text is what pytest printed."""

    def run(module: str, *options: str, **variables: str) -> str:
        (tmp_path / "test_it.py").write_text(module)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "test_it.py"]
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("CONNECT_DOMAINS_", "PULUMI_"))
        }
        finished = subprocess.run(command, cwd=tmp_path, env={**kept, **variables}, capture_output=True, text=True)
        return finished.stdout + finished.stderr

    return run


def real(aws: LocalAws) -> dict[str, str]:
    """A developer's shell, with the server standing for the real AWS."""
    variables = {name: value for name, value in aws.environment().items() if not name.startswith("CONNECT")}
    return {**variables, "AWS_ENDPOINT_URL_S3": aws.endpoint, "AWS_ENDPOINT_URL_CUSTOMER_PROFILES": aws.endpoint}


FORGOTTEN = f"""{PROGRAM}
@pytest.mark.parametrize("own_process", [False, True])
def test_without_the_fixture(pulumi_stack, own_process):
    with pytest.raises(CommandError, match="a test whose program calls AWS needs the fixture `local_aws`"):
        pulumi_stack(domain, own_process=own_process).up()


def test_an_sdk_in_the_program(pulumi_stack):
    with pytest.raises(CommandError, match="EndpointConnectionError"):
        pulumi_stack(by_itself, env={{"AWS_MAX_ATTEMPTS": "1"}}).up()


def test_a_preview_needs_none(pulumi_stack):
    pulumi_stack(domain).preview()
"""


def test_a_test_without_the_fixture_reaches_no_aws(pytest_run: Pytest, local_aws: LocalAws) -> None:
    boto3_session_of_before = "import boto3; boto3.client('s3')"  # it would remember the shell's credentials
    module = f"{boto3_session_of_before}\n{FORGOTTEN}"
    said = pytest_run(module, **real(local_aws), AWS_MAX_ATTEMPTS="1")
    assert "4 passed" in said, said
    assert local_aws.calls() == []


def test_an_option_that_says_so_lets_it_out(pytest_run: Pytest, local_aws: LocalAws) -> None:
    module = f"{PROGRAM}\ndef test_it(pulumi_stack):\n    pulumi_stack(domain).up()\n    pulumi_stack(by_itself, name='other').up()\n"
    said = pytest_run(module, "--real-aws", **real(local_aws))
    assert "1 passed" in said, said
    assert set(local_aws.domains("customer-profiles")) == {"crm"}
    assert local_aws.calls(operation="CreateBucket")


WITH = f"""{PROGRAM}
import os


def test_with_the_fixture(local_aws, pulumi_stack):
    stack = pulumi_stack(domain, config={{"aws:profile": "prod", "aws:region": "eu-west-2"}})
    stack.up()
    assert set(local_aws.domains("customer-profiles")) == {{"crm"}}
    pulumi_stack(by_itself, name="other").up()
    assert local_aws.calls(operation="CreateBucket")
    assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_without_a_stack(local_aws):
    boto3.client("customer-profiles").create_domain(DomainName="crm", DefaultExpirationDays=1)
    assert set(local_aws.domains("customer-profiles")) == {{"crm"}}


def test_afterwards_everything_is_as_it_was():
    assert os.environ["AWS_SESSION_TOKEN"] == "real"
    assert "CONNECT_DOMAINS_LOCAL_AWS" not in os.environ
    assert boto3.DEFAULT_SESSION is None
"""


def test_a_test_with_the_fixture_reaches_that_one_alone(pytest_run: Pytest, local_aws: LocalAws) -> None:
    said = pytest_run(WITH, "--real-aws", **{**real(local_aws), "AWS_SESSION_TOKEN": "real"})
    assert "3 passed" in said, said
    assert local_aws.calls() == []


OWN_PROCESS = f"""{PROGRAM}
def test_it(pulumi_stack):
    pulumi_stack(domain, own_process=True, mocks=lambda args: ("id", {{}}))
"""


def test_answers_need_the_engine_in_this_process(pytest_run: Pytest) -> None:
    assert "leave own_process=True out" in pytest_run(OWN_PROCESS)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for a CLI is a shell script")
def test_on_the_cli_such_a_test_is_skipped_with_its_reason(pytest_run: Pytest, tmp_path: Path) -> None:
    for name in ("pulumi", "pulumi-language-python"):
        (tmp_path / name).write_text("#!/bin/sh\necho v3.260.0\n")
        (tmp_path / name).chmod(0o755)
    module = f"{PROGRAM}\ndef test_it(pulumi_stack):\n    pulumi_stack(domain, mocks=lambda args: ('id', {{}}))\n"
    said = pytest_run(module, "-rs", "--pulumi-engine=cli", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert "mocks= answers for other packages on the local engine only" in said
    assert "1 skipped" in said
