"""Whether AWS's answer can be used: complete, in the operation's protocol and shape, with the members that we need, about the right thing.

botocore takes a successful status for a success, whatever the body is. A body that is cut off, a proxy's page or `null` becomes an answer
without members, which looks like a domain without settings. So each answer is checked twice. Before botocore parses it, `misfit` checks
protocol and shape by botocore's own model. Afterwards `shortfall` checks what the resource's schema declares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from ..model.path import ANY, Path, PathPattern
from ..model.schema import Expected
from ..model.values import ABSENT, Json
from . import wire

MOST_BYTES = 8 * 2**20
"""The largest answer that is read. The operations in use stay far below it: 100 domains with 50 tags each are 2 MB."""

CHUNK_BYTES = 2**20
"""How much of a stream is read at a time."""


class Unusable(Exception):
    """An answer that cannot be used. `why` continues the sentence "the answer …": "is not JSON".

    `service` and `operation` are botocore's names of the call. It may be one that botocore made for itself, to assume a role.
    """

    def __init__(self, service: str, operation: str, why: str) -> None:
        super().__init__(f"{service} {operation}: the answer {why}")
        self.service, self.operation, self.why = service, operation, why


# -- before it is parsed ----------------------------------------------------------------------------------------------


DOCUMENT = "pulumi-connect-domains"
"""The key under which botocore hands on an answer that was read here already: the document in snake_case."""


def refuse_unusable(
    response_dict: dict[str, Any],
    operation_model: Any,
    customized_response_dict: dict[str, Any] | None = None,
    **_: Any,
) -> None:
    """Does nothing for an error. An answer that fits the operation is read, if it is plain JSON; others are left for botocore to parse.

    A handler of botocore's event `before-parse`. It is registered for a session, so it also gets the calls that botocore makes for itself.
    What was read leaves nothing to parse; botocore adds it to its own answer, under `DOCUMENT`.

    Raises: Unusable for any other answer, before botocore parses it.
    """
    if operation_model.has_streaming_output and int(response_dict["status_code"]) < HTTPStatus.MULTIPLE_CHOICES:
        return  # its body has not come yet: `streamed` reads it
    body, shape = bytes(response_dict["body"] or b""), operation_model.output_shape
    why, document = _looked_at(int(response_dict["status_code"]), body, operation_model, response_dict)
    if why:
        raise Unusable(operation_model.service_model.service_name, operation_model.name, why)
    if document is not None and customized_response_dict is not None and shape is not None and wire.is_plain(shape):
        customized_response_dict[DOCUMENT] = document
        response_dict["body"] = b""


def misfit(status: int, body: bytes, operation: Any, response: Mapping[str, Any]) -> str:
    """Why botocore must not parse this answer, or ""."""
    return _looked_at(status, body, operation, response)[0]


def _looked_at(status: int, body: bytes, operation: Any, response: Mapping[str, Any]) -> tuple[str, Json | None]:
    """Why the answer cannot be used, or "", and then the document of an answer in JSON."""
    why = _not_taken(status, body, operation, response)
    if why is None:
        return _read_json(body, operation.output_shape)
    return why, None


def _not_taken(status: int, body: bytes, operation: Any, response: Mapping[str, Any]) -> str | None:
    """Why the answer cannot be used, or ""; None for one that has to be JSON, of which this says nothing."""
    if len(body) > MOST_BYTES:
        return f"is too big: {len(body):,} bytes"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST and not _names_a_region(response):
        return f"sends us elsewhere (status {status})"
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        return _not_parsed(operation, response)
    if _is_text(operation.output_shape):
        return "" if body else "is empty"
    if operation.service_model.resolved_protocol in ("query", "rest-xml", "ec2"):
        return _not_xml(body, operation) or _not_parsed(operation, response)
    return None


def _names_a_region(response: Mapping[str, Any]) -> bool:
    """Whether S3 answers that a bucket is in another Region, which botocore then asks. Source: S3 user guide, redirects of requests."""
    return "x-amz-bucket-region" in {str(name).lower() for name in response.get("headers", {})}


def _is_text(shape: Any) -> bool:
    """Whether the whole body is one text, as that of S3's GetBucketPolicy. Who asked has to look at it."""
    payload = shape.serialization.get("payload") if shape is not None else None
    return bool(payload) and shape.members[payload].type_name == "string"


def _read_json(body: bytes, shape: Any) -> tuple[str, Json | None]:
    if not body and (shape is None or not shape.members):
        return "", None
    if not body:
        return "is empty", None
    try:
        document = _JSON.decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return "is not JSON, or only a part of it", None
    if not isinstance(document, dict):
        return "is no JSON object", None
    try:
        return "", wire.from_json(shape, document) if shape is not None else None
    except wire.Misfit as error:
        return f"is not of the operation's shape: {error}", None


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_JSON = json.JSONDecoder(parse_constant=_refuse_constant)


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
    """Why botocore's own parser cannot read the answer, or "".

    botocore parses the answer a second time afterwards. That costs little, since errors and XML are rare here.
    """
    from botocore.parsers import create_parser

    try:
        parsed = create_parser(operation.service_model.resolved_protocol).parse(dict(response), operation.output_shape)
    except Exception:  # noqa: BLE001 - a strange body can make botocore's parsers raise anything
        return f"cannot be read (status {response['status_code']})"
    is_error = int(response["status_code"]) >= HTTPStatus.MULTIPLE_CHOICES
    if is_error and _is_cut_off(response):
        return f"is only a part of an error (status {response['status_code']})"
    error = parsed.get("Error", {})
    # botocore looks errors up by the second code where there is one (SQS).
    if is_error and not all(isinstance(each, str) for each in (error.get("Code"), error.get("QueryErrorCode", ""))):
        return f"is an error without a code (status {response['status_code']})"
    return ""


def _is_cut_off(response: Mapping[str, Any]) -> bool:
    """Whether an error of AWS's names its code in a header, and its body is no JSON. botocore takes a part of the text for its message.

    Source: AWS's REST JSON protocol, `x-amzn-errortype`.
    """
    body = bytes(response["body"] or b"")
    if not body or "x-amzn-errortype" not in {str(name).lower() for name in response["headers"]}:
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return True
    return False


def streamed(answer: Mapping[str, Any], operation: Any, most_bytes: int) -> dict[str, Any]:
    """The answer, whose body is read if it is a stream (S3's GetObject): at most one byte more than `most_bytes`.

    Raises: Unusable for one that does not come to its end.
    """
    from botocore.exceptions import BotoCoreError

    if not operation.has_streaming_output:
        return dict(answer)
    payload = operation.output_shape.serialization["payload"]
    body, found = answer[payload], bytearray()
    try:
        while part := body.read(min(CHUNK_BYTES, most_bytes + 1 - len(found))):
            found += part
    except (BotoCoreError, OSError) as error:
        raise Unusable(
            operation.service_model.service_name, operation.name, f"was cut off ({type(error).__name__})"
        ) from None
    finally:
        body.close()
    return {**answer, payload: bytes(found)}


# -- after it is parsed -----------------------------------------------------------------------------------------------


def shortfall(expected: Expected, answer: Json, asked: Mapping[str, object]) -> str:
    """Why the parsed answer cannot be used, or "". `answer` is in snake_case, and so are the members of the request, `asked`."""
    for pattern in expected.needs:
        if any(_says_nothing(holder, rest) for holder, rest in _holders(answer, pattern)):
            return f"lacks {str(pattern).replace('[*]', '[]')}"
    for path, form in expected.looks.items():
        if not re.fullmatch(form, str(path.find(answer))):
            return f"has no usable {path}"
    for path, member in expected.names.items():
        if member in asked and path.find(answer) != asked[member]:
            return f"is about another {member.replace('_', ' ')} than the one asked for"
    return ""


def leaves_out_a_list(expected: Expected, answer: Json) -> bool:
    """Whether the answer lacks a list that AWS may leave out when the list is empty."""
    return any(path.find(answer) in (ABSENT, None) for path in expected.lists)


def _holders(answer: Json, pattern: PathPattern) -> list[tuple[object, Path]]:
    """The objects that must hold a needed value, each with the path to it: the answer itself, or every item of a list in it."""
    if ANY not in pattern:
        return [(answer, _path(pattern))]
    place = pattern.index(ANY)
    items = _path(pattern[:place]).find(answer)
    rest = _path(pattern[place + 1 :])
    if items in (ABSENT, None):
        return []
    return [(item, rest) for item in items] if isinstance(items, list) else [(None, rest)]


def _path(steps: tuple[object, ...]) -> Path:
    return Path(step for step in steps if isinstance(step, (str, int)))


def _says_nothing(holder: object, path: Path) -> bool:
    return path.find(holder) in (ABSENT, None, "")
