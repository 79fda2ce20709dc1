"""Which AWS operation an HTTP request asks for, of whom, and with what."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import parse_qsl

from botocore.exceptions import UnknownServiceError

from . import wire
from .accounts import DEFAULT_REGION, account_in
from .registration import account_of, get_service_model, name_of
from .routing import matched

_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/[^/]*/(?P<region>[^/]*)/(?P<service>[^/]*)/aws4_request")


@dataclass
class Call:
    """One request for an AWS operation; the last three members are known when it has been answered.

    `status` 0 means that the connection was cut. `started` is in seconds since 1970, `seconds` is how long it took.
    """

    service: str
    operation: str
    account: str
    region: str
    parameters: dict[str, Any]
    malformed: str = ""  # why the body could not be read
    model: Any = None  # of the service, where it is known
    started: float = field(default_factory=time.time)
    status: int = 0
    error_code: str | None = None
    request_id: str = ""
    seconds: float = 0.0

    @property
    def protocol(self) -> str:
        return str(self.model.protocol) if self.model else "json"

    def as_json(self) -> dict[str, Any]:
        hidden = ("malformed", "model")
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name not in hidden}


def identified(environ: dict[str, Any], body: bytes) -> Call:
    """The call that this request is.

    What cannot be told has a usable stand-in: `METHOD /path` for an operation that no model has.
    """
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    form = dict(parse_qsl(body.decode(errors="replace"))) if b"Action=" in body else {}
    signed_by = scope["service"] if scope else ("sts" if form else "s3")
    service = name_of(signed_by)
    model = _model(service)
    operation, parameters, malformed = _operation(service, model, environ, body)
    return Call(
        service=service,
        operation=operation,
        account=_account(scope["key"] if scope else ""),
        region=scope["region"] if scope else DEFAULT_REGION,
        parameters=form or parameters,
        malformed=malformed,
        model=model,
    )


def _model(service: str) -> Any:
    try:
        return get_service_model(service)
    except UnknownServiceError:
        return None


def _account(key: str) -> str:
    return account_in(key) or account_of(key)


def _operation(service: str, model: Any, environ: dict[str, Any], body: bytes) -> tuple[str, dict[str, Any], str]:
    found = matched(service, environ, body) if model else None
    if found is None:
        return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", {}, ""
    operation, labels = found
    if model.protocol not in ("json", "rest-json"):
        return operation.name, dict(labels), ""
    try:
        return operation.name, wire.parameters(operation, labels, environ["QUERY_STRING"], body), ""
    except wire.Malformed as error:
        return operation.name, {}, str(error)
