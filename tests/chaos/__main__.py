"""`python -m tests.chaos`: works out the table. Exit code 1 where a cell is red; each is printed."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter

from .scenarios import SCENARIOS
from .table import Cell, cells


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many processes work on it")
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS), default=[], help="only this one; again for more")
    parser.add_argument("--every", type=int, default=1, help="only every n-th trial")
    asked = parser.parse_args()
    started = time.monotonic()
    found: list[Cell] = []
    for cell in cells(asked.jobs, asked.scenario, asked.every):
        found.append(cell)
        if cell.result.wrong:
            print(f"RED {cell.scenario}: {cell.fault.where}, {cell.fault.kind}, {cell.fault.position}\n{cell.result.wrong}", flush=True)
        elif len(found) % 100 == 0:
            print(f"{len(found)} trials, {time.monotonic() - started:.0f} s", flush=True)
    counts = Counter("red" if cell.result.wrong else cell.result.outcome for cell in found)
    print(f"{len(found)} trials: {dict(counts)}")
    return 1 if counts["red"] else 0


if __name__ == "__main__":
    sys.exit(main())
