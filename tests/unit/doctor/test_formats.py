"""The doctor's report as text and as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.doctor.formats import FORMATS
from pulumi_connect_domains.doctor.model import Check, Report
from pulumi_connect_domains.reporting.formats import Screen

from ..report_schemas import flaws

PAGE = Path(__file__).parents[3] / "docs/how-to/doctor.md"
REPORT = Report(
    started_at="2026-11-26T21:00:00+00:00",
    seconds=1.23456,
    tool_version="1.2.3",
    checks=(
        Check("python", "ok", "3.12.3 (supported: >=3.10)"),
        Check("pulumi-cli", "warning", "not found", "install it"),
        Check(
            "region",
            "failed",
            "no Region is set, and\nwhat follows\x1b[31m is of others",
            "set aws:region; " * 4 + "now",
        ),
        Check("account", "skipped", "needs a Region"),
    ),
)
WELL = Report("2026-11-26T21:00:00+00:00", 0.5, "1.2.3", REPORT.checks[:2])


def rendered(name: str, report: Report = REPORT, **screen: Any) -> str:
    return FORMATS.named(name).render(report, Screen(**screen))


@pytest.mark.parametrize("report", [REPORT, WELL], ids=["something fails", "all is well"])
def test_json_is_what_its_schema_says_and_nothing_more(report: Report) -> None:
    document = json.loads(rendered("json", report))
    assert flaws("doctor", document) == []
    assert document["exit_code"] == report.exit_code
    assert document["seconds"] in (1.235, 0.5)


def test_the_example_in_the_docs_is_what_the_schema_says() -> None:
    [block] = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert flaws("doctor", json.loads(block)) == []


def test_the_docs_name_every_check() -> None:
    from .test_examination import NAMES

    named = re.findall(r"`([a-z0-9-]+(?:-…)?)`", PAGE.read_text())
    stems = tuple(each.removesuffix("…") for each in named if each.endswith("…"))
    assert [name for name in NAMES if name not in named and not name.startswith(stems)] == []


def test_text_has_a_line_for_each_check_and_one_for_what_to_do() -> None:
    assert rendered("text") == (
        "ok       python      3.12.3 (supported: >=3.10)\n"
        "warning  pulumi-cli  not found\n"
        "                     → install it\n"
        "failed   region      no Region is set, and\\nwhat follows\\u001b[31m is of others\n"
        "                     → set aws:region; set aws:region; set aws:region; set aws:region; now\n"
        "skipped  account     needs a Region\n"
        "\n"
        "4 checks: 1 ok, 1 warning, 1 failed, 1 skipped (1.2 s)\n"
    )


def test_a_terminal_wraps_lines_below_the_last_column() -> None:
    lines = rendered("text", width=60).splitlines()
    assert max(map(len, lines)) <= 60
    assert "                     aws:region; set aws:region; now" in lines
    narrow = rendered("text", width=20).splitlines()
    assert "                     → set aws:region; set" in narrow, "30 columns, and the terminal breaks the line"


def test_colours_change_no_letter() -> None:
    coloured = rendered("text", has_colour=True)
    assert "\x1b[32mok" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == rendered("text")
