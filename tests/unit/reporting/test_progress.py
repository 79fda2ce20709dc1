"""Progress on a terminal: what is drawn while a command runs, and that nothing of it is left."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.reporting import progress

from ..drift.reports import export, resource
from ..terminals import Seen, run

NUMBER = 12
RATE = "6"  # a second, so that the check takes about two


@pytest.fixture
def state(tmp_path: Path, local_aws: LocalAws) -> Iterator[str]:
    """A state file with some domains, which are there as declared."""
    names = [f"crm-{number}" for number in range(NUMBER)]
    for name in names:
        local_aws.seed("customer-profiles", name, DefaultExpirationDays=30)
    file = tmp_path / "state.json"
    file.write_text(export(*(resource(name) for name in names)))
    yield str(file)
    local_aws.reset()


def drift(state: str, cloud: LocalAws, *options: str, out: bool = False, err: bool = True, **variables: str) -> Seen:
    return run(
        ["drift", "--state", state, "--rate", RATE, *options],
        {**cloud.environment(), **variables},
        out_is_terminal=out,
        err_is_terminal=err,
    )


def on_screen(text: str) -> str:
    """What is left on a terminal that was sent the text: the cursor goes up, and lines are erased."""
    lines, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", text):
        if part == "\r":
            column = 0
        elif part == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif part == "\x1b[2K":
            lines[row] = ""
        elif re.fullmatch(r"\x1b\[\d*A", part):
            row = max(0, row - int(part[2:-1] or 1))
        elif not part.startswith("\x1b"):
            lines[row] = lines[row][:column].ljust(column) + part + lines[row][column + len(part) :]
            column += len(part)
    return "\n".join(lines).strip()


def test_drift_shows_domains_done_rate_and_time_left_and_erases_it(state: str, local_aws: LocalAws) -> None:
    seen = drift(state, local_aws)
    assert seen.code == 0, seen
    assert "reading domains" in seen.err
    assert re.search(rf"\d+/{NUMBER}", seen.err)
    assert re.search(r"\d\.\d/s, \d s left", seen.err)
    assert on_screen(seen.err) == "", "it is erased"
    assert "\x1b[?25l" not in seen.err, "the cursor is never hidden"
    assert seen.out.startswith(f"all {NUMBER} domains in sync"), "the report is as always"
    assert "\x1b" not in seen.out


def test_a_report_on_the_same_terminal_is_whole(state: str, local_aws: LocalAws) -> None:
    seen = drift(state, local_aws, "--format", "json", out=True)
    assert json.loads(seen.out)["counts"]["in_sync"] == NUMBER
    summary = rf"all {NUMBER} domains in sync \(1 stack, 1 account, 1 region, [\d.]+ s\)"
    assert re.fullmatch(summary, on_screen(seen.err)), seen.err


@pytest.mark.parametrize(
    ("err", "variables"),
    [
        pytest.param(False, {}, id="in a pipe"),
        pytest.param(False, {"FORCE_COLOR": "1"}, id="in a pipe with colours"),
        pytest.param(True, {"CI": "true"}, id="in CI"),
        pytest.param(True, {"TERM": "dumb"}, id="on a dumb terminal"),
    ],
)
def test_elsewhere_nothing_is_drawn(state: str, local_aws: LocalAws, err: bool, variables: dict[str, str]) -> None:
    seen = drift(state, local_aws, err=err, **variables)
    assert (seen.code, seen.err) == (0, "")


def test_a_command_that_is_over_at_once_shows_nothing(state: str, local_aws: LocalAws) -> None:
    seen = run(["drift", "--state", state, "--name", "none"], local_aws.environment())
    assert (seen.code, seen.err) == (1, "")


def test_an_import_shows_its_progress(state: str, local_aws: LocalAws, tmp_path: Path) -> None:
    local_aws.latency(0.3, operation="GetDomain")
    seen = run(["import", "--all", "--out", str(tmp_path / "imported")], local_aws.environment())
    assert seen.code == 0, seen
    assert re.search(rf"reading domains.*\d+/{NUMBER}", seen.err)
    assert on_screen(seen.err) == ""


def test_drift_shows_that_it_lists_domains(state: str, local_aws: LocalAws) -> None:
    local_aws.latency(1.5, operation="ListDomains")
    seen = drift(state, local_aws, "--unmanaged")
    assert seen.code == 0, seen
    assert "listing domains" in seen.err
    assert not re.search(r"listing domains[^\r\n]*\d/\d", seen.err), "how many there are is not known"
    assert on_screen(seen.err) == ""


def test_a_review_shows_how_many_domains_it_has_asked_for(local_aws: LocalAws, tmp_path: Path) -> None:
    local_aws.latency(0.5, operation="GetDomain")
    exported = json.loads(export(*(resource(f"crm-{number}") for number in range(4))))
    states = [each for each in exported["deployment"]["resources"] if "crm-" in each["urn"]]
    steps = [{"op": "delete", "urn": each["urn"], "oldState": each} for each in states]
    (tmp_path / "preview.json").write_text(json.dumps({"steps": steps}))
    seen = run(["review", str(tmp_path / "preview.json"), "--live"], local_aws.environment())
    assert seen.code == 0, seen
    assert re.search(r"asking AWS about domains.*[123]/\?", seen.err)
    assert on_screen(seen.err) == ""


COLOURS = {
    "on a terminal": (True, {}, True),
    "NO_COLOR": (True, {"NO_COLOR": "1"}, False),
    "a dumb terminal": (True, {"TERM": "dumb"}, False),
    "in a pipe": (False, {}, False),
    "FORCE_COLOR in a pipe": (False, {"FORCE_COLOR": "1"}, True),
    "NO_COLOR and FORCE_COLOR": (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
}


@pytest.mark.parametrize("command", ["drift", "doctor"])
@pytest.mark.parametrize(("out", "variables", "has_colour"), COLOURS.values(), ids=COLOURS)
def test_colours_of_reports(
    local_aws: LocalAws, tmp_path: Path, command: str, out: bool, variables: dict[str, str], has_colour: bool
) -> None:
    (tmp_path / "state.json").write_text(export())
    arguments = {"drift": ["--state", str(tmp_path / "state.json")], "doctor": ["--offline"]}[command]
    seen = run([command, *arguments], {**local_aws.environment(), **variables}, out_is_terminal=out)
    assert ("\x1b[" in seen.out) is has_colour, seen


def test_a_file_never_has_colours(local_aws: LocalAws, tmp_path: Path) -> None:
    report = tmp_path / "report"
    run(["doctor", "--offline", "--out", f"text={report}"], {**local_aws.environment(), "FORCE_COLOR": "1"})
    assert "python" in report.read_text()
    assert "\x1b" not in report.read_text()


@pytest.mark.parametrize(
    ("per_second", "seconds_left", "said"),
    [
        (None, None, ""),
        (4.94, None, "4.9/s"),
        (4.94, 57.6, "4.9/s, 58 s left"),
        (1234.5, 62, "1,234.5/s, 1 min 2 s left"),
        (0.1, 7500, "0.1/s, 2 h 5 min left"),
        (None, 12, ""),
        (0.0, 0, ""),
    ],
)
def test_the_pace_in_words(per_second: float | None, seconds_left: float | None, said: str) -> None:
    assert progress.pace(per_second, seconds_left) == said
