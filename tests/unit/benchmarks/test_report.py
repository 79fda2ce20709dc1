"""What a run found is said in a table, a document, a page and a chart; the page of the documentation is made from its document."""

from __future__ import annotations

import json
import os
import platform
import re
import socket
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ..tools.test_pictures import LEAST_CONTRAST, contrast

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def made(benchmark: Any) -> Any:
    """The document of a run with a figure of each kind."""
    figure, report = benchmark("figures").Figure, benchmark("report")
    parts = {
        "drift": [
            figure.of("drift <a> & b / bare", [1.0, 1.01, 1.02, 1.03, 1.04, 1.05], 1.1),
            figure.of("drift, memory", [9.0, 9.1, 9.2, 9.3, 9.4, 1_000.0], 4, "MiB"),
            figure.of("bare / latencies", [2.0] * 6),
        ],
        "engine": [figure("clients", 1, 1, "clients"), figure.of("up / up", [0.9, 1.2, 1.2, 1.3, 1.4, 1.5], 1.1)],
    }
    machine = {"system": "Linux", "processors": 2, "model": "Fast", "memory_gib": 8.0}
    return report.document(parts, {"drift": "Drift checks", "engine": "The engine"}, machine, 0.25)


@pytest.mark.parametrize(
    ("samples", "options", "code", "said"),
    [
        ([1.0] * 6, [], 0, ["1", "1 to 1", "6", "1.1", "met"]),
        ([1.2] * 6, [], 0, ["1.2", "1.2 to 1.2", "6", "1.1", "missed"]),
        ([1.0] * 6, ["--strict"], 0, ["1", "1 to 1", "6", "1.1", "met"]),
        ([1.2] * 6, ["--strict"], 1, ["1.2", "1.2 to 1.2", "6", "1.1", "missed"]),
        ([1.0, 1.2, 1.2, 1.2, 1.2, 1.2], ["--strict"], 0, ["1.2", "1 to 1.2", "6", "1.1", "open"]),
    ],
    ids=["met", "missed", "met, strictly", "missed, strictly", "open, strictly"],
)
def test_a_missed_target_is_said_and_fails_only_when_asked(
    samples: list[float],
    options: list[str],
    code: int,
    said: list[str],
    benchmark: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command, figure = benchmark("__main__"), benchmark("figures").Figure
    monkeypatch.setattr(command, "measured", lambda name, is_large: [figure.of("ours / theirs", samples, 1.1)])
    result = CliRunner().invoke(command.main, ["engine", *options])
    assert result.exit_code == code, result.output
    line = next(line for line in result.output.splitlines() if "ours / theirs" in line)
    assert [cell.strip() for cell in line.split("│")[2:-1]] == said


def test_a_benchmark_that_breaks_fails_and_the_others_are_shown(
    benchmark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, figure = benchmark("__main__"), benchmark("figures").Figure

    def measured(name: str, is_large: bool) -> list[Any]:
        if name == "drift":
            raise RuntimeError("no answer")
        return [figure("up of one domain", 0.4)]

    monkeypatch.setattr(command, "measured", measured)
    result = CliRunner().invoke(command.main, ["drift", "engine"])
    assert result.exit_code == 1
    assert "RuntimeError: no answer" in result.output
    assert "up of one domain" in result.output


def test_the_document_has_each_figure_and_nothing_that_names_the_machine(
    benchmark: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command, report, figure = benchmark("__main__"), benchmark("report"), benchmark("figures").Figure
    found = [figure.of("ours / theirs", [1, 2, 3, 4, 5, 6], 4.0, "ms"), figure("clients", 1, 1, "clients")]
    monkeypatch.setattr(command, "measured", lambda name, is_large: found)
    CliRunner().invoke(command.main, ["engine", "--json", str(tmp_path / "out.json")], catch_exceptions=False)
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    made = json.loads(text)
    assert made["parts"][0]["figures"] == [
        {"name": "ours / theirs", "value": 3.5, "target": 4.0, "unit": "ms", "low": 1, "high": 6, "pairs": 6, "verdict": "met"},
        {"name": "clients", "value": 1, "target": 1, "unit": "clients", "low": None, "high": None, "pairs": 0, "verdict": "met"},
    ]  # fmt: skip
    assert made["versions"]["python"] == platform.python_version()
    assert made["machine"]["processors"] == len(os.sched_getaffinity(0))
    assert made["machine"]["memory_gib"] > 0.5
    assert made["machine"]["model"]
    for name in {socket.gethostname(), str(Path.home()), str(ROOT), os.sep + "tmp"}:
        assert name not in text
    assert report.parts_of(made) == ({"engine": found}, {"engine": command.MODULES["engine"]})


# -- the page -----------------------------------------------------------------------------------------------------------


def test_the_page_and_the_charts_are_those_of_the_document(benchmark: Any) -> None:
    page = benchmark("page")
    made = json.loads((ROOT / page.DOCUMENT).read_text(encoding="utf-8"))
    shown = (ROOT / page.PAGE).read_text(encoding="utf-8")
    for path, text in page.files(made, shown).items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path}: run `make bench WRITE=1`"


def test_the_parts_of_the_page_are_benchmarks_in_their_order(benchmark: Any) -> None:
    made = json.loads((ROOT / benchmark("page").DOCUMENT).read_text(encoding="utf-8"))
    shown = [part["name"] for part in made["parts"]]
    assert shown == list(benchmark("__main__").MODULES)


def test_writing_keeps_the_text_around_the_figures(benchmark: Any, made: Any, tmp_path: Path) -> None:
    page = benchmark("page")
    for folder in ("docs/explanation", "docs/pictures"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / page.PAGE).write_text(f"# Speed\n\n{page.BEGIN}\n\nlast week's\n\n{page.END}\n\nRest.\n")
    page.write(made, ("drift", "engine"), tmp_path)
    text = (tmp_path / page.PAGE).read_text()
    assert text.startswith(
        f"# Speed\n\n{page.BEGIN}\n\n- Machine: Linux, 2 processors (Fast), 8 GiB\n- Versions: Python 3"
    )
    assert text.endswith(f"\n\n{page.END}\n\nRest.\n")
    assert "last week" not in text
    assert "| drift, memory | 9.25 MiB | 9 to 1,000 | 4 | **missed** |" in text
    assert "| clients | 1 clients |  | 1 | met |" in text
    assert "| bare / latencies | 2 | 2 to 2 |  |  |" in text
    assert json.loads((tmp_path / page.DOCUMENT).read_text()) == made


def test_a_page_without_a_place_for_the_figures_is_left_alone(benchmark: Any, made: Any) -> None:
    page = benchmark("page")
    with pytest.raises(ValueError, match="has no place for the figures"):
        page.files(made, f"# Speed\n\n{page.BEGIN}\n")


def test_parts_of_an_earlier_run_stay(benchmark: Any, made: Any) -> None:
    [drift, engine] = made["parts"]
    earlier = {**made, "parts": [engine, {**drift, "figures": []}]}
    assert benchmark("page").joined(earlier, {**made, "parts": [drift]}, ["drift", "engine"]) == made


@pytest.mark.parametrize("name", ["machine", "versions"])
def test_a_part_that_was_measured_elsewhere_than_most_says_so(name: str, benchmark: Any, made: Any) -> None:
    page = benchmark("page")
    [drift, engine] = made["parts"]
    there = {"machine": {**made["machine"], "model": "Slow"}, "versions": {"python": "3.99"}}[name]
    new = {**made, name: there, "parts": [{**engine, "name": "hosts", "title": "Hosts"}]}
    joined = page.joined(made, new, ["drift", "hosts", "engine"])
    assert {key: joined[key] for key in ("machine", "versions")} == {key: made[key] for key in ("machine", "versions")}
    assert [joined["parts"][place] for place in (0, 2)] == [drift, engine]
    [told] = re.findall("^- .*(?:Slow|Python 3.99).*$", page.figures(joined), re.MULTILINE)
    assert (
        page.figures(joined).index("### Hosts")
        < page.figures(joined).index(told)
        < page.figures(joined).index("### The engine")
    )
    again = page.joined(joined, {**new, "parts": [drift, engine]}, ["drift", "hosts", "engine"])
    assert again[name] == there
    assert [set(part) & {"machine", "versions"} for part in again["parts"]] == [set()] * 3


# -- the chart ----------------------------------------------------------------------------------------------------------


def test_the_chart_says_each_figure_with_a_target_in_words(benchmark: Any, made: Any) -> None:
    chart = benchmark("chart")
    drawing = ElementTree.fromstring(chart.svg(made, chart.LOOKS["light"]))
    words = [text.text for text in drawing.iter(f"{SVG}text")]
    assert words[5:] == [
        "Drift checks", "drift <a> & b / bare", "1.02 of 1.1, met", "drift, memory", "9.25 of 4, missed",
        "The engine", "clients", "1 of 1, met", "up / up", "1.25 of 1.1, open",
    ]  # fmt: skip
    description = drawing.findtext(f"{SVG}desc") or ""
    assert description.startswith("Of 4 targets, 2 are met, 1 open and 1 missed.")
    assert "Missed: drift, memory, 9.25 MiB, at most 4." in description


def test_a_bar_stands_where_its_share_of_the_target_is(benchmark: Any, made: Any) -> None:
    chart = benchmark("chart")
    drawing = ElementTree.fromstring(chart.svg(made, chart.LOOKS["light"]))
    zero, target, most = (
        float(each.get("x") or 0) for each in drawing.iter(f"{SVG}text") if each.text in ("0", "target", "2 ×")
    )
    share = [(float(each.get("cx") or 0) - zero) / (target - zero) for each in drawing.iter(f"{SVG}circle")]
    assert share == pytest.approx([1.025 / 1.1, 2, 1.25 / 1.1], abs=0.01)  # 9.25 of 4 is beyond the end of the scale
    spans = [each.get("d") or "" for each in drawing.iter(f"{SVG}path") if "span" in (each.get("class") or "")]
    low, high = (float(part) for part in re.split("[M H]", spans[2])[1::2])
    assert (low - zero) / (target - zero) == pytest.approx(0.9 / 1.1, abs=0.01)
    assert (high - zero) / (target - zero) == pytest.approx(1.5 / 1.1, abs=0.01)
    assert most - target == pytest.approx(target - zero, abs=0.2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_charts_words_and_marks_stand_out(scheme: str, benchmark: Any) -> None:
    look = benchmark("chart").LOOKS[scheme]
    colours = (look.text, look.faint, *look.verdicts.values())
    assert [each for each in colours if contrast(each, look.background) < LEAST_CONTRAST] == []


def test_no_words_of_the_chart_are_wider_than_it_is(benchmark: Any) -> None:
    """At 7 pixels a letter, which is more than these fonts take at this size. A value stands right of the end of the scale."""
    chart = benchmark("chart")
    made = json.loads((ROOT / benchmark("page").DOCUMENT).read_text(encoding="utf-8"))
    drawing = ElementTree.fromstring(chart.svg(made, chart.LOOKS["light"]))
    scale = max(float(each.get("x") or 0) for each in drawing.iter(f"{SVG}text") if each.text == "2 ×")
    for each in drawing.iter(f"{SVG}text"):
        length = 7 * len(each.text or "")
        room = (
            chart.WIDTH - chart.EDGE - scale if "value" in (each.get("class") or "") else chart.WIDTH - 2 * chart.EDGE
        )
        assert length <= room, each.text
