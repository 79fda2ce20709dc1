"""`python -m tests.chaos`: works out the table. Exit code 1 where a trial is red, or has another outcome than the page in the docs says."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time

from ..model.hosts import HOSTS, HostName
from . import page
from .scenarios import SCENARIOS
from .table import Cell, cells, stage
from .trial import tried


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many processes work on it")
    parser.add_argument(
        "--scenario", action="append", choices=list(SCENARIOS), default=[], help="only this one; again for more"
    )
    parser.add_argument("--host", action="append", choices=HOSTS, default=[], help="only this one")
    parser.add_argument("--every", type=int, default=1, help="only every n-th trial")
    parser.add_argument(
        "--trial",
        action="append",
        default=[],
        metavar="SCENARIO/CALL/FAULT/ATTEMPTS[/native]",
        help="only this one; again for more",
    )
    parser.add_argument(
        "--write", action="store_true", help="write the page and its data; for all trials of the scenarios"
    )
    parser.add_argument("--errors", action="store_true", help="print every error that was shown, once")
    asked = parser.parse_args()
    if asked.write and (asked.trial or asked.every > 1):
        parser.error("--write is for all trials of the scenarios")
    found = _some(asked.trial) if asked.trial else _all(asked.jobs, asked.scenario, asked.every, asked.host)
    table = page.table_of(found)
    for host, rows in table.items():
        counts = page.counts_of(rows)
        print(f"{counts.total()} trials on the {host} host: {dict(counts)}")
    if asked.write:
        page.write(table)
    if asked.errors:
        print("\n\n".join(sorted({_common(text) for cell in found for text in cell.result.errors})))
    wrong = [cell for cell in found if cell.result.wrong or page.kept_outcome(cell) != cell.result.outcome]
    for cell in wrong:
        print(f"{cell}: {cell.result.outcome}, and the page says {page.kept_outcome(cell)}\n{cell.result.wrong}")
    return 1 if wrong else 0


def _common(text: str) -> str:
    """The error without what differs from run to run."""
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:…", re.sub(r"request id [\w-]+", "request id …", text))


def _all(jobs: int, names: list[str], every: int, hosts: list[HostName]) -> list[Cell]:
    """The cells of the scenarios and hosts; how far it is, is said now and then."""
    started, found = time.monotonic(), list[Cell]()
    for cell in cells(jobs, names, every, hosts or HOSTS):
        found.append(cell)
        if cell.result.wrong:
            print(f"{cell}\n{cell.result.wrong}", flush=True)
        if len(found) % 100 == 0:
            print(f"{len(found)} trials, {time.monotonic() - started:.0f} s", flush=True)
    return found


def _some(texts: list[str]) -> list[Cell]:
    with stage() as made:
        wanted = [Cell.named(text) for text in texts]
        return [Cell(*each, tried(made, SCENARIOS[each[1]], each[2], each[0])) for each in wanted]


if __name__ == "__main__":
    sys.exit(main())
