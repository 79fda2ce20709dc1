"""In which order the buckets of a check are read, on a clock of the test's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from pulumi_connect_domains.drift import crew
from pulumi_connect_domains.drift.crew import Line, Turns
from pulumi_connect_domains.drift.scratch import Bucket
from pulumi_connect_domains.model.resource_type import Clock


@dataclass
class Time:
    now: float = 0.0

    @property
    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.now)


def line(number: int, size: int, interval_seconds: float = 0.2) -> Line:
    none: Iterator[tuple[int, object]] = iter(())
    return Line(Bucket(number, "customerprofiles", "1", "r", size), none, interval_seconds)  # type: ignore[arg-type]


def played(lines: list[Line], workers: int, latency_seconds: float) -> tuple[float, list[tuple[float, int]]]:
    """When all was answered, and when each domain was given out, by bucket; every read takes the latency."""
    time = Time()
    turns = Turns(lines, workers, time.clock)
    running: list[tuple[float, Line]] = []
    given: list[tuple[float, int]] = []
    while not turns.are_over:
        one, seconds = turns.next_one() if len(running) < workers else (None, None)
        if one:
            begin = time.now if len(running) < workers else sorted(end for end, _ in running)[-workers]
            running.append((begin + latency_seconds, one))
            given.append((time.now, one.bucket.number))
            continue
        first = min(running, key=lambda each: each[0], default=None)
        if first and (seconds is None or first[0] <= time.now + seconds):
            running.remove(first)
            time.now = max(time.now, first[0])
            turns.answered(first[1])
        else:
            assert seconds is not None
            time.now += seconds
    return time.now, given


def test_each_bucket_keeps_its_pace_and_all_go_side_by_side() -> None:
    end, given = played([line(number, 10) for number in range(8)], 16, 0.1)
    assert end == pytest.approx(9 * 0.2 + 0.1)
    for number in range(8):
        moments = [moment for moment, bucket in given if bucket == number]
        assert [after - before for before, after in pairwise(moments)] == pytest.approx([0.2] * 9)


def test_only_so_many_buckets_are_open_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "OPEN_BUCKETS", 3)
    _, given = played([line(number, 4) for number in range(9)], 16, 0.1)
    first, last = ({bucket: moment for moment, bucket in some} for some in (reversed(given), given))
    for moment, _ in given:
        assert sum(first[each] <= moment <= last[each] for each in first) <= 3
    assert Counter(bucket for _, bucket in given) == dict.fromkeys(range(9), 4)


def test_a_bucket_whose_aws_does_not_answer_keeps_few_workers() -> None:
    time = Time()
    slow, quick = line(0, 100, 0.0), [line(number, 5, 0.0) for number in range(1, 9)]
    turns = Turns([slow, *quick], 8, time.clock)
    answered = 0
    while True:
        one, seconds = turns.next_one()
        if one is None:
            assert seconds is None
            break
        if one is not slow:
            turns.answered(one)
            answered += 1
    assert (answered, slow.running <= 8) == (40, True)
    assert slow.running >= crew.WORKERS_PER_BUCKET
