"""The WSGI application: the test controls, and around moto's application the log, the faults and the latency."""

from __future__ import annotations

import io
import json
import re
import time
import traceback
import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from .calls import Call, identified
from .control import CONTROL_PATH, Control
from .controls import Controls, Failure
from .errors import NOT_OFFERED, rendered, status_of
from .garbling import Answer, Headers, garbled
from .registration import ADDED, Dispatcher
from .service import before_the_last_change
from .token import Token

SLOW = "local_aws.slow"
"""In the environment of a request: over how many seconds its answer is to be sent, byte by byte."""


class Dropped(ConnectionError):
    """The connection is to be cut without an answer."""


class Application:
    """All that the server answers."""

    def __init__(self) -> None:
        self._controls = Controls()
        self._control = Control(self._controls)
        self._moto = Dispatcher()

    def ask_for(self, token: Token) -> None:
        """From now on who has the token may use the controls. Before, nobody may."""
        self._control.token = token

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Raises Dropped."""
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"].startswith(CONTROL_PATH):
            status, headers, answer = self._control.answer(environ, body)
        else:
            environ["wsgi.input"] = io.BytesIO(body)
            status, headers, answer = self._call(environ, body)
        start_response(f"{status} {_phrase(status)}", headers)
        return [answer]

    def _call(self, environ: dict[str, Any], body: bytes) -> Answer:
        call = identified(environ, body)
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
        failure = self._controls.failure(call)
        if latency := self._controls.latency(call):
            time.sleep(latency)
        try:
            status, headers, answer = self._answer(call, failure, environ)
            call.status, call.request_id = status, _header(headers, "x-amzn-requestid")
            if status >= HTTPStatus.BAD_REQUEST:
                call.error_code = _error_code(headers, answer)
        finally:
            call.seconds = time.time() - call.started
            self._controls.record(call, len(body))
        if failure and failure.late:
            time.sleep(failure.late)
        return status, headers, answer

    def _answer(self, call: Call, failure: Failure | None, environ: dict[str, Any]) -> Answer:
        if failure is None or failure.late or (failure.stale and call.service not in ADDED):
            return self._own_answer(call, environ)
        if failure.slow:
            environ[SLOW] = failure.slow
            return self._own_answer(call, environ)
        if failure.stale:
            with before_the_last_change(call):
                return self._own_answer(call, environ)
        if failure.garbled is not None:
            return garbled(failure.garbled, self._own_answer(call, environ))
        if failure.drop is None:
            return _failed(call, failure)
        if failure.drop == "after":
            self._own_answer(call, environ)
        raise Dropped

    def _own_answer(self, call: Call, environ: dict[str, Any]) -> Answer:
        """The answer as if nothing was asked to go wrong. What we or moto cannot do is answered too, not only logged."""
        try:
            if call.service in ADDED:
                status, headers, answer = ADDED[call.service].answer(call)
                return status, list(headers.items()), answer
            return self._from_moto(environ)
        except NotImplementedError as error:
            message = f"{call.service} {call.operation} is not offered by the local AWS: {error}"
            return _failed(call, Failure(code=NOT_OFFERED, message=message))
        except Exception as error:  # noqa: BLE001  # a bug here or in moto must reach the caller as an answer
            traceback.print_exc()
            message = f"the local AWS failed: {type(error).__name__}: {error}"
            return _failed(call, Failure(code="InternalFailure", message=message))

    def _from_moto(self, environ: dict[str, Any]) -> Answer:
        """moto's answer, without the headers in which it lets every web page read it."""
        lines: list[str] = []
        headers: Headers = []

        def start_response(line: str, fields: Headers, _: object = None) -> None:
            lines.append(line)
            headers.extend(field for field in fields if not field[0].lower().startswith("access-control-"))

        chunks = self._moto(environ, start_response)
        answer = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        return int(lines[0].split()[0]), headers, answer


def _failed(call: Call, failure: Failure) -> Answer:
    if failure.body is not None:
        return failure.status or 200, [("Content-Type", failure.content_type)], failure.body.encode("latin-1")
    request_id = str(uuid.uuid4())
    headers, body = rendered(call.protocol, failure.code, failure.message, failure.members, request_id)
    status = status_of(call.model, failure.code or "") if failure.status is None else failure.status
    return status, list(headers.items()), body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _header(headers: Headers, name: str) -> str:
    return next((value for field, value in headers if field.lower() == name), "")


def _error_code(headers: Headers, body: bytes) -> str | None:
    """The error's code, from the header, the JSON or the XML in which the service's protocol sends it."""
    if named := _header(headers, "x-amzn-errortype"):
        return named.split(":")[0]
    try:
        return str(json.loads(body)["__type"]).rpartition("#")[2]
    except (ValueError, KeyError, TypeError):
        found = re.search(rb"<Code>(.*?)</Code>", body)
        return found[1].decode() if found else None
