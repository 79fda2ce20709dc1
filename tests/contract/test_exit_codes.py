"""Every exit code that a command's `--help` and the reference list: a run that ends with it. And no run ends with another."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.drift.formats.json_format import document
from pulumi_connect_domains.local.aws import LocalAws, LocalAwsError, background
from pulumi_connect_domains.reporting.command_line import Command

from ..unit.drift.reports import CLEAN, domain

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/exit-codes.md"
TOKEN = "pulumi-python:dynamic/customerprofiles:Domain"
URN = f"urn:pulumi:dev::shop::{TOKEN}::crm"
ARN = "arn:aws:profile:us-east-1:123456789012:domains/crm"
INPUTS = {"domain_name": "crm", "default_expiration_days": 30, "region": "us-east-1"}
STATE = {
    "urn": URN, "type": TOKEN, "id": "crm", "custom": True, "inputs": INPUTS,
    "outputs": {**INPUTS, "arn": ARN, "created_at": "2026-01-01T00:00:00+00:00"},
}  # fmt: skip
FILES = {
    "export.json": {"version": 3, "deployment": {"resources": [STATE]}},
    "create.json": {"steps": [{"op": "create", "urn": URN, "newState": {"inputs": INPUTS}}]},
    "delete.json": {"steps": [{"op": "delete", "urn": URN, "oldState": STATE}]},
    "whole.json": document(CLEAN),
    "drifted.json": document(replace(CLEAN, domains=(domain("missing", reason="AWS has no such domain"),))),
    "good.json": INPUTS,
    "bad.json": {**INPUTS, "default_expiration_days": 0},
}
PROGRAM = """
import pulumi
from pulumi_connect_domains import customerprofiles
customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=30)
"""


@pytest.fixture(autouse=True)
def _surroundings(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A folder with files, and a domain `crm` in AWS."""
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        Path(name).write_text(json.dumps(content))
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    aws.forget_clients()
    yield
    aws.forget_clients()


def drifted(cloud: LocalAws) -> None:
    cloud.change("customer-profiles", "crm", DefaultExpirationDays=31)


def without_credentials(cloud: LocalAws) -> None:
    cloud.fault("GetCallerIdentity", code="InvalidClientTokenId", status=403, times=None)


Prepare = Callable[[LocalAws], None]
HERE: dict[tuple[str, int], tuple[list[str], Prepare | None]] = {
    ("completion", 0): (["bash"], None),
    ("completion", 1): (["ksh"], None),
    ("doctor", 0): ([], None),
    ("doctor", 1): ([], without_credentials),
    ("drift", 0): (["--state", "export.json"], None),
    ("drift", 1): (["--state", "export.json", "--state", "none.json"], drifted),
    ("drift", 2): (["--state", "export.json"], drifted),
    ("drift merge", 0): (["whole.json"], None),
    ("drift merge", 1): (["whole.json", "none.json"], None),
    ("drift merge", 2): (["drifted.json"], None),
    ("iam-policy", 0): ([], None),
    ("iam-policy", 1): (["--key", "alias/mine"], None),
    ("import", 0): (["--name", "crm", "--out", "imported"], None),
    ("import", 1): (["--name", "crm", "--name", "none", "--out", "imported"], None),
    ("plugin", 0): (["--help"], None),
    ("plugin", 1): ([], None),
    ("plugin install", 0): ([], None),
    ("plugin install", 1): (["--print", "--remove"], None),
    ("review", 0): (["create.json"], None),
    ("review", 1): (["create.json", "none.json"], None),
    ("review", 2): (["delete.json", "--fail-on", "data-loss"], None),
    ("validate", 0): (["good.json"], None),
    ("validate", 1): (["good.json", "bad.json"], None),
}
"""A run of each command for each of its exit codes, in this process; and what is done first."""


@pytest.mark.parametrize(("command", "code"), [pytest.param(*key, id=f"{key[0]} {key[1]}") for key in HERE])
def test_the_exit_code_of_a_command(command: str, code: int, local_aws: LocalAws) -> None:
    arguments, prepare = HERE[command, code]
    if prepare:
        prepare(local_aws)
    assert cli.run([*command.split(), *arguments]) == code


def local(folder: Path, *arguments: str, answer: str = "") -> int:
    """The exit code of `connect-domains local …` in the folder, whose stacks stand there as well."""
    environment = {
        **os.environ,
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_HOME": str(folder / "home"),
    }
    environment.pop("CONNECT_DOMAINS_LOCAL_AWS", None)
    command = [sys.executable, "-m", "pulumi_connect_domains", "local", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, input=answer, text=True, timeout=300).returncode


def started(folder: Path, *arguments: str) -> int:
    """The exit code of a local AWS in the foreground that is ended by Ctrl-C."""
    command = [sys.executable, "-u", "-m", "pulumi_connect_domains", "local", *arguments]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert any("AWS_ENDPOINT_URL=" in line for line in process.stdout)
    process.send_signal(signal.SIGINT)
    process.stdout.close()
    return process.wait(timeout=60)


LOCAL: dict[tuple[str, int], Sequence[str]] = {
    ("local pulumi", 0): ["pulumi", "stack", "ls"],
    ("local pulumi", 1): ["pulumi", "bogus"],
    ("local pulumi", 6): ["pulumi", "preview", "--stack", "none"],
    ("local start", 1): ["start", "--account", "12"],
    ("local status", 1): ["status"],
    ("local stop", 0): ["stop"],
}
"""The same for `local`, whose commands are processes of their own."""


@pytest.mark.parametrize(("command", "code"), [pytest.param(*key, id=f"{key[0]} {key[1]}") for key in LOCAL])
def test_the_exit_code_of_a_local_command(command: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    assert local(tmp_path, *LOCAL[command, code]) == code


def test_a_local_aws_that_is_ended_by_ctrl_c_exits_with_0(tmp_path: Path) -> None:
    assert started(tmp_path, "start", "--port", "0") == 0


def test_a_stack_on_the_local_engine_with_a_local_aws_of_its_own(tmp_path: Path) -> None:
    """`status` 0, and what is particular to the Pulumi CLI: 7 for changes that were not expected, 8 for no."""
    (tmp_path / "Pulumi.yaml").write_text(
        f"name: shop\nruntime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"
    )
    (tmp_path / "__main__.py").write_text(PROGRAM)
    try:
        assert local(tmp_path, "pulumi", "stack", "init", "dev") == 0
        assert local(tmp_path, "pulumi", "config", "set", "aws:region", "eu-west-2") == 0
        assert local(tmp_path, "pulumi", "preview", "--expect-no-changes") == 7
        assert local(tmp_path, "pulumi", "up", "--yes") == 0
        assert local(tmp_path, "status") == 0
    finally:
        assert local(tmp_path, "stop") == 0
    assert local(tmp_path, "status") == 1


def test_a_local_aws_that_does_not_end_exits_with_1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stays(folder: Path) -> bool:
        raise LocalAwsError("process 1 does not end")

    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")
    monkeypatch.setattr(background, "stop", stays)
    assert cli.run(["local", "stop"]) == 1


ELSEWHERE = {
    ("local", 0): "tests/unit/test_cli.py: it starts a local AWS, as `local start` does",
    ("local", 1): "tests/unit/local/test_extra.py: without the extra",
    ("local start", 0): "test_a_local_aws_that_is_ended_by_ctrl_c_exits_with_0",
    ("local status", 0): "test_a_stack_on_the_local_engine_with_a_local_aws_of_its_own",
    ("local stop", 1): "test_a_local_aws_that_does_not_end_exits_with_1",
    ("local pulumi", 7): "test_a_stack_on_the_local_engine_with_a_local_aws_of_its_own",
    ("local pulumi", 8): "tests/engine/test_hosts_end.py: a run that Ctrl-C stops",
}
"""The exit codes that other tests reach, and which."""


def declared(group: click.Group = cli.cli, words: str = "") -> Iterator[tuple[str, int]]:
    """Every exit code of every command, as `--help` lists them."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert isinstance(command, Command)
        called = f"{words} {name}".strip()
        yield from ((called, code) for code in command.exit_codes)
        if isinstance(command, click.Group):
            yield from declared(command, called)


def test_every_exit_code_has_a_run_that_ends_with_it() -> None:
    assert {*HERE, *LOCAL, *ELSEWHERE} == {*declared()}


def test_2_is_drift_or_data_loss_alone() -> None:
    assert {command for command, code in declared() if code == 2} == {"drift", "drift merge", "review"}


def test_the_page_lists_them_all() -> None:
    rows = re.findall(r"^\| (?:\[(.+?)\]\(.*?\))? ?\| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    listed, command = [], ""
    for name, code in rows:
        command = name or command
        listed.append((command, int(code)))
    assert listed == [*declared()]
