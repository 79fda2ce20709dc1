"""One process that does very much one after the other, a test session or a job over many stacks, holds no more at the end."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest
from pulumi_connect_domains import aws, cli, customerprofiles
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.isolation import isolated
from pulumi_connect_domains.testing import MakeStack
from pulumi_local_engine.deploy.options import Options
from pulumi_local_engine.provider.hosts import Spawn

from ..model.declared import CP, Domain, Program
from ..model.world import Declaring
from ..unit.drift.reports import export, resource
from ..unit.local_engine.stacks import MemoryStack
from .measuring import Watch, blocks, of_process

FLAT = {"descriptors": 50.0, "threads": 50.0, "files": 0.0, "rss_kib": 100_000.0, "blocks": 40_000.0}
"""Allowed growth in a thousand commands: of memory 40 pieces a command, since Python keeps some names for good, and Pulumi's SDK wraps
Python's pickler anew for each dynamic resource. One resource of a state takes more.
"""
SHORT_FLAT = {**FLAT, "rss_kib": 1_000_000.0, "blocks": 150_000.0, "threads": 300.0}
"""In a dozen commands, caches still fill; so that this is 150 pieces a command, and a third of a thread."""

pytestmark = pytest.mark.alone


def _hold(
    command: Callable[[], object], times: int, most: Mapping[str, float], temporary: Path, warm_up: int = 3
) -> None:
    """After each of so many commands, this process holds what it did before."""
    watch = Watch(most, lambda: {**of_process(os.getpid(), temporary), **blocks()})
    for _ in range(warm_up):
        command()
    gc.collect()
    gc.freeze()  # what is there from the start need not be looked through each time
    try:
        for number in range(times):
            command()
            watch.look(number + 1)
    finally:
        gc.unfreeze()
    print(watch.told("this process"))
    assert watch.grown() == []


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def _engine(local_aws: LocalAws, spawn: Spawn, folder: Path) -> Callable[[], object]:
    """An `up`, or in turn a `destroy`, with the local engine as a library."""
    stack = MemoryStack(folder, {**isolated(os.environ, local_aws.endpoint), **local_aws.environment()}, spawn)
    settings = {"domain_name": "crm", "default_expiration_days": 30, "region": "us-east-1", "tags": {"team": "crm"}}
    program = Program((Domain("crm", CP, settings),))
    numbers = count()

    def command() -> None:
        is_up = next(numbers) % 2 == 0
        outcome = stack.run_program(Options("up" if is_up else "destroy"), Declaring(program))
        assert not outcome.failed, outcome.messages
        assert len(local_aws.domains("customer-profiles")) == is_up

    return command


def test_the_engine_as_a_library_holds_no_more_after_a_dozen_commands(
    local_aws: LocalAws, spawn: Spawn, tmp_path: Path, temporary: Path
) -> None:
    _hold(_engine(local_aws, spawn, tmp_path), 10, SHORT_FLAT, temporary, warm_up=2)


@pytest.mark.long
def test_the_engine_as_a_library_holds_no_more_after_hundreds_of_commands(
    local_aws: LocalAws, spawn: Spawn, tmp_path: Path, temporary: Path
) -> None:
    _hold(_engine(local_aws, spawn, tmp_path), 400, FLAT, temporary, warm_up=20)


@pytest.mark.long
def test_a_session_of_tests_holds_no_more_after_hundreds_of_commands(
    pulumi_stack: MakeStack, local_aws: LocalAws, temporary: Path
) -> None:
    """Whole programs with Pulumi's SDK, by the test kit, each in a stack of its own."""
    numbers = count()

    def program() -> None:
        customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=30)

    def command() -> None:
        stack = pulumi_stack(program, name=f"s{next(numbers)}", config={"aws:region": "us-east-1"})
        stack.up()
        stack.destroy()
        stack.automation.workspace.remove_stack(stack.automation.name)
        assert local_aws.domains("customer-profiles") == {}

    _hold(command, 150, FLAT, temporary, warm_up=10)


# -- drift checks --------------------------------------------------------------------------------------------------------


def _drift(local_aws: LocalAws, folder: Path, accounts: int) -> Callable[[], object]:
    """A drift check of stacks in many accounts, each read with its own role, by the command in this process."""
    states = folder / "states"
    states.mkdir()
    for number in range(accounts):
        account = f"{number + 1:012d}"
        for region in ("us-east-1", "eu-west-2"):
            local_aws.seed("customer-profiles", "crm", account=account, region=region, DefaultExpirationDays=30)
        found = [
            resource(
                "crm",
                stack=f"s{number}",
                inputs={"domain_name": "crm", "region": region, "default_expiration_days": 30},
            )
            for region in ("us-east-1", "eu-west-2")
        ]
        for each, name in zip(found, ("here", "there"), strict=True):
            each["outputs"]["arn"] = each["outputs"]["arn"].replace(each["outputs"]["arn"].split(":")[4], account)
            del each["outputs"]["created_at"]
            each["urn"] = f"{each['urn']}-{name}"
        (states / f"s{number}.json").write_text(export(*found))
    words = ["drift", "--state-dir", str(states), "--rate", "0", "--assume-role", "arn:aws:iam::{account}:role/read"]
    words += [word for form in ("json", "html", "markdown") for word in ("--out", f"{form}={folder / form}")]

    def command() -> None:
        assert cli.run(words) == 0
        local_aws.forget_calls()

    return command


@pytest.fixture
def _fresh_clients() -> Iterator[None]:
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.mark.usefixtures("_fresh_clients")
def test_drift_checks_in_one_process_hold_no_more_after_a_dozen(
    local_aws: LocalAws, tmp_path: Path, temporary: Path
) -> None:
    _hold(_drift(local_aws, tmp_path, 4), 12, SHORT_FLAT, temporary, warm_up=15)  # the first ones fill caches


@pytest.mark.long
@pytest.mark.usefixtures("_fresh_clients")
def test_drift_checks_in_one_process_hold_no_more_after_hundreds(
    local_aws: LocalAws, tmp_path: Path, temporary: Path
) -> None:
    _hold(_drift(local_aws, tmp_path, 40), 200, FLAT, temporary)
