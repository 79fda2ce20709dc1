"""Reads every expected resource once: in parallel, and no faster than AWS allows. A failure of one stops no other.

A *bucket* is one resource type in one account and Region: AWS limits the calls of each by itself. A domain is given to a worker only when
its bucket may be called again. So no worker waits for one bucket while another could be read.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import count
from typing import TypeVar

from ..aws import Rates
from ..interrupts import workers
from ..model import documents
from ..model.errors import ConfigurationError
from ..model.path import Path
from ..model.resource_type import Clock, ResourceType
from ..model.values import Json
from ..operations import reading
from ..operations.command_calls import CommandCalls
from ..operations.reading import Reading, attempt
from .state import Expectation

Verdict = TypeVar("Verdict")

WORKERS = 16
WORKERS_PER_BUCKET = 2
MOST_WORKERS = 64


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
        expectations: Sequence[Expectation],
        judge: Callable[[Expectation, Reading], Verdict],
        on_read: Callable[[int], None] = lambda done: None,
    ) -> list[Verdict]:
        """What `judge` makes of each domain, in the order of the expectations. `on_read` is called with the number of those that are done.

        The worker that has read a domain judges it too, while others wait for AWS.
        """
        buckets = {each.place[:3] for each in expectations}
        verdicts: dict[int, Future[Verdict]] = {}
        done = count(1)
        with workers(min(MOST_WORKERS, max(self.workers, WORKERS_PER_BUCKET * len(buckets))), "drift") as pool:
            for position in self._when_due(expectations):
                verdicts[position] = pool.submit(self._judged, judge, expectations[position])
                verdicts[position].add_done_callback(lambda _: on_read(next(done)))
            return [verdicts[position].result() for position in range(len(expectations))]

    def _when_due(self, expectations: Sequence[Expectation]) -> Iterator[int]:
        """The positions of all expectations, each at the moment when its bucket may be called again."""
        waiting: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
        for position, each in enumerate(expectations):
            waiting[each.place[:3]].append(position)
        begin = self.clock.monotonic()
        due = [(begin, order, bucket) for order, bucket in enumerate(waiting)]
        while due:
            moment, order, bucket = heapq.heappop(due)
            if (early := moment - self.clock.monotonic()) > 0:
                self.clock.sleep(early)
            position = waiting[bucket].popleft()
            yield position
            if waiting[bucket]:
                interval = _interval_seconds(self._rates, expectations[position].type)
                heapq.heappush(due, (moment + interval, order, bucket))

    def _judged(self, judge: Callable[[Expectation, Reading], Verdict], expected: Expectation) -> Verdict:
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


def _interval_seconds(rates: Rates, type: ResourceType) -> float:
    """The seconds between the starts of two reads in one bucket, as the slowest AWS operation that a read makes demands."""
    operations = [action.partition(":")[2] for action in type.schema.permissions.get("read", ())]
    return rates.slowest_interval_seconds(type.schema.calls_per_second, operations)
