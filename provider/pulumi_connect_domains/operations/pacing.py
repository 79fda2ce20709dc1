"""Calls under AWS's quotas: those of one bucket start evenly spaced, so that none is throttled and none is lost.

A bucket is what AWS counts by: one operation of a service in one account and region. The quotas stand in each resource's schema
(`callsPerSecond`), as AWS publishes them; bursts are documented nowhere, so none is assumed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model.resource_type import ResourceSpec
from ..model.values import Json
from .call import Call, Clock

HEADROOM = 0.95
"""The share of a rate that is used: calls that travel at different speeds arrive closer together than they were sent."""

DEFAULT_RATE = 1.0  # calls per second, for an operation that has no published quota


@dataclass(frozen=True)
class Rates:
    """Calls per second and bucket. `everywhere` replaces the published quotas (0: no limit), `of_operation` the rate of single ones."""

    everywhere: float | None = None
    of_operation: Mapping[str, float] = field(default_factory=dict)

    def interval_seconds(self, spec: ResourceSpec, operation: str) -> float:
        """The time between the starts of two calls."""
        quotas = spec.schema.get("callsPerSecond")
        published = quotas.get(operation, DEFAULT_RATE) if isinstance(quotas, dict) else DEFAULT_RATE
        rate = self.of_operation.get(operation, published if self.everywhere is None else self.everywhere)
        return 1 / (rate * HEADROOM) if rate else 0.0

    def reading_interval_seconds(self, spec: ResourceSpec) -> float:
        """The time between the starts of two reads of the resource: that of its slowest read operation."""
        permissions = spec.schema.get("permissions")
        actions = permissions.get("read", []) if isinstance(permissions, dict) else []
        quotas = spec.schema.get("callsPerSecond")
        operations = [action.partition(":")[2] for action in actions]
        counted = [each for each in operations if isinstance(quotas, dict) and each in quotas]
        return max((self.interval_seconds(spec, each) for each in counted), default=0.0)


class Pacer:
    """The next free moment of every bucket. Thread-safe."""

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self._rates = rates
        self._clock = clock
        self._free: dict[tuple[str, str, str, str], float] = {}
        self._lock = threading.Lock()

    def wait(self, spec: ResourceSpec, account: str, region: str, operation: str) -> None:
        """It is this call's turn."""
        interval = self._rates.interval_seconds(spec, operation)
        if not interval:
            return
        bucket = (spec.service, account, region, operation)
        with self._lock:
            now = self._clock.monotonic()
            start = max(now, self._free.get(bucket, now))
            self._free[bucket] = start + interval
        if start > now:
            self._clock.sleep(start - now)


@dataclass(frozen=True, kw_only=True)
class PacedCall(Call):
    """A call whose every request to AWS waits for its turn."""

    pacer: Pacer
    account: str

    def aws(self, operation: str, subject: str, **members: object) -> Json:
        """AWS's answer, as `Call.aws` gives it."""
        self.pacer.wait(self.spec, self.account, self.region, operation)
        return super().aws(operation, subject, **members)
