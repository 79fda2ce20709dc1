"""`connect-domains local pulumi`, as one command after the other in a terminal: what it talks to, what lives on, and what it says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws, LocalAwsError
from pulumi_connect_domains.local.aws.background import Record, ensure, stop
from pulumi_connect_domains.local.command import PLACE

ROOT = Path(__file__).parents[2]
PROFILES = "customer-profiles"
Run = Callable[..., "subprocess.CompletedProcess[str]"]
OF_A_TERMINAL = ("AWS_", "PULUMI_", "CONNECT_DOMAINS_")

PROGRAM = """
import boto3
import pulumi
from pulumi_connect_domains import Provider, customerprofiles

customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=366)
elsewhere = pulumi.Config().get("elsewhere")
if elsewhere:
    endpoints = {"customerprofiles": elsewhere, "sts": elsewhere}
    provider = Provider("explicit", region="us-east-1", profile="prod", endpoints=endpoints)
    opts = pulumi.ResourceOptions(provider=provider)
    customerprofiles.Domain("other", domain_name="other", default_expiration_days=366, opts=opts)
    if not pulumi.runtime.is_dry_run():
        boto3.client("s3").create_bucket(Bucket="by-the-program")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    return folder


@pytest.fixture
def terminal(tmp_path: Path) -> dict[str, str]:
    """The variables of a terminal in which nothing of AWS is set, and this Python's commands are on PATH."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_A_TERMINAL)}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path / "user"),
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "pw",
    }


@pytest.fixture
def run(project: Path, terminal: dict[str, str], tmp_path: Path) -> Iterator[Run]:
    """Runs `connect-domains local …` in the project: `run("pulumi up --yes", VARIABLE="…")`."""

    def run(line: str, fails: bool = False, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pulumi_connect_domains", "local", *line.split()]
        finished = subprocess.run(
            command,
            cwd=project,
            env={**terminal, **variables},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert (finished.returncode != 0) is fails, finished.stdout + finished.stderr
        assert "Traceback" not in finished.stderr
        return finished

    run("pulumi stack init dev")
    yield run
    stop(place(tmp_path))


def place(tmp_path: Path) -> Path:
    return tmp_path / "state" / ".pulumi" / PLACE


def background(tmp_path: Path) -> LocalAws:
    """The local AWS that lives on for the stacks."""
    record = Record.read(place(tmp_path))
    assert record is not None
    aws = record.aws
    assert aws is not None
    return aws


def hostile(url: str, tmp_path: Path) -> dict[str, str]:
    """A terminal with a real session, and everything else that leads to AWS leading to `url`."""
    config = tmp_path / "aws-config"
    keys = "aws_access_key_id = AKIAACCT999999999999\naws_secret_access_key = real"
    config.write_text(f"[default]\nendpoint_url = {url}\n{keys}\n[profile prod]\nendpoint_url = {url}\n{keys}\n")
    return {
        "AWS_PROFILE": "prod", "AWS_CONFIG_FILE": str(config), "AWS_ACCESS_KEY_ID": "ASIAREALREALREALREAL",
        "AWS_SECRET_ACCESS_KEY": "real", "AWS_SESSION_TOKEN": "real", "AWS_ENDPOINT_URL": url, "AWS_ENDPOINT_URL_S3": url,
        "AWS_ENDPOINT_URL_CUSTOMER_PROFILES": url, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_REGION": "us-east-1",
    }  # fmt: skip


def set_config(run: Run, url: str) -> None:
    """Stack config that leads to `url`, by address, keys, profile and proxy."""
    endpoints = json.dumps([{"customerprofiles": url, "sts": url}], separators=(",", ":"))
    for key, value in {
        "aws:endpoints": endpoints, "aws:accessKey": "AKIAACCT888888888888", "aws:secretKey": "real", "aws:profile": "prod",
        "aws:httpProxy": url, "aws:httpsProxy": url, "demo:elsewhere": url,
    }.items():  # fmt: skip
        run(f"pulumi config set --plaintext {key} {value}")


# -- what it talks to -------------------------------------------------------------------------------------------------


def test_local_means_local_whatever_leads_elsewhere(run: Run, local_aws: LocalAws, tmp_path: Path) -> None:
    """`local_aws` stands for the real AWS here: every way to it is open, and none is taken."""
    set_config(run, local_aws.endpoint)
    said = run("pulumi up --yes", **hostile(local_aws.endpoint, tmp_path))
    assert local_aws.calls() == []
    aws = background(tmp_path)
    assert set(aws.domains(PROFILES)) == {"crm", "other"}
    assert {call.service for call in aws.calls(operation="CreateBucket")} == {"s3"}
    assert f"AWS: the local one at {aws.endpoint}" in said.stderr
    run("pulumi refresh --yes", **hostile(local_aws.endpoint, tmp_path))
    run("pulumi destroy --yes", **hostile(local_aws.endpoint, tmp_path))
    assert aws.domains(PROFILES) == {}
    assert local_aws.calls() == []


def test_the_real_aws_is_reached_after_an_option_that_says_so(run: Run, local_aws: LocalAws, tmp_path: Path) -> None:
    variables = {name: value for name, value in local_aws.environment().items() if not name.startswith("CONNECT")}
    said = run("pulumi --real-aws up --yes", **variables)
    assert set(local_aws.domains(PROFILES)) == {"crm"}
    assert "AWS: the real one, with this shell's credentials (--real-aws)" in said.stderr
    assert not place(tmp_path).exists()
    run("pulumi --real-aws destroy --yes", **variables)
    contradiction = run("pulumi --real-aws up --yes", fails=True, CONNECT_DOMAINS_LOCAL_AWS=local_aws.endpoint)
    assert "leave out --aws, and unset CONNECT_DOMAINS_LOCAL_AWS" in contradiction.stderr
    assert "--real-aws" in run("pulumi --help").stdout


def test_a_local_aws_can_be_named(run: Run, local_aws: LocalAws, tmp_path: Path) -> None:
    run(f"pulumi --aws {local_aws.endpoint} up --yes")
    assert set(local_aws.domains(PROFILES)) == {"crm"}
    run("pulumi up --yes --refresh --expect-no-changes", **local_aws.environment())
    assert not place(tmp_path).exists()
    assert "is not on this machine" in run("pulumi --aws https://aws.example up --yes", fails=True).stderr
    assert "no local AWS answers" in run("pulumi --aws http://127.0.0.1:9 up --yes", fails=True).stderr


# -- what lives on ----------------------------------------------------------------------------------------------------


def test_commands_that_follow_each_other_have_one_aws(run: Run, tmp_path: Path) -> None:
    first = run("pulumi up --yes")
    assert "A local AWS was started for these stacks" in first.stderr
    aws = background(tmp_path)
    second = run("pulumi preview --refresh --expect-no-changes")
    assert "was started" not in second.stderr
    assert f"AWS: the local one at {aws.endpoint}\n" in second.stderr
    assert second.stderr.count("AWS: ") == 1
    assert f"export AWS_ENDPOINT_URL={aws.endpoint}" in run("status").stdout


def test_what_was_lost_with_it_is_said(run: Run, tmp_path: Path) -> None:
    run("pulumi up --yes")
    endpoint = background(tmp_path).endpoint
    assert "and all that was in it" in run("stop").stderr
    assert "No local AWS runs" in run("stop").stderr
    assert "no local AWS runs" in run("status", fails=True).stderr
    again = run("pulumi up --yes")
    assert "has ended, and its domains with it" in again.stderr
    assert background(tmp_path).endpoint != endpoint
    run("pulumi up --yes --refresh")
    assert set(background(tmp_path).domains(PROFILES)) == {"crm"}
    run("pulumi destroy --yes")
    run("stop")
    assert "has ended" not in run("pulumi up --yes").stderr, "nothing was lost"


def test_it_ends_with_its_folder_and_not_with_the_command(run: Run, tmp_path: Path) -> None:
    run("pulumi up --yes")
    aws = background(tmp_path)
    assert aws.pid
    shutil.rmtree(tmp_path / "state")
    deadline = time.monotonic() + 20
    while answers(aws) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not answers(aws)


def answers(aws: LocalAws) -> bool:
    try:
        return bool(aws.pid)
    except LocalAwsError:
        return False


def test_commands_at_the_same_time_share_one(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from pulumi_connect_domains.local.aws.background import ensure\n"
    command = [sys.executable, "-c", f"{program}print(ensure(Path(sys.argv[1])).aws.endpoint)", str(tmp_path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1
    assert stop(tmp_path)


def test_one_that_was_killed_or_whose_record_is_none_is_replaced(tmp_path: Path) -> None:
    first = ensure(tmp_path)
    os.kill(first.aws.pid, signal.SIGKILL)
    second = ensure(tmp_path)
    assert second.started
    assert second.lost
    (tmp_path / "local-aws.json").write_text("{")
    third = ensure(tmp_path)
    assert (third.started, third.lost) == (True, "")
    assert third.aws.endpoint != second.aws.endpoint
    assert stop(tmp_path)


def test_it_can_be_stopped_when_two_regions_have_a_domain_of_one_name(tmp_path: Path) -> None:
    aws = ensure(tmp_path).aws
    assert not aws.holds_domains
    for region in ("eu-west-2", "eu-central-1"):
        aws.seed(PROFILES, "crm", region=region)
    assert aws.holds_domains
    assert stop(tmp_path)
    assert ensure(tmp_path).lost, "what was in it is lost, and that is said"
    assert stop(tmp_path)


def test_it_ends_after_a_time_without_a_call(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pulumi_connect_domains.local.aws.resident", str(tmp_path), "0.5"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0
    assert finished.stdout.startswith("http://127.0.0.1:")
    assert ensure(tmp_path).lost
    assert stop(tmp_path)
