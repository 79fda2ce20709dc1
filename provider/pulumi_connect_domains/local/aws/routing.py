"""Which operation of a service a request asks for, by the service's model."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from .registration import ADDED, NotFound, Request, get_service_model, get_service_router

Match = tuple[Any, dict[str, str]]
_LABEL = re.compile(r"\{(\w+)\}")


def matched(service: str, environ: dict[str, Any], body: bytes) -> Match | None:
    """The operation's model and the values of the labels in the path; None when the service has no such operation."""
    if service in ADDED:
        return _own(service, environ)
    try:
        copy = {**environ, "wsgi.input": io.BytesIO(body)}  # moto's router reads forms
        operation, labels = get_service_router(service).match(Request(copy))
    except (NotFound, NotImplementedError):
        return None
    return operation, dict(labels)


def _own(service: str, environ: dict[str, Any]) -> Match | None:
    """As moto's router, but an operation also matches when a required query parameter is missing, for that is refused
    by the validation; and it takes a tenth of the time."""
    model = get_service_model(service)
    if model.protocol == "json":
        _, _, name = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")
        return (model.operation_model(name), {}) if name in model.operation_names else None
    method, path = environ["REQUEST_METHOD"], environ["RAW_URI"].partition("?")[0]
    for operation, pattern in _routes(service):
        if operation.http["method"] == method and (match := pattern.fullmatch(path)):
            return operation, {label: unquote(value) for label, value in match.groupdict().items()}
    return None


@cache
def _routes(service: str) -> list[tuple[Any, re.Pattern[str]]]:
    """Every operation with the pattern of its path; one without labels comes before one whose labels would match too."""
    model = get_service_model(service)
    operations = [model.operation_model(name) for name in model.operation_names]
    operations.sort(key=lambda operation: str(operation.http["requestUri"]).count("{"))
    return [
        (operation, re.compile(_LABEL.sub(r"(?P<\1>[^/]+)", operation.http["requestUri"]) + "/?"))
        for operation in operations
    ]
