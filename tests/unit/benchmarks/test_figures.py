"""A figure says how sure it is, and calls a target missed only when noise cannot be the reason."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest


@pytest.fixture
def of(benchmark: Any) -> Any:
    """Makes a figure of samples."""
    return benchmark("figures").Figure.of


@pytest.mark.parametrize(
    ("number", "left_out"),
    # Source: tables of the sign test at the two-sided level of 0.05 (the critical values plus one).
    [(6, 1), (8, 1), (9, 2), (11, 2), (12, 3), (15, 4), (20, 6), (25, 8), (30, 10), (48, 17)],
)
def test_an_interval_leaves_out_as_many_samples_as_the_sign_test_allows(
    number: int, left_out: int, benchmark: Any
) -> None:
    samples = [float(place) for place in range(1, number + 1)]
    random.Random(number).shuffle(samples)
    assert benchmark("figures").interval(samples) == (left_out, number + 1 - left_out)


def test_an_interval_holds_the_median_in_95_of_100_runs(benchmark: Any) -> None:
    """Of a distribution that is far from a normal one: most are small, some very large, as times are."""
    draw = random.Random(19)
    held = 0
    for _ in range(2_000):
        low, high = benchmark("figures").interval([draw.lognormvariate(0, 1.5) for _ in range(12)])
        held += low <= 1.0 <= high
    assert 0.95 <= held / 2_000 <= 0.975  # by the binomial distribution 96 of 100, since samples are whole


@pytest.mark.parametrize("number", range(6))
def test_too_few_samples_make_no_figure(number: int, of: Any) -> None:
    with pytest.raises(ValueError, match=f"an interval needs 6 samples, not {number}"):
        of("ours / theirs", [1.0] * number, 1.1)


@pytest.mark.parametrize(
    ("samples", "target", "verdict", "is_decided"),
    [
        ([1.0, 1.01, 1.02, 1.03, 1.04, 1.05], 1.1, "met", True),
        ([1.0, 1.01, 1.02, 1.03, 1.04, 1.2], 1.1, "met", False),
        ([1.0, 1.1, 1.2, 1.3, 1.4, 1.5], 1.1, "open", False),
        ([1.11, 1.2, 1.2, 1.3, 1.4, 1.5], 1.1, "missed", True),
        ([1.1, 1.2, 1.2, 1.3, 1.4, 1.5], 1.1, "open", False),
        ([1.1] * 6, 1.1, "met", True),
        ([9.0] * 6, None, "", True),
    ],
    ids=["below", "mostly below", "mostly above", "above", "touches", "equal", "no target"],
)
def test_only_an_interval_above_its_target_misses_it(
    samples: list[float], target: float | None, verdict: str, is_decided: bool, of: Any
) -> None:
    figure = of("ours / theirs", samples, target)
    assert (figure.verdict, figure.is_decided) == (verdict, is_decided)
    assert (figure.low, figure.value, figure.high) == (min(samples), statistics.median(samples), max(samples))


@pytest.mark.parametrize(("value", "verdict"), [(1, "met"), (2, "missed")])
def test_a_counted_figure_is_met_or_missed(value: float, verdict: str, benchmark: Any) -> None:
    figure = benchmark("figures").Figure("clients", value, 1, "clients")
    assert (figure.verdict, figure.is_decided, figure.low, figure.pairs) == (verdict, True, None, 0)


# -- how many are measured --------------------------------------------------------------------------------------------


def costs(ours: Callable[[int], float], taken: list[str]) -> tuple[Any, Any, Any]:
    """Two things to measure, and the cost: `ours(n)` of the nth, 1 of the other. `taken` says which was measured when."""
    numbers: Iterator[int] = count()

    def cost(measured: Any) -> float:
        taken.append(measured())
        return ours(next(numbers)) if taken[-1] == "A" else 1.0

    return (lambda: "A"), (lambda: "B"), cost


def test_pairs_are_measured_in_turn_and_a_first_one_is_left_out(benchmark: Any) -> None:
    taken: list[str] = []
    calls: list[str] = []
    ours, other, cost = costs(lambda number: 2.0, taken)
    found = benchmark("measuring").paired(
        lambda: calls.append("A") or ours(), lambda: calls.append("B") or other(), cost=cost
    )
    assert "".join(taken) == "ABBAABBAABBA"
    assert "".join(calls) == "AB" + "ABBAABBAABBA"
    assert [pair.ratio for pair in found] == [2.0] * 6


@pytest.mark.parametrize(
    ("ours", "pairs", "verdict"),
    [
        (lambda number: 1.0 + 0.01 * (number % 3), 6, "met"),
        (lambda number: 1.2 + 0.01 * (number % 3), 6, "missed"),
        (lambda number: (1.0, 1.22)[number % 2], 48, "open"),
        (lambda number: 1.2 if number == 0 else 1.0, 12, "met"),
    ],
    ids=["clearly met", "clearly missed", "never clear", "clear after more"],
)
def test_pairs_are_added_until_it_is_clear(
    ours: Callable[[int], float], pairs: int, verdict: str, benchmark: Any
) -> None:
    numbers = count()
    made = benchmark("measuring").ratio(
        "ours / theirs", lambda: True, lambda: False, 1.1, lambda measured: ours(next(numbers)) if measured() else 1.0
    )
    assert (made.pairs, made.verdict) == (pairs, verdict)


def test_without_a_target_the_fewest_pairs_are_measured(benchmark: Any) -> None:
    draw = random.Random(19)
    made = benchmark("measuring").ratio("ours / theirs", int, int, cost=lambda _: draw.random() + 0.1)
    assert made.pairs == 6


def test_costs_are_those_of_the_call(benchmark: Any) -> None:
    measuring = benchmark("measuring")
    busy = "sum(range(3_000_000))"
    assert measuring.cpu_seconds(lambda: eval(busy)) > measuring.cpu_seconds(lambda: None)
    in_child = measuring.children_cpu_seconds(lambda: measuring.python(busy))
    assert in_child > 0.005 > measuring.children_cpu_seconds(lambda: None)
