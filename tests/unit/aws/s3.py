"""A small S3 on this machine: a bucket in one Region, with as many objects as are wanted. It answers lists and reads."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/s3/")
PAGE_KEYS = 1000


@dataclass
class Bucket:
    """The bucket. `content` makes the bytes of each key. Requests are noted as the Region that they were signed for, and their path."""

    keys: Sequence[str] = ()
    content: Callable[[str], bytes] = lambda key: b"{}"
    region: str = "us-east-1"
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    def page(self, prefix: str, after: str) -> bytes:
        """A page of the list. Source: S3 ListObjectsV2; the token is the last key."""
        rest = [key for key in self.keys if key.startswith(prefix) and key > after]
        found = rest[:PAGE_KEYS]
        contents = "".join(
            f"<Contents><Key>{quote(key)}</Key><LastModified>2026-11-01T10:00:00.000Z</LastModified>"
            f"<Size>{len(self.content(key))}</Size></Contents>"
            for key in found
        )
        more = len(rest) > len(found)
        token = f"<NextContinuationToken>{escape(found[-1])}</NextContinuationToken>" if more else ""
        return (
            f"<ListBucketResult><Name>states</Name><EncodingType>url</EncodingType><IsTruncated>{str(more).lower()}</IsTruncated>"
            f"{token}{contents}</ListBucketResult>"
        ).encode()


@contextmanager
def serving(bucket: Bucket) -> Iterator[Bucket]:
    """The bucket at its `url`, whatever name it is asked for by. To who signs for another Region it answers as S3 does: 301."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            scope = _SCOPE.search(self.headers.get("Authorization", ""))
            signed_for = scope[1] if scope else ""
            parts = urlsplit(self.path)
            bucket.asked.append((signed_for, parts.path))
            if signed_for != bucket.region:
                error = b"<Error><Code>PermanentRedirect</Code><Message>use the specified endpoint</Message></Error>"
                self._send(301, error, {"x-amz-bucket-region": bucket.region})
                return
            query = parse_qs(parts.query)
            _, _, key = parts.path.lstrip("/").partition("/")
            if key:
                self._send(200, bucket.content(unquote(key)))
            else:
                self._send(200, bucket.page(query["prefix"][0], query.get("continuation-token", [""])[0]))

        def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield bucket
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
