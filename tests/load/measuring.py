"""What a process holds, sampled many times, and whether it grows.

Growth is a slope over the samples after the warm-up: the median of the slopes between all pairs of them (Theil and Sen), so that a
collection of garbage does not decide. What grows does so in both halves of that time; what only jumps once does not.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

WARM_UP = 0.4
"""The share of the samples, from the first on, that do not count."""
Figures = Mapping[str, float]
"""One sample: `{"rss_kib": 51200, "descriptors": 12, "threads": 9, "files": 0}`."""


def of_process(pid: int, folder: Path | None = None) -> dict[str, float]:
    """Resident memory, open descriptors and threads of a process, and the files below its folder for temporary files."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {
        "rss_kib": float(status["VmRSS"].split()[0]),
        "descriptors": float(len(os.listdir(f"/proc/{pid}/fd"))),
        "threads": float(status["Threads"]),
        "files": float(sum(1 for _ in folder.rglob("*")) if folder else 0),
    }


def blocks() -> dict[str, float]:
    """The pieces of memory that this process's Python objects take: exact, where resident memory is rounded and late."""
    gc.collect()
    return {"blocks": float(sys.getallocatedblocks())}


@dataclass
class Watch:
    """Samples over a number of operations. `most` is the allowed growth of each figure in a thousand operations."""

    most: Mapping[str, float]
    sample: Callable[[], Figures]
    samples: list[tuple[int, Figures]] = field(default_factory=list)

    def look(self, operations: int) -> None:
        """What is held after so many operations is noted."""
        self.samples.append((operations, self.sample()))

    @property
    def growth(self) -> dict[str, float]:
        """How much each figure grows in a thousand operations."""
        counted = self.samples[round(len(self.samples) * WARM_UP) :]
        half = len(counted) // 2
        return {
            name: 1000
            * min(slope([(at, found[name]) for at, found in part]) for part in (counted[:half], counted[half:]))
            for name in self.samples[0][1]
        }

    def grown(self) -> list[str]:
        """A sentence for each figure that grows more than is allowed."""
        counts = [at for at, _ in self.samples]
        assert len(counts) >= 10, "a slope needs samples"
        first, last = self.samples[round(len(self.samples) * WARM_UP)][1], self.samples[-1][1]
        return [
            f"{name} grows by {found:.1f} in a thousand operations ({first[name]:.0f} to {last[name]:.0f} in {counts[-1]})"
            for name, found in self.growth.items()
            if found > self.most[name]
        ]

    def told(self, what: str) -> str:
        """The figures in one line, for whoever reads the test's output."""
        last = self.samples[-1][1]
        parts = [f"{name} {last[name]:.0f} ({found:+.2f}/1000)" for name, found in self.growth.items()]
        return f"{what}, {self.samples[-1][0]} operations: {', '.join(parts)}"


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The median of the slopes between all pairs of points."""
    return statistics.median((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x1 != x2)
