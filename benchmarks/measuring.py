"""How costs are taken, so that what else the machine does counts on both sides."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, TypeAlias

Measured: TypeAlias = Callable[[], Any]


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


def median_ratio(ours: Measured, other: Measured, pairs: int, cost: Callable[[Measured], float] = seconds) -> float:
    """What one costs divided by what the other costs: the median over pairs that are measured in turn, A B A B."""
    return statistics.median(cost(ours) / cost(other) for _ in range(pairs))


def python(program: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """What the program prints, run by a Python of its own. It keeps compiled modules, as everybody's Python does from the second run on."""
    command = [sys.executable, "-c", program, *arguments]
    kept = {key: value for key, value in (environment or os.environ).items() if key != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, env=kept).stdout
