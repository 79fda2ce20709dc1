"""The file of a report, read line by line: it gives what reading it whole gives, and memory does not grow with its domains."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import tempfile
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pulumi_connect_domains.drift import report_file
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.merging import merged
from pulumi_connect_domains.drift.model import DomainReport, Report
from pulumi_connect_domains.drift.report_file import from_file
from pulumi_connect_domains.drift.report_reading import read
from pulumi_connect_domains.drift.shards import Shard
from pulumi_connect_domains.drift.since import compared, wrong
from pulumi_connect_domains.model.errors import ConfigurationError, Unreadable
from pulumi_connect_domains.stacks import documents, files
from pulumi_connect_domains.stacks.documents import json_of

from .. import mutations
from .reports import COMPARED, EVERYTHING, domain, in_lines, report
from .test_report_reading import reports

NUMBER = len(COMPARED.domains)


def written(report: Report) -> str:
    """The report as the command writes it."""
    return FORMATS.named("json").render(report)


WRITTEN = written(COMPARED)
LINES = WRITTEN.splitlines(keepends=True)
FIRST = LINES.index('  "domains": [\n') + 1
"""The index of the line of the first domain."""


class File:
    """A file of that content, to be read as a report."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "x.json"

    def read(self, content: str | bytes) -> Report:
        """The report; its domains are in a list, whichever way they were read."""
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        return from_file(str(self.path))

    def refusal(self, content: str | bytes) -> str:
        """Why the content is refused."""
        with pytest.raises(ConfigurationError) as mistake:
            self.read(content)
        text = str(mistake.value)
        assert text.startswith(f"{self.path}: ")
        assert "\n" not in text
        return text.removeprefix(f"{self.path}: ")


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path)


@pytest.fixture
def only_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a report whole is a mistake."""
    monkeypatch.setattr(report_file, "_whole", None)


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the begins of those reports that were read whole."""
    found: list[int] = []
    own = report_file._whole

    def noted(stream: Any, begin: bytes, keep: Any) -> Report:
        found.append(len(begin))
        return own(stream, begin, keep)

    monkeypatch.setattr(report_file, "_whole", noted)
    return found


# -- what is read ---------------------------------------------------------------------------------------------------------

LAYOUTS: dict[str, Callable[[bytes], bytes]] = {
    "as it was written": lambda content: content,
    "with a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "with the line ends of Windows": lambda content: content.replace(b"\n", b"\r\n"),
    "with other blanks": lambda content: content.replace(b"\n    {", b"\n\t{").replace(b"},\n", b"}, \n").replace(b"\n  ", b"\n"),
    "without its last line end": lambda content: content.rstrip(b"\n"),
    "compressed": gzip.compress,
}  # fmt: skip
OTHER_LAYOUTS: dict[str, Callable[[bytes], bytes]] = {
    "in one line": lambda content: json.dumps(json.loads(content)).encode(),
    "indented": lambda content: json.dumps(json.loads(content), indent=2).encode(),
    "indented with tabs": lambda content: json.dumps(json.loads(content), indent="\t").encode(),
    "sorted": lambda content: json.dumps(json.loads(content), indent=2, sort_keys=True).encode(),
    "in UTF-16": lambda content: content.decode().encode("utf-16"),
    "in UTF-16, with the first line alone": lambda content: content.decode().encode("utf-16-le"),
    "after a blank line": lambda content: b"\n" + content,
    "with a blank line before its domains": lambda content: content.replace(b'"domains": [\n', b'"domains": [\n\n'),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.usefixtures("only_in_lines")
def test_a_report_as_it_was_written_is_read_line_by_line(file: File, layout: str) -> None:
    assert file.read(LAYOUTS[layout](WRITTEN.encode())) == read(json_of(WRITTEN))


@pytest.mark.parametrize("layout", OTHER_LAYOUTS)
def test_a_report_in_another_layout_is_read_whole(file: File, layout: str, whole: list[int]) -> None:
    assert file.read(OTHER_LAYOUTS[layout](WRITTEN.encode())) == read(json_of(WRITTEN))
    assert len(whole) == 1


@settings(max_examples=60, deadline=None)
@given(reports, some.sampled_from([*LAYOUTS.values(), *OTHER_LAYOUTS.values()]))
def test_whatever_was_written_is_read(one: Report, layout: Callable[[bytes], bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert File(Path(folder)).read(layout(written(one).encode())) == one


def test_standard_input_and_pipes_are_read_line_by_line(monkeypatch: pytest.MonkeyPatch, only_in_lines: None) -> None:
    wanted = read(json_of(WRITTEN))
    for content in (WRITTEN.encode(), gzip.compress(WRITTEN.encode())):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        assert from_file("-") == wanted
    reading, writing = os.pipe()

    def write() -> None:
        with open(writing, "wb", buffering=0) as stream:
            stream.write(b"{")  # a reader that begins with what there is gets one byte
            stream.write(WRITTEN[1:].encode())

    writer = threading.Thread(target=write)
    writer.start()
    assert from_file(f"/dev/fd/{reading}") == wanted
    writer.join()
    os.close(reading)


def test_what_is_wrong_with_standard_input_names_it_and_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(WRITTEN[:-4].encode())))
    with pytest.raises(ConfigurationError, match=r"^--since standard input: is not JSON: "):
        from_file("-", "--since")


def test_only_what_is_kept_is_in_the_report(file: File) -> None:
    file.read(WRITTEN)
    seen: list[DomainReport] = []

    def keep(domains: Iterable[DomainReport]) -> tuple[DomainReport, ...]:
        seen.extend(domains)
        return ()

    assert from_file(str(file.path), keep=keep) == replace(read(json_of(WRITTEN)), domains=())
    assert tuple(seen) == read(json_of(WRITTEN)).domains
    indented, seen[:] = json.dumps(json.loads(WRITTEN), indent=2), []
    file.read(indented)
    assert from_file(str(file.path), keep=keep).domains == ()
    assert tuple(seen) == read(json_of(WRITTEN)).domains


def test_the_domains_in_sync_of_an_earlier_report_make_no_difference(file: File) -> None:
    """What `--since` keeps of them, none, is what the comparison needs."""
    file.read(WRITTEN)
    one = from_file(str(file.path), "--since", wrong)
    assert {each.is_wrong for each in one.domains} == {True}
    assert compared(EVERYTHING, one).compared == compared(EVERYTHING, COMPARED).compared
    assert tuple(compared(EVERYTHING, one).domains) == tuple(compared(EVERYTHING, COMPARED).domains)


# -- what is refused ------------------------------------------------------------------------------------------------------


def changed(index: int, before: str, after: str) -> str:
    """The report, with one change in the line of that domain; -1 is the line after the last one."""
    lines = [*LINES]
    place = FIRST + (NUMBER if index == -1 else index)
    assert before in lines[place]
    lines[place] = lines[place].replace(before, after, 1)
    return "".join(lines)


END = FIRST + NUMBER
"""The index of the line that ends the list of domains."""
TOO_DEEP = "[" * 99 + "]" * 99


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("".join(LINES[: FIRST - 1]), "is not JSON: Expecting", id="cut off before the domains"),
        pytest.param("".join(LINES[:FIRST]), "is not JSON: Expecting value", id="cut off before the first domain"),
        pytest.param("".join(LINES[: FIRST + 3]), f"is cut off after domains[2] (line {FIRST + 3})", id="cut off after a comma"),
        pytest.param(
            "".join(LINES[: FIRST + 3])[:-2], f"is cut off after domains[2] (line {FIRST + 3})", id="cut off before a comma"
        ),
        pytest.param(
            "".join(LINES[: FIRST + 3])[:-9],
            f"domains[2]: is not JSON in one line: Unterminated string starting at: line {FIRST + 3}, column ",
            id="cut off in a domain",
        ),
        pytest.param("".join(LINES[:END]), f"is cut off after domains[{NUMBER - 1}] (line {END})", id="cut off after the last domain"),
        pytest.param("".join(LINES[: END + 1]), f"is not JSON: Expecting property name enclosed in double quotes: line {END + 2}, column 1",
                     id="cut off after the domains"),
        pytest.param("".join(LINES[:-1]), f"is not JSON: Expecting ',' delimiter: line {len(LINES)}, column ", id="cut off before its end"),
        pytest.param(
            changed(2, "},\n", "}\n"), f"is not JSON: a comma or the end of the domains was expected: line {FIRST + 4}", id="no comma"
        ),
        pytest.param(
            changed(NUMBER - 1, "}\n", "},\n"), f"domains[{NUMBER}]: is not JSON in one line: Expecting value: line {END + 1}, column 3",
            id="a comma too many",
        ),
        pytest.param(changed(2, "},\n", "},,\n"), "domains[2]: is not JSON in one line: Extra data", id="two commas"),
        pytest.param(changed(2, "},\n", "},{},\n"), "domains[2]: is not JSON in one line: Extra data", id="two domains in a line"),
        pytest.param(changed(2, "{", "{\n"), "domains[2]: is not JSON in one line: ", id="a domain in two lines"),
        pytest.param(changed(2, "{", "\n{"), "domains[2]: is not JSON in one line: ", id="a blank line"),
        pytest.param(WRITTEN + "{}", f"is not JSON: Extra data: line {len(LINES) + 1}, column 1", id="something after its end"),
        pytest.param(WRITTEN * 2, f"is not JSON: Extra data: line {len(LINES) + 1}, column 1", id="two reports"),
        pytest.param(changed(-1, "],", '], "domains": [],'), "domains: stands in it twice", id="two lists of domains"),
        pytest.param(
            changed(-1, "],", '], "counts": {"domains": 8},'), "counts.domains: says 8, but the report holds 7",
            id="a member twice: the last one counts, as elsewhere",
        ),
        pytest.param(
            WRITTEN.replace('"domains": 7', '"domains": 6'), "counts.domains: says 6, but the report holds 7", id="another count"
        ),
        pytest.param(
            "".join([*LINES[: FIRST + 1], *LINES[FIRST + 2 :]]), "counts.domains: says 7, but the report holds 6", id="a line is missing"
        ),
        pytest.param(changed(1, '"drifted"', '"fine"'), "domains[1].status: 'fine' is none of drifted", id="a member of a domain"),
        pytest.param(
            changed(1, '"path": "', '"path": 7, "x": "'), "domains[1].findings[0].path: a text was expected, and it is 7",
            id="a member of a finding",
        ),
        pytest.param(changed(3, "{", "[{").replace("}\n", "}]\n"), "domains[3]: ", id="no object"),
        pytest.param(changed(2, '"id": "', '"id": 7, "x": "').replace('"version": 1,', '"version": 2,', 1), "is a report of version 2",
                     id="a later version, whatever its domains are"),
        pytest.param(changed(2, "{", '{"x": NaN, '), f"domains[2]: is not JSON: it holds NaN, which is no number there (line {FIRST + 3})",
                     id="no number"),
        pytest.param(changed(2, "{", '{"x": 1e999, '), f"domains[2]: holds a number that is too big (line {FIRST + 3})", id="a big number"),
        pytest.param(changed(2, "{", '{"x": "\\ud800", '), f"domains[2]: holds half a character (a lone surrogate) (line {FIRST + 3})",
                     id="half a character"),
        pytest.param(
            changed(2, "{", f'{{"x": {TOO_DEEP}, '), f"domains[2]: is nested more than 100 levels deep (line {FIRST + 3})", id="too deep"
        ),
        pytest.param(
            changed(2, "{", '{"x": "\xff", ').encode("latin-1"), f"domains[2]: is not JSON: it is not text (line {FIRST + 3})",
            id="no text",
        ),
        pytest.param(changed(2, "{", '{"x": "\0", '), "domains[2]: is not JSON in one line: Invalid control character", id="NUL"),
        pytest.param(changed(-1, "],", "],\0"), "is not JSON: Expecting property name", id="NUL after the domains"),
        pytest.param("".join(LINES[:END]) + "x", "is not JSON: a comma or the end of the domains was expected", id="other text after them"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_member_and_its_line(file: File, content: str | bytes, said: str) -> None:
    assert file.refusal(content).startswith(said)
    # Nothing of it is right when it is read whole, but a domain whose lines are others, and a list that stands there twice.
    if "in one line" not in said and "twice" not in said:
        with pytest.raises(Unreadable):
            read(json_of(content.encode() if isinstance(content, str) else content))


def test_as_deep_as_a_document_may_be(file: File) -> None:
    assert len(file.read(changed(2, "{", f'{{"x": {TOO_DEEP[1:-1]}, ')).domains) == NUMBER


@pytest.mark.parametrize(
    "before",
    [
        pytest.param('  "of_tomorrow": {\n  "domains": [\n    {"status": "x"}\n  ]\n  },\n', id="within an object"),
        pytest.param('  "of_tomorrow": [{\n  "domains": [\n    {"status": "x"}\n  ]\n  }],\n', id="within a list"),
        pytest.param('  "a\\n\\"domains\\": [": [\n    {"status": "x"}\n  ],\n', id="in a name"),
    ],
)
def test_another_list_of_that_name_is_not_taken_for_the_domains(file: File, before: str) -> None:
    place = FIRST - 1
    found = file.read("".join([*LINES[:place], before, *LINES[place:]]))
    assert found == read(json_of(WRITTEN))


def test_of_two_lists_before_the_domains_the_last_counts_as_elsewhere(file: File) -> None:
    twice = "".join([*LINES[: FIRST - 1], '  "domains": [{}],\n', *LINES[FIRST - 1 :]])
    assert file.read(twice) == read(json_of(twice)) == read(json_of(WRITTEN))


def test_any_change_of_the_bytes_gives_what_reading_it_whole_gives(file: File) -> None:
    """Or one of the two refusals that only reading by lines has."""
    random = Random(19)
    counts = {"read": 0, "refused": 0}
    source = json.loads(WRITTEN)
    for seed in range(400):
        content = in_lines(mutations.documents(source, random) if seed % 2 else source).encode()
        content = random.choice((mutations._cut, mutations._flip, mutations._insert, lambda same, _: same))(
            content, random
        )
        try:
            wanted = read(json_of(content))
        except Unreadable:
            assert file.refusal(content), seed
            counts["refused"] += 1
            continue
        found: Report | str
        try:
            found = file.read(content)
        except ConfigurationError as error:
            found = str(error)
        is_only_laid_out_otherwise = isinstance(found, str) and ("in one line" in found or "twice" in found)
        assert is_only_laid_out_otherwise or found == wanted, seed
        counts["read"] += 1
    assert min(counts.values()) > 50, counts


# -- limits ---------------------------------------------------------------------------------------------------------------


def test_a_report_in_lines_may_be_bigger_than_a_document(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = read(json_of(WRITTEN))
    for where, name, most, words in (
        (documents, "MOST_JSON_VALUES", 100, "holds more than 100 values"),
        (files, "MOST_BYTES", 4_000, "is bigger than 0 MiB"),
    ):
        with monkeypatch.context() as limited:
            limited.setattr(where, name, most)
            assert file.read(WRITTEN) == wanted
            advice = (
                "a report of any size is read as connect-domains writes it (--out json=FILE), with one domain in a line"
            )
            for content in (json.dumps(source := json.loads(WRITTEN)), json.dumps(source, indent=2)):
                assert file.refusal(content) == f"{words}; {advice}"


@pytest.mark.parametrize("place", [FIRST - 2, END + 1], ids=["before the domains", "after them"])
def test_what_stands_around_the_domains_may_not_be_bigger(
    file: File, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 4_000)
    padded = [*LINES[:place], *['  "of_tomorrow": "x",\n'] * 200, *LINES[place:]]
    assert file.refusal("".join(padded)).startswith("is bigger than 0 MiB")


def test_a_domain_may_not_be_of_any_size(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_file, "MOST_LINE_BYTES", 2**21)
    assert len(file.read(changed(2, "{", '{"x": "' + "x" * 2**20 + '", ')).domains) == NUMBER
    big = changed(2, "{", '{"x": "' + "x" * 2**21 + '", ')
    assert file.refusal(big) == "domains[2]: is bigger than 2 MiB"


# -- memory ---------------------------------------------------------------------------------------------------------------


def fleet(number: int, shard: Shard | None = None) -> Iterator[str]:
    """A report of so many domains, two of which are missing, in pieces."""
    domains = [
        domain("missing" if each < 2 else "in_sync", f"crm-{each}", reason="x" if each < 2 else "")
        for each in range(number)
    ]
    elsewhere = 0 if shard is None else number
    return FORMATS.named("json").pieces(report(*domains, shard=shard, in_other_shards=elsewhere))


def peak(of: Callable[[], object]) -> int:
    """The most memory that is held at once while it runs, in bytes."""
    tracemalloc.start()
    try:
        of()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("what", ["--since", "merge"])
def test_memory_does_not_grow_with_the_domains(tmp_path: Path, what: str) -> None:
    peaks = []
    for number in (500, 2_000, 20_000):
        path = tmp_path / f"{number}.json"
        with path.open("w") as stream:
            stream.writelines(fleet(number, Shard(1, 1) if what == "merge" else None))
        if what == "merge":
            peaks.append(peak(lambda path=path: merged([("x", partial(from_file, str(path), ""))])))
        else:
            peaks.append(peak(lambda path=path: from_file(str(path), "--since", wrong)))
    _, small, big = peaks  # the first one pays for what is imported and made once
    assert big < small + 300_000, f"{peaks}: 20,000 domains are 12 MB of text"
