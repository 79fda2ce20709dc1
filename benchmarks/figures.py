"""What a benchmark gives back: a number, how sure it is, and the most that it may be."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from math import comb

CONFIDENCE = 0.95
FEWEST = 6
"""Samples. With five, not even the smallest and the largest hold the median 95 times of a hundred."""

MET, MISSED, OPEN = "met", "missed", "open"


@dataclass(frozen=True)
class Figure:
    """One number, with its target if it has one. `unit` is "" for a ratio.

    A measured number is the median of `pairs` samples, with its 95 % interval from `low` to `high`. A counted one has none of these: it is
    the same in every run.
    """

    name: str
    value: float
    target: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    pairs: int = 0

    @classmethod
    def of(cls, name: str, samples: Sequence[float], target: float | None = None, unit: str = "") -> Figure:
        """The figure of these samples. Raises ValueError for fewer than six."""
        low, high = interval(samples)
        return cls(name, statistics.median(samples), target, unit, low, high, len(samples))

    @property
    def verdict(self) -> str:
        """ "missed" when the whole interval is above the target, "met" when the median is not, "open" between; "" without a target."""
        if self.target is None:
            return ""
        if self.value <= self.target:
            return MET
        return MISSED if self.low is None or self.low > self.target else OPEN

    @property
    def is_decided(self) -> bool:
        """Whether the target is outside of the interval, so that more samples would hardly change the verdict."""
        return self.target is None or self.low is None or self.high is None or not self.low <= self.target < self.high


def interval(samples: Sequence[float]) -> tuple[float, float]:
    """Two of the samples that have the median of all possible ones between them, 95 times of a hundred.

    Whatever the distribution: each sample is above that median as often as below, so how many are below is binomial. Raises ValueError for
    fewer than six samples.
    """
    number = len(samples)
    if number < FEWEST:
        raise ValueError(f"an interval needs {FEWEST} samples, not {number}")
    left_out, outside = 0, 2 / 2**number
    while outside <= 1 - CONFIDENCE:
        left_out += 1
        outside += 2 * comb(number, left_out) / 2**number
    ordered = sorted(samples)
    return ordered[left_out - 1], ordered[number - left_out]


def figures_of(name: str, is_large: bool = False) -> list[Figure]:
    """What the benchmark module of that name measures now: what its function `run` gives. If asked, what its `run_large` gives, too."""
    module = import_module(f"{__package__}.{name}")
    found = [*module.run(), *(module.run_large() if is_large and hasattr(module, "run_large") else ())]
    assert all(isinstance(figure, Figure) for figure in found), found
    return found
