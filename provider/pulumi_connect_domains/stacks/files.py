"""The bytes of a file: unpacked, limited in size, and without waiting for a pipe that nobody writes to."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from typing import BinaryIO

from ..model.errors import Unreadable

MOST_BYTES = 512 * 1024 * 1024
"""Of a file, unpacked. The biggest states that people report are a tenth of that."""

STANDARD_INPUT = "-"

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


def content(name: str) -> bytes:
    """What is in the file, unpacked where it is compressed; `-` is standard input. Raises: Unreadable."""
    try:
        packed = sys.stdin.buffer.read(MOST_BYTES + 1) if name == STANDARD_INPUT else _bytes(name)
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from None
    return unpacked(packed, is_gzip=name.endswith(".gz"))


def unpacked(packed: bytes, *, is_gzip: bool = False) -> bytes:
    """The bytes, unpacked if they are gzip or zstd. Raises: Unreadable; also if `is_gzip` says that they are, and they are not.

    Source: RFC 1952 and RFC 8878, how such data begins.
    """
    if packed.startswith(_ZSTD):
        return _of_zstd(packed)
    try:
        is_gzip = is_gzip or packed.startswith(_GZIP)
        found = gzip.GzipFile(fileobj=io.BytesIO(packed)).read(MOST_BYTES + 1) if is_gzip else packed
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from None
    except EOFError:
        raise Unreadable("cannot be read: the gzip file is cut off") from None
    except zlib.error:
        raise Unreadable("cannot be read: the gzip file is damaged") from None
    return _within_limits(found)


def _of_zstd(packed: bytes) -> bytes:
    try:
        from compression import zstd  # type: ignore[import-not-found]  # from Python 3.14 on
    except ImportError:
        raise Unreadable(
            "is compressed with zstd, which takes Python 3.14 or newer; or PULUMI_DIY_BACKEND_ZSTD=false when the CLI writes it"
        ) from None
    try:
        with zstd.ZstdFile(io.BytesIO(packed)) as file:
            return _within_limits(file.read(MOST_BYTES + 1))
    except (zstd.ZstdError, EOFError):
        raise Unreadable("cannot be read: the zstd file is damaged, or cut off") from None


def _within_limits(found: bytes) -> bytes:
    if len(found) > MOST_BYTES:
        raise Unreadable(too_big())
    return found


def too_big() -> str:
    """What is said of a file that is bigger than `MOST_BYTES`."""
    return f"is bigger than {MOST_BYTES // 1024**2} MiB"


def called(name: str) -> str:
    """The file's name in messages: bytes of it that are no text are written out (`\\xff`)."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _bytes(name: str) -> bytes:
    with open(name, "rb", buffering=0, opener=_opened) as file:
        begin = _first_of_pipe(file) if stat.S_ISFIFO(os.fstat(file.fileno()).st_mode) else b""
        return begin + io.BufferedReader(file).read(MOST_BYTES + 1)


def _opened(name: str, flags: int) -> int:
    """The file's descriptor. Without this flag, opening a pipe waits until somebody writes to it."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _first_of_pipe(file: BinaryIO) -> bytes:
    """What a pipe holds already. From then on reads wait for the rest, since somebody writes: `--state <(pulumi stack export)`."""
    try:
        begin = os.read(file.fileno(), io.DEFAULT_BUFFER_SIZE)
    except BlockingIOError:
        begin = b""
    else:
        if not begin:
            raise Unreadable("is a pipe that nobody writes to")
    os.set_blocking(file.fileno(), True)
    return begin
