"""The limiter, on a clock that stands still unless somebody sleeps."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import pairwise

import pytest
from pulumi_connect_domains.aws import limiter as limiting
from pulumi_connect_domains.aws.limiter import HEADROOM, MOST_INTERVAL_SECONDS, Limiter, Pace, Rates
from pulumi_connect_domains.model.resource_type import Clock, ResourceType
from pulumi_connect_domains.registry import resource_types

PROFILES, VOICE = resource_types().values()


class Time:
    """Seconds that only pass by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(
            now=lambda: datetime.fromtimestamp(self.now, timezone.utc), monotonic=lambda: self.now, sleep=self.sleep
        )


def wait(limiter: Limiter, type: ResourceType, account: str, region: str, operation: str) -> None:
    """As a call does it."""
    if interval := limiter.rates.interval_seconds(type.schema.calls_per_second, operation):
        limiter.wait((type.service, account, region, operation), interval)


def test_calls_of_one_bucket_start_evenly_spaced_under_the_quota() -> None:
    time = Time()
    limiter = Limiter(Rates(), time.clock)
    starts = []
    for _ in range(11):
        wait(limiter, PROFILES, "1", "us-east-1", "GetDomain")
        starts.append(time.now)
    assert starts[0] == 0
    assert starts[-1] == pytest.approx(10 / (5 * HEADROOM))
    assert min(later - earlier for earlier, later in pairwise(starts)) > 1 / 5


def test_buckets_do_not_wait_for_each_other() -> None:
    time = Time()
    limiter = Limiter(Rates(), time.clock)
    for account in ("1", "2"):
        for region in ("us-east-1", "eu-west-2"):
            for type, operation in ((PROFILES, "GetDomain"), (PROFILES, "ListDomains"), (VOICE, "ListDomains")):
                wait(limiter, type, account, region, operation)
    assert time.now == 0


@pytest.mark.parametrize(
    ("rates", "operation", "per_second"),
    [
        pytest.param(Rates(), "DescribeDomain", 2, id="the published quota"),
        pytest.param(Rates(everywhere=20), "DescribeDomain", 20, id="--rate for all"),
        pytest.param(
            Rates(everywhere=20, of_operation={"DescribeDomain": 3}), "DescribeDomain", 3, id="--rate for one operation"
        ),
        pytest.param(Rates(), "SomethingNew", 1, id="an operation without a quota is asked gently"),
    ],
)
def test_the_rate_is_the_nearest_that_is_given(rates: Rates, operation: str, per_second: float) -> None:
    assert rates.interval_seconds(VOICE.schema.calls_per_second, operation) == pytest.approx(
        1 / (per_second * HEADROOM)
    )


def test_a_rate_of_zero_is_no_limit() -> None:
    time = Time()
    limiter = Limiter(Rates(everywhere=0), time.clock)
    for _ in range(100):
        wait(limiter, PROFILES, "1", "us-east-1", "GetDomain")
    assert time.now == 0


def test_a_read_is_as_slow_as_its_slowest_operation() -> None:
    quotas, reads = VOICE.schema.calls_per_second, ("DescribeDomain", "ListTagsForResource")
    assert Rates().slowest_interval_seconds(quotas, reads) == pytest.approx(1 / (2 * HEADROOM))
    slower = Rates(of_operation={"ListTagsForResource": 1})
    assert slower.slowest_interval_seconds(quotas, reads) == pytest.approx(1 / HEADROOM)
    assert Rates().slowest_interval_seconds(quotas, ["SomethingNew"]) == 0


# -- the pace that AWS lets through -------------------------------------------------------------------------------------


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(limiting.time, "monotonic", lambda: time.now)
    monkeypatch.setattr(limiting.time, "sleep", time.sleep)
    return time


def test_calls_start_at_once_until_aws_throttles_one(passing: Time) -> None:
    pace = Pace()
    for _ in range(100):
        pace.wait()
        pace.let_through()
    assert passing.now == 0
    pace.throttled()
    pace.wait()
    first = passing.now
    pace.wait()
    assert 0 < first < passing.now


@pytest.mark.parametrize("per_second", [0.1, 1, 5, 40])
def test_calls_take_the_pace_that_aws_lets_through(passing: Time, per_second: float) -> None:
    """A quota without a burst. In the end few calls are throttled, and most of the quota is used."""
    pace, free, throttled = Pace(), 0.0, 0
    for number in range(600):
        if number == 200:  # it has found the pace
            began, throttled = passing.now, 0
        while True:
            pace.wait()
            if passing.now >= free:
                break
            throttled += 1
            pace.throttled()
        free = passing.now + 1 / per_second
        pace.let_through()
    assert throttled < 400 / 5
    assert passing.now - began < 400 / per_second * 1.6


def test_the_interval_grows_once_for_calls_that_are_throttled_together(passing: Time) -> None:
    alone, together = Pace(), Pace()
    alone.throttled()
    for _ in range(4):
        together.throttled()
    for pace in (alone, together):
        passing.now = 0.0
        pace.wait()
    assert alone._interval == together._interval


def test_the_interval_has_an_end(passing: Time) -> None:
    pace = Pace()
    for _ in range(100):
        pace.wait()
        pace.throttled()
    before = passing.now
    pace.wait()
    assert passing.now - before <= MOST_INTERVAL_SECONDS


def test_after_many_calls_without_a_throttle_there_is_no_pace_any_more(passing: Time) -> None:
    pace = Pace()
    pace.throttled()
    for _ in range(100):
        pace.wait()
        pace.let_through()
    before = passing.now
    pace.wait()
    assert passing.now == before
