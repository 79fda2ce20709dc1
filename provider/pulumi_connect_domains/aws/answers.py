"""Which answers count: read whole, in the operation's protocol and shape, with the members that matter, about the thing that was asked for.

botocore takes a successful status for a success whatever the body says: a body that is cut, a proxy's page or `null` becomes an answer
without members, which would look like a domain without settings. So each answer is checked twice: before botocore parses it, for
its protocol and shape by botocore's own model (`misfit`), and after it, for what the resource's schema declares (`shortfall`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from ..model.values import Json

MOST_BYTES = 8 * 2**20
"""No answer of the operations in use comes near it: 100 domains with 50 tags each are 2 MB."""

_REQUIRED_OF_ITEMS = "[]."


class Unusable(Exception):
    """A successful status whose answer is none. `why` goes on from "the answer": "is not JSON".

    `service` and `operation` are botocore's names of what was asked, which may be a call that botocore made for itself (to assume a role).
    """

    def __init__(self, service: str, operation: str, why: str) -> None:
        super().__init__(f"{service} {operation}: the answer {why}")
        self.service, self.operation, self.why = service, operation, why


@dataclass(frozen=True)
class Expected:
    """What an operation's answer must hold, in snake_case.

    Shape: `Expected(needs=("domain_name", "items[].created_at"), names={"domain_name": "domain_name"})`. `needs` are paths; with `[]` they
    hold for each item of a list. `names` says which path of the answer repeats which member of the request, `looks` which text must fit
    which regular expression (XML knows texts only). `lists` are members that AWS may leave out where there is nothing in them, which no
    document says: an answer without one is asked for once more, and then believed.
    """

    needs: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    looks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, schema: Mapping[str, Any], operation: str) -> Expected:
        """What a resource's schema declares. Shape: `"answers": {"GetDomain": {"needs": [...], "names": {...}}}`.

        Raises: KeyError for an operation that the schema does not declare: no answer is taken unseen.
        """
        declared = schema["answers"][operation]
        return cls(tuple(declared.get("needs", ())), tuple(declared.get("lists", ())), declared.get("names", {}))

    def unlisted(self, answer: Json) -> bool:
        """Whether the answer leaves a list out."""
        return any(_at(answer, path) is None for path in self.lists)


# -- before it is parsed ----------------------------------------------------------------------------------------------


def refuse_unusable(response_dict: Mapping[str, Any], operation_model: Any, **_: Any) -> None:
    """Stops botocore before it parses an answer that fits neither the operation nor an error. Raises: Unusable.

    A handler of botocore's event `before-parse`. Registered for a session, it also sees the calls that botocore makes for itself.
    """
    why = misfit(int(response_dict["status_code"]), bytes(response_dict["body"] or b""), operation_model, response_dict)
    if why:
        raise Unusable(operation_model.service_model.service_name, operation_model.name, why)


def misfit(status: int, body: bytes, operation: Any, response: Mapping[str, Any]) -> str:
    """Why botocore must not parse this answer, or ""."""
    if len(body) > MOST_BYTES:
        return f"is too big: {len(body):,} bytes"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"sends us elsewhere (status {status})"
    if status >= HTTPStatus.BAD_REQUEST:
        return _not_parsed(operation, response)
    if operation.service_model.resolved_protocol in ("query", "rest-xml", "ec2"):
        return _not_xml(body, operation) or _not_parsed(operation, response)
    return _not_json(body, operation.output_shape)


def _not_json(body: bytes, shape: Any) -> str:
    if not body and (shape is None or not shape.members):
        return ""
    if not body:
        return "is empty"
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return "is not JSON, or only a part of it"
    if not isinstance(document, dict):
        return "is no JSON object"
    return _of_another_shape(shape, document, "") if shape is not None else ""


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _not_xml(body: bytes, operation: Any) -> str:
    """STS answers `<GetCallerIdentityResponse><GetCallerIdentityResult>…`. Source: its service model's resultWrapper."""
    from xml.etree import ElementTree

    if not body:
        return "is empty"
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError):
        return "is not XML, or only a part of it"
    shape = operation.output_shape
    wrapper = shape.serialization.get("resultWrapper") if shape is not None else None
    found = [child.tag.rpartition("}")[2] for child in root]
    if wrapper and wrapper not in found:
        return f"is not that of {operation.name}"
    return ""


def _not_parsed(operation: Any, response: Mapping[str, Any]) -> str:
    """Why botocore's own parser cannot read the answer. What it can, it reads again a moment later: errors and XML are rare here."""
    from botocore.parsers import create_parser

    try:
        parsed = create_parser(operation.service_model.resolved_protocol).parse(dict(response), operation.output_shape)
    except Exception:  # noqa: BLE001 - botocore's parsers raise whatever a strange body makes them trip over
        return f"cannot be read (status {response['status_code']})"
    is_error = int(response["status_code"]) >= HTTPStatus.BAD_REQUEST
    if is_error and not isinstance(parsed.get("Error", {}).get("Code"), str):
        return f"is an error without a code (status {response['status_code']})"
    return ""


# -- its shape --------------------------------------------------------------------------------------------------------

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int, float),
    "long": (int, float),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
}


def _of_another_shape(shape: Any, value: object, path: str) -> str:
    """Why the value cannot be of the botocore shape, or "". Null stands for absent, as in AWS's own answers."""
    kind = shape.type_name
    if isinstance(value, bool) != (kind == "boolean") or not isinstance(value, _PYTHON_TYPES.get(kind, (object,))):
        return f"is not of the operation's shape: {path or 'it'} is no {kind}"
    if kind in ("integer", "long") and isinstance(value, float) and not value.is_integer():
        return f"is not of the operation's shape: {path} is no whole number"
    if kind == "timestamp" and not _is_moment(value):
        return f"is not of the operation's shape: {path} is no timestamp"
    return next(filter(None, _of_parts(shape, value, path)), "")


def _of_parts(shape: Any, value: Any, path: str) -> list[str]:
    if shape.type_name == "structure":
        wire_names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        parts = [
            (wire_names[name], item, name) for name, item in value.items() if name in wire_names and item is not None
        ]
    elif shape.type_name == "map":
        parts = [(shape.value, item, "a value") for item in value.values()]
    elif shape.type_name == "list":
        parts = [(shape.member, item, "an item") for item in value]
    else:
        return []
    return [_of_another_shape(of, item, f"{path}.{name}".lstrip(".")) for of, item, name in parts]


def _is_moment(value: Any) -> bool:
    from botocore.utils import parse_timestamp

    try:
        parse_timestamp(value)
    except (ValueError, TypeError, OverflowError, OSError, RuntimeError):
        return False
    return True


# -- after it is parsed -----------------------------------------------------------------------------------------------


def shortfall(expected: Expected, answer: Json, asked: Mapping[str, object]) -> str:
    """Why the parsed answer does not count, or "". `answer` is in snake_case, and so is what was `asked`."""
    for path in expected.needs:
        holder, _, member = path.rpartition(_REQUIRED_OF_ITEMS)
        documents: object = [answer] if not holder else [] if _at(answer, holder) is None else _at(answer, holder)
        if not isinstance(documents, list) or any(_at(each, member) in (None, "") for each in documents):
            return f"lacks {path}"
    for path, pattern in expected.looks.items():
        if not re.fullmatch(pattern, str(_at(answer, path))):
            return f"has no usable {path}"
    for path, member in expected.names.items():
        if member in asked and _at(answer, path) != asked[member]:
            return f"is about another {member.replace('_', ' ')} than the one asked for"
    return ""


def _at(document: object, path: str) -> object:
    """What stands at a dotted path, or None."""
    for key in path.split("."):
        document = document.get(key) if isinstance(document, Mapping) else None
    return document
