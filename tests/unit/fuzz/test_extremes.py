"""Files that are extreme in one way, through every reader: time and memory are bounded, a line names the file, the good one is reported."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from pulumi_connect_domains.drift.formats import FORMATS

from ..drift.reports import domain, report
from .bounded import MIB, Bounded, Outcome
from .extremes import EXTREMES, Extreme
from .readers import READERS

OF_FILES = [name for name, reader in READERS.items() if not reader.by_cli and name != "import --out"]
AT_ONCE = ("drift --state", "drift --policy", "import --check-state", "review", "validate")
"""One for each kind of file and each way of saying what is wrong with it; the others read by the same functions."""
LONGEST_LINE = 2_000
"""Of the lines that name the file. What stands in it is not repeated without end."""


@pytest.mark.parametrize(
    "reader", [each if each in AT_ONCE else pytest.param(each, marks=pytest.mark.long) for each in OF_FILES]
)
def test_extreme_files_are_refused_in_bounded_time_and_memory(reader: str, bounded: Bounded, tmp_path: Path) -> None:
    for name, extreme in EXTREMES.items():
        if not extreme.is_long:
            _try(reader, name, extreme, bounded, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, each in EXTREMES.items() if each.is_long])
@pytest.mark.parametrize("reader", OF_FILES)
def test_huge_files_are_read_or_refused_in_bounded_time_and_memory(
    reader: str, name: str, bounded: Bounded, tmp_path: Path
) -> None:
    _try(reader, name, EXTREMES[name], bounded, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("reader", [name for name, each in READERS.items() if each.kind == "report"])
def test_reports_as_they_were_written_may_be_of_any_size(reader: str, bounded: Bounded, tmp_path: Path) -> None:
    """400,000 domains hold more values than a document may, and their text is bigger than the memory."""
    of, place = READERS[reader], tmp_path / "in" / "long.json"
    place.parent.mkdir()
    one = report(*(each for stack in range(400) for each in [domain("in_sync", "crm" * 20, stack=f"s{stack}")] * 1_000))
    with place.open("w") as file:
        file.writelines(FORMATS.named("json").pieces(one))
    assert place.stat().st_size > 200 * MIB
    try:
        done = bounded.run(of.command(place, Random(3)), seconds=240, bytes_=400 * MIB)
    finally:
        place.unlink()
    _judge(reader, done, of.codes)
    assert place.name not in done.err
    assert done.peak_bytes < 100 * MIB, f"{done.peak_bytes // MIB} MiB"


def _try(reader: str, name: str, extreme: Extreme, bounded: Bounded, folder: Path) -> None:
    of, place = READERS[reader], folder / "in" / "extreme.json"
    place.parent.mkdir(exist_ok=True)
    extreme.make(place, of.kind)
    try:
        arguments = of.command(place, Random(3))
        done = bounded.run(arguments, seconds=extreme.seconds, bytes_=2 * extreme.bytes_)
    finally:
        if place.is_dir():
            place.rmdir()
        else:
            place.unlink(missing_ok=True)
    _judge(f"{reader}, {name}", done, of.codes | {1})
    assert done.peak_bytes < extreme.bytes_, f"{reader}, {name}: {done.peak_bytes // 2**20} MiB"
    all_of_it = done.out + done.err
    is_cut = name == "100,000 resources" and reader == "review"  # a comment has room for some only
    if of.beside and not is_cut and f"error: --policy {place}" not in done.err:
        assert of.beside in all_of_it, f"{reader}, {name}: the good file is not reported\n{all_of_it[:3000]}"
    is_readable = extreme.is_readable and of.is_readable is not None and reader != "review of an event log"
    is_missing_in_folder = name == "nothing there" and "-dir" in reader
    is_folder_in_folder = name == "a folder" and "-dir" in reader
    if extreme.is_readable is False and not is_missing_in_folder and not is_folder_in_folder:
        assert done.code == 1, f"{reader}, {name}: exit code {done.code}\n{all_of_it[:3000]}"
        lines = [line for line in all_of_it.splitlines() if place.name in line]
        assert lines, f"{reader}, {name}: no line names the file\n{all_of_it[:3000]}"
        assert max(map(len, lines)) < LONGEST_LINE, f"{reader}, {name}: {max(map(len, lines))} characters in a line"
    elif is_readable:
        assert f"{place.name}: " not in done.err, f"{reader}, {name}\n{all_of_it[:3000]}"


def _judge(what: str, done: Outcome, codes: frozenset[int]) -> None:
    said = f"{what}: exit code {done.code} after {done.seconds:.1f} s\n{done.err[-3000:]}"
    assert done.code in codes, said
    assert "Traceback" not in done.err, said
