"""Errors in the form in which each AWS protocol sends them."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape

NOT_OFFERED = "NotOfferedByLocalAws"


class ServiceError(Exception):
    """A refusal of one of the two services: its code, its text and its further modelled members.

    Every subclass is one of the codes that the service's model knows.
    """

    def __init__(self, message: str, **members: str) -> None:
        super().__init__(message)
        self.message = message
        self.members = members

    @property
    def code(self) -> str:
        return type(self).__name__


def status_of(service: Any, code: str) -> int:
    """The HTTP status of an error code: the model's, or where it has none 500 for a fault of the server and else 400."""
    for shape in service.error_shapes if service else ():
        if shape.name == code and "httpStatusCode" in shape.metadata.get("error", {}):
            return int(shape.metadata["error"]["httpStatusCode"])
    if code == NOT_OFFERED:
        return HTTPStatus.NOT_IMPLEMENTED
    return HTTPStatus.INTERNAL_SERVER_ERROR if code.startswith("Internal") else HTTPStatus.BAD_REQUEST


def rendered(
    protocol: str, code: str | None, message: str, members: dict[str, Any], request_id: str
) -> tuple[dict[str, str], bytes]:
    """Headers and body of an error answer.

    Without a code the body is empty, as an unmodelled answer of a proxy is.
    """
    headers = {"x-amzn-RequestId": request_id}
    if code is None:
        return headers, b""
    if protocol in ("query", "rest-xml", "ec2"):
        error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        if protocol == "rest-xml":
            text = f"<Error>{error}<RequestId>{request_id}</RequestId></Error>"
        else:
            text = f"<ErrorResponse><Error>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        return {**headers, "Content-Type": "text/xml"}, text.encode()
    body: dict[str, Any] = {"Message": message, **members}
    if protocol == "json":
        body["__type"] = code
        return {**headers, "Content-Type": "application/x-amz-json-1.0"}, json.dumps(body).encode()
    return {**headers, "Content-Type": "application/json", "x-amzn-ErrorType": code}, json.dumps(body).encode()
