"""Writes text to standard output and standard error, whose encoding may lack some characters, and to files, each as a whole."""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO, Literal

import click

from .escaping import line, lines

Medium = Literal["text", "json", "xml"]
"""What the text is, which says how a character can be written in ASCII: HTML counts as `xml`."""

_BY_MEDIUM = {"text": "backslashreplace", "json": "connect-domains.json", "xml": "xmlcharrefreplace"}


def write(text: str | Iterable[str], medium: Medium = "text", *, color: bool | None = None) -> None:
    """The text, or its pieces one after the other, is on standard output, as it is.

    Where the stream's encoding is not UTF-8, JSON, XML and HTML are written in ASCII, which is the same document in any encoding; of
    other text the characters that the encoding lacks are spelled out.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    for piece in [text] if isinstance(text, str) else text:
        if codecs.lookup(encoding).name == "utf-8":
            click.echo(piece, nl=False, color=color)
        else:
            click.echo(piece.encode(encoding if medium == "text" else "ascii", _BY_MEDIUM[medium]), nl=False)


def spell_out() -> None:
    """From now on the process's own streams spell out characters that their encoding lacks. Before, such a character was an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=_BY_MEDIUM["text"])


def tell(text: str) -> None:
    """The lines of a message (an error, a note) are on standard error, escaped for a terminal."""
    click.echo("".join(f"{each}\n" for each in lines(text)), nl=False, err=True)


def print_lines(some: Iterable[str]) -> None:
    """Each text is one line on standard output."""
    write("".join(f"{line(each)}\n" for each in some))


def _as_json_escapes(error: UnicodeError) -> tuple[str, int]:
    """The escapes of JSON for what cannot be encoded; an error handler of codecs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(json.dumps(letter)[1:-1] for letter in error.object[error.start : error.end]), error.end


codecs.register_error(_BY_MEDIUM["json"], _as_json_escapes)


# -- files ------------------------------------------------------------------------------------------------------------

_NOT_BESIDE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}
"""The errors where no new file can be made beside the old one, or take its place: in a protected folder, or for a mounted file."""


def to_file(name: str, text: str | Iterable[str]) -> None:
    """The file holds the text, or its pieces one after the other.

    Where a new file can take its place, it holds its old content if that fails. Raises: OSError.
    """
    place = os.path.realpath(name)
    pieces = [text] if isinstance(text, str) else text
    try:
        mode = os.stat(place).st_mode
    except FileNotFoundError:
        _replace(place, pieces, None)
        return
    if stat.S_ISREG(mode):
        _replace(place, pieces, stat.S_IMODE(mode))
    else:  # a pipe or a device, which no file can replace
        with open(place, "wb") as file:
            _fill(file, pieces)


def _replace(place: str, pieces: Iterable[str], mode: int | None) -> None:
    """The pieces are written to a file beside the place, which is then moved there. `mode` are its permissions; None: there is no file yet.

    A file that is there and whose place no other can take is filled instead.
    """
    try:
        descriptor, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=os.path.dirname(place))
    except OSError as error:
        if mode is None or error.errno not in _NOT_BESIDE:
            raise
        with open(place, "wb") as file:
            _fill(file, pieces)
        return
    try:
        with open(descriptor, "wb") as file:
            _fill(file, pieces)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, _usual_mode() if mode is None else mode)
        try:
            os.replace(beside, place)
        except OSError as error:
            if mode is None or error.errno not in _NOT_BESIDE:
                raise
            shutil.copyfile(beside, place)
            os.unlink(beside)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _fill(file: BinaryIO, pieces: Iterable[str]) -> None:
    for piece in pieces:
        file.write(piece.encode("utf-8", "backslashreplace"))
