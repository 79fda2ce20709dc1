"""The verdicts as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...reporting.escaping import line
from ...reporting.formats import Screen
from ..verdicts import Verdict


def text(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """A line for each failure, each warning and each thing that was looked at, and one with the totals."""
    return "\n".join(_lines([verdict.as_written for verdict in verdicts]))


def _lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        yield from (line(f"{verdict.file}: {failure}") for failure in verdict.failures)
        yield from (line(f"{verdict.file}: warning: {item} [{item.rule}]") for item in verdict.advice)
        yield from (line(f"{verdict.file}: {each.path}: {each.status}: {each.text}") for each in verdict.live)
    mistakes = sum(len(verdict.failures) for verdict in verdicts)
    warnings = sum(len(verdict.advice) for verdict in verdicts)
    seen = [each.status for verdict in verdicts for each in verdict.live]
    counts = ""
    if any(verdict.is_live for verdict in verdicts):
        counts = f", looked at: {len(seen)}, failed: {seen.count('failed')}, cannot tell: {seen.count('cannot tell')}"
    yield f"documents: {len(verdicts)}, mistakes: {mistakes}, warnings: {warnings}{counts}"
