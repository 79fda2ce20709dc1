"""The body of a request, read whole or refused: never more than is allowed, and never a part of what was announced."""

from __future__ import annotations

import re
from http import HTTPStatus
from http.client import LineTooLong
from typing import BinaryIO

from .gate import MAX_BODY_BYTES, TOO_LARGE, Refusal

MAX_HEAD_BYTES = 64 * 1024
"""Of a request's headers together. Source: S3 takes 8 KiB of them, a load balancer of AWS 64 KiB."""
_MAX_CHUNK_LINE = 256
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[^\r\n]*)?\r\n")
CUT = Refusal(HTTPStatus.BAD_REQUEST, "the request's body is not as long as was announced")
MALFORMED = Refusal(HTTPStatus.BAD_REQUEST, "the request's chunks are not as HTTP has them")


class Refused(Exception):
    """The request is not served."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


class Head:
    """The part of a connection that holds a request's headers, with an end.

    Raises LineTooLong where they are longer than allowed, which http.server answers with 431.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._room = stream, MAX_HEAD_BYTES

    def readline(self, size: int = -1) -> bytes:
        """The next line."""
        line = self._stream.readline(min(size, self._room + 1) if size >= 0 else self._room + 1)
        self._room -= len(line)
        if self._room < 0:
            raise LineTooLong("header")
        return line


def read(stream: BinaryIO, length: int, *, chunked: bool) -> bytes:
    """The body. Raises Refused."""
    return _chunks(stream) if chunked else _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise Refused(CUT)
    return body


def _chunks(stream: BinaryIO) -> bytes:
    """Source: RFC 9112, 7.1. What follows the last chunk (trailers) is read and dropped."""
    found = bytearray()  # not a list of chunks: one object for each two bytes would take twenty times the memory
    while size := _size(stream):
        if len(found) + size > MAX_BODY_BYTES:
            raise Refused(TOO_LARGE)
        found += _exactly(stream, size)
        if stream.read(2) != b"\r\n":
            raise Refused(MALFORMED)
    trailers = Head(stream)
    try:
        while (line := trailers.readline()) != b"\r\n":
            if not line:
                raise Refused(CUT)
    except LineTooLong:
        raise Refused(MALFORMED) from None
    return bytes(found)


def _size(stream: BinaryIO) -> int:
    line = stream.readline(_MAX_CHUNK_LINE)
    if not line:
        raise Refused(CUT)
    found = _SIZE.fullmatch(line)
    if found is None:
        raise Refused(MALFORMED)
    return int(found[1], 16)
