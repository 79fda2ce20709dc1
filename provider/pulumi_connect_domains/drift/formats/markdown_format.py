"""Markdown for GitHub: step summaries, comments, issues. The counts come first and are never cut.

Source: GitHub refuses comments and issues of more than 65,536 characters.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...reporting.escaping import code, length, prose
from ..model import STATUSES, DomainReport, Report
from ..wording import (
    STATUS_WORDS,
    attention_first,
    further_counts,
    headline,
    rows,
    scope,
    shown,
    stack_of,
    state_words,
)
from .screen import Screen

MOST_CHARACTERS = 65_536
_ROOM_FOR_THE_END = 200

SIGNS = {"in_sync": "✅", "drifted": "⚠️", "missing": "❌", "suspended": "❌", "unreadable": "❓"}


def markdown(report: Report, _screen: Screen) -> str:
    """The report within 65,536 characters: what does not fit is left out domain by domain, and said at the end."""
    written = _head(report)
    sections = list(_sections(report))
    for place, section in enumerate(sections):
        if length(written) + length(section) > MOST_CHARACTERS - _ROOM_FOR_THE_END:
            return (
                written
                + f"\n… {len(sections) - place} more parts do not fit here; the JSON and HTML reports have them all.\n"
            )
        written += section
    return written


def _head(report: Report) -> str:
    sign = {0: "✅", 1: "❓"}.get(report.exit_code, "⚠️")
    counts = report.counts
    lines = [f"## {sign} {headline(report)}", ""]
    if report.domains:
        there = [status for status in STATUSES if counts[status]]
        lines += ["| " + " | ".join(f"{SIGNS[status]} {STATUS_WORDS[status]}" for status in there) + " |"]
        lines += ["|" + " ---: |" * len(there), "| " + " | ".join(str(counts[status]) for status in there) + " |", ""]
    about = [
        *further_counts(report),
        *([f"checked: {scope(report)}"] if report.domains else []),
        f"at {report.started_at}",
    ]
    return "\n".join([*lines, " · ".join(about), ""])


def _sections(report: Report) -> Iterator[str]:
    for problem in report.problems:
        yield f"\n**{prose(problem.origin)}** could not be read: {_words(problem.reason)}\n"
    yield from (_of_domain(domain) for domain in attention_first(report) if domain.needs_attention)
    if report.unmanaged_domains:
        yield "\n### Domains that no checked stack declares\n\n| resource | domain | id | account | region |\n|---|---|---|---|---|\n"
        for each in report.unmanaged_domains:
            cells = (each.type, shown(each.name), each.id, each.account, each.region)
            yield f"| {' | '.join(map(_code, cells))} |\n"


def _of_domain(domain: DomainReport) -> str:
    sign = SIGNS["drifted"] if domain.status == "in_sync" and domain.is_wrong else SIGNS[domain.status]
    title = f"\n### {sign} {prose(domain.name)}: {state_words(domain)}\n\n"
    where = f"{domain.noun} {_code(domain.id)} in {prose(domain.region)}, stack {_code(stack_of(domain))}\n\n"
    found = list(rows(domain))
    said = "".join(f"{_words(row.words)}\n\n" for row in found if not row.path)
    compared = [row for row in found if row.path]
    if not compared:
        return title + where + said
    table = "| property | declared | live | what happened |\n|---|---|---|---|\n"
    for row in compared:
        cells = (_code(row.path), _code(row.declared), _code(row.live), _words(row.words))
        table += f"| {' | '.join(cells)} |\n"
    return title + where + said + table


def _code(text: str) -> str:
    return code(text) if text else ""


def _words(text: str) -> str:
    """Words in which a line end, as our own errors have it, is a semicolon."""
    return prose(text.replace("\n", "; "))
