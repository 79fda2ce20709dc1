"""The report, which every format is made from. Secrets are masked before they get here.

Reports call each resource a domain, of whatever type it is. So do the names here, which are those of the JSON report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ..stacks.urn import Urn
from .requirements import Broken, Since
from .shards import Shard

Status = Literal["in_sync", "drifted", "missing", "suspended", "unreadable"]
STATUSES: tuple[Status, ...] = (
    "drifted",
    "missing",
    "suspended",
    "unreadable",
    "in_sync",
)  # what needs attention comes first

IN_SYNC, COULD_NOT_TELL, DRIFT = 0, 1, 2
"""Exit codes."""


@dataclass(frozen=True)
class Finding:
    """One property that is not as declared. A side is None where it is not set; `summary` says what happened: "levels 2 and 3 swapped"."""

    path: str
    declared: object
    live: object
    summary: str
    secret: bool = False
    since: Since | None = None


@dataclass(frozen=True)
class Setting:
    """A setting that is on in AWS and that no program declares."""

    path: str
    live: object


@dataclass(frozen=True)
class OtherDeclaration:
    """Another resource that declares the same domain: its stack (`project/stack`), where that state came from, and its URN."""

    stack: str
    origin: str
    urn: str
    since: Since | None = None

    @property
    def name(self) -> str:
        """The resource's name in its program."""
        return Urn.parse(self.urn).name


@dataclass(frozen=True)
class DomainReport:
    """One domain of one stack. `reason` says why it is missing, suspended or unreadable. `declared_at` is where the program declares it, as
    seen from the folder of `Pulumi.yaml` (`parts.py:4`); "" where the state does not say.

    `also_declared` are other resources that declare the same domain: each undoes the changes of the others, and whichever is deleted first
    deletes the domain. `ignored` are differences under ignore_changes. `cannot_tell` are paths that cannot be compared, since the export
    holds a secret encrypted.

    `since` tells of a domain that is wrong, and of each thing that is wrong about it, whether an earlier report has it too: "lasting" or
    "new". It is None where nothing is wrong, or no earlier report was given. Of a missing or suspended domain it is about that; any other
    is lasting where anything about it is.
    """

    status: Status
    stack: str
    project: str
    name: str
    type: str
    noun: str
    urn: str
    id: str
    arn: str
    account: str
    region: str
    declared_at: str = ""
    reason: str = ""
    error_code: str = ""
    findings: tuple[Finding, ...] = ()
    broken_requirements: tuple[Broken, ...] = ()
    also_declared: tuple[OtherDeclaration, ...] = ()
    unmanaged_settings: tuple[Setting, ...] = ()
    ignored: tuple[Finding, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    since: Since | None = None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What identifies it in AWS: type, account, Region and id."""
        return self.type, self.account, self.region, self.id

    @property
    def project_and_stack(self) -> str:
        """`shop/dev`, as in the URN."""
        return f"{self.project}/{self.stack}"

    @property
    def needs_attention(self) -> bool:
        """Whether a report must say more of it than that it is in sync."""
        return self.is_wrong or bool(
            self.status == "unreadable" or self.unmanaged_settings or self.ignored or self.cannot_tell or self.notes
        )

    @property
    def is_wrong(self) -> bool:
        """Whether it gives the check the exit code 2, "drift"."""
        return self.status in ("drifted", "missing", "suspended") or bool(
            self.broken_requirements or self.also_declared
        )


@dataclass(frozen=True)
class UnmanagedDomain:
    """A domain of a checked account and region that no checked stack declares."""

    type: str
    noun: str
    id: str
    name: str
    account: str
    region: str
    created_at: str = ""
    since: Since | None = None

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What unmanaged domains are sorted by."""
        return self.account, self.region, self.type, self.name

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What identifies it in AWS: type, account, Region and id."""
        return self.type, self.account, self.region, self.id


@dataclass(frozen=True)
class Problem:
    """Something other than a domain that could not be read: an export, a listing."""

    origin: str
    reason: str


def listing(noun: str, account: str, region: str) -> str:
    """The origin of a problem with the list of an account's domains in a Region."""
    return f"the {noun}s of account {account} in {region}"


@dataclass(frozen=True)
class Options:
    """What a check was asked for: its filters, and its requirements in words. Each list is sorted; an empty filter lets all through."""

    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Earlier:
    """Something that was wrong in an earlier report.

    `kind` is "drifted", "missing", "suspended", "requirement", "declared_twice" or "unmanaged". `path` is the property that had drifted or
    broke the requirement; `words` are the requirement, or the other resource that declared the domain. `stack` is `project/stack`.
    """

    kind: str
    type: str
    noun: str
    id: str
    name: str
    account: str
    region: str
    urn: str = ""
    stack: str = ""
    path: str = ""
    words: str = ""


@dataclass(frozen=True)
class Compared:
    """What the comparison with an earlier report, which began at `started_at`, tells.

    `new` and `lasting` are how many of the things that are wrong now are so. `mended` was wrong then and is in sync now. Of
    `could_not_tell` the check cannot say what became, since the domain cannot be read now, for example. `left_out` is how many others were
    wrong then: their domains are not in this report, or nobody asked for it any more.
    """

    started_at: str
    new: int = 0
    lasting: int = 0
    mended: tuple[Earlier, ...] = ()
    could_not_tell: tuple[Earlier, ...] = ()
    left_out: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many things there are of each kind."""
        return {
            "new": self.new,
            "lasting": self.lasting,
            "mended": len(self.mended),
            "could_not_tell": len(self.could_not_tell),
            "left_out": self.left_out,
        }


@dataclass(frozen=True)
class Resumed:
    """That an earlier check, which began at that time and was interrupted, has read so many of the domains."""

    domains: int
    started_at: str


@dataclass(frozen=True)
class Report:
    """What one check found. `unmanaged_domains` is None when nobody asked for them; `seconds` is how long it took.

    `shard` is the part that was checked, or None for all; `in_other_shards` is how many domains the states have for the other parts.
    `options` is None in reports of versions that did not say them. `notes` are remarks on the report itself. `compared` is None where no
    earlier report was given.

    The domains may lie on disk, and be read each time that one goes through them. So nobody makes a list of them all, and what several
    formats need of them is counted once (`totals`).
    """

    started_at: str
    seconds: float
    tool_version: str
    stacks: tuple[str, ...]
    domains: Collection[DomainReport]
    unmanaged_domains: tuple[UnmanagedDomain, ...] | None = None
    problems: tuple[Problem, ...] = ()
    strict: bool = False
    shard: Shard | None = None
    in_other_shards: int = 0
    options: Options | None = None
    notes: tuple[str, ...] = ()
    compared: Compared | None = None
    resumed: Resumed | None = None
    python_project: str = ""
    """The name of the project in the current folder, where its programs are in Python, for resources of which nothing says where they are
    declared. No report tells it."""

    @property
    def has_nothing_to_check(self) -> bool:
        """Whether no domain was found at all. A shard may have none of its own: the others have them."""
        return not self.domains and not self.in_other_shards

    def of_status(self, status: Status) -> list[DomainReport]:
        """The domains of that status."""
        return [domain for domain in self.domains if domain.status == status]

    @cached_property
    def totals(self) -> Totals:
        """What can be told of all domains without holding them."""
        known: Totals | None = getattr(self.domains, "totals", None)
        if known is not None:
            return known
        found = Totals()
        for domain in self.domains:
            found.add(domain)
        return found

    @property
    def attention(self) -> Sequence[DomainReport]:
        """The domains that need attention, as they come."""
        return self.totals.attention

    @property
    def counts(self) -> dict[str, int]:
        """How many domains there are of each status, and how many of everything else that a report lists."""
        totals = self.totals
        return {
            "domains": len(self.domains),
            **{status: totals.statuses[status] for status in STATUSES},
            "drifted_properties": sum(len(domain.findings) for domain in totals.attention),
            "broken_requirements": sum(len(domain.broken_requirements) for domain in totals.attention),
            "declared_twice": sum(bool(domain.also_declared) for domain in totals.attention),
            "unmanaged_settings": sum(len(domain.unmanaged_settings) for domain in totals.attention),
            "ignored": sum(len(domain.ignored) for domain in totals.attention),
            "cannot_tell": sum(len(domain.cannot_tell) for domain in totals.attention),
            "unmanaged_domains": len(self.unmanaged_domains or ()),
            "problems": len(self.problems),
            **({"in_other_shards": self.in_other_shards} if self.shard else {}),
            **(self.compared.counts if self.compared else {}),
        }

    @property
    def exit_code(self) -> int:
        """1 where something could not be told or nothing was checked; otherwise 2 for drift, and 0 where all is in sync."""
        counts = self.counts
        doubts = counts["problems"] + counts["unreadable"] + (counts["cannot_tell"] if self.strict else 0)
        if doubts or self.has_nothing_to_check:
            return COULD_NOT_TELL
        is_wrong = any(domain.is_wrong for domain in self.attention)
        return DRIFT if is_wrong or (self.strict and counts["unmanaged_domains"]) else IN_SYNC


@dataclass
class Totals:
    """What a report tells of all of its domains: those that need attention, and counts of the others.

    `stacks` are the statuses in each stack (`project/stack`).
    """

    attention: list[DomainReport] = field(default_factory=list)
    statuses: Counter[Status] = field(default_factory=Counter)
    stacks: dict[str, Counter[Status]] = field(default_factory=dict)
    places: dict[tuple[str, str], None] = field(default_factory=dict)
    """Accounts and Regions, "" for those that are not known."""

    def add(self, domain: DomainReport) -> None:
        """Counts the domain."""
        if domain.needs_attention:
            self.attention.append(domain)
        self.statuses[domain.status] += 1
        name = domain.project_and_stack
        stack = self.stacks.get(name) or self.stacks.setdefault(name, Counter())
        stack[domain.status] += 1
        self.places[domain.account, domain.region] = None
