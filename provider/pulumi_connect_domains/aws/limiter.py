"""Keeps calls within AWS's quotas: the calls of one bucket start evenly spaced, so that AWS throttles none.

A bucket is what AWS counts by: one operation of a service in one account and Region. The quotas are in each resource's schema, as AWS
publishes them. AWS does not document bursts, so none are made. A drift check or an import has one limiter for all of its calls. The
provider's calls are not limited, since the engine's `--parallel` does that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..model.resource_type import Clock

HEADROOM = 0.95
"""The share of a quota that is used. Calls may arrive closer together than they were sent, since some travel faster."""

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


class Limiter:
    """Makes every call wait for its turn. Thread-safe."""

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self.rates = rates
        self._clock = clock
        self._free: dict[Bucket, float] = {}
        self._lock = threading.Lock()

    def wait(self, bucket: Bucket, interval_seconds: float) -> None:
        """Returns when the call may start: at the earliest one interval after the start of the last call of its bucket."""
        with self._lock:
            now = self._clock.monotonic()
            start = max(now, self._free.get(bucket, now))
            self._free[bucket] = start + interval_seconds
        if start > now:
            self._clock.sleep(start - now)


UNLIMITED = Limiter(Rates(everywhere=0), Clock())
"""Lets every call start at once."""
