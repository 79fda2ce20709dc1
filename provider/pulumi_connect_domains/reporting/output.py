"""Where text goes: standard output and standard error, whose encoding may lack characters of it, and files, which are written whole."""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
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


# -- files ------------------------------------------------------------------------------------------------------------

_NOT_BESIDE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}
"""Where no file can be put beside the old one, or in its place: a folder of somebody else's, a file that is a mount of its own."""


def to_file(name: str, text: str) -> None:
    """The file holds the text, or, where that cannot be, what it held before. Raises: OSError."""
    place = os.path.realpath(name)
    content = text.encode("utf-8", "backslashreplace")
    try:
        mode = os.stat(place).st_mode
    except FileNotFoundError:
        _replace(place, content, None)
        return
    if not stat.S_ISREG(mode):  # a pipe or a device, of which nothing can take the place
        _fill(place, content)
        return
    try:
        _replace(place, content, stat.S_IMODE(mode))
    except OSError as error:
        if error.errno not in _NOT_BESIDE:
            raise
        _fill(place, content)


def _replace(place: str, content: bytes, mode: int | None) -> None:
    """The content, written beside the place and then put there, with the old file's permissions or a new file's own."""
    descriptor, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=os.path.dirname(place))
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, _usual_mode() if mode is None else mode)
        os.replace(beside, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _fill(place: str, content: bytes) -> None:
    with open(place, "wb") as file:
        file.write(content)
