"""The HTTP server, on this machine's loopback interface only."""

from __future__ import annotations

import io
import json
import os
import socket
import threading
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from werkzeug.serving import make_server

from . import gate
from .application import Application, Dropped
from .garbling import LENGTH
from .registration import MotoRequestHandler, add, stop_recording

HOST = "127.0.0.1"
_BACKLOG = 128  # connections that may wait to be accepted; socketserver's 5 would refuse a burst
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class Handler(MotoRequestHandler):  # type: ignore[misc]  # moto ships no types
    """One connection. Unlike werkzeug's own handler it answers many requests on it, as AWS does."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece: in two, the second waits for the client's acknowledgement
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """The request is read whole before it is looked at, so the next one on the connection starts where it should."""
        self.server.last_request = time.monotonic()
        environ = self.make_environ()
        if refused := gate.refusal(environ):
            self._refuse(refused)
            return
        chunked = environ.get("wsgi.input_terminated", False)
        length = gate.MAX_BODY_BYTES + 1 if chunked else int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        if len(body) > gate.MAX_BODY_BYTES:
            self._refuse(gate.TOO_LARGE)
            return
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            body = b"".join(self.server.app(environ, self._start))
        except Dropped:
            self.close_connection = True
            return
        if self.command != "HEAD" and self._status not in _WITHOUT_BODY:
            announced = self._announced if self._announced > len(body) else len(body)
            self.send_header(LENGTH, str(announced))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = self.close_connection or announced > len(body)  # the answer was to be cut
        else:
            self.end_headers()

    def _refuse(self, refused: gate.Refusal) -> None:
        """The refusal is answered; the rest of the request is not read, so the connection ends."""
        self.close_connection = True
        answer = json.dumps({"message": refused.sentence}).encode()
        self.send_response(refused.status)
        for name, value in (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(answer))),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    def _start(self, line: str, headers: list[tuple[str, str]], _: object = None) -> None:
        code, _, phrase = line.partition(" ")
        self._status = int(code)
        self._announced = 0
        self.send_response(self._status, phrase)
        for name, value in headers:
            if self.command == "HEAD" or name.lower() != LENGTH.lower():
                self.send_header(name, value)
            else:
                self._announced = int(value)

    def handle_expect_100(self) -> bool:
        answered = bool(super().handle_expect_100())
        self.wfile.flush()
        return answered

    def log_request(self, *_: Any) -> None:
        """Requests are in the log that tests can ask for, not on standard error."""


class Server:
    """A local AWS in this process. There can be one: moto keeps its state in its modules.

    `port` 0 takes any that is free; `services` are modules with further services. Raises OSError when the port is taken.
    """

    def __init__(self, port: int = 0, services: Iterable[str] = ()) -> None:
        os.environ.pop("MOTO_ACCOUNT_ID", None)  # it would put every request into one account
        stop_recording()
        application = Application()
        for module in services:
            add(module)
        with socket.create_server((HOST, port), backlog=_BACKLOG) as listener:
            self._http = make_server(
                HOST, port, application, threaded=True, request_handler=Handler, fd=listener.fileno()
            )
        self._http.last_request = time.monotonic()
        self._thread = threading.Thread(target=self._http.serve_forever, name="local-aws", daemon=True)
        self._thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def port(self) -> int:
        return int(self._http.port)

    @property
    def idle_seconds(self) -> float:
        """How long nobody has asked for anything."""
        return time.monotonic() - float(self._http.last_request)

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
