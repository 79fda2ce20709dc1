"""Reads every expected resource once: in parallel, and no faster than AWS allows. A failure of one stops no other.

A *bucket* is one resource type in one account and Region: AWS limits the calls of each by itself. A domain is given to a worker only when
its bucket may be called again. So no worker waits for one bucket while another could be read.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from queue import Empty, SimpleQueue
from typing import TypeAlias

from ..aws import Rates
from ..interrupts import workers
from ..model import documents
from ..model.errors import ConfigurationError
from ..model.path import Path
from ..model.resource_type import Clock
from ..model.values import Json
from ..operations import reading
from ..operations.command_calls import CommandCalls
from ..operations.reading import Reading, attempt
from ..registry import resource_types
from .model import DomainReport
from .scratch import Bucket, Scratch
from .state import Expectation

WORKERS = 16
WORKERS_PER_BUCKET = 2
MOST_WORKERS = 64
LOOKS_EVERY_SECONDS, BUSY = 0.5, 0.8
"""How often it is looked whether more workers would help, and from which part of a processor's time on they would not."""

OPEN_BUCKETS = 256
"""How many buckets are read at a time. At 5 calls a second each, they keep every processor busy. Clients of others are not held."""


class Reader:
    """Reads the domains of one check. `workers` is how many are read at a time; there are more where there are many buckets."""

    def __init__(
        self, assume_role: str = "", rates: Rates | None = None, workers: int = WORKERS, clock: Clock | None = None
    ) -> None:
        self._rates = rates or Rates()
        self.workers = workers
        self.clock = clock or Clock()
        self.calls = CommandCalls(assume_role, self._rates, self.clock)

    def read_all(
        self,
        scratch: Scratch,
        judge: Callable[[Expectation, Reading], DomainReport],
        on_read: Callable[[Expectation, DomainReport], None],
    ) -> None:
        """Stores what `judge` makes of each domain in the scratch. `on_read` is called with each that is done, by the caller's thread.

        The worker that has read a domain judges it too, while others wait for AWS.
        """
        lines = [
            _Line(each, scratch.of_bucket(each), self._interval_seconds(each)) for each in scratch.buckets if each.size
        ]
        lines.sort(key=lambda each: (-each.left * each.interval_seconds, each.bucket.account, each.bucket.region))
        left = Counter(each for line in lines for each in _places(line.bucket))
        most = min(MOST_WORKERS, max(self.workers, WORKERS_PER_BUCKET * len(lines)))
        answered: SimpleQueue[_Answer] = SimpleQueue()

        def read(line: _Line, position: int, expected: Expectation) -> None:
            found: DomainReport | BaseException
            try:
                found = self._judged(judge, expected)
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that takes the answers
                found = error
            answered.put((line, position, expected, found))

        def take(seconds: float | None) -> None:
            """Stores the next answer, if one comes in time."""
            if seconds is not None and not turns.running:
                self.clock.sleep(seconds)
                return
            try:
                line, position, expected, found = answered.get(timeout=seconds)
            except Empty:
                return
            turns.answered(line)
            if line.is_done:
                self._leave(line.bucket, left)
            if isinstance(found, BaseException):
                raise found
            scratch.report(position, line.bucket.number, found)
            on_read(expected, found)

        turns = _Turns(lines, self.workers, most, self.clock)
        with workers(most, "drift") as pool:
            while not turns.are_over:
                line, seconds = turns.next_one()
                if line:
                    pool.submit(read, line, *next(line.domains))
                else:
                    take(seconds)

    def _leave(self, bucket: Bucket, left: Counter[tuple[str, str]]) -> None:
        """Lets go of what is held for the bucket's account and Region, and for the account, when no other bucket needs it."""
        for account, region in _places(bucket):
            left[account, region] -= 1
            if not left[account, region]:
                del left[account, region]
                self.calls.finished(account, region)

    def _interval_seconds(self, bucket: Bucket) -> float:
        """The seconds between the starts of two reads in the bucket, as the slowest AWS operation that a read makes demands."""
        schema = resource_types()[bucket.type].schema
        operations = [action.partition(":")[2] for action in schema.permissions.get("read", ())]
        return self._rates.slowest_interval_seconds(schema.calls_per_second, operations)

    def _judged(self, judge: Callable[[Expectation, Reading], DomainReport], expected: Expectation) -> DomainReport:
        try:
            return judge(
                expected, Reading(reason=expected.flaw) if expected.flaw else attempt(lambda: self._live(expected))
            )
        except Exception as error:  # noqa: BLE001 - a mistake in judging one domain does not stop the others
            return judge(expected, reading.of_bug(error))

    def _live(self, expected: Expectation) -> Json | None:
        """What is live, also of a domain that is as good as deleted. Raises: ConnectDomainsError."""
        if not expected.region and Path(("region",)) in expected.secrets:
            raise ConfigurationError("the export holds its region encrypted; --show-secrets lets it be read")
        type = expected.type
        call = replace(
            self.calls.to(type, expected.account, expected.region, expected.configuration),
            known=(expected.inputs, documents.declared_values(type.schema, expected.known)),
        )
        return reading.live(call, expected.id, expected.known, expected.inputs, type.functions.look)


def _places(bucket: Bucket) -> tuple[tuple[str, str], tuple[str, str]]:
    """The account and the Region, and the account with any."""
    return (bucket.account, bucket.region), (bucket.account, "")


@dataclass(eq=False)
class _Line:
    """The domains of one bucket that wait for their turn. `running` are being read."""

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


_Answer: TypeAlias = tuple[_Line, int, Expectation, DomainReport | BaseException]


class _Turns:
    """Which bucket may be called next, and when. Buckets are opened in the order of the lines, and others when they are done.

    No more domains are given out than the workers can read soon. There are `workers` at first, and up to `most` while domains wait though
    the processor does not: then it is AWS that is slow. While there are many buckets, one whose AWS does not answer keeps few workers.
    """

    def __init__(self, lines: Sequence[_Line], workers: int, most: int, clock: Clock) -> None:
        self._closed = deque(lines)
        self._workers, self._clock = workers, clock
        self._most = most
        self._looked = (clock.monotonic(), time.process_time())
        self._due: list[tuple[float, int, _Line]] = []
        self._order = count()
        self._open = 0
        self.running = 0
        self._refill()

    @property
    def are_over(self) -> bool:
        """Whether every domain has been given out and answered."""
        return not self._open

    def next_one(self) -> tuple[_Line | None, float | None]:
        """The line whose next domain is to be read now. Without one: the seconds until there is one, or None if answers come first."""
        while self._due:
            moment, _, line = self._due[0]
            if (early := moment - self._clock.monotonic()) > 0:
                return None, early
            if self.running >= self._workers:
                self._add_workers()
                if self.running >= self._workers:
                    return None, None
            heapq.heappop(self._due)
            if line.running >= max(WORKERS_PER_BUCKET, self._workers // self._open):
                line.is_held_up = True
                continue
            line.left, line.running, line.free_at = line.left - 1, line.running + 1, moment + line.interval_seconds
            self.running += 1
            if line.left:
                self._push(line)
            return line, None
        return None, None

    def answered(self, line: _Line) -> None:
        """A domain of the line has been read."""
        line.running -= 1
        self.running -= 1
        if line.is_held_up:
            line.is_held_up = False
            self._push(line)
        if line.is_done:
            self._open -= 1
            self._refill()

    def _add_workers(self) -> None:
        """Looks now and then whether more workers would read more. Where the processor is busy, they would only be in each other's way."""
        now, used = self._clock.monotonic(), time.process_time()
        seconds = now - self._looked[0]
        if seconds >= LOOKS_EVERY_SECONDS:
            if used - self._looked[1] < BUSY * seconds:
                self._workers = min(self._most, self._workers * 2)
            self._looked = now, used

    def _refill(self) -> None:
        while self._closed and self._open < OPEN_BUCKETS:
            line = self._closed.popleft()
            line.free_at = self._clock.monotonic()
            self._open += 1
            self._push(line)

    def _push(self, line: _Line) -> None:
        heapq.heappush(self._due, (line.free_at, next(self._order), line))
