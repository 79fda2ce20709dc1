"""Keeps calls within AWS's quotas: the calls of one bucket start evenly spaced, so that AWS throttles none.

A bucket is what AWS counts by: one operation of a service in one account and Region. The quotas are in each resource's schema, as AWS
publishes them. AWS does not document bursts, so none are made. A drift check or an import has one limiter for all of its calls. The
provider's calls are not limited: for the few domains of most programs that would only cost time. Where AWS throttles them, they take the
`Pace` that AWS lets through, and so does a command where others use up the quota.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..model.resource_type import Clock
from .pausing import pause

HEADROOM = 0.97
"""The share of a quota that is used. Calls may arrive closer together than they were sent, since some travel faster."""

NEARLY = 0.02
"""The part of an interval by which a call may start early: less than the headroom, and not worth a pause."""

DEFAULT_RATE = 1.0  # calls per second, for an operation that has no published quota

Bucket = tuple[str, str, str, str]
"""Service, account, Region, operation."""


@dataclass(frozen=True)
class Rates:
    """Calls per second in a bucket. `everywhere` replaces all published quotas (0: no limit), `of_operation` those of single operations."""

    everywhere: float | None = None
    of_operation: Mapping[str, float] = field(default_factory=dict)

    def interval_seconds(self, quotas: Mapping[str, float], operation: str) -> float:
        """The time between the starts of two calls; 0 where there is no limit. `quotas` are the published quotas, by operation."""
        published = quotas.get(operation, DEFAULT_RATE) if self.everywhere is None else self.everywhere
        rate = self.of_operation.get(operation, published)
        return 1 / (rate * HEADROOM) if rate else 0.0

    def slowest_interval_seconds(self, quotas: Mapping[str, float], operations: Iterable[str]) -> float:
        """The time between the starts of two rounds of calls: the longest one of those operations that have a published quota."""
        counted = [each for each in operations if each in quotas]
        return max((self.interval_seconds(quotas, each) for each in counted), default=0.0)


FEW_BUCKETS = 1_000


class Limiter:
    """Makes every call wait for its turn. Thread-safe. It forgets a bucket that may be called at once: it knows nothing of such a one."""

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self.rates = rates
        self._clock = clock
        self._free: dict[Bucket, float] = {}
        self._most = FEW_BUCKETS
        self._lock = threading.Lock()

    def wait(self, bucket: Bucket, interval_seconds: float) -> None:
        """Returns when the call may start: at the earliest one interval after the start of the last call of its bucket."""
        with self._lock:
            now = self._clock.monotonic()
            start = max(now, self._free.get(bucket, now))
            self._free[bucket] = start + interval_seconds
            if len(self._free) > self._most:
                self._free = {each: free for each, free in self._free.items() if free > now}
                self._most = max(FEW_BUCKETS, 2 * len(self._free))
        if start - now > interval_seconds * NEARLY:
            self._clock.sleep(start - now)


UNLIMITED = Limiter(Rates(everywhere=0), Clock())
"""Lets every call start at once."""


FIRST_INTERVAL_SECONDS = 0.2
MOST_INTERVAL_SECONDS = 30.0
WIDER, NARROWER = 1.5, 0.95


class Pace:
    """How fast AWS lets one operation through in one account and Region. Thread-safe.

    Calls start at once until AWS throttles one. From then on they start an interval apart, in the order in which they came. The interval
    grows when AWS throttles another, at most once within an interval, and shrinks with each call that AWS lets through.
    Without it, threads that try again by chance take each other's turns: with hundreds of domains, one of them loses all its tries.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._interval = self._free = self._widened = 0.0

    def wait(self) -> None:
        """Returns when the call may start. Raises: Cancelled."""
        with self._lock:
            now = time.monotonic()
            start = max(now, self._free)
            self._free = start + self._interval
        if start > now:
            pause(start - now)

    def throttled(self) -> None:
        """AWS has throttled a call."""
        with self._lock:
            now = time.monotonic()
            if not self._interval or now >= self._widened + self._interval:
                wider = self._interval * WIDER or FIRST_INTERVAL_SECONDS
                self._interval, self._widened = min(wider, MOST_INTERVAL_SECONDS), now
            self._free = max(self._free, now + self._interval)

    def let_through(self) -> None:
        """AWS has carried out a call."""
        with self._lock:
            narrower = self._interval * NARROWER
            self._interval = narrower if narrower > FIRST_INTERVAL_SECONDS / 10 else 0.0
