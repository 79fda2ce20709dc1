"""`python -m benchmarks [NAME …]`: runs the benchmarks and says what they found, as a table, a document, and a page with a chart."""

from __future__ import annotations

import json
import os
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click
from rich.console import Console

from . import page, report
from .figures import MISSED, Figure, figures_of

MODULES = {
    "program": "What a program pays",
    "provider": "What an operation pays",
    "validation": "What validation costs",
    "drift": "Drift checks",
    "engine": "The local engine",
    "peers": "Whole commands beside the smallest provider",
    "hosts": "The native host beside the dynamic one",
    "coldstart": "Cold start",
    "scale": "A whole organization",
}
"""Every benchmark module, and the heading of its figures."""

WIDTH = 160  # in characters, in a file or a log


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, type=click.Choice(tuple(MODULES)))
@click.option("--strict", is_flag=True, help="Exit with 1 when a target is missed, too.")
@click.option(
    "--large", is_flag=True, help="Measure the large sizes, too, where a benchmark has some: that takes hours."
)
@click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write all of it to this file, too."
)
@click.option("--write", is_flag=True, help="Write the page about speed anew, with its chart.")
def main(names: tuple[str, ...], strict: bool, large: bool, file: Path | None, write: bool) -> None:
    """Measures, and sets each figure beside its target. Without a name: all of them.

    A target is missed when the whole 95 % interval is above it. That does not fail the command; a benchmark that breaks does.
    """
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    machine, load = report.machine(), os.getloadavg()[0]
    found: dict[str, list[Figure]] = {}
    wanted = tuple(dict.fromkeys(names or MODULES))
    for name in wanted:
        with console.status(f"{MODULES[name]} …"):
            try:
                found[name] = measured(name, large)
            except Exception:  # noqa: BLE001  whatever broke it, it is printed, and the others are measured
                traceback.print_exc()
    console.print(report.table(found, MODULES, machine, load))
    made = report.document(found, MODULES, machine, load)
    if file:
        file.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if write:
        page.write(made, tuple(MODULES))
    is_missed = any(each.verdict == MISSED for figures in found.values() for each in figures)
    sys.exit(len(found) < len(wanted) or (strict and is_missed))


def measured(name: str, is_large: bool = False) -> list[Figure]:
    """The module's figures, from a process of its own: memory and imports of one are no matter of the others."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(figures_of, name, is_large).result()


if __name__ == "__main__":
    main()
