"""`python -m benchmarks [NAME …]`: runs the benchmarks and prints what they found as one table."""

from __future__ import annotations

import os
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import click
from rich.console import Console
from rich.table import Table

from .figures import Figure, figures_of

MODULES = {
    "program": "What a program pays",
    "provider": "What an operation pays",
    "validation": "What validation costs",
    "drift": "Drift checks",
    "engine": "The local engine",
}
"""Every benchmark module, and the heading of its figures."""

WIDTH = 140  # in characters, in a file or a log


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, type=click.Choice(tuple(MODULES)))
@click.option("--strict", is_flag=True, help="Exit with 1 when a target is missed, too.")
def main(names: tuple[str, ...], strict: bool) -> None:
    """Measures, and sets each figure beside its target. Without a name: all of program, provider, validation, drift and engine.

    A missed target does not fail the command, since a busy machine misses some; a benchmark that breaks does.
    """
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    found: dict[str, list[Figure]] = {}
    wanted = dict.fromkeys(names or MODULES)
    for name in wanted:
        with console.status(f"{MODULES[name]} …"):
            try:
                found[name] = measured(name)
            except Exception:  # noqa: BLE001  whatever broke it, it is printed, and the others are measured
                traceback.print_exc()
    console.print(table(found))
    is_missed = any(not figure.is_met for figures in found.values() for figure in figures)
    sys.exit(len(found) < len(wanted) or (strict and is_missed))


def measured(name: str) -> list[Figure]:
    """The module's figures, from a process of its own: memory and imports of one are no matter of the others."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(figures_of, name).result()


def table(found: dict[str, list[Figure]]) -> Table:
    """The figures under their modules' headings; ratios have no unit."""
    load = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    made = Table("", "value", "at most", "", title=f"Ratios unless a unit is named; {load}", title_justify="left")
    for name, figures in found.items():
        made.add_section()
        made.add_row(f"[bold]{MODULES[name]}")
        for figure in figures:
            unit = f" {figure.unit}" if figure.unit else ""
            target = "" if figure.target is None else f"{figure.target:g}{unit}"
            verdict = "" if figure.target is None else "met" if figure.is_met else "[red]missed"
            made.add_row(f"  {figure.name}", f"{figure.value:.3g}{unit}", target, verdict)
    return made


if __name__ == "__main__":
    main()
