"""What is seen of the world before and after a command: domains in AWS, entries in state, calls that wrote something."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pulumi_connect_domains.local.aws import Call, LocalAws
from pulumi_connect_domains.local.aws.service import READS

from ..unit.local_engine.worlds import decrypt
from .declared import CP, REGIONS, VID, Domain, Json, Program, Run
from .expected import spoken
from .hosts import read, type_of

SERVICES = {CP: "customer-profiles", VID: "voice-id"}
SUSPENDED = "SUSPENDED"
CIPHERTEXT = "ciphertext"


class Key(NamedTuple):
    """Where a domain is found: by its name (Customer Profiles) or DomainId (Voice ID)."""

    type: str
    region: str
    id: str


@dataclass(frozen=True)
class Live:
    """A domain that is there. Its `members` are in snake_case."""

    key: Key
    created: datetime
    members: Json

    @property
    def tags(self) -> dict[str, str]:
        return dict(self.members.get("tags", {}))

    @property
    def has_data(self) -> bool:
        return bool(self.members.get("stats", {}).get("profile_count"))

    @property
    def who(self) -> tuple[Key, datetime]:
        """What no other domain has: one of the same name was made at another time."""
        return self.key, self.created


def live_in(aws: LocalAws) -> dict[Key, Live]:
    """All domains, but for those that Voice ID has suspended."""
    found = {}
    for type, service in SERVICES.items():
        for region in REGIONS:
            for id, members in aws.domains(service, region=region).items():
                if members.get("DomainStatus") != SUSPENDED:
                    key = Key(type, region, id)
                    found[key] = Live(key, members["CreatedAt"], spoken(members))
    return found


@dataclass(frozen=True)
class Entry:
    """A domain in the stack's state."""

    urn: str
    key: Key
    inputs: Json
    outputs: Json
    protect: bool = False
    delete: bool = False
    is_pending_replacement: bool = False
    is_unfinished: bool = False
    """Whether the last change failed in part; the outputs say what was done."""

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    def is_of(self, live: Live | None) -> bool:
        """Whether the entry means this domain, and no other of its name."""
        made = self.outputs.get("created_at")
        if live is None or live.key != self.key or not made:
            return False
        return abs(datetime.fromisoformat(str(made)) - live.created) < timedelta(milliseconds=1)

    def among(self, lives: Mapping[Key, Live]) -> Live | None:
        """The domain that the entry means, if it is there."""
        live = lives.get(self.key)
        return live if self.is_of(live) else None


def entries_in(text: str) -> list[Entry]:
    """The domains in a state file, of either host."""
    found = []
    for each in json.loads(text)["deployment"]["resources"]:
        if type := type_of(each["type"]):
            inputs, outputs = (read(type, _clear(each.get(member, {}))) for member in ("inputs", "outputs"))
            key = Key(type, inputs.get("region", ""), each.get("id", ""))
            found.append(
                Entry(
                    each["urn"], key, inputs, outputs, bool(each.get("protect")),
                    bool(each.get("delete")), bool(each.get("pendingReplacement")), bool(each.get("initErrors")),
                )
            )  # fmt: skip
    return found


def _clear(value: Any) -> Any:
    """The value, with its secrets in clear."""
    if isinstance(value, dict):
        if CIPHERTEXT in value:
            return json.loads(decrypt(value[CIPHERTEXT]))
        return {key: _clear(item) for key, item in value.items()}
    return value


def pending_in(text: str) -> list[str]:
    """The operations that a state file says are under way."""
    pending = json.loads(text)["deployment"].get("pending_operations") or ()
    return [f"{each['type']} {each['resource']['urn'].rpartition('::')[2]}" for each in pending]


@dataclass(frozen=True)
class Write:
    """A call that changed something, and the domain that it was about (of a creation in Voice ID: without an id)."""

    operation: str
    key: Key
    parameters: Mapping[str, Any]


def writes_in(calls: Iterable[Call]) -> list[Write]:
    """The calls that AWS carried out, but for those that only read."""
    found = []
    for call in calls:
        type = next((type for type, service in SERVICES.items() if service == call.service), None)
        is_done = call.status in (0, 200)  # 0: cut off, before or after it was done
        if type and is_done and not call.operation.startswith(READS):
            arn = call.parameters.get("resourceArn") or call.parameters.get("ResourceArn") or ""
            id = call.parameters.get("DomainName") or call.parameters.get("DomainId") or arn.rpartition("/")[2]
            found.append(Write(call.operation, Key(type, call.region, id), call.parameters))
    return found


@dataclass(frozen=True)
class Seen:
    """The world before or after a command."""

    lives: Mapping[Key, Live]
    entries: list[Entry]
    pending: list[str]

    def entry(self, domain: Domain) -> Entry | None:
        """The entry that the domain of a program continues."""
        names = (domain.name, *domain.former)
        kept = (each for each in self.entries if not each.delete and each.key.type == domain.type)
        found = {each.name: each for each in kept}
        return next((found[name] for name in names if name in found), None)


@dataclass(frozen=True)
class Observation:
    """A command, and the world around it. `foreign` are the domains that others made and the stack does not hold."""

    command: Run
    failed: bool
    messages: list[str]
    before: Seen
    after: Seen
    writes: list[Write]
    foreign: frozenset[tuple[Key, datetime]]
    is_disturbed: bool
    """Whether state may differ from AWS before the command: nobody has looked since something happened."""

    @property
    def program(self) -> Program:
        return self.command.program

    @property
    def has_read(self) -> bool:
        """Whether the command looks at AWS before it decides."""
        return self.command.refresh or self.command.kind == "refresh"

    @property
    def is_whole(self) -> bool:
        """A whole `up` in which nothing goes wrong, by a state that is as AWS is."""
        plain = self.command.kind == "up" and not (self.command.preview or self.command.targets)
        return plain and self.command.is_quiet and (self.has_read or not self.is_disturbed)
