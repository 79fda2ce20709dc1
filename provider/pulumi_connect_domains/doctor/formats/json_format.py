"""JSON for programs: the whole report, as report.schema.json describes it.

The document is versioned. Within a version new members and new checks may appear, and readers must ignore those that they do not know.
When a member is removed, or changes its meaning, `VERSION` goes up.
"""

from __future__ import annotations

from dataclasses import asdict

from ...reporting.escaping import json_text
from ...reporting.formats import Screen
from ..model import DOES_NOT_WORK, WORKS, Report

VERSION = 1
RESULTS = {WORKS: "works", DOES_NOT_WORK: "does_not_work"}


def json_(report: Report, _screen: Screen) -> str:
    """The document as text."""
    return json_text(
        {
            "version": VERSION,
            "tool": {"name": "connect-domains", "version": report.tool_version},
            "result": RESULTS[report.exit_code],
            "exit_code": report.exit_code,
            "started_at": report.started_at,
            "seconds": round(report.seconds, 3),
            "counts": report.counts,
            "checks": [asdict(check) for check in report.checks],
        }
    )
