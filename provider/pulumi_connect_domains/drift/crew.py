"""The workers of a check, and whose turn it is.

Nobody hands out the work: each worker takes the next domain that is due. So where the processor is what limits a check, no thread waits
for another one, which would cost more than the judging of a domain.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Condition

from ..interrupts import workers
from ..model.resource_type import Clock
from .model import DomainReport
from .scratch import Bucket
from .state import Expectation

WORKERS_PER_BUCKET = 2
OPEN_BUCKETS = 256
"""How many buckets are read at a time. At 5 calls a second each, they keep every processor busy. Clients of others are not held."""

LATE_SECONDS, LOOKS_EVERY_SECONDS, BUSY = 0.1, 0.5, 0.8
"""There are more workers when a domain has waited so long, looked at so often, unless the check takes this part of a processor's time."""


@dataclass(eq=False)
class Line:
    """The domains of one bucket that wait for their turn, each with its position. `running` are being read."""

    bucket: Bucket
    domains: Iterator[tuple[int, Expectation]]
    interval_seconds: float
    free_at: float = 0.0
    running: int = 0
    is_held_up: bool = False
    """Whether so many of its domains are being read that the next has to wait for one of them."""
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.bucket.size

    @property
    def is_done(self) -> bool:
        """Whether all of its domains have been read."""
        return not (self.left or self.running)


class Turns:
    """Which bucket may be called next, and when. Buckets are opened in the order of the lines, and others when they are done.

    While there are many buckets, one whose AWS does not answer keeps few of the `workers`.
    """

    def __init__(self, lines: Sequence[Line], workers: int, clock: Clock) -> None:
        self.workers = workers
        self._closed = deque(lines)
        self._clock = clock
        self._due: list[tuple[float, int, Line]] = []
        self._order = count()
        self._open = 0
        self._refill()

    @property
    def are_over(self) -> bool:
        """Whether every domain has been taken and answered."""
        return not self._open

    def next_one(self) -> tuple[Line | None, float | None]:
        """The line whose next domain is to be read now, and how many seconds it has waited for a worker.

        Without one: the seconds until there is one, or None if a domain has to be answered first.
        """
        while self._due:
            moment, _, line = self._due[0]
            now = self._clock.monotonic()
            if moment > now:
                return None, moment - now
            heapq.heappop(self._due)
            if line.running >= max(WORKERS_PER_BUCKET, self.workers // self._open):
                line.is_held_up = True
                continue
            line.left, line.running, line.free_at = line.left - 1, line.running + 1, moment + line.interval_seconds
            if line.left:
                self._push(line)
            return line, now - moment
        return None, None

    def answered(self, line: Line) -> None:
        """A domain of the line has been read."""
        line.running -= 1
        if line.is_held_up:
            line.is_held_up = False
            self._push(line)
        if line.is_done:
            self._open -= 1
            self._refill()

    def _refill(self) -> None:
        while self._closed and self._open < OPEN_BUCKETS:
            line = self._closed.popleft()
            line.free_at = self._clock.monotonic()
            self._open += 1
            self._push(line)

    def _push(self, line: Line) -> None:
        heapq.heappush(self._due, (line.free_at, next(self._order), line))


Task = tuple[Line, int, Expectation]


class Crew:
    """Threads that read all domains. `read` is called by several at once, `store` by one at a time, with what `read` returns."""

    def __init__(
        self,
        turns: Turns,
        clock: Clock,
        read: Callable[[Expectation], DomainReport],
        store: Callable[[Line, int, Expectation, DomainReport], None],
    ) -> None:
        self._turns, self._clock, self._read, self._store = turns, clock, read, store
        self._change = Condition()
        self._error: BaseException | None = None
        self._is_stopped = False
        self._has_keeper = False
        """Whether a worker waits for the moment when the next domain is due. The others wait until somebody wakes them."""
        self._looked = (clock.monotonic(), time.process_time())

    def run(self, number: int, most: int) -> None:
        """All domains have been read. There are `number` workers, and up to `most` where it is AWS that is slow.

        Raises: what `read` or `store` raised first.
        """
        with workers(most, "drift") as self._pool, self._change:
            self._most = most
            self._add(number)
            try:
                while not self._is_over:
                    self._change.wait()
            finally:
                self._is_stopped = True
                self._change.notify_all()
        if self._error:
            raise self._error

    @property
    def _is_over(self) -> bool:
        return self._is_stopped or self._error is not None or self._turns.are_over

    def _add(self, number: int) -> None:
        for _ in range(number):
            self._pool.submit(self._work)

    def _work(self) -> None:
        try:
            while task := self._next():
                line, position, expected = task
                report = self._read(expected)
                with self._change:
                    self._turns.answered(line)
                    self._store(line, position, expected, report)
        except BaseException as error:  # noqa: BLE001 - raised again by `run`
            with self._change:
                self._error = self._error or error
                self._change.notify_all()

    def _next(self) -> Task | None:
        """The next domain, when it is due; None when there is nothing left to do."""
        with self._change:
            while not self._is_over:
                line, seconds = self._turns.next_one()
                if line:
                    self._look(seconds or 0.0)
                    self._change.notify()  # another one sees what is due after this
                    return (line, *next(line.domains))
                if seconds is None or self._has_keeper:
                    self._change.wait()
                else:
                    self._has_keeper = True
                    self._change.wait(seconds)
                    self._has_keeper = False
            self._change.notify_all()
            return None

    def _look(self, late_seconds: float) -> None:
        """Adds workers where domains wait for one. Where the processor is busy, they would only be in each other's way."""
        now, used = self._clock.monotonic(), time.process_time()
        seconds = now - self._looked[0]
        if seconds < LOOKS_EVERY_SECONDS:
            return
        is_busy = used - self._looked[1] > BUSY * seconds
        self._looked = now, used
        number = self._turns.workers
        if late_seconds > LATE_SECONDS and not is_busy and number < self._most:
            more = min(number, self._most - number)
            self._turns.workers += more
            self._add(more)
