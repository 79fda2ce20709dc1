"""Requests and answers of AWS's JSON protocols, read and written by the service's model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs


class Malformed(ValueError):
    """A body that is not a JSON object."""


def parameters(operation: Any, labels: Mapping[str, str], query: str, body: bytes) -> dict[str, Any]:
    """The members of one request, from wherever the model puts them: the path, the query string or the body.

    Shape: `{"DomainName": "a", "Tags": {"k": "v"}}`, under the API's own names, unchecked; unknown members of the body
    are kept for the validation to refuse.
    Raises Malformed.
    """
    members = operation.input_shape.members if operation.input_shape else {}
    found = _object(body)
    values = parse_qs(query, keep_blank_values=True)
    for name, shape in members.items():
        location, wire_name = shape.serialization.get("location"), shape.serialization.get("name", name)
        if location is not None:
            found.pop(name, None)
        if location == "uri" and wire_name in labels:
            found[name] = _scalar(shape, labels[wire_name])
        elif location == "querystring" and wire_name in values:
            texts = values[wire_name]
            found[name] = texts if shape.type_name == "list" else _scalar(shape, texts[0])
    return found


def answer(shape: Any, value: Any) -> Any:
    """`value` with the members that the model gives this answer, and no others."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {name: answer(shape.members[name], value[name]) for name in shape.members if name in value}
    if shape.type_name == "list":
        return [answer(shape.member, element) for element in value]
    return value


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("the body is not JSON") from error
    if not isinstance(value, dict):
        raise Malformed("the body is not a JSON object")
    return value


def _scalar(shape: Any, text: str) -> Any:
    """A path or query value in the type of its shape; the text itself where it cannot be read as that."""
    if shape.type_name in ("integer", "long"):
        try:
            return int(text)
        except ValueError:
            return text
    return text
