"""The table as JSON, which is kept beside the docs, and as the page that shows it.

Both have the outcomes on the dynamic host, and those on the native host where they differ.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from ..model.hosts import HOSTS, HostName
from .faults import KINDS
from .scenarios import SCENARIOS
from .table import Cell
from .trial import OUTCOMES

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
DATA, PAGE = FOLDER / "faults.json", FOLDER / "faults.md"
POSITIONS = ("first", "last", "every")

Rows = dict[str, dict[str, dict[str, dict[str, str]]]]
"""Outcomes by scenario, call, kind of fault, and attempts that fail."""
Table = dict[HostName, Rows]


def table_of(cells: Iterable[Cell]) -> Table:
    """The outcomes of the trials. A trial in which something was wrong is `red`."""
    table: Table = {}
    for cell in cells:
        call = table.setdefault(cell.host, {}).setdefault(cell.scenario, {}).setdefault(str(cell.fault.where), {})
        outcome = "red" if cell.result.wrong else cell.result.outcome
        call.setdefault(cell.fault.kind, {})[cell.fault.position] = outcome
    return table


def counts_of(rows: Rows) -> Counter[str]:
    """How many trials had each outcome."""
    return Counter(
        outcome
        for calls in rows.values()
        for kinds in calls.values()
        for found in kinds.values()
        for outcome in found.values()
    )


def otherwise(table: Table) -> Rows:
    """The outcomes on the native host that are not those on the dynamic one. Raises ValueError where one of them has other trials."""
    found: Rows = {}
    dynamic, native = (_flat(table[host]) for host in HOSTS)
    if dynamic.keys() != native.keys():
        raise ValueError(f"not on both hosts: {sorted(dynamic.keys() ^ native.keys())}")
    for place, outcome in native.items():
        if outcome != dynamic[place]:
            scenario, call, kind, position = place
            found.setdefault(scenario, {}).setdefault(call, {}).setdefault(kind, {})[position] = outcome
    return found


def _flat(rows: Rows) -> dict[tuple[str, str, str, str], str]:
    return {
        (scenario, call, kind, position): outcome
        for scenario, calls in rows.items()
        for call, kinds in calls.items()
        for kind, found in kinds.items()
        for position, outcome in found.items()
    }


def as_json(table: Table) -> str:
    """The document in `DATA`."""
    counts = sum((counts_of(rows) for rows in table.values()), Counter[str]())
    document: dict[str, Any] = {
        "trials": counts.total(), "outcomes": dict(sorted(counts.items())), "table": table["dynamic"],
        "otherwise on the native host": otherwise(table),
    }  # fmt: skip
    return json.dumps(document, indent=1) + "\n"


def write(table: Table) -> None:
    """The data and the page have these rows, and of other scenarios and hosts those that they had."""
    whole: Table = {}
    for host in HOSTS:
        rows = {**kept().get(host, {}), **table.get(host, {})}
        whole[host] = {name: rows[name] for name in SCENARIOS if name in rows}
    DATA.write_text(as_json(whole), "utf-8")
    PAGE.write_text(as_page(whole), "utf-8")
    kept.cache_clear()


@cache
def kept() -> Table:
    """The rows that were written last."""
    if not DATA.exists():
        return {}
    document = json.loads(DATA.read_text("utf-8"))
    dynamic, native = (copy.deepcopy(document["table"]) for _ in HOSTS)
    for (scenario, call, kind, position), outcome in _flat(document["otherwise on the native host"]).items():
        native[scenario][call][kind][position] = outcome
    return {"dynamic": dynamic, "native": native}


def kept_outcome(cell: Cell) -> str | None:
    """The outcome that was written last of this trial; None where there is none."""
    fault, rows = cell.fault, kept().get(cell.host, {})
    return rows.get(cell.scenario, {}).get(str(fault.where), {}).get(fault.kind, {}).get(fault.position)


def as_page(table: Table) -> str:
    """The page of the docs."""
    counts, rows = {host: counts_of(table[host]) for host in HOSTS}, table["dynamic"]
    trials = f"{sum(each.total() for each in counts.values()):,}"
    parts = [_HEAD.format(trials=trials, scenarios=len(rows), calls=sum(map(len, rows.values())))]
    parts.append(_table(["outcome", *(f"{host} host" for host in HOSTS), "what it means"], [
        [f"`{name}`", *(f"{counts[host][name]:,}" for host in HOSTS), meaning] for name, meaning in OUTCOMES.items()
    ]))  # fmt: skip
    parts.append(_hosts(table))
    parts.append(_KINDS)
    parts.append(_table(["fault", "what happens to the attempt"], [[name, kind.what] for name, kind in KINDS.items()]))
    parts.append(_POSITIONS)
    for name, calls in rows.items():
        parts.append(f"\n## {SCENARIOS[name].title}\n\n")
        lines = [[kind, *(_cell(calls[call].get(kind, {})) for call in calls)] for kind in KINDS]
        parts.append(_table(["fault", *(f"`{call}`" for call in calls)], lines))
    return "".join(parts)


def _hosts(table: Table) -> str:
    """What differs between the hosts."""
    differing = otherwise(table)
    if not differing:
        return _SAME
    lines = [
        [SCENARIOS[name].title, f"`{call}`", kind, _cell(table["dynamic"][name][call][kind]), _cell(table["native"][name][call][kind])]
        for name, calls in differing.items()
        for call, kinds in calls.items()
        for kind in kinds
    ]  # fmt: skip
    return _DIFFERENT + _table(["operation", "call", "fault", *(f"{host} host" for host in HOSTS)], lines)


def _cell(found: dict[str, str]) -> str:
    """The outcomes of a fault at a call: one word where all are the same."""
    outcomes = [found[position] for position in POSITIONS if position in found]
    return " · ".join(outcomes if len(set(outcomes)) > 1 else outcomes[:1]) or "—"


def _table(head: list[str], lines: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ["---"] * len(head), *lines))


_HEAD = """# Faults and their outcomes

What happens when AWS or the network fails in the middle of a command? This page holds the answer for every call of
AWS that every operation makes. It is measured, not written: `make chaos` lets each call fail in each way, on the real
process of each host, and looks at what is left. {trials} trials: {scenarios} operations, {calls} calls, two hosts.

A trial runs the command with the fault, and then again without it. Afterwards these must hold, or the trial is red:

- The live domain is as the program declares, with all of its tags, and a refresh finds nothing to change in the state.
- There is no second domain, and none that the state does not hold.
- No domain that is there was reported as gone, and none with data was deleted.
- Every error has one to three lines and says what to do. None shows a tag, a description, a key or a credential.

All programs run with an assumed role and a list of allowed accounts, so the calls of STS are among those that fail.

"""
_SAME = """
Both hosts make the same calls, and **every trial has the same outcome on both**. So one table stands for both below.
"""
_DIFFERENT = """
Both hosts make the same calls. These trials have another outcome on the native host, all others the same. The tables
below are the dynamic host's.

"""
_KINDS = """
## The faults

"""
_POSITIONS = """
Each request is sent up to three times here (`maxRetries` of the config). A cell shows the outcome when only the first
attempt fails, when the last one does (after others that were throttled, or failed where the fault is throttling), and
when every attempt fails from that call to the end of the command. One word stands for all three. "Throttled for ever"
is the third of "throttled once". The data are in [faults.json](faults.json).
"""
