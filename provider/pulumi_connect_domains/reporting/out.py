"""`--out FORMAT=FILE`: each report is in its file whole, or the file is as it was; one that cannot be written stops no other."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass

import click

STANDARD_OUTPUT = "-"

_NOT_BESIDE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV}
"""Where no file can be put beside the old one, or in its place: a folder of somebody else's, a file that is a mount of its own."""


@dataclass(frozen=True)
class Out:
    """A report's format, and the file that it goes to (`-` is standard output)."""

    format: str
    file: str

    @property
    def is_file(self) -> bool:
        """Whether it goes anywhere else than to standard output."""
        return self.file != STANDARD_OUTPUT


def parse(text: str, formats: Collection[str]) -> Out:
    """The value of one `--out`. Raises: UsageError."""
    name, separator, file = text.partition("=")
    if name not in formats or not separator or not file:
        raise click.UsageError(f"--out {text}: FORMAT=FILE was expected, with one of the formats {', '.join(formats)}")
    return Out(name, file)


def write_all(outs: Iterable[Out], write: Callable[[Out], None]) -> None:
    """All of them are written, by `write`. Raises: ClickException for those that cannot be, after the others are."""
    failures = [failure for each in outs if (failure := _failure(each, write))]
    if failures:
        raise click.ClickException("\n".join(failures))


def _failure(out: Out, write: Callable[[Out], None]) -> str:
    """Why the report cannot be written, or "" when it is."""
    try:
        write(out)
    except OSError as error:
        return f"--out {out.format}={out.file}: cannot be written: {error.strerror or error}"
    return ""


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
