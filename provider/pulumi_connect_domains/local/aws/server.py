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

from werkzeug.serving import ThreadedWSGIServer

from . import bodies, gate
from .application import SLOW, Application, Dropped
from .connections import Connections
from .garbling import LENGTH
from .registration import MotoRequestHandler, add, stop_recording
from .token import Token

HOST = "127.0.0.1"
_BACKLOG = 128  # connections that may wait to be accepted; socketserver's 5 would refuse a burst
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class Handler(MotoRequestHandler):  # type: ignore[misc]  # moto ships no types
    """One connection. Unlike werkzeug's own handler it answers many requests on it, as AWS does."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece: in two, the second waits for the client's acknowledgement
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        self.server.connections.wait_for(self.connection)
        super().handle_one_request()

    def parse_request(self) -> bool:
        """As in http.server, with an end to the headers: it reads 100 of 64 KiB each."""
        stream: Any = self.rfile
        self.rfile: Any = bodies.Head(stream)
        try:
            return bool(super().parse_request())
        finally:
            self.rfile = stream

    def finish(self) -> None:
        self.server.connections.forget(self.connection)
        super().finish()

    def run_wsgi(self) -> None:
        """The request is read whole before it is looked at, so the next one on the connection starts where it should."""
        self.server.last_request = time.monotonic()
        environ = self.make_environ()
        if refused := gate.refusal(environ, self.headers):
            self._refuse(refused)
            return
        length, chunked = int(environ.get("CONTENT_LENGTH") or 0), "HTTP_TRANSFER_ENCODING" in environ
        try:
            environ["wsgi.input"] = io.BytesIO(bodies.read(self.rfile, length, chunked=chunked))
        except bodies.Refused as error:
            self._refuse(error.refusal)
            return
        self.server.connections.serve(self.connection)
        try:
            body = b"".join(self.server.app(environ, self._start))
        except Dropped:
            self.close_connection = True
            return
        self.server.connections.wait_for(self.connection)
        if self.command != "HEAD" and self._status not in _WITHOUT_BODY:
            announced = self._announced if self._announced > len(body) else len(body)
            self.send_header(LENGTH, str(announced))
            self.end_headers()
            self._send(body, environ.get(SLOW, 0.0))
            self.close_connection = self.close_connection or announced > len(body)  # the answer was to be cut
        else:
            self.end_headers()

    def _send(self, body: bytes, seconds: float) -> None:
        """The body is sent: at once, or byte by byte over so many seconds."""
        if not seconds:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(seconds / len(body))

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

    def log_error(self, *_: Any) -> None:
        """Nor is what a stranger sends that is no request."""


class HttpServer(ThreadedWSGIServer):  # type: ignore[misc]  # follow_imports is skip
    """A WSGI application on a loopback address, by this module's handler. Raises OSError when the port is taken."""

    def __init__(self, application: Any, port: int = 0, connections: Connections | None = None) -> None:
        self.connections = connections or Connections()
        self.last_request = time.monotonic()
        with socket.create_server((HOST, port), backlog=_BACKLOG) as listener:
            super().__init__(HOST, port, application, Handler, fd=listener.fileno())

    def service_actions(self) -> None:
        """Done twice a second."""
        self.connections.end_overdue()


class Server:
    """A local AWS in this process. There can be one: moto keeps its state in its modules.

    `port` 0 takes any that is free; `services` are modules with further services. `token` is what its controls ask for.

    Raises OSError when the port is taken, NotPrivate when the token cannot be kept from other users.
    """

    def __init__(self, port: int = 0, services: Iterable[str] = ()) -> None:
        os.environ.pop("MOTO_ACCOUNT_ID", None)  # it would put every request into one account
        stop_recording()
        application = Application()
        for module in services:
            add(module)
        self._http = HttpServer(application, port)
        self.token = Token(self.port)
        try:
            self.token.keep()
        except BaseException:
            self._http.server_close()
            raise
        application.ask_for(self.token)
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
        self.token.forget()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
