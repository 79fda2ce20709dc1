"""The page about speed: its table, which a run writes between two marks, the document of that run, and the chart.

The page and the chart are made from the document alone, so a test can hold that all three agree.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from . import chart, report
from .figures import MET, MISSED, OPEN, Figure
from .report import Json

ROOT = Path(__file__).parents[1]
PAGE = Path("docs/explanation/speed.md")
DOCUMENT = Path("docs/explanation/speed.json")
PICTURES = {"light": Path("docs/pictures/speed.svg"), "dark": Path("docs/pictures/speed-dark.svg")}
BEGIN = "<!-- figures: written by `make bench WRITE=1` -->"
END = "<!-- end of the figures -->"
NAMES = {"python": "Python", "pulumi": "Pulumi's SDK", "pulumi_cli": "the Pulumi CLI"}
SURROUNDINGS = ("machine", "versions")
SIGNS = {MET: "met", MISSED: "**missed**", OPEN: "*open*", "": ""}


def write(made: Json, order: Sequence[str], root: Path = ROOT) -> None:
    """Writes the document, the table and the chart."""
    file = root / DOCUMENT
    if file.exists():
        made = joined(json.loads(file.read_text(encoding="utf-8")), made, order)
    for path, text in files(made, (root / PAGE).read_text(encoding="utf-8")).items():
        (root / path).write_text(text, encoding="utf-8")


def joined(earlier: Json, made: Json, order: Sequence[str]) -> Json:
    """The run's document, with those parts of an earlier one that it has not measured.

    The machine and the versions of the document are those of most of its parts; a part with others has its own.
    """
    parts = {
        part["name"]: {**{name: run[name] for name in SURROUNDINGS}, **part}
        for run in (earlier, made)
        for part in run["parts"]
    }
    shown = [parts[name] for name in order if name in parts]
    surroundings = [{name: part[name] for name in SURROUNDINGS} for part in shown]
    usual = max(surroundings, key=surroundings.count)
    return {
        **usual,
        "parts": [
            {name: value for name, value in part.items() if own != usual or name not in usual}
            for part, own in zip(shown, surroundings, strict=True)
        ],
    }


def files(made: Json, page: str) -> dict[Path, str]:
    """What stands in each file after this run; `page` is the page as it is."""
    charts = {path: chart.svg(made, chart.LOOKS[look]) for look, path in PICTURES.items()}
    return {DOCUMENT: json.dumps(made, indent=2, ensure_ascii=False) + "\n", PAGE: with_figures(made, page), **charts}


def with_figures(made: Json, page: str) -> str:
    """The page with the figures of this run. Raises ValueError where the marks are not there."""
    before, begins, rest = page.partition(BEGIN)
    _, ends, after = rest.partition(END)
    if not begins or not ends:
        raise ValueError(f"{PAGE} has no place for the figures: {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{figures(made)}\n{END}{after}"


def figures(made: Json) -> str:
    """What was measured on, and a table for each part, as Markdown."""
    lines = [*_surroundings(made), ""]
    parts, titles = report.parts_of(made)
    runs = {part["name"]: part for part in made["parts"]}
    for name, found in parts.items():
        run = runs[name]
        lines += [f"### {titles[name]}", "", f"Measured on {run['measured_on']}, load {run['load_before']:.1f} before."]
        if "machine" in run:
            lines += ["", "This part was measured elsewhere than the others:", "", *_surroundings(run)]
        lines.append("")
        lines += ["| figure | median | 95 % interval | at most | verdict |", "|:--|--:|--:|--:|:--|"]
        lines += [_row(each) for each in found]
        lines.append("")
    return "\n".join(lines)


def _surroundings(of: Json) -> list[str]:
    """The machine and the versions of a run, or of a part that has its own."""
    versions = ", ".join(f"{NAMES.get(name, name)} {told}" for name, told in of["versions"].items() if told)
    return [f"- Machine: {report.told(of['machine'])}", f"- Versions: {versions}"]


def _row(figure: Figure) -> str:
    target = "" if figure.target is None else f"{figure.target:g}"
    value = report.number(figure.value, figure.unit)
    return f"| {figure.name} | {value} | {report.spread(figure)} | {target} | {SIGNS[figure.verdict]} |"
