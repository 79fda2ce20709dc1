"""Who may ask the local AWS at all: programs on this machine, never a web page, and nobody with more than it can hold.

A browser runs pages of strangers on this same machine. A page can send requests to any address, also under a name of its own that it
has resolve to 127.0.0.1 ("DNS rebinding"). So every request is looked at before its body is read, whatever its path.
"""

from __future__ import annotations

import ipaddress
import re
from email.message import Message
from http import HTTPStatus
from typing import Any, NamedTuple

MAX_BODY_BYTES = 32 * 1024 * 1024
"""More than any operation of the services here takes, S3's uploads in one piece aside."""
_OURS = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_OF_PAGES = ("HTTP_ORIGIN", "HTTP_REFERER")
"""Headers that browsers send for a page, and that no AWS SDK sends."""


class Refusal(NamedTuple):
    """Why a request is not served."""

    status: HTTPStatus
    sentence: str


def refusal(environ: dict[str, Any], headers: Message) -> Refusal | None:
    """Why the request may not pass, by its first line and headers alone; None when it may.

    `headers` are as they came: `environ` holds one of each.

    Source: the Fetch standard (Origin) and Fetch Metadata (Sec-Fetch-Site; `none` is an address that the user typed).
    """
    if not ipaddress.ip_address(environ["REMOTE_ADDR"]).is_loopback:
        return Refusal(HTTPStatus.FORBIDDEN, "the local AWS answers programs on this machine only")
    hosts = headers.get_all("Host", [])
    if len(hosts) != 1 or not _OURS.fullmatch(hosts[0]):
        return Refusal(
            HTTPStatus.FORBIDDEN, "the local AWS answers as 127.0.0.1, localhost or [::1] only (one header Host)"
        )
    if not environ["REQUEST_URI"].startswith("/"):
        return Refusal(HTTPStatus.FORBIDDEN, "the local AWS is no proxy: a request names a path")
    if any(header in environ for header in _OF_PAGES) or environ.get("HTTP_SEC_FETCH_SITE", "none") != "none":
        return Refusal(
            HTTPStatus.FORBIDDEN,
            "the local AWS answers programs, not web pages (header Origin, Referer or Sec-Fetch-Site)",
        )
    encodings, lengths = headers.get_all("Transfer-Encoding", []), headers.get_all("Content-Length", [])
    if len(encodings) + len(lengths) > 1 or encodings not in ([], ["chunked"]):
        return Refusal(
            HTTPStatus.BAD_REQUEST, "a body has one length, or is chunked (Content-Length, Transfer-Encoding)"
        )
    length = lengths[0] if lengths else "0"
    if not (length.isascii() and length.isdigit()):
        return Refusal(HTTPStatus.BAD_REQUEST, "the header Content-Length is not a number")
    if len(length) > 12 or int(length) > MAX_BODY_BYTES:
        return TOO_LARGE
    return None


TOO_LARGE = Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a request's body may have {MAX_BODY_BYTES} bytes at most")
