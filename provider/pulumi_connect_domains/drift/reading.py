"""Reads every expected resource once: in parallel, and no faster than AWS allows. A failure of one stops no other.

A *bucket* is one resource type in one account and Region: AWS limits the calls of each by itself. A domain is given to a worker only when
its bucket may be called again. So no worker waits for one bucket while another could be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..aws import Rates
from ..model import documents
from ..model.errors import ConfigurationError
from ..model.path import Path
from ..model.resource_type import Clock
from ..model.values import Json
from ..operations import reading
from ..operations.command_calls import CommandCalls
from ..operations.reading import Reading, attempt
from ..registry import resource_types
from .crew import WORKERS_PER_BUCKET, Crew, Line, Turns
from .model import DomainReport
from .scratch import Bucket, Scratch
from .state import Expectation

WORKERS = 16
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
        scratch: Scratch,
        judge: Callable[[Expectation, Reading], DomainReport],
        on_read: Callable[[Expectation, DomainReport], None],
        *,
        keeps_accounts: bool = False,
    ) -> None:
        """Stores what `judge` makes of each domain in the scratch. `on_read` is called with each that is done, one at a time, by a worker.

        The worker that has read a domain judges it too, while others wait for AWS. What is held for an account is let go when its last
        domain is read, unless the check `keeps_accounts`, to ask more of them.
        """
        lines = [
            Line(each, scratch.of_bucket(each), self._interval_seconds(each)) for each in scratch.buckets if each.size
        ]
        lines.sort(key=lambda each: (-each.left * each.interval_seconds, each.bucket.account, each.bucket.region))
        left = Counter(each for line in lines for each in _places(line.bucket))

        def store(line: Line, position: int, expected: Expectation, report: DomainReport) -> None:
            if line.is_done and not keeps_accounts:
                self._leave(line.bucket, left)
            scratch.report(position, line.bucket.number, report)
            on_read(expected, report)

        most = min(MOST_WORKERS, max(self.workers, WORKERS_PER_BUCKET * len(lines)))
        crew = Crew(
            Turns(lines, self.workers, self.clock), self.clock, lambda expected: self._judged(judge, expected), store
        )
        crew.run(self.workers, most)

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
        call = self.calls.to(
            type,
            expected.account,
            expected.region,
            expected.configuration,
            known=lambda: [expected.inputs, documents.declared_values(type.schema, expected.known)],
        )
        return reading.live(call, expected.id, expected.known, expected.inputs, type.functions.look)


def _places(bucket: Bucket) -> tuple[tuple[str, str], tuple[str, str]]:
    """The account and the Region, and the account with any."""
    return (bucket.account, bucket.region), (bucket.account, "")
