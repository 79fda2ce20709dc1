"""What is live: every expected domain is read once, paced, in parallel, and no failure stops the others.

Accounts and regions are read side by side. A domain is given to a worker only when a call of its bucket is due, so workers never
queue for a slow account while a fast one has room.
"""

from __future__ import annotations

import heapq
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from ..core import aws
from ..core.call import Call, Clock
from ..core.configuration import Access, Configuration, Role
from ..core.errors import AwsError, ConfigurationError, ConnectDomainsError, Refused, Throttled
from ..core.spec import ResourceSpec
from ..core.wire import Json
from .pacing import PacedCall, Pacer, Rates
from .state import Expectation

Verdict = TypeVar("Verdict")

WORKERS = 16
WORKERS_PER_BUCKET = 2
MOST_WORKERS = 64
ROUNDS = 3  # of a read that AWS throttles; each has all the attempts of the client


@dataclass(frozen=True)
class Reading:
    """What came of one read: `live`, or neither for a domain that AWS does not have, or why it could not be read.

    `bug` is the traceback where the reason is a mistake of this program.
    """

    live: Json | None = None
    reason: str = ""
    error_code: str = ""
    bug: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Reader:
    """How domains are read: as whom, how fast, and with how many workers (more where there are many buckets)."""

    assume_role: str = ""
    rates: Rates = field(default_factory=Rates)
    workers: int = WORKERS
    clock: Clock = field(default_factory=Clock)

    def read_all(
        self,
        expectations: Sequence[Expectation],
        judge: Callable[[Expectation, Reading], Verdict],
        on_read: Callable[[int], None] = lambda done: None,
    ) -> list[Verdict]:
        """What `judge` makes of each domain once it is read, in the order of the expectations. `on_read` is told how many are done.

        Judging is done by the worker that read, while others wait for their answers.
        """
        pacer = Pacer(self.rates, self.clock)
        waiting: dict[tuple[str, str, str], deque[int]] = defaultdict(deque)
        for position, each in enumerate(expectations):
            waiting[each.spec.service, each.account, each.region].append(position)
        workers = min(MOST_WORKERS, max(self.workers, WORKERS_PER_BUCKET * len(waiting))) if waiting else 1
        verdicts: dict[int, Future[Verdict]] = {}
        done = 0

        def finished(_: Future[Verdict]) -> None:
            nonlocal done
            done += 1
            on_read(done)

        begin = self.clock.monotonic()
        due = [(begin, order, bucket) for order, bucket in enumerate(waiting)]
        pool = ThreadPoolExecutor(workers, thread_name_prefix="drift")
        try:
            while due:
                moment, order, bucket = heapq.heappop(due)
                if (early := moment - self.clock.monotonic()) > 0:
                    self.clock.sleep(early)
                position = waiting[bucket].popleft()
                expected = expectations[position]
                verdicts[position] = pool.submit(lambda one: judge(one, self._read(one, pacer)), expected)
                verdicts[position].add_done_callback(finished)
                if waiting[bucket]:
                    interval = self.rates.reading_interval_seconds(expected.spec)
                    heapq.heappush(due, (moment + interval, order, bucket))
            return [verdicts[position].result() for position in range(len(expectations))]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def call(self, spec: ResourceSpec, account: str, region: str, configuration: Configuration, pacer: Pacer) -> Call:
        """The call to the account and region ("" for an account that is not known: the credentials' own).

        Raises: ConnectDomainsError when there are no credentials for that account.
        """
        if not region:
            raise ConfigurationError("state names no region for it")
        service = aws.service(spec.service, region, self._access(account))
        own = service.caller.account
        if account and account != own:
            raise Refused(f"it belongs to account {account}, but the credentials are of account {own}")
        return PacedCall(service, configuration=configuration, clock=self.clock, pacer=pacer, spec=spec, account=own)

    def _access(self, account: str) -> Access:
        if not self.assume_role:
            return Access()
        if not account and "{account}" in self.assume_role:
            raise ConfigurationError("state has no ARN for it, so the account of the role to assume is not known")
        return Access(roles=(Role(self.assume_role.replace("{account}", account)),))

    def _read(self, expected: Expectation, pacer: Pacer) -> Reading:
        begin = self.clock.monotonic()
        try:
            call = self.call(expected.spec, expected.account, expected.region, expected.configuration, pacer)
            live = _patiently(call, expected)
        except AwsError as error:
            return Reading(reason=str(error), error_code=error.code, seconds=self.clock.monotonic() - begin)
        except ConnectDomainsError as error:
            return Reading(reason=str(error), seconds=self.clock.monotonic() - begin)
        except Exception as error:  # noqa: BLE001 - whatever breaks for one domain, the others are still read
            reason = f"connect-domains has a bug: {type(error).__name__} (the traceback is on standard error)"
            return Reading(reason=reason, bug=traceback.format_exc())
        return Reading(live, seconds=self.clock.monotonic() - begin)


def _patiently(call: Call, expected: Expectation) -> Json | None:
    """What is live. Where others use up the quota, the call queues again: more pauses than the client's own, and paced ones."""
    look = getattr(expected.spec.api, "look", expected.spec.api.read)  # `look` also sees what is suspended
    for _ in range(ROUNDS - 1):
        with suppress(Throttled):
            live: Json | None = look(call, expected.id, expected.known)
            return live
    return look(call, expected.id, expected.known)
