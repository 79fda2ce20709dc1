"""Every format of every command, with a hostile text of every kind in every place: its reader finds the same texts, and nothing else.

A report with the plain name of each place says where a format shows what. With hostile texts it must then have the same structure, and
each text in the same places, whole: it is escaped, and nothing of it is lost. And whatever is printed may stand in the log of a CI system.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from pulumi_connect_domains import cli
from pulumi_connect_domains.adopt import adoption, files
from pulumi_connect_domains.doctor.formats import FORMATS as OF_DOCTOR
from pulumi_connect_domains.drift.formats import FORMATS as OF_DRIFT
from pulumi_connect_domains.reporting import output
from pulumi_connect_domains.reporting.command_line import Choice
from pulumi_connect_domains.reporting.formats import Formats
from pulumi_connect_domains.review.formats import FORMATS as OF_REVIEW
from pulumi_connect_domains.validate.formats import FORMATS as OF_VALIDATE

from . import hostile, media, places
from .media import Reading
from .places import Put

Read = Callable[[str], Reading]


@dataclass(frozen=True)
class Case:
    """A format: how a report with these texts is written in it, and how it is read."""

    write: Callable[[Put], str]
    read: Read


def _of(formats: Formats, model: Callable[[Put], object], readers: dict[str, Read]) -> dict[str, Case]:
    def case(name: str, read: Read) -> Case:
        return Case(lambda put: formats.named(name).render(model(put)), read)

    return {name: case(name, read) for name, read in readers.items()}


def _program(put: Put) -> str:
    """The program that an import writes."""
    written = adoption.texts(places.adopted(put), Path("out"), protect=True)
    return next(text for path, text in written.items() if path.name == files.PROGRAM)


def _of_program(shown: str) -> Reading:
    """All but its texts, and its texts."""
    tree = ast.parse(shown)
    texts = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    kinds = [type(each).__name__ for each in ast.walk(tree)]
    names = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and not media.MARK.search(each.id)]
    return Reading([*kinds, *names[1:]], "\n".join(texts))


def _steps(put: Put) -> str:
    """What an import prints: what was written, and the commands that are left to paste."""
    taken, written = places.adopted(put), [Path("out/import.json"), Path("out/__main__.py")]
    lines = [*files.written(taken, written), *files.next_steps(taken, written, protect=True)]
    runner = click.Command("x", callback=lambda: output.print_lines(lines))
    return CliRunner().invoke(runner, []).output


def _of_steps(shown: str) -> Reading:
    """Its lines. The command to paste is the same words for a shell, whatever the URN is."""
    (command,) = (each for each in shown.split("\n") if each.startswith("  pulumi state delete"))
    words = shlex.split(command, comments=True)
    variable, _, rest = shown.partition("  ")
    assert variable.isidentifier()
    structure = [*words[:-1], f"{len(words)} words", *media.log(shown).structure]
    return Reading(structure, "\n".join([rest.replace(command, ""), *words]))


CASES: dict[str, dict[str, Case]] = {
    "drift": _of(OF_DRIFT, places.drift, {
        "text": media.log, "json": media.json_, "markdown": media.markdown, "junit": media.xml, "github": media.annotations,
        "slack": media.slack, "sarif": media.sarif, "html": media.html, "openmetrics": media.metrics,
    }),
    "review": _of(OF_REVIEW, places.review, {
        "markdown": media.markdown, "json": media.json_, "text": media.messages, "sarif": media.sarif,
    }),
    "doctor": _of(OF_DOCTOR, places.doctor, {"text": media.log, "json": media.json_}),
    "validate": _of(OF_VALIDATE, places.validate, {"text": media.log, "json": media.json_, "sarif": media.sarif}),
    "import": {
        "import.json": Case(lambda put: files.import_file(places.adopted(put)), media.json_),
        "__main__.py": Case(_program, _of_program),
        "steps": Case(_steps, _of_steps),
    },
}  # fmt: skip
"""By command and format, those that hold texts of others."""

NOT_PRINTED = {("import", "__main__.py")}
"""Files that no command prints; what stands in a log need not concern them."""

SAME = {"drift merge": "drift"}
"""Commands that write the reports of another one, in its formats."""

FORMATS_OF_OURS = {
    "local start shell": "variables with an account and a Region that are checked, and a URL of ours",
    "local start json": "the same",
}
"""Formats without any text of others, and why; `test_hostile_commands` holds it."""

WITHOUT_FORMATS = {
    "completion": "click's script for the shell; it holds no text of others",
    "iam-policy": "one policy as JSON, with ARNs that a pattern allows",
    "local pulumi": "the local engine's output, which is Pulumi's: not escaped, as SECURITY.md says",
    "local status": "the variables of a local AWS that this user started",
    "local stop": "a sentence",
    "plugin install": "sentences, and a path of this user's",
}
"""Commands with one output, and what keeps texts of others out of it. The formats of an import are its files, and its steps."""


def commands(group: click.Command = cli.cli, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command of the command line that runs something, by its words."""
    if not isinstance(group, click.Group):
        yield name, group
        return
    if formats_of(group):
        yield name, group
    context = click.Context(group)
    for each in group.list_commands(context):
        found = group.get_command(context, each)
        assert found
        yield from commands(found, f"{name} {each}".strip())


def formats_of(command: click.Command) -> list[str]:
    """What its option --format takes."""
    return [
        str(choice)
        for each in command.params
        if "--format" in each.opts and isinstance(each.type, Choice)
        for choice in each.type.choices
    ]


def test_every_format_of_every_command_has_a_case() -> None:
    """The list comes from the command line itself, so that a new format cannot be forgotten here."""
    there = {f"{SAME.get(name, name)} {each}" for name, command in commands() for each in formats_of(command)}
    tried = {f"{name} {each}" for name, cases in CASES.items() if name != "import" for each in cases}
    assert there == tried | set(FORMATS_OF_OURS)


def test_every_command_without_formats_is_known() -> None:
    assert {name for name, command in commands() if not formats_of(command)} == {*WITHOUT_FORMATS, "import"}


SHORT = 24
"""Characters of a text that no format cuts, twice, with all its invisible characters spelled out."""


def plain(place: str) -> str:
    return f"q1{place}1q"


@pytest.mark.parametrize("model", [places.drift, places.review, places.doctor, places.validate, places.adopted])
def test_every_text_of_a_report_is_tried(model: Callable[[Put], object]) -> None:
    """A new member of a report gets a text of others in `places`, or a reason why none can be there."""
    there = list(places.texts(model(plain)))
    tried = {place for place, text in there if media.MARK.search(text)}
    assert {place for place, _ in there} - tried <= set(places.NOT_OF_OTHERS)
    assert not tried & set(places.NOT_OF_OTHERS)


@cache
def as_planned(command: str, format_: str) -> Reading:
    """The report with the plain name of each place: where the format shows what."""
    case = CASES[command][format_]
    return case.read(case.write(plain))


def check_log(command: str, format_: str, shown: str) -> None:
    """Raises where a text of others would be a command in a CI system's log. The workflow commands of the format github are ours."""
    if (command, format_) not in NOT_PRINTED:
        is_ours = (command, format_) == ("drift", "github")
        hostile.check_log(
            re.sub("^::(?=(notice|warning|error) title=)", "", shown, flags=re.MULTILINE) if is_ours else shown
        )


every_format = pytest.mark.parametrize(
    ("command", "format_"), [(command, format_) for command, cases in CASES.items() for format_ in cases]
)


@pytest.mark.parametrize("kind", hostile.KINDS)
@every_format
def test_the_same_texts_come_back_and_nothing_else(command: str, format_: str, kind: str) -> None:
    case, text, planned = CASES[command][format_], hostile.KINDS[kind], as_planned(command, format_)
    assert media.marks(planned), "it shows something"
    shown = case.write(lambda place: f"{text}{plain(place)}{text}")
    assert hostile.invisible(shown) == set()
    check_log(command, format_, shown)
    read = case.read(shown)
    assert read.structure == planned.structure
    assert media.marks(read) == media.marks(planned), "every text is where it was planned"
    assert media.whole(text, read) == media.marks(planned), "and nothing of it is lost"


@pytest.mark.long
@settings(max_examples=400, deadline=None)
@given(text=hostile.text.filter(lambda text: " ".join(text.split())))
@every_format
def test_any_texts_change_nothing_of_a_report_but_texts(command: str, format_: str, text: str) -> None:
    case = CASES[command][format_]
    shown = case.write(lambda place: f"{text}{plain(place)}{text}")
    check_log(command, format_, shown)
    if len(text) < SHORT:
        assert case.read(shown).structure == as_planned(command, format_).structure
