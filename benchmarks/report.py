"""The figures as a table for a terminal, and as one document with what they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pulumi_connect_domains.testing import find_cli
from rich.table import Table

from .figures import MISSED, OPEN, Figure

Json = dict[str, Any]
Parts = Mapping[str, Sequence[Figure]]
"""The figures by the name of their benchmark."""

STYLES = {MISSED: "red", OPEN: "yellow"}


def table(parts: Parts, titles: Mapping[str, str], machine: Json, load: float) -> Table:
    """The figures under their parts' headings; ratios have no unit."""
    title = f"Ratios unless a unit is named, medians with their 95 % intervals; {told(machine)}, load {load:.1f} before"
    made = Table("", "value", "95 % interval", "pairs", "at most", "", title=title, title_justify="left")
    for name, figures in parts.items():
        made.add_section()
        made.add_row(f"[bold]{titles[name]}")
        for each in figures:
            style = STYLES.get(each.verdict, "")
            made.add_row(
                f"  {each.name}",
                number(each.value, each.unit),
                spread(each),
                str(each.pairs or ""),
                "" if each.target is None else f"{each.target:g}",
                f"[{style}]{each.verdict}" if style else each.verdict,
            )
    return made


def number(value: float, unit: str = "") -> str:
    """The value with three digits that count, and its unit."""
    digits = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{digits} {unit}".rstrip()


def spread(figure: Figure) -> str:
    """The interval, "" of a counted figure."""
    return "" if figure.low is None or figure.high is None else f"{number(figure.low)} to {number(figure.high)}"


def told(machine: Json) -> str:
    """The machine in a few words."""
    return (
        f"{machine['system']}, {machine['processors']} processors ({machine['model']}), {machine['memory_gib']:g} GiB"
    )


# -- as a document ------------------------------------------------------------------------------------------------------


def document(parts: Parts, titles: Mapping[str, str], machine: Json, load: float) -> Json:
    """All of a run, such that two runs can be compared. Neither the host's name nor a path is in it."""
    return {
        "machine": machine,
        "versions": versions(),
        "parts": [
            {
                "name": name,
                "title": titles[name],
                "measured_on": f"{datetime.now(timezone.utc):%Y-%m-%d}",
                "load_before": round(load, 2),
                "figures": [{**asdict(each), "verdict": each.verdict} for each in figures],
            }
            for name, figures in parts.items()
        ],
    }


def parts_of(found: Json) -> tuple[dict[str, list[Figure]], dict[str, str]]:
    """The figures of such a document, and the parts' titles."""
    figures = {
        part["name"]: [
            Figure(**{name: value for name, value in each.items() if name != "verdict"}) for each in part["figures"]
        ]
        for part in found["parts"]
    }
    return figures, {part["name"]: part["title"] for part in found["parts"]}


def versions() -> Json:
    """Of what decides about the costs. The Pulumi CLI's is None where none is on PATH."""
    cli = find_cli()
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("pulumi", "boto3", "grpcio")},
        "pulumi_cli": None if isinstance(cli, str) else cli.version,
    }


def machine() -> Json:
    """The shape of this machine."""
    return {
        "system": platform.system(),
        "processors": len(os.sched_getaffinity(0)),
        "model": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
    }


def _field(path: str, name: str) -> str:
    """The first value of that name in a file of `name: value` lines; "" where there is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((value.strip() for key, _, value in (line.partition(":") for line in lines) if key.strip() == name), "")
