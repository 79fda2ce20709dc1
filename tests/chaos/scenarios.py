"""What commands find, and what they are to do: one scenario for each operation of each resource type."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_connect_domains import registry

from ..model.declared import CP, VID, Domain, Foreign, Outside, Program, Run, Step
from ..model.declared import Fault as Standing
from ..model.histories import MATCHING, calls, crm

ATTEMPTS = 3
"""How many times a request is sent at most."""
CANARY = "canary-"
"""What every text begins with that nothing may show."""
ACCOUNT = "123456789012"
EXTERNAL_ID = f"{CANARY}external"
CONFIG = {
    "aws:maxRetries": str(ATTEMPTS),
    "aws:allowedAccountIds": json.dumps([ACCOUNT]),
    "aws:assumeRoles": json.dumps([{"roleArn": f"arn:aws:iam::{ACCOUNT}:role/deploy", "externalId": EXTERNAL_ID}]),
}  # fmt: skip
TAGS = {"team": f"{CANARY}one", "cost": f"{CANARY}two"}
OTHER_TAGS = {"team": f"{CANARY}three", "stage": f"{CANARY}four"}
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{CANARY}key"
PROFILES = crm(default_encryption_key=KEY, matching=MATCHING, tags=TAGS)
VOICES = calls(
    name=f"{CANARY}name", description=f"{CANARY}description", tags=TAGS, server_side_encryption_configuration={"kms_key_id": KEY}
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """What was there before, and the command. `is_refused`: the command must fail, and AWS stays as it is."""

    type: str
    operation: str
    command: Run
    before: Sequence[Step] = ()
    is_refused: bool = False
    standing: Sequence[Standing] = ()
    """What goes wrong all the time, beside the fault of a trial."""

    @property
    def name(self) -> str:
        return f"{self.type} {self.operation}"

    @property
    def title(self) -> str:
        """The heading of its table."""
        return f"{registry.resource_types()[self.type].noun}: {self.operation}"


def _up(*domains: Domain, **options: Any) -> Run:
    return Run(Program(domains, config=CONFIG), **options)


def _of(domain: Domain, changed: Domain, tagged: Domain, moved: Domain, drifted: Outside) -> list[Scenario]:
    """The scenarios that every resource type has."""
    made = [_up(domain)]
    return [
        Scenario(domain.type, operation, command, before)
        for operation, command, before in (
            ("create", _up(domain), []),
            ("refresh", _up(domain, kind="refresh"), made),
            ("update", _up(changed), made),
            ("tags", _up(tagged), made),
            ("repair", _up(domain, refresh=True), [*made, drifted]),
            ("replacement", _up(moved), made),
            ("destroy", _up(kind="destroy"), made),
        )
    ]


def _profiles() -> list[Scenario]:
    lenient = PROFILES.set(force_destroy=True)
    full = [_up(PROFILES), Outside("filled", "a")]
    foreign = Foreign(
        {"domain_name": "d1", "default_expiration_days": 7, "dead_letter_queue_url": "q", "tags": {"team": "x"}}
    )
    return [
        *_of(
            PROFILES,
            PROFILES.set(default_expiration_days=31, matching=None, tags=OTHER_TAGS),
            PROFILES.set(tags=OTHER_TAGS),
            PROFILES.set(domain_name="d9"),
            Outside("altered", "a", {"default_expiration_days": 7}),
        ),
        Scenario(CP, "create while reads are denied", _up(PROFILES), standing=[Standing("GetDomain", "denied", None)]),
        Scenario(CP, "adopt", _up(PROFILES.set(adopt_existing=True)), [foreign]),
        Scenario(CP, "create before delete", _up(lenient.set(region="eu-west-2")), [_up(lenient)]),
        Scenario(CP, "destroy with data", _up(kind="destroy"), full, is_refused=True),
        Scenario(CP, "replacement with data", _up(PROFILES.set(domain_name="d9")), full, is_refused=True),
    ]  # fmt: skip


def _voices() -> list[Scenario]:
    other_key = {"kms_key_id": f"{KEY}-2"}
    return [
        *_of(
            VOICES,
            VOICES.set(description=f"{CANARY}another", tags=OTHER_TAGS),
            VOICES.set(tags=OTHER_TAGS),
            VOICES.set(region="eu-west-2"),
            Outside("altered", "v", {"description": "changed"}),
        ),
        Scenario(VID, "another key", _up(VOICES.set(server_side_encryption_configuration=other_key)), [_up(VOICES)]),
    ]


SCENARIOS = {each.name: each for each in (*_profiles(), *_voices())}
assert {each.type for each in SCENARIOS.values()} == set(registry.resource_types())
