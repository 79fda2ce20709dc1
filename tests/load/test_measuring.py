"""What grows is seen, and what does not is not held against anybody."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from .measuring import Watch, blocks

MOST = {"blocks": 1000.0}
NOISE = random.Random(7)
A_LOT = 1000
"""So many objects between two samples that what pytest itself makes and gives back in this process does not count beside them."""


def _watched(sample: Callable[[int], float], count: int = 30) -> list[str]:
    """What is said of these figures, one after each ten operations."""
    found = iter([sample(number) for number in range(count)])
    watch = Watch(MOST, lambda: {"blocks": next(found)})
    for number in range(count):
        watch.look(10 * (number + 1))
    return watch.grown()


def test_a_list_that_grows_in_this_process_is_seen() -> None:
    kept: list[dict[str, str]] = []
    watch = Watch(MOST, blocks)
    for number in range(12):
        kept.extend({"name": f"{number} {each}"} for each in range(A_LOT))
        watch.look(10 * (number + 1))
    [said] = watch.grown()
    assert said.startswith("blocks grows by ")


def test_nothing_is_seen_where_nothing_grows() -> None:
    watch = Watch(MOST, blocks)
    for number in range(12):
        _ = [{"name": f"{number} {each}"} for each in range(A_LOT)]
        watch.look(10 * (number + 1))
    assert watch.grown() == []


@pytest.mark.parametrize(
    ("sample", "grows"),
    [
        pytest.param(lambda number: 5000 + 20 * number, True, id="a little more each time"),
        pytest.param(lambda number: 5000 + 20 * number + NOISE.randrange(100), True, id="and with noise"),
        pytest.param(lambda number: 5000 + NOISE.randrange(100), False, id="noise alone"),
        pytest.param(lambda number: min(number, 10) * 500.0, False, id="a cache that fills at first"),
        pytest.param(lambda number: 5000 + 9000 * (number > 20), False, id="one jump"),
        pytest.param(lambda number: 5000 + 900 * (number % 5), False, id="garbage that is collected now and then"),
    ],
)
def test_the_slope(sample: Callable[[int], float], grows: bool) -> None:
    assert bool(_watched(sample)) is grows
