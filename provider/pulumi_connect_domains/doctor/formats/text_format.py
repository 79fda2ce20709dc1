"""Text for a terminal or a log: a line for each check, what to do below it, and the counts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from ...model.wording import counted
from ...reporting.escaping import line
from ...reporting.formats import Screen
from ..model import STATUSES, Check, Report, Status

COLOURS: dict[Status, str] = {"ok": "green", "warning": "yellow", "failed": "red", "skipped": "bright_black"}
GAP = 2
NARROWEST = 30
"""The least width of the last column. Where a terminal is narrower, its lines run on."""


def text(report: Report, screen: Screen) -> str:
    """The report as people read it. Lines are wrapped on a terminal only."""
    names = max(len(check.name) for check in report.checks)
    return "\n".join([*(each for check in report.checks for each in _lines(check, names, screen)), _summary(report)])


def _lines(check: Check, names: int, screen: Screen) -> Iterator[str]:
    statuses = max(map(len, STATUSES))
    indent = statuses + GAP + names + GAP
    width = None if screen.width is None else max(screen.width - indent, NARROWEST)
    status = check.status.ljust(statuses)
    shown = click.style(status, fg=COLOURS[check.status]) if screen.has_colour else status
    told = [f"→ {check.advice}"] if check.advice else []
    first, *others = [each for words in (check.found, *told) for each in _wrapped(line(words), width)]
    yield f"{shown}{' ' * GAP}{check.name.ljust(names)}{' ' * GAP}{first}"
    yield from (f"{' ' * indent}{each}" for each in others)


def _wrapped(words: str, width: int | None) -> list[str]:
    if width is None:
        return [words]
    return textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False) or [""]


def _summary(report: Report) -> str:
    counts = report.counts
    parts = [f"{counts[status]} {status}" for status in STATUSES if counts[status]]
    return f"\n{counted(counts['checks'], 'check')}: {', '.join(parts)} ({report.seconds:.1f} s)"
