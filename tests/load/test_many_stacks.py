"""Many stacks on one backend, many at a time: each has its own domains, tags and state; nothing stays locked, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import ConcurrentUpdateError
from pulumi_connect_domains import customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiStack

from ..model.observed import SUSPENDED

REGION = "us-east-1"
PROFILES, VOICE = "customer-profiles", "voice-id"


class Tenant:
    """One stack: its program, and what AWS must hold of it. `days` is a setting that changes from one `up` to the next."""

    def __init__(self, number: int, make: MakeStack, aws: LocalAws, has_own_account: bool) -> None:
        self._aws, self.number, self.days = aws, number, 30
        self.account = f"{number + 1:012d}" if has_own_account else aws.account
        # In accounts of their own, all stacks have the same names. In one account, each has others.
        self.mark = "" if has_own_account else f"-{number}"
        self.stack: PulumiStack = make(
            self._program, name=f"s{number}", project=f"p{number % 3}",
            config={"aws:region": REGION, "aws:defaultTags": f'{{"tags": {{"tenant": "{number}"}}}}'},
            env=aws.environment(account=self.account),
        )  # fmt: skip

    def up(self) -> None:
        self.stack.up(parallel=4)

    def change(self) -> None:
        """Other settings, deployed; then nothing is left to do."""
        self.days = 31 + self.number
        self.stack.up(parallel=4)
        assert set(self.stack.preview().change_summary) == {"same"}

    def destroy(self) -> None:
        self.stack.destroy()

    def mistakes(self, is_there: bool) -> list[str]:
        """Where AWS or the stack's state is not as this stack's program says."""
        wanted = {f"crm{self.mark}": self.days, f"sales{self.mark}": self.days + 1} if is_there else {}
        found = []
        profiles = self._own(PROFILES)
        if {name: members["DefaultExpirationDays"] for name, members in profiles.items()} != wanted:
            found.append(f"stack {self.number} has the domains {profiles}")
        voices = self._own(VOICE)
        if [members["Name"] for members in voices.values()] != [f"calls{self.mark}"] * is_there:
            found.append(f"stack {self.number} has the voices {voices}")
        tags = {"tenant": str(self.number), "kind": "test"}
        found += [
            f"a tag of stack {self.number} is wrong: {each}"
            for each in (*profiles.values(), *voices.values())
            if each["Tags"] != tags
        ]
        resources = (self.stack.automation.export_stack().deployment or {}).get("resources") or []
        ids = {each["id"] for each in resources if "dynamic" in each["type"]}
        if ids != {*wanted, *voices}:
            found.append(f"the state of stack {self.number} holds {ids}")
        return found

    def _own(self, service: str) -> dict[str, dict[str, Any]]:
        """Its domains, found by the account or, in one account, by their tag."""
        domains = self._aws.domains(service, account=self.account, region=REGION)
        is_alone = self.account != self._aws.account
        return {
            id: each
            for id, each in domains.items()
            if each.get("DomainStatus") != SUSPENDED and (is_alone or each["Tags"].get("tenant") == str(self.number))
        }

    def _program(self) -> None:
        tags = {"kind": "test"}
        customerprofiles.Domain("crm", domain_name=f"crm{self.mark}", default_expiration_days=self.days, tags=tags)
        customerprofiles.Domain(
            "sales", domain_name=f"sales{self.mark}", default_expiration_days=self.days + 1, tags=tags
        )
        voiceid.Domain(
            "calls", name=f"calls{self.mark}", server_side_encryption_configuration={"kms_key_id": "k"}, tags=tags
        )


def _side_by_side(tenants: Iterable[Tenant], at_once: int, do: Callable[[Tenant], None]) -> None:
    with ThreadPoolExecutor(at_once) as pool:
        for each in [pool.submit(do, tenant) for tenant in tenants]:
            each.result()


def _left_lying(folder: Path) -> list[str]:
    """Locks, and files that are only there while something is written."""
    files = [path for path in (folder / "state").rglob("*") if path.is_file()]
    return [
        str(path) for path in files if "locks" in path.parts or path.name.startswith(".") or path.name.endswith(".new")
    ]


def _hold(make: MakeStack, aws: LocalAws, folder: Path, count: int, at_once: int, has_own_account: bool) -> None:
    """All stacks were made and changed, and every other one taken down."""
    tenants = [Tenant(number, make, aws, has_own_account) for number in range(count)]
    _side_by_side(tenants, at_once, Tenant.up)
    assert [mistake for each in tenants for mistake in each.mistakes(True)] == []
    _side_by_side(tenants, at_once, lambda each: each.destroy() if each.number % 2 else each.change())
    assert [mistake for each in tenants for mistake in each.mistakes(each.number % 2 == 0)] == []
    assert _left_lying(folder) == []
    made = [call for call in aws.calls(operation="CreateDomain") if call.status == 200]
    assert len(made) == 3 * count
    throttled = sum(call.error_code == "ThrottlingException" for call in aws.calls())
    print(f"{count} stacks, {at_once} at a time: {len(aws.calls())} calls, {throttled} of them throttled")
    assert bool(throttled) != has_own_account


def _throttle(aws: LocalAws, per_second: float) -> None:
    for operation in ("CreateDomain", "UpdateDomain", "DeleteDomain"):
        aws.throttle(operation, per_second, burst=1, service=PROFILES)


def test_some_stacks_at_a_time_in_accounts_of_their_own(
    pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path
) -> None:
    _hold(pulumi_stack, local_aws, tmp_path, 2, 2, True)


def test_some_stacks_at_a_time_in_one_account_that_aws_throttles(
    pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path
) -> None:
    _throttle(local_aws, 5)
    _hold(pulumi_stack, local_aws, tmp_path, 3, 3, False)


@pytest.mark.long
def test_two_hundred_stacks_in_accounts_of_their_own(
    pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path
) -> None:
    _hold(pulumi_stack, local_aws, tmp_path, 200, 32, True)


@pytest.mark.long
def test_two_hundred_stacks_in_one_account_that_aws_throttles(
    pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path
) -> None:
    _throttle(local_aws, 10)
    _hold(pulumi_stack, local_aws, tmp_path, 200, 32, False)


def test_of_two_commands_on_one_stack_one_works_and_the_other_is_refused(
    pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path
) -> None:
    tenants = [Tenant(0, pulumi_stack, local_aws, True) for _ in range(2)]
    local_aws.latency(1.0, "CreateDomain")
    ready, came = threading.Barrier(len(tenants)), list[str]()

    def up(tenant: Tenant) -> None:
        ready.wait()
        try:
            tenant.up()
            came.append("done")
        except ConcurrentUpdateError:
            came.append("refused")

    _side_by_side(tenants, len(tenants), up)
    assert sorted(came) == ["done", "refused"]
    assert tenants[0].mistakes(True) == []
    assert _left_lying(tmp_path) == []
