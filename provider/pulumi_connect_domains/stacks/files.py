"""The bytes of a file: unpacked, limited in size, and without waiting for a pipe that nobody writes to."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, BinaryIO

from ..model.errors import TooBig, Unreadable

MOST_BYTES = 512 * 1024 * 1024
"""Of a file that is read at once, unpacked. The biggest states that people report are a tenth of that."""

STANDARD_INPUT = "-"

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_CHUNK = 256 * 1024


def content(name: str) -> bytes:
    """What is in the file, unpacked where it is compressed; `-` is standard input. Raises: Unreadable."""
    with opened(name) as file:
        return rest(file)


def rest(file: BinaryIO, begin: bytes = b"") -> bytes:
    """What was read of the file so far, and all that follows. Raises: Unreadable; TooBig where that is more than `MOST_BYTES`."""
    begin += file.read(_CHUNK)  # mostly all: a read of `MOST_BYTES` asks for as much memory at once
    more = file.read(max(0, MOST_BYTES + 1 - len(begin)) if len(begin) >= _CHUNK else 0)
    if len(begin) + len(more) > MOST_BYTES:
        raise TooBig(too_big())
    return begin + more


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The file, unpacked where it is compressed, to be read once; `-` is standard input. Reading raises Unreadable where it fails.

    Raises: Unreadable.
    """
    if name == STANDARD_INPUT:
        yield _unpacked(sys.stdin.buffer)
        return
    try:
        raw = open(name, "rb", buffering=0, opener=_opened)  # noqa: SIM115 - closed below: what fails within the `with` is none of ours
    except OSError as error:
        raise _failed(error) from None
    with raw:
        begin = _first_of_pipe(raw) if stat.S_ISFIFO(os.fstat(raw.fileno()).st_mode) else b""
        yield _unpacked(raw, begin, is_gzip=name.endswith(".gz"))


def unpacked(packed: bytes) -> bytes:
    """The bytes, unpacked if they are gzip or zstd. Raises: Unreadable."""
    return rest(_unpacked(io.BytesIO(packed)))


def _unpacked(file: BinaryIO | io.RawIOBase, begin: bytes = b"", *, is_gzip: bool = False) -> BinaryIO:
    """The file without its compression, if it has one. `begin` is what was read of it; with `is_gzip` it must be gzip.

    Source: RFC 1952 and RFC 8878, how such data begins.
    """
    while len(begin) < len(_ZSTD) and (more := _read(file, len(_ZSTD) - len(begin))):
        begin += more
    packed = io.BufferedReader(_Reading(file, begin), _CHUNK)
    if begin.startswith(_ZSTD):
        return _of_zstd(packed)
    if is_gzip or begin.startswith(_GZIP):
        damaged = {EOFError: "the gzip file is cut off", zlib.error: "the gzip file is damaged"}
        return io.BufferedReader(_Reading(gzip.GzipFile(fileobj=packed), damaged=damaged), _CHUNK)
    return packed


def _of_zstd(packed: BinaryIO) -> BinaryIO:
    try:
        from compression import zstd  # type: ignore[import-not-found]  # from Python 3.14 on
    except ImportError:
        raise Unreadable(
            "is compressed with zstd, which takes Python 3.14 or newer; or PULUMI_DIY_BACKEND_ZSTD=false when the CLI writes it"
        ) from None
    damaged = dict.fromkeys((zstd.ZstdError, EOFError), "the zstd file is damaged, or cut off")
    return io.BufferedReader(_Reading(zstd.ZstdFile(packed), damaged=damaged), _CHUNK)


class _Reading(io.RawIOBase):
    """A file of which `begin` was read already. What fails is told as our error; `damaged` are the words for errors of its compression."""

    def __init__(self, file: Any, begin: bytes = b"", damaged: Mapping[type[Exception], str] = MappingProxyType({})):
        self._file, self._begin, self._damaged = file, begin, damaged

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), _CHUNK)  # the buffer may be as big as the biggest file
        found, self._begin = self._begin[:size], self._begin[size:]
        found = found or _read(self._file, size, self._damaged)
        buffer[: len(found)] = found
        return len(found)


def _read(file: Any, size: int, damaged: Mapping[type[Exception], str] = MappingProxyType({})) -> bytes:
    """At most so many bytes, b"" at the end. Raises: Unreadable."""
    try:
        return file.read(size) or b""
    except OSError as error:
        raise _failed(error) from None
    except Exception as error:
        if type(error) not in damaged:
            raise
        raise Unreadable(f"cannot be read: {damaged[type(error)]}") from None


def _failed(error: OSError) -> Unreadable:
    return Unreadable(f"cannot be read: {error.strerror or error}")


def too_big() -> str:
    """What is said of a file that is bigger than `MOST_BYTES`."""
    return f"is bigger than {MOST_BYTES // 1024**2} MiB"


def called(name: str) -> str:
    """The file's name in messages: bytes of it that are no text are written out (`\\xff`)."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


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
