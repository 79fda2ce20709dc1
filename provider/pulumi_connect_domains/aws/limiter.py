"""Calls under AWS's quotas: those of one bucket start evenly spaced, so that none is throttled and none is lost.

A bucket is what AWS counts by: one operation of a service in one account and Region. The quotas stand in each resource's schema, as AWS
publishes them; bursts are documented nowhere, so none is assumed. Whoever makes many calls has one limiter for all of them: a drift check
and an import go by the published quotas; the provider sets no rate, since the engine's own `--parallel` does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

HEADROOM = 0.95
"""The share of a rate that is used: calls that travel at different speeds arrive closer together than they were sent."""

DEFAULT_RATE = 1.0  # calls per second, for an operation that has no published quota

Bucket = tuple[str, str, str, str]
"""Service, account, Region, operation."""


class Clock(Protocol):
    """Seconds, and sleeping."""

    def monotonic(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float, /) -> None:
        """The seconds are over."""


@dataclass(frozen=True)
class Rates:
    """Calls per second and bucket. `everywhere` replaces the published quotas (0: no limit), `of_operation` the rate of single ones."""

    everywhere: float | None = None
    of_operation: Mapping[str, float] = field(default_factory=dict)

    def interval_seconds(self, quotas: Mapping[str, float], operation: str) -> float:
        """The time between the starts of two calls; 0 where there is no limit. `quotas` are the published ones, by operation."""
        published = quotas.get(operation, DEFAULT_RATE) if self.everywhere is None else self.everywhere
        rate = self.of_operation.get(operation, published)
        return 1 / (rate * HEADROOM) if rate else 0.0

    def slowest_interval_seconds(self, quotas: Mapping[str, float], operations: Iterable[str]) -> float:
        """The time between the starts of two rounds of calls: that of the slowest of the operations that have a published quota."""
        counted = [each for each in operations if each in quotas]
        return max((self.interval_seconds(quotas, each) for each in counted), default=0.0)


class Limiter:
    """The next free moment of every bucket. Thread-safe."""

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self.rates = rates
        self._clock = clock
        self._free: dict[Bucket, float] = {}
        self._lock = threading.Lock()

    def wait(self, bucket: Bucket, interval_seconds: float) -> None:
        """It is this call's turn: the last one of its bucket began an interval ago, or longer."""
        with self._lock:
            now = self._clock.monotonic()
            start = max(now, self._free.get(bucket, now))
            self._free[bucket] = start + interval_seconds
        if start > now:
            self._clock.sleep(start - now)


UNLIMITED = Limiter(Rates(everywhere=0), time)
"""Lets every call go at once."""
