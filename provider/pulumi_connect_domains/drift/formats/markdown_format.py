"""Markdown for GitHub: step summaries, comments, issues. The counts come first and are never cut."""

from __future__ import annotations

from collections.abc import Iterator

from ...reporting.escaping import length, one_line
from ...reporting.formats import Screen
from ...reporting.markdown import code, fitting, prose, row, table
from .. import wording
from ..model import STATUSES, DomainReport, Report

_ROOM_FOR_THE_END = 600
"""How many parts do not fit, and a link to its run that a workflow may add."""

SIGNS = {"in_sync": "✅", "drifted": "⚠️", "missing": "❌", "suspended": "❌", "unreadable": "❓"}


def markdown(report: Report, screen: Screen) -> str:
    """The report within the characters that a comment may have: domains that do not fit are left out, and the end says how many."""
    head, sections = _head(report), list(_sections(report))
    kept = fitting(sections, screen.most_characters - _ROOM_FOR_THE_END - length(head))
    if more := len(sections) - len(kept):
        kept.append(f"\n… {more} more parts do not fit here; the JSON and HTML reports have them all.\n")
    return "".join([head, *kept]).rstrip("\n")


def _head(report: Report) -> str:
    sign = {0: "✅", 1: "❓"}.get(report.exit_code, "⚠️")
    counts = report.counts
    lines = [f"## {sign} {wording.headline(report)}", ""]
    if report.domains:
        there = [status for status in STATUSES if counts[status]]
        heading = [f"{SIGNS[status]} {wording.STATUS_WORDS[status]}" for status in there]
        lines += [table(heading, [[str(counts[status]) for status in there]], [" ---: "] * len(there)), ""]
    about = [
        *wording.further_counts(report),
        *([] if report.has_nothing_to_check else [f"checked: {wording.scope(report)}"]),
        f"at {report.started_at}",
    ]
    return "\n".join([*lines, " · ".join(about), ""])


def _sections(report: Report) -> Iterator[str]:
    for note in report.notes:
        yield f"\n**Note:** {prose(one_line(note))}\n"
    for problem in report.problems:
        yield f"\n**{prose(problem.origin)}** could not be read: {prose(one_line(problem.reason))}\n"
    yield from map(_of_domain, wording.attention_first(report))
    for title, things in wording.earlier(report):
        if things:
            yield f"\n### {title}\n\n"
        for thing in things:
            yield f"- {_code(thing.name)} {prose(wording.what_was(thing))}, {prose(wording.where_was(thing))}\n"
    if report.unmanaged_domains:
        headings = ["resource", "domain", "id", "account", "region", *(["since"] if report.compared else [])]
        heading = table(headings, [], ["---"] * len(headings))
        yield f"\n### Domains that no checked stack declares\n\n{heading}\n"
        for each in report.unmanaged_domains:
            cells = [_code(cell) for cell in (each.type, each.name, each.id, each.account, each.region)]
            yield f"{row([*cells, each.since or ''][: len(headings)])}\n"


def _of_domain(domain: DomainReport) -> str:
    title = f"\n### {SIGNS[wording.shown_status(domain)]} {prose(domain.name)}: {wording.state_words(domain)}\n\n"
    where = f"{domain.noun} {_code(domain.id)} in {prose(domain.region)}, stack {_code(wording.stack_of(domain))}\n\n"
    found = list(wording.report_lines(domain))
    said = "".join(f"{prose(one_line(each.told))}\n\n" for each in found if not each.path)
    compared = [
        [_code(each.path), _code(each.declared), _code(each.live), prose(one_line(each.told))]
        for each in found
        if each.path
    ]
    if not compared:
        return title + where + said
    return title + where + said + table(["property", "declared", "live", "what happened"], compared, ["---"] * 4) + "\n"


def _code(text: str) -> str:
    return code(text) if text else ""
