"""What is live: every expected domain is read once, paced, in parallel, and no failure stops the others.

Accounts and regions are read side by side. A domain is given to a worker only when a call of its bucket is due, so workers never
queue for a slow account while a fast one has room.
"""

from __future__ import annotations

import heapq
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeVar

from ..aws import Rates
from ..interrupts import workers
from ..model import documents
from ..model.errors import AwsError, ConfigurationError, ConnectDomainsError
from ..model.path import Path
from ..model.resource_type import ResourceType
from ..model.values import Json
from ..operations import reading
from ..operations.call import Call, Clock
from ..operations.calls import Calls
from ..operations.configuration import Configuration
from .state import Expectation

Verdict = TypeVar("Verdict")

WORKERS = 16
WORKERS_PER_BUCKET = 2
MOST_WORKERS = 64


@dataclass(frozen=True)
class Reading:
    """What came of one read: `live`, or neither for a domain that AWS does not have, or why it could not be read.

    `bug` is the traceback where the reason is a mistake of this program.
    """

    live: Json | None = None
    reason: str = ""
    error_code: str = ""
    bug: str = ""


class Reader:
    """Reads domains: as whom, how fast, and with how many workers (more where there are many buckets). For one check."""

    def __init__(
        self, assume_role: str = "", rates: Rates | None = None, workers: int = WORKERS, clock: Clock | None = None
    ) -> None:
        self._rates = rates or Rates()
        self.workers = workers
        self.clock = clock or Clock()
        self._calls = Calls(assume_role, self._rates, self.clock)

    def read_all(
        self,
        expectations: Sequence[Expectation],
        judge: Callable[[Expectation, Reading], Verdict],
        on_read: Callable[[int], None] = lambda done: None,
    ) -> list[Verdict]:
        """What `judge` makes of each domain once it is read, in the order of the expectations. `on_read` is told how many are done.

        Judging is done by the worker that read, while others wait for their answers.
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
        """The positions of all expectations, each at the moment when a call of its bucket is due."""
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

    def call(self, type: ResourceType, account: str, region: str, configuration: Configuration) -> Call:
        """The call to the account and region, as `Calls.to` makes it."""
        return self._calls.to(type, account, region, configuration)

    def _judged(self, judge: Callable[[Expectation, Reading], Verdict], expected: Expectation) -> Verdict:
        reading = self._read(expected)
        try:
            return judge(expected, reading)
        except Exception as error:  # noqa: BLE001 - as in _read
            return judge(expected, _bug(error))

    def _read(self, expected: Expectation) -> Reading:
        if expected.flaw:
            return Reading(reason=expected.flaw)
        try:
            if not expected.region and Path(("region",)) in expected.secrets:
                raise ConfigurationError("the export holds its region encrypted; --show-secrets lets it be read")
            call = replace(
                self.call(expected.type, expected.account, expected.region, expected.configuration),
                known=(expected.inputs, documents.declared_values(expected.type.schema, expected.known)),
            )
            live = _patiently(call, expected)
        except AwsError as error:
            return Reading(reason=str(error), error_code=error.code)
        except ConnectDomainsError as error:
            return Reading(reason=str(error))
        except Exception as error:  # noqa: BLE001 - whatever breaks for one domain, the others are still read
            return _bug(error)
        return Reading(live)


def _bug(error: Exception) -> Reading:
    """The reading of a domain at which this program failed."""
    reason = f"connect-domains has a bug: {type(error).__name__} (the traceback is on standard error)"
    return Reading(reason=reason, bug="".join(traceback.format_exception(error)))


def _patiently(call: Call, expected: Expectation) -> Json | None:
    """What is live, through throttling. What is as good as gone is seen too."""
    functions = expected.type.functions
    look = functions.look or functions.read
    return reading.patiently(lambda: reading.live(call, expected.id, expected.known, expected.inputs, look))


def _interval_seconds(rates: Rates, type: ResourceType) -> float:
    """The time between the starts of two reads of one bucket: that of the slowest operation that a read makes."""
    operations = [action.partition(":")[2] for action in type.schema.permissions.get("read", ())]
    return rates.slowest_interval_seconds(type.schema.calls_per_second, operations)
