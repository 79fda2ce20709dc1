"""How costs are taken, so that what else the machine does counts on both sides, and noise is told from a cost."""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import Any, NamedTuple, TypeAlias, TypeVar

from .figures import FEWEST, Figure

Measured: TypeAlias = Callable[[], Any]
Cost: TypeAlias = Callable[[Measured], float]
Found = TypeVar("Found")


class Pair(NamedTuple):
    """What both cost, measured one right after the other."""

    ours: float
    other: float

    @property
    def ratio(self) -> float:
        return self.ours / self.other


def seconds(measured: Measured) -> float:
    """How long the call takes."""
    started = time.perf_counter()
    measured()
    return time.perf_counter() - started


def cpu_seconds(measured: Measured) -> float:
    """The processor time that this process, with all of its threads, spends during the call."""
    started = time.process_time()
    measured()
    return time.process_time() - started


def children_cpu_seconds(measured: Measured) -> float:
    """The processor time of the processes that the call starts and waits for: what they take, whatever else runs beside them."""
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    measured()
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime - started.ru_utime + ended.ru_stime - started.ru_stime


def paired(
    ours: Measured,
    other: Measured,
    target: float | None = None,
    cost: Cost = seconds,
    least: int = FEWEST,
    most: int = 8 * FEWEST,
) -> list[Pair]:
    """Pairs of costs, measured in turn, A B B A: what grows or falls meanwhile counts on both sides. A first pair is left out.

    There are `least` pairs, or so many more, `most` at most, that the target of the ratio is outside of its interval. The number doubles
    each time: each look at the interval is one more chance to be wrong, so there are few.
    """
    ours(), other()  # what is done once only is done now
    turns = count()

    def pair() -> Pair:
        gc.collect()  # neither clears away what the other has left
        return Pair(*in_turn([partial(cost, ours), partial(cost, other)], next(turns)))

    return settled(pair, lambda found: found.ratio, target, least, most)


def in_turn(ways: Sequence[Callable[[], Found]], turn: int) -> list[Found]:
    """What each way gives, asked from the first to the last; on odd turns from the last to the first."""
    found = [way() for way in (ways[::-1] if turn % 2 else ways)]
    return found[::-1] if turn % 2 else found


def settled(
    sample: Callable[[], Any],
    value: Callable[[Any], float],
    target: float | None,
    least: int = FEWEST,
    most: int = FEWEST,
) -> list[Any]:
    """Samples, as many as `paired` says; `value` is what is compared with the target."""
    found = [sample() for _ in range(least)]
    while len(found) < most and not Figure.of("", [value(each) for each in found], target).is_decided:
        found += [sample() for _ in range(min(len(found), most - len(found)))]
    return found


def ratio(
    name: str,
    ours: Measured,
    other: Measured,
    target: float | None = None,
    cost: Cost = seconds,
    least: int = FEWEST,
    most: int = 8 * FEWEST,
) -> Figure:
    """The figure of what ours costs divided by what the other costs."""
    return Figure.of(name, [pair.ratio for pair in paired(ours, other, target, cost, least, most)], target)


def python(program: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """What the program prints, run by a Python of its own. It keeps compiled modules, as everybody's Python does from the second run on."""
    command = [sys.executable, "-c", program, *arguments]
    kept = {key: value for key, value in (environment or os.environ).items() if key != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, env=kept).stdout
