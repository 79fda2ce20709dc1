"""Slack: the payload for an incoming webhook, with only what matters.

Source: Slack's Block Kit: 50 blocks a message, 3,000 characters a section, 150 a header; &, < and > are escaped.
"""

from __future__ import annotations

import json
from typing import Any

from ..model import DomainReport, Report
from ..wording import attention_first, further_counts, headline, rows, scope, shown, stack_of, state_words
from .screen import Screen

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
    line = headline(report)
    listed = [domain for domain in attention_first(report) if domain.needs_attention]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(line, HEADER_CHARACTERS)}},
        *(_section(_of_domain(domain)) for domain in listed[:MOST_DOMAINS]),
    ]
    if len(listed) > MOST_DOMAINS:
        blocks.append(_section(f"… and {len(listed) - MOST_DOMAINS} more domains"))
    if report.problems:
        blocks.append(
            _section("\n".join(f":question: *{_safe(each.origin)}* {_safe(each.reason)}" for each in report.problems))
        )
    if report.unmanaged_domains:
        names = ", ".join(f"`{_code(shown(each.name))}`" for each in report.unmanaged_domains)
        blocks.append(_section(f"*Unmanaged domains* {names}"))
    about = " · ".join(part for part in (scope(report), *further_counts(report), report.started_at) if part)
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _cut(_safe(about), SECTION_CHARACTERS)}]})
    return json.dumps({"text": _safe(line), "blocks": blocks}, indent=2, ensure_ascii=False)


def _of_domain(domain: DomainReport) -> str:
    sign = SIGNS["drifted"] if domain.status == "in_sync" and domain.is_wrong else SIGNS[domain.status]
    lines = [
        f"{sign} *{_safe(domain.name)}* {state_words(domain)} · {_safe(stack_of(domain))}, "
        f"`{_code(domain.id)}`, {_safe(domain.region)}"
    ]
    found = list(rows(domain))
    for row in found[:MOST_ROWS]:
        path = f"`{_code(row.path)}` " if row.path else ""
        sides = (
            f"{_safe(row.declared)} → {_safe(row.live)} "
            if row.declared and row.live
            else f"{_safe(row.live)} "
            if row.live
            else ""
        )
        lines.append(f"• {path}{sides}_{_safe(row.words)}_" if row.path else f"• {_safe(row.words)}")
    if len(found) > MOST_ROWS:
        lines.append(f"• … and {len(found) - MOST_ROWS} more")
    return "\n".join(lines)


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, SECTION_CHARACTERS)}}


def _safe(text: str) -> str:
    """The text with Slack's control characters escaped; mentions (`<!here>`) become harmless by that."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(text: str) -> str:
    return _safe(text).replace("`", "'")


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1] + "…"
