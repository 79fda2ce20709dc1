"""The table as JSON, which is kept beside the docs, and as the page that shows it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from .faults import KINDS
from .scenarios import SCENARIOS
from .table import Cell
from .trial import OUTCOMES

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
DATA, PAGE = FOLDER / "faults.json", FOLDER / "faults.md"
POSITIONS = ("first", "last", "every")

Rows = dict[str, dict[str, dict[str, dict[str, str]]]]
"""Outcomes by scenario, call, kind of fault, and attempts that fail."""


def rows_of(cells: Iterable[Cell]) -> Rows:
    """The outcomes of the trials. A trial in which something was wrong is `red`."""
    rows: Rows = {}
    for cell in cells:
        call = rows.setdefault(cell.scenario, {}).setdefault(str(cell.fault.where), {})
        outcome = "red" if cell.result.wrong else cell.result.outcome
        call.setdefault(cell.fault.kind, {})[cell.fault.position] = outcome
    return rows


def counts_of(rows: Rows) -> Counter[str]:
    """How many trials had each outcome."""
    return Counter(
        outcome
        for calls in rows.values()
        for kinds in calls.values()
        for found in kinds.values()
        for outcome in found.values()
    )


def as_json(rows: Rows) -> str:
    """The document in `DATA`."""
    counts = counts_of(rows)
    document: dict[str, Any] = {"trials": counts.total(), "outcomes": dict(sorted(counts.items())), "table": rows}
    return json.dumps(document, indent=1) + "\n"


def write(rows: Rows) -> None:
    """The data and the page have these rows, and of other scenarios those that they had."""
    rows = {**kept(), **rows}
    rows = {name: rows[name] for name in SCENARIOS if name in rows}
    DATA.write_text(as_json(rows), "utf-8")
    PAGE.write_text(as_page(rows), "utf-8")
    kept.cache_clear()


@cache
def kept() -> Rows:
    """The rows that were written last."""
    rows: Rows = json.loads(DATA.read_text("utf-8"))["table"] if DATA.exists() else {}
    return rows


def kept_outcome(cell: Cell) -> str | None:
    """The outcome that was written last of this trial; None where there is none."""
    fault = cell.fault
    return kept().get(cell.scenario, {}).get(str(fault.where), {}).get(fault.kind, {}).get(fault.position)


def as_page(rows: Rows) -> str:
    """The page of the docs."""
    counts = counts_of(rows)
    parts = [_HEAD.format(trials=f"{counts.total():,}", scenarios=len(rows), calls=sum(map(len, rows.values())))]
    parts.append(_table(["outcome", "trials", "what it means"], [
        [f"`{name}`", f"{counts[name]:,}", meaning] for name, meaning in OUTCOMES.items()
    ]))  # fmt: skip
    parts.append(_KINDS)
    parts.append(_table(["fault", "what happens to the attempt"], [[name, kind.what] for name, kind in KINDS.items()]))
    parts.append(_POSITIONS)
    for name, calls in rows.items():
        parts.append(f"\n## {SCENARIOS[name].title}\n\n")
        lines = [[kind, *(_cell(calls[call].get(kind, {})) for call in calls)] for kind in KINDS]
        parts.append(_table(["fault", *(f"`{call}`" for call in calls)], lines))
    return "".join(parts)


def _cell(found: dict[str, str]) -> str:
    """The outcomes of a fault at a call: one word where all are the same."""
    outcomes = [found[position] for position in POSITIONS if position in found]
    return " · ".join(outcomes if len(set(outcomes)) > 1 else outcomes[:1]) or "—"


def _table(head: list[str], lines: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ["---"] * len(head), *lines))


_HEAD = """# Faults and their outcomes

What happens when AWS or the network fails in the middle of a command? This page holds the answer for every call of
AWS that every operation makes. It is measured, not written: `make chaos` lets each call fail in each way, on the real
provider host, and looks at what is left. {trials} trials: {scenarios} operations, {calls} calls.

A trial runs the command with the fault, and then again without it. Afterwards these must hold, or the trial is red:

- The live domain is as the program declares, with all of its tags, and a refresh finds nothing to change in the state.
- There is no second domain, and none that the state does not hold.
- No domain that is there was reported as gone, and none with data was deleted.
- Every error has one to three lines and says what to do. None shows a tag, a description, a key or a credential.

All programs run with an assumed role and a list of allowed accounts, so the calls of STS are among those that fail.

"""
_KINDS = """
## The faults

"""
_POSITIONS = """
Each request is sent up to three times here (`aws:maxRetries`). A cell shows the outcome when only the first attempt
fails, when the last one does (after others that were throttled, or failed where the fault is throttling), and when
every attempt fails from that call to the end of the command. One word stands for all three. "Throttled for ever" is
the third of "throttled once". The data are in [faults.json](faults.json).
"""
