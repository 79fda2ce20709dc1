"""What the doctor finds: checks, and the report of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from ..aws import without_secrets

Status = Literal["ok", "warning", "failed", "skipped"]
STATUSES: tuple[Status, ...] = get_args(Status)

WORKS, DOES_NOT_WORK = 0, 1


@dataclass(frozen=True)
class Check:
    """One check: its name, which never changes, how it ended, what was found, and what to do; "" where nothing is to be done."""

    name: str
    status: Status
    found: str
    advice: str = ""

    @classmethod
    def of_error(cls, name: str, error: Exception, status: Status = "failed") -> Check:
        """The check that ended with one of our errors: its first line is what was found, its other lines are what to do."""
        found, *advice = str(error).splitlines() or [type(error).__name__]
        return cls(name, status, found, "; ".join(line for line in advice if not line.startswith("request id ")))

    def safe(self) -> Check:
        """The same, without what a URL may hold that is secret."""
        return Check(self.name, self.status, without_secrets(self.found), without_secrets(self.advice))


@dataclass(frozen=True)
class Report:
    """All checks, in the order in which they are shown."""

    started_at: str
    seconds: float
    tool_version: str
    checks: tuple[Check, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many checks there are, and how many of each status."""
        ended = [check.status for check in self.checks]
        return {"checks": len(ended), **{status: ended.count(status) for status in STATUSES}}

    @property
    def exit_code(self) -> int:
        """1 where a check failed. Warnings change nothing."""
        return DOES_NOT_WORK if self.counts["failed"] else WORKS
