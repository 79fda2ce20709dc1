"""JSON for programs: the whole report, as report.schema.json describes it.

The document is versioned. Within a version new members may appear, and readers must ignore those that they do not know. When a member is
removed, or changes its meaning, `VERSION` goes up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ...reporting.escaping import json_text
from ...reporting.formats import Screen
from .. import stored
from ..model import COULD_NOT_TELL, DRIFT, IN_SYNC, Compared, Report

VERSION = 1
_PLACE = '"domains": []'
RESULTS = {IN_SYNC: "in_sync", COULD_NOT_TELL: "could_not_tell", DRIFT: "drift"}


def json_(report: Report, _screen: Screen) -> Iterator[str]:
    """The document as text, in pieces: each domain is a line."""
    # Within a text in it, the quotation marks would be escaped.
    before, after = json_text(_around(report)).split(_PLACE, 1)
    yield before
    separator = '"domains": [\n    '
    for line in stored.lines_of(report.domains):
        yield separator
        yield line
        separator = ",\n    "
    yield "\n  ]" if report.domains else _PLACE
    yield after


def document(report: Report) -> dict[str, Any]:
    """The report as plain JSON."""
    return {**_around(report), "domains": [asdict(domain) for domain in report.domains]}


def _around(report: Report) -> dict[str, Any]:
    """The document without its domains."""
    return {
        "version": VERSION,
        "tool": {"name": "connect-domains", "version": report.tool_version},
        "result": RESULTS[report.exit_code],
        "exit_code": report.exit_code,
        "started_at": report.started_at,
        "seconds": round(report.seconds, 3),
        "strict": report.strict,
        "resumed": report.resumed and asdict(report.resumed),
        "counts": report.counts,
        "stacks": list(report.stacks),
        "domains": [],
        "unmanaged_domains": None
        if report.unmanaged_domains is None
        else [asdict(each) for each in report.unmanaged_domains],
        "problems": [asdict(problem) for problem in report.problems],
        "shard": report.shard and asdict(report.shard),
        "options": report.options and asdict(report.options),
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
