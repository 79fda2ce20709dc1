"""A program of very many domains, at the request rates that AWS publishes: it is done in the end, and nothing is done twice."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import Call, LocalAws
from pulumi_connect_domains.local.aws.isolation import isolated
from pulumi_local_engine.deploy.options import Options
from pulumi_local_engine.provider.hosts import Spawn

from ..model import expected
from ..model.declared import CP, REGIONS, VID, Domain, Json, Program
from ..model.observed import SERVICES, live_in
from ..model.world import Declaring
from ..unit.local_engine.stacks import MemoryStack, Outcome
from ..unit.local_engine.worlds import within_time
from .conftest import SCALE

RATES = {
    "CreateDomain": 1.0, "UpdateDomain": 1.0, "DeleteDomain": 1.0, "GetDomain": 5.0, "ListDomains": 5.0, "TagResource": 5.0,
    "UntagResource": 5.0, "ListTagsForResource": 5.0,
}  # fmt: skip
"""Calls a second of Customer Profiles, in one account and Region. Source: the administrator guide's page of service quotas."""
VOICE_RATE = 2.0
"""Of all domain operations of Voice ID together. Source: as above; whether together or each is not said, so the slower is taken."""
AT_ONCE = 16
MOST_SECONDS = 900.0
"""No command takes that long: then something hangs."""
ACCOUNT_CALL = "GetCallerIdentity"
MATCHING: Json = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}}
RULES: Json = {"enabled": True, "matching_rules": [{"rule": ["LastName"]}], "max_allowed_rule_level_for_matching": 1}
MORE: tuple[Json, ...] = ({}, {"matching": MATCHING}, {"rule_based_matching": RULES}, {"force_destroy": True})


class Fleet:
    """A stack of many domains, and what AWS was asked for it. Each command of it must succeed."""

    def __init__(self, count: int, aws: LocalAws, spawn: Spawn, folder: Path) -> None:
        self.domains = tuple(_domain(number) for number in range(count))
        self._aws = aws
        self._stack = MemoryStack(
            folder, {**isolated(os.environ, aws.endpoint), **aws.environment(), "LOAD_SCALE": str(1 / SCALE)}, spawn
        )
        self.calls: list[Call] = []
        for operation, rate in RATES.items():
            aws.throttle(operation, rate * SCALE, burst=rate, service=SERVICES[CP])
        aws.throttle("*", VOICE_RATE * SCALE, burst=VOICE_RATE, service=SERVICES[VID], shared=True)

    def number(self, type: str) -> int:
        return sum(domain.type == type for domain in self.domains)

    def run(self, options: Options) -> Outcome:
        """The outcome; `calls` are those of this command. Prints how long it took, beside what the quotas alone take."""
        self._aws.forget_calls()
        outcomes: list[Outcome] = []
        program = Declaring(Program(self.domains), AT_ONCE)
        within_time(lambda: outcomes.append(self._stack.run_program(options, program)), MOST_SECONDS)
        [outcome], self.calls = outcomes, self._aws.calls()
        took, floor = outcome.result.seconds * SCALE, self.floor_seconds()
        what = f"preview of {options.kind}" if options.preview else options.kind
        print(
            f"{what} of {len(self.domains)} domains: {took:.0f} s on AWS's clock, the quotas alone take {floor:.0f} s"
            f"{f' ({took / floor:.2f})' if floor else ''}; {self.throttled()} of {len(self.calls)} calls were throttled",
            flush=True,
        )
        assert not outcome.failed, [text for text in outcome.messages if text.startswith("error")]
        assert self.given_up() == []
        return outcome

    def done(self) -> Mapping[str, int]:
        """How many calls of each operation AWS has carried out, but for the one that asks whose the credentials are."""
        return Counter(call.operation for call in self.calls if call.status == 200 and call.operation != ACCOUNT_CALL)

    def throttled(self) -> int:
        return sum(call.error_code == "ThrottlingException" for call in self.calls)

    def given_up(self) -> list[str]:
        """Calls that AWS throttled, and that were not repeated until AWS carried them out."""
        last = {(call.service, call.region, call.operation, json.dumps(call.parameters)): call for call in self.calls}
        return [f"{call.operation} {call.parameters}" for call in last.values() if call.status != 200]

    def floor_seconds(self) -> float:
        """What the calls that were carried out take by the quotas alone. Regions do not wait for each other, nor do services."""
        buckets: Counter[tuple[str, ...]] = Counter()
        for call in self.calls:
            if call.status == 200 and call.operation != ACCOUNT_CALL:
                shared = call.service == SERVICES[VID]
                buckets[call.service, call.region, "*" if shared else call.operation] += 1
        return max((number / RATES.get(bucket[-1], VOICE_RATE) for bucket, number in buckets.items()), default=0.0)

    def made(self) -> Counter[tuple[str, str, str]]:
        """How many times each domain was created."""
        creations = (call for call in self.calls if call.operation == "CreateDomain" and call.status == 200)
        return Counter(
            (call.service, call.region, call.parameters.get("DomainName") or call.parameters["Name"])
            for call in creations
        )

    def mistakes(self) -> list[str]:
        """Where AWS is not as the program says."""
        lives = {(live.key.type, live.key.region, _name(live.members)): live for live in live_in(self._aws).values()}
        found = (
            [] if len(lives) == len(live_in(self._aws)) == len(self.domains) else [f"there are {len(lives)} domains"]
        )
        for domain in self.domains:
            live = lives.get((domain.type, domain.region, domain.proposed_name))
            if live is None:
                found.append(f"{domain.name} is not there")
                continue
            found += expected.mistakes(domain.type, dict(domain.settings), {}, {}, live.members)
            if live.tags != domain.settings["tags"]:
                found.append(f"the tags of {domain.name} are {live.tags}")
        return found

    def left(self) -> list[str]:
        return [str(key) for key in live_in(self._aws)]


def _domain(number: int) -> Domain:
    """Four of five are in Customer Profiles; the Regions are used in turn; settings differ."""
    settings: Json = {"region": REGIONS[number // 5 % 2], "tags": {"number": str(number), "team": "crm"}}
    if number % 5:
        settings |= {
            "domain_name": f"d{number}",
            "default_expiration_days": 30 + number % 300,
            **MORE[number % len(MORE)],
        }
        return Domain(f"d{number}", CP, settings)
    settings |= {"name": f"d{number}", "server_side_encryption_configuration": {"kms_key_id": f"alias/key{number}"}}
    return Domain(f"d{number}", VID, settings)


def _name(members: Json) -> str:
    return str(members.get("domain_name") or members["name"])


def _hold(fleet: Fleet) -> None:
    """The fleet was made, looked at and taken down."""
    count, profiles, voices = len(fleet.domains), fleet.number(CP), fleet.number(VID)
    outcome = fleet.run(Options("up", parallel=AT_ONCE))
    assert outcome.result.changes["create"] == count + 1  # the stack itself is one
    assert fleet.done() == {"CreateDomain": count}
    assert set(fleet.made().values()) == {1}
    assert fleet.throttled() > count / 50, "nothing was throttled, so this proved nothing"
    assert fleet.mistakes() == []

    outcome = fleet.run(Options("up", preview=True, parallel=AT_ONCE))
    assert outcome.result.changes == {"same": count + 1}
    assert fleet.calls == []

    outcome = fleet.run(Options("refresh", parallel=AT_ONCE))
    assert outcome.result.changes == {"same": count + 1}
    assert fleet.done() == {"GetDomain": profiles, "DescribeDomain": voices, "ListTagsForResource": voices}

    fleet.run(Options("destroy", parallel=AT_ONCE))
    assert fleet.done()["DeleteDomain"] == count
    assert fleet.left() == []


def test_two_dozen_domains_at_awss_own_rates(local_aws: LocalAws, spawn: Spawn, tmp_path: Path) -> None:
    _hold(Fleet(24, local_aws, spawn, tmp_path))


@pytest.mark.long
def test_a_thousand_domains_at_awss_own_rates(local_aws: LocalAws, spawn: Spawn, tmp_path: Path) -> None:
    _hold(Fleet(1000, local_aws, spawn, tmp_path))
