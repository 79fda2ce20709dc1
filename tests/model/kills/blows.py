"""Moments of a command, and the blows that can be dealt at them, as values."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ..declared import Kill

Victim = Literal["engine", "program", "host"]
VICTIMS: tuple[Victim, ...] = ("engine", "program", "host")
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Moment:
    """Before or after the n-th call of AWS is carried out, or the n-th file of the backend takes its place."""

    at: Literal["aws", "write"]
    number: int
    before: bool
    what: str = field(default="", compare=False)
    """For people: the operation, or the file."""

    def __str__(self) -> str:
        return f"{'before' if self.before else 'after'} {self.at} {self.number} ({self.what})"


@dataclass(frozen=True, repr=False)
class Blow(Kill):
    """A signal for one of the processes, at a moment."""

    at: Literal["aws", "write"]  # type: ignore[assignment]  # a real process has other moments than one that is played
    victim: Victim = "engine"
    signal: signal.Signals = signal.SIGKILL

    @property
    def moment(self) -> Moment:
        return Moment(self.at, self.number, self.before)

    @property
    def is_fatal(self) -> bool:
        """Whether the process ends at once, whatever it does. The engine takes SIGTERM for Ctrl-C."""
        return self.signal == signal.SIGKILL or (self.signal == signal.SIGTERM and self.victim != "engine")


COUNTING = Blow("aws", 0)
"""A blow that never comes: the command runs in real processes, and its moments are counted."""


@dataclass(frozen=True)
class Counted:
    """A moment, and the processes that are there to be struck."""

    moment: Moment
    alive: tuple[Victim, ...]

    def blows(self, victim: Victim, sign: signal.Signals) -> Iterator[Blow]:
        if victim in self.alive:
            moment = self.moment
            yield Blow(moment.at, moment.number, moment.before, victim, sign)
