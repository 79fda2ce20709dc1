"""Answers that nobody can use: what a proxy, a captive portal or a broken connection makes of a good one.

Each way takes the real answer (status, headers, body) after the service has acted, so the change is made and the caller cannot see it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]

LENGTH = "Content-Length"
HUGE_BYTES = 30_000_000

PAGE = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Welcome to the guest network</h1></body></html>"
)
_TIMES = re.compile(r"\w+(At|Time|Date)|Expiration")
_NAMES = re.compile(r"\w*(Name|Id)|name|Account")


def garbled(how: str, answer: Answer) -> Answer:
    """The answer after one of `WAYS` or `HARMLESS`; its header announces the new body's length, unless it is cut. Raises: KeyError."""
    status, headers, body = answer
    return {**WAYS, **HARMLESS}[how](
        (status, [(name, value) for name, value in headers if name.lower() != LENGTH.lower()], body)
    )


def _cut(answer: Answer) -> Answer:
    """The connection ends in the middle of the body that the header announced."""
    status, headers, body = answer
    return status, [*headers, (LENGTH, str(max(len(body), 2)))], body[: len(body) // 2]


def _half(answer: Answer) -> Answer:
    status, headers, body = answer
    return status, headers, body[: len(body) // 2]


def _body(body: bytes, content_type: str = "") -> Callable[[Answer], Answer]:
    def replaced(answer: Answer) -> Answer:
        status, headers, _ = answer
        kept = [(name, value) for name, value in headers if not content_type or name.lower() != "content-type"]
        return status, [*kept, ("Content-Type", content_type)] if content_type else kept, body

    return replaced


def _labelled(content_type: str) -> Callable[[Answer], Answer]:
    def labelled(answer: Answer) -> Answer:
        return _body(answer[2], content_type)(answer)

    return labelled


def _no_content(answer: Answer) -> Answer:
    return HTTPStatus.NO_CONTENT, answer[1], b""


def _redirect(answer: Answer) -> Answer:
    return HTTPStatus.FOUND, [("Location", "http://portal.invalid/")], b""


def _changed(change: Callable[[str, Any], Any]) -> Callable[[Answer], Answer]:
    """Members of a JSON answer are changed at any depth; `change` gives the new value, or None to take the member out.

    An answer in XML has its texts changed by the same names.
    """

    def changed(answer: Answer) -> Answer:
        status, headers, body = answer
        try:
            return status, headers, json.dumps(_walked(json.loads(body), change)).encode()
        except ValueError:
            return status, headers, _changed_xml(body, change)

    return changed


def _walked(value: Any, change: Callable[[str, Any], Any]) -> Any:
    if isinstance(value, dict):
        new = {name: change(name, _walked(item, change)) for name, item in value.items()}
        return {name: item for name, item in new.items() if item is not None}
    return [_walked(item, change) for item in value] if isinstance(value, list) else value


def _changed_xml(body: bytes, change: Callable[[str, Any], Any]) -> bytes:
    from xml.etree import ElementTree

    root = ElementTree.fromstring(body)
    for parent in root.iter():
        for child in list(parent):
            name = child.tag.rpartition("}")[2]
            if not len(child) and (new := change(name, child.text)) != child.text:
                parent.remove(child)
                if new is not None:
                    child.text = str(new)
                    parent.append(child)
    return ElementTree.tostring(root)


def _another(name: str, value: Any) -> Any:
    return f"another{value}"[: len(str(value))] + "x" if _NAMES.fullmatch(name) and isinstance(value, str) else value


def _undated(name: str, value: Any) -> Any:
    return None if _TIMES.fullmatch(name) else value


def _of_wrong_types(name: str, value: Any) -> Any:
    return [value] if isinstance(value, str) else {"value": value} if isinstance(value, (int, float, bool)) else value


WAYS: dict[str, Callable[[Answer], Answer]] = {
    "cut": _cut,
    "half": _half,
    "empty": _body(b""),
    "empty object": _body(b"{}"),
    "null": _body(b"null"),
    "list": _body(b"[]"),
    "text": _body(b'"all is well"'),
    "html": _body(PAGE, "text/html"),
    "binary": _body(b"\x1f\x8b\x08\x00\xff\xfe\x00"),
    "deep": _body(b"[" * 100_000),
    "wrong types": _changed(_of_wrong_types),
    "another domain": _changed(_another),
    "undated": _changed(_undated),
    "no content": _no_content,
    "redirect": _redirect,
    "huge": _body(b'{"DomainName": "' + b"x" * HUGE_BYTES + b'"}'),
}
"""Every way to spoil an answer, by its name."""

HARMLESS: dict[str, Callable[[Answer], Answer]] = {"mislabelled": _labelled("text/html")}
"""Ways that leave an answer as good as it was."""
