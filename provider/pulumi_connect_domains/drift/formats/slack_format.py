"""Slack: the payload for an incoming webhook, with only what matters.

Source: Slack's Block Kit: 50 blocks a message, 3,000 characters a section, 150 a header; &, < and > are escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...reporting.escaping import json_text, mrkdwn, mrkdwn_code, one_line
from ...reporting.formats import Screen
from .. import wording
from ..model import DomainReport, Earlier, Problem, Report

MOST_DOMAINS = 20
MOST_ROWS = 10
SECTION_CHARACTERS = 3_000
HEADER_CHARACTERS = 150
SIGNS = {
    "in_sync": ":white_check_mark:",
    "drifted": ":warning:",
    "missing": ":x:",
    "suspended": ":x:",
    "unreadable": ":question:",
}


def slack(report: Report, _screen: Screen) -> str:
    """A message: the counts as its header and notification text, a section for each domain that needs attention."""
    line = wording.headline(report)
    listed = wording.attention_first(report)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(line, HEADER_CHARACTERS)}},
        *(_section(_of_domain(domain)) for domain in listed[:MOST_DOMAINS]),
    ]
    if len(listed) > MOST_DOMAINS:
        blocks.append(_section(f"… and {len(listed) - MOST_DOMAINS} more domains"))
    for title, things in wording.earlier(report):
        blocks += [_section(_earlier(title, things))] if things else []
    if report.notes:
        blocks.append(_section("\n".join(f"*Note* {mrkdwn(one_line(each))}" for each in report.notes)))
    if report.problems:
        blocks.append(_section("\n".join(map(_problem, report.problems))))
    if report.unmanaged_domains:
        names = ", ".join(
            mrkdwn_code(each.name) + (f" ({each.since})" if each.since else "") for each in report.unmanaged_domains
        )
        blocks.append(_section(f"*Unmanaged domains* {names}"))
    about = " · ".join(
        part for part in (wording.scope(report), *wording.further_counts(report), report.started_at) if part
    )
    blocks.append({"type": "context", "elements": [_text(about)]})
    return json_text({"text": line, "blocks": blocks})


def _of_domain(domain: DomainReport) -> str:
    lines = [
        f"{SIGNS[wording.shown_status(domain)]} *{mrkdwn(domain.name)}* {wording.state_words(domain)} · "
        f"{mrkdwn(wording.stack_of(domain))}, {mrkdwn_code(domain.id)}, {mrkdwn(domain.region)}"
    ]
    found = list(wording.report_lines(domain))
    for each in found[:MOST_ROWS]:
        sides = " → ".join(map(mrkdwn, each.sides))
        compared = [mrkdwn_code(each.path), *([sides] if sides else []), f"_{mrkdwn(each.told)}_"]
        lines.append(f"• {' '.join(compared)}" if each.path else f"• {mrkdwn(each.told)}")
    if len(found) > MOST_ROWS:
        lines.append(f"• … and {len(found) - MOST_ROWS} more")
    return "\n".join(lines)


def _earlier(title: str, things: Sequence[Earlier]) -> str:
    lines = [
        f"• {mrkdwn_code(each.name)} {mrkdwn(wording.what_was(each))}, {mrkdwn(wording.where_was(each))}"
        for each in things[:MOST_ROWS]
    ]
    more = [f"• … and {len(things) - MOST_ROWS} more"] if len(things) > MOST_ROWS else []
    return "\n".join([f"*{title}*", *lines, *more])


def _problem(problem: Problem) -> str:
    return f":question: *{mrkdwn(problem.origin)}* {mrkdwn(one_line(problem.reason))}"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _text(text)}


def _text(text: str) -> dict[str, Any]:
    """A text object; addresses and names in it stay plain text."""
    return {"type": "mrkdwn", "text": _cut(text, SECTION_CHARACTERS), "verbatim": True}


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1] + "…"
