"""Standard output and standard error: every text can be written to them, whatever their encoding has no sign for."""

from __future__ import annotations

import codecs
import io
import json
import sys
from collections.abc import Iterable
from typing import Literal

import click

from .escaping import line, lines

Medium = Literal["text", "json", "xml"]
"""What the text is, which says how a character can be written in ASCII: HTML counts as `xml`."""

_BY_MEDIUM = {"text": "backslashreplace", "json": "connect-domains.json", "xml": "xmlcharrefreplace"}


def write(text: str, medium: Medium = "text", *, color: bool | None = None) -> None:
    """The text is on standard output, as it is.

    Where the stream's encoding is not UTF-8, JSON, XML and HTML are written in ASCII, which is the same document in any encoding; of
    other text the characters that the encoding lacks are spelled out.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if codecs.lookup(encoding).name == "utf-8":
        click.echo(text, nl=False, color=color)
        return
    click.echo(text.encode(encoding if medium == "text" else "ascii", _BY_MEDIUM[medium]), nl=False)


def spell_out() -> None:
    """From now on the process's own streams spell out what their encoding has no sign for, in place of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=_BY_MEDIUM["text"])


def tell(text: str) -> None:
    """The lines of a message, an error or a note, are on standard error; what in it is not our own text can do no harm."""
    click.echo("".join(f"{each}\n" for each in lines(text)), nl=False, err=True)


def print_lines(some: Iterable[str]) -> None:
    """The lines are on standard output, each of them one line."""
    write("".join(f"{line(each)}\n" for each in some))


def _as_json_escapes(error: UnicodeError) -> tuple[str, int]:
    """The escapes of JSON for what cannot be encoded; an error handler of codecs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(json.dumps(letter)[1:-1] for letter in error.object[error.start : error.end]), error.end


codecs.register_error(_BY_MEDIUM["json"], _as_json_escapes)
