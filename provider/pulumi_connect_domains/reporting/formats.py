"""The formats of reports: a table for each command, the options `--format` and `--out` made from it, and the one way to write a report.

A format is a module with a function, `(report, screen) -> text` or its pieces, and a row in its command's table:

    FORMATS = Formats((
        Format("text", f"{__name__}.text_format:text"),
        Format("json", f"{__name__}.json_format:json_", medium="json", is_for_people=False),
    ))
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, TypeVar

import click

from . import output, terminal
from .command_line import Choice, did_you_mean
from .markdown import MOST_CHARACTERS
from .output import Medium

STANDARD_OUTPUT = "-"

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


@dataclass(frozen=True)
class Screen:
    """Where a report is shown. Each format uses what concerns it.

    `width` is the columns of a terminal, or None for a file or a pipe, where lines have any length; `most_characters` is what a comment
    may have, and `elsewhere` a sentence that says where the rest can be read. `marker` is a comment's first, unseen line. `project_file` is
    the Pulumi project's file, from the root of its repository: where findings are shown that have no file of their own. `check_name` tells
    the metrics of several checks apart.
    """

    width: int | None = None
    has_colour: bool = False
    shows_all: bool = False
    """Whether what is in order is listed too."""
    most_characters: int = MOST_CHARACTERS
    elsewhere: str = ""
    marker: str = ""
    project_file: str = "Pulumi.yaml"
    check_name: str = "drift"


PLAIN = Screen()
"""The screen of a file."""


@dataclass(frozen=True)
class Format:
    """A form in which a command writes its report.

    `renderer` is its function, as `package.module:function`; it is imported when the format is used, since some bring a library with
    them. `medium` says how the text can be written on a standard output that is not in UTF-8.
    """

    name: str
    renderer: str
    medium: Medium = "text"
    is_for_people: bool = True
    """Where the report says nothing, people get an empty text, and programs a document all the same."""

    def render(self, report: object, screen: Screen = PLAIN) -> str:
        """The report in this format, with a line end at its end."""
        return "".join(self.pieces(report, screen))

    def pieces(self, report: object, screen: Screen = PLAIN) -> Iterator[str]:
        """The same in pieces, so that a long report never lies in memory as a whole."""
        module, _, function = self.renderer.partition(":")
        renderer: Callable[[object, Screen], str | Iterable[str]] = getattr(import_module(module), function)
        made, last = renderer(report, screen), ""
        for piece in [made] if isinstance(made, str) else made:
            yield piece
            last = piece or last
        if not last.endswith("\n"):
            yield "\n"


@dataclass(frozen=True)
class Out:
    """A report's format, and the file that it goes to (`-` is standard output)."""

    format: Format
    file: str = STANDARD_OUTPUT

    @property
    def is_file(self) -> bool:
        """Whether it goes to a file."""
        return self.file != STANDARD_OUTPUT


@dataclass(frozen=True)
class Formats:
    """The formats of one command. The first goes to standard output where the user does not choose."""

    rows: tuple[Format, ...]

    @property
    def names(self) -> list[str]:
        """The names, in the order of the table."""
        return [each.name for each in self.rows]

    def named(self, name: str) -> Format:
        """The format of that name. Raises: KeyError."""
        return {each.name: each for each in self.rows}[name]

    def options(self, command: Decorated) -> Decorated:
        """The command with the options `--format` and `--out`, whose values `outs` takes: `format_` and `outs`."""
        to_standard_output = click.option(
            "--format",
            "format_",
            type=Choice(self.names),
            default=self.names[0],
            show_default=True,
            help="What goes to standard output.",
        )
        to_files = click.option(
            "--out",
            "outs",
            metavar="FORMAT=FILE",
            multiple=True,
            help="Write a report to a file instead (- is standard output); may be repeated.",
        )
        return to_standard_output(to_files(command))

    def outs(self, format_: str, outs: Sequence[str]) -> list[Out]:
        """Where to write which format, by the two options. With `--out`, `--format` has no effect. Raises: UsageError."""
        return [self._out(text) for text in outs] or [Out(self.named(format_))]

    def _out(self, text: str) -> Out:
        name, separator, file = text.partition("=")
        if name not in self.names or not separator or not file:
            raise click.UsageError(
                f"--out {text}: FORMAT=FILE was expected, with one of the formats {', '.join(self.names)}."
                f"{did_you_mean(name, self.names) if separator else ''}"
            )
        return Out(self.named(name), file)


def write_report(report: object, outs: Iterable[Out], screen: Screen = PLAIN, *, says_something: bool = True) -> None:
    """The report is in each place that it was asked for. A file holds the whole report, or what it held before.

    Unless `says_something`, the formats for people are written empty, so that no old report stays in a file. A report that cannot be
    written stops no other. Raises: ClickException, after the others are written.
    """
    failures = [failure for out in outs if (failure := _failure(report, out, screen, says_something))]
    if failures:
        raise click.ClickException("\n".join(failures))


def _failure(report: object, out: Out, screen: Screen, says_something: bool) -> str:
    """Why the report cannot be written, or "" when it is."""
    try:
        _write(report, out, screen, says_something)
    except OSError as error:
        return f"--out {out.format.name}={out.file}: cannot be written: {error.strerror or error}"
    return ""


def _write(report: object, out: Out, screen: Screen, says_something: bool) -> None:
    has_colour = not out.is_file and terminal.has_colour(sys.stdout)
    shown = replace(screen, width=None if out.is_file else terminal.columns(sys.stdout), has_colour=has_colour)
    is_written = says_something or not out.format.is_for_people
    text: str | Iterable[str] = out.format.pieces(report, shown) if is_written else ""
    if out.is_file:
        output.to_file(out.file, text)
    else:
        output.write(text, out.format.medium, color=has_colour)
