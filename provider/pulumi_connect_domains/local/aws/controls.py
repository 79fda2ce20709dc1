"""What a test has asked the local AWS to do wrong, and a log of what it was asked.

Thread-safe: the server answers each connection in a thread of its own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .calls import Call

ANY = "*"
MAX_CALLS = 100_000
MAX_LOGGED_BYTES = 64 * 1024 * 1024
"""How much the log holds: calls, and bytes of their bodies together."""


@dataclass(frozen=True)
class Which:
    """The calls that a rule is for: `operation` may be `*`, and None stands for any."""

    operation: str
    service: str | None = None
    account: str | None = None
    region: str | None = None

    def __contains__(self, call: Call) -> bool:
        return (
            self.operation in (ANY, call.operation)
            and self.service in (None, call.service)
            and self.account in (None, call.account)
            and self.region in (None, call.region)
        )


@dataclass(frozen=True)
class Failure:
    """The answer a call gets instead of its own: an error, a cut connection (`drop` is before or after the change), its own
    answer spoiled on the way (`garbled` is one of `garbling.WAYS`), `late` or `slow` (by so many seconds; slow is byte by byte), or the
    answer from before the last change (`stale`).

    A `body` (one byte a character, Latin-1) is sent as it is, in place of an error of AWS's. A `code` of None without it is an
    answer without any body; a `status` of None is the one that the service's model has for it.
    """

    code: str | None = None
    status: int | None = None
    message: str = ""
    members: dict[str, Any] = field(default_factory=dict)
    drop: str | None = None
    garbled: str | None = None
    late: float = 0.0
    slow: float = 0.0
    stale: bool = False
    body: str | None = None
    content_type: str = "text/html"


@dataclass(eq=False)  # two equal rules are two rules
class Rule:
    """A failure for the next `times` calls, at least one, once `after` calls have passed; None means until the reset."""

    which: Which
    failure: Failure
    times: int | None = 1
    after: int = 0
    is_met: bool = False
    """Whether a call has failed by it."""


@dataclass
class Bucket:
    """A token bucket: `per_second` tokens a second, never more than `burst`."""

    per_second: float
    burst: float
    tokens: float
    filled: float

    def take(self, moment: float) -> bool:
        self.tokens = min(self.burst, self.tokens + (moment - self.filled) * self.per_second)
        self.filled = moment
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(frozen=True)
class Throttle:
    """A rate for each account and region.

    Each operation has a bucket of its own, or all operations of the rule share one.
    """

    which: Which
    per_second: float
    burst: float
    shared: bool


THROTTLED = Failure(code="ThrottlingException", message="Rate exceeded")


class Controls:
    """All rules and the log. `clock` is in seconds and only runs forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._rules: list[Rule] = []
            self._standing: dict[str, Rule] = {}
            self._latencies: dict[Which, float] = {}
            self._throttles: list[Throttle] = []
            self._buckets: dict[tuple[Throttle, str, str, str, str], Bucket] = {}
            self._forget()

    def forget_rules(self) -> None:
        """No call fails, waits or is throttled any more, but for how a service itself behaves."""
        with self._lock:
            self._rules.clear()
            self._latencies.clear()
            self._throttles.clear()
            self._buckets.clear()

    def add(self, rule: Rule) -> None:
        with self._lock:
            self._rules.append(rule)

    def stand(self, name: str, rule: Rule | None) -> None:
        """The rule holds under this name until it is replaced; None takes it away."""
        with self._lock:
            self._standing.pop(name, None)
            if rule is not None:
                self._standing[name] = rule

    def delay(self, which: Which, seconds: float) -> None:
        with self._lock:
            self._latencies.pop(which, None)
            self._latencies[which] = seconds

    def limit(self, throttle: Throttle) -> None:
        """The throttle, with full buckets, replaces an earlier one for the same calls; a rate of 0 takes it away."""
        with self._lock:
            self._throttles = [other for other in self._throttles if other.which != throttle.which]
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if key[0].which != throttle.which}
            if throttle.per_second > 0:
                self._throttles.append(throttle)

    def latency(self, call: Call) -> float:
        """Seconds to wait before this call is looked at: of the rule set last for it."""
        with self._lock:
            return next((seconds for which, seconds in reversed(self._latencies.items()) if call in which), 0.0)

    def failure(self, call: Call) -> Failure | None:
        """How this call fails, or None when it does not; a rule with a number of times has one fewer afterwards."""
        with self._lock:
            buckets = [self._bucket(throttle, call) for throttle in self._throttles if call in throttle.which]
            if not all(bucket.take(self._clock()) for bucket in buckets):
                return THROTTLED
            for rule in (*self._standing.values(), *self._rules):
                if call in rule.which and self._applies(rule):
                    return rule.failure
        return None

    def unmet(self) -> list[str]:
        """The operations of the rules by which no call has failed yet."""
        with self._lock:
            return [rule.which.operation for rule in self._rules if not rule.is_met]

    def record(self, call: Call, size: int = 0) -> None:
        """The call is in the log; where it is full, the oldest ones are not any more. `size` is the body's, in bytes."""
        with self._lock:
            self._calls.append((call, size))
            self._logged_bytes += size
            while len(self._calls) > MAX_CALLS or (self._logged_bytes > MAX_LOGGED_BYTES and len(self._calls) > 1):
                self._logged_bytes -= self._calls.popleft()[1]
                self._lost += 1

    def calls(self) -> list[Call]:
        """All calls since the start or the last forgetting, in the order in which they came.

        Raises ValueError when there were more than the log holds: an absent call would prove nothing.
        """
        with self._lock:
            if self._lost:
                raise ValueError(
                    f"the log is full, and lost its first {self._lost} calls: call forget_calls() now and then"
                )
            return sorted((call for call, _ in self._calls), key=lambda call: call.started)

    def forget_calls(self) -> None:
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._calls: deque[tuple[Call, int]] = deque()
        self._logged_bytes = self._lost = 0

    def _applies(self, rule: Rule) -> bool:
        """Whether the rule lets no more calls pass. Then it holds one time less, and is gone after the last."""
        if rule.after > 0:
            rule.after -= 1
            return False
        rule.is_met = True
        if rule.times is not None:
            rule.times -= 1
            if rule.times <= 0:
                self._rules.remove(rule)
        return True

    def _bucket(self, throttle: Throttle, call: Call) -> Bucket:
        operation = ANY if throttle.shared else call.operation
        key = (throttle, call.service, call.account, call.region, operation)
        if key not in self._buckets:
            self._buckets[key] = Bucket(throttle.per_second, throttle.burst, throttle.burst, self._clock())
        return self._buckets[key]
