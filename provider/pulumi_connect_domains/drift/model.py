"""The report: what every format is made from. Values only; secrets are masked before they get here.

`as_document` gives the JSON form, which report.schema.json describes. It is versioned: a new member may appear within a version, so
readers must pass over what they do not know; what is there keeps its name and meaning, or `VERSION` goes up.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, Literal, cast

from ..stacks.urn import Urn

VERSION = 1

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
    """One property that is not as declared. None stands for "not set"; `summary` says it in words ("levels 2 and 3 swapped")."""

    path: str
    declared: object
    live: object
    summary: str
    secret: bool = False


@dataclass(frozen=True)
class Setting:
    """A setting that is on in AWS and that no program declares."""

    path: str
    live: object


@dataclass(frozen=True)
class Broken:
    """A requirement that does not hold: what was wanted in words, and what is live."""

    requirement: str
    path: str
    live: object
    because: str = ""


@dataclass(frozen=True)
class OtherDeclaration:
    """Another resource that declares a domain: its stack (`project/stack`), where that stack's state came from, and its URN."""

    stack: str
    origin: str
    urn: str

    @property
    def name(self) -> str:
        """The resource's name in its program."""
        return Urn.parse(self.urn).name


@dataclass(frozen=True)
class DomainReport:
    """One domain of one stack. `reason` says why it is missing, suspended or unreadable.

    `also_declared` are other resources that declare it: each would undo what the others do, and a deletion in one takes it from all.
    `ignored` are differences under ignore_changes, `cannot_tell` the paths of secrets that the export holds encrypted.
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
    reason: str = ""
    error_code: str = ""
    findings: tuple[Finding, ...] = ()
    broken_requirements: tuple[Broken, ...] = ()
    also_declared: tuple[OtherDeclaration, ...] = ()
    unmanaged_settings: tuple[Setting, ...] = ()
    ignored: tuple[Finding, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def needs_attention(self) -> bool:
        """Whether there is more to say of it than that it is in sync."""
        return self.is_wrong or bool(
            self.status == "unreadable" or self.unmanaged_settings or self.ignored or self.cannot_tell or self.notes
        )

    @property
    def is_wrong(self) -> bool:
        """Whether it makes the check fail with "drift"."""
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


@dataclass(frozen=True)
class Problem:
    """Something other than a domain that could not be read: an export, a listing."""

    origin: str
    reason: str


@dataclass(frozen=True)
class Report:
    """What one check found. `unmanaged_domains` is None when nobody asked for them; `seconds` is how long it took."""

    started_at: str
    seconds: float
    tool_version: str
    stacks: tuple[str, ...]
    domains: tuple[DomainReport, ...]
    unmanaged_domains: tuple[UnmanagedDomain, ...] | None = None
    problems: tuple[Problem, ...] = ()
    strict: bool = False

    def of_status(self, status: Status) -> list[DomainReport]:
        """The domains of that status."""
        return [domain for domain in self.domains if domain.status == status]

    @property
    def counts(self) -> dict[str, int]:
        """How many domains there are of each status, and how many of the rest."""
        return {
            "domains": len(self.domains),
            **{status: len(self.of_status(status)) for status in STATUSES},
            "drifted_properties": sum(len(domain.findings) for domain in self.domains),
            "broken_requirements": sum(len(domain.broken_requirements) for domain in self.domains),
            "declared_twice": sum(bool(domain.also_declared) for domain in self.domains),
            "unmanaged_settings": sum(len(domain.unmanaged_settings) for domain in self.domains),
            "ignored": sum(len(domain.ignored) for domain in self.domains),
            "cannot_tell": sum(len(domain.cannot_tell) for domain in self.domains),
            "unmanaged_domains": len(self.unmanaged_domains or ()),
            "problems": len(self.problems),
        }

    @property
    def exit_code(self) -> int:
        """0 all in sync; 2 drift; 1 something could not be told, or there was nothing to check, which goes before 2."""
        counts = self.counts
        doubts = counts["problems"] + counts["unreadable"] + (counts["cannot_tell"] if self.strict else 0)
        if doubts or not self.domains:
            return COULD_NOT_TELL
        is_wrong = any(domain.is_wrong for domain in self.domains)
        return DRIFT if is_wrong or (self.strict and counts["unmanaged_domains"]) else IN_SYNC


RESULTS = {IN_SYNC: "in_sync", COULD_NOT_TELL: "could_not_tell", DRIFT: "drift"}


def as_document(report: Report) -> dict[str, Any]:
    """The report as plain JSON, by report.schema.json."""
    members = {each.name: getattr(report, each.name) for each in fields(report)}
    tool = {"name": "connect-domains", "version": members.pop("tool_version")}
    return {
        "version": VERSION,
        "tool": tool,
        "result": RESULTS[report.exit_code],
        "exit_code": report.exit_code,
        "started_at": members.pop("started_at"),
        "seconds": round(members.pop("seconds"), 3),
        "strict": members.pop("strict"),
        "counts": report.counts,
        "stacks": list(report.stacks),
        "domains": [asdict(domain) for domain in report.domains],
        "unmanaged_domains": None
        if report.unmanaged_domains is None
        else [asdict(each) for each in report.unmanaged_domains],
        "problems": [asdict(problem) for problem in report.problems],
    }


@cache
def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report's document; every caller gets the same object."""
    text = resources.files(__package__).joinpath("report.schema.json").read_text(encoding="utf-8")
    return cast(dict[str, Any], json.loads(text))
