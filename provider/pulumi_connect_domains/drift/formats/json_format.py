"""JSON for programs: the whole report, as report.schema.json describes it.

The document is versioned. Within a version new members may appear, and readers must ignore those that they do not know. When a member is
removed, or changes its meaning, `VERSION` goes up.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from ...reporting.escaping import json_text
from ...reporting.formats import Screen
from ..model import COULD_NOT_TELL, DRIFT, IN_SYNC, Compared, Report

VERSION = 1
RESULTS = {IN_SYNC: "in_sync", COULD_NOT_TELL: "could_not_tell", DRIFT: "drift"}


def json_(report: Report, _screen: Screen) -> str:
    """The document as text."""
    return json_text(document(report))


def document(report: Report) -> dict[str, Any]:
    """The report as plain JSON."""
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
        "shard": report.shard and asdict(report.shard),
        "options": report.options and {name: list(value) for name, value in asdict(report.options).items()},
        "notes": list(report.notes),
        **_compared(report.compared),
    }


def _compared(compared: Compared | None) -> dict[str, Any]:
    """The members that tell of an earlier report; their numbers are among the counts."""
    return {
        "since": compared and {"started_at": compared.started_at},
        "mended": compared and [asdict(each) for each in compared.mended],
        "could_not_tell": compared and [asdict(each) for each in compared.could_not_tell],
    }
