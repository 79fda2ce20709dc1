"""What botocore's service model says about a resource, as one JSON Schema in the words of schema.json.

The model describes a resource three times (the create request, the update request, the read answer); the schema describes
it once. What a create does not take is `readOnly`; what the three say differently is an error, for then one schema cannot
hold for all of them.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel, Shape
from pulumi_connect_domains.model.resource_type import ResourceType

Node = dict[str, Any]

# JSON Schema's name for each of botocore's types, and for its `min` and `max` there.
TYPES = {
    "structure": ("object", None, None),
    "map": ("object", "minProperties", "maxProperties"),
    "list": ("array", "minItems", "maxItems"),
    "string": ("string", "minLength", "maxLength"),
    "timestamp": ("string", None, None),
    "boolean": ("boolean", None, None),
    "integer": ("integer", "minimum", "maximum"),
    "long": ("integer", "minimum", "maximum"),
    "double": ("number", "minimum", "maximum"),
}

# The keywords that the model decides; every other one in schema.json is ours.
MODELLED = {
    *("type", "pattern", "enum", "required", "properties", "items", "propertyNames", "additionalProperties"),
    *("sensitive", "readOnly"),
    *(keyword for _, low, high in TYPES.values() for keyword in (low, high) if keyword),
}


def modelled(type: ResourceType) -> Node:
    """The schema of a resource type as the installed botocore has it, every member of its operations included.

    Which operations these are, its permissions say: the first action of each use. An answer whose only member is a structure holds the
    resource in that.
    """
    service = botocore.session.Session().get_service_model(type.service)

    def operation(use: str) -> OperationModel:
        return service.operation_model(type.schema.permissions[use][0].partition(":")[2])

    answer = operation("read").output_shape
    if [member.type_name for member in answer.members.values()] == ["structure"]:
        (answer,) = answer.members.values()
    requests = [operation(use).input_shape for use in ("create", "update") if use in type.schema.permissions]
    return reduce(joined, map(node, [*requests, answer]))


def node(shape: Shape) -> Node:
    """The type and limits of one shape, as JSON Schema.

    Shape: {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9_-]+$"}
    """
    if tag_list(shape):
        key, value = shape.member.members["Key"], shape.member.members["Value"]
        return limits(shape, TYPES["map"]) | mapping(key, value) | {"type": "object"}
    found = limits(shape, TYPES[shape.type_name])
    if shape.type_name == "structure":
        found["properties"] = {xform_name(name): node(member) for name, member in shape.members.items()}
        if required := [xform_name(name) for name in shape.members if name in shape.required_members]:
            found["required"] = required
        found["additionalProperties"] = False
    elif shape.type_name == "list":
        found["items"] = node(shape.member)
    elif shape.type_name == "map":
        found |= mapping(shape.key, shape.value)
    elif shape.type_name == "timestamp":
        found["format"] = "date-time"
    return found


def tag_list(shape: Shape) -> bool:
    """Whether the shape is a list of {Key, Value}, which people write as a map."""
    return shape.type_name == "list" and set(getattr(shape.member, "members", ())) == {"Key", "Value"}


def mapping(key: Shape, value: Shape) -> Node:
    """The keywords of a map with these keys and values."""
    sensitive = {"sensitive": True} if key.metadata.get("sensitive") else {}
    return {"propertyNames": node(key), "additionalProperties": node(value)} | sensitive


def limits(shape: Shape, keywords: tuple[str, str | None, str | None]) -> Node:
    """The keywords that stand on the shape itself."""
    kind, low, high = keywords
    stated = {low: shape.metadata.get("min"), high: shape.metadata.get("max")}
    found = {"type": kind} | {keyword: limit for keyword, limit in stated.items() if keyword and limit is not None}
    return found | {name: shape.metadata[name] for name in ("pattern", "enum", "sensitive") if shape.metadata.get(name)}


class Disagreement(Exception):  # it is what it is called, like the exceptions of the package
    """Two operations of one service give the same member different limits."""


def joined(first: Node, second: Node, path: str = "") -> Node:
    """`first` with the members that only `second` has, as read-only ones: what a create does not take is no input.

    What is required is the first one's say, for an update may leave out what a create needs.
    Raises: Disagreement when both have a member and limit it differently.
    """
    if "properties" not in first:
        if first | {"readOnly": True} != second | {"readOnly": True}:
            raise Disagreement(f"{path}: {first} in one operation, {second} in another")
        return first
    ours, theirs = first["properties"], second["properties"]
    both = {key: joined(ours[key], theirs[key], f"{path}.{key}") if key in theirs else ours[key] for key in ours}
    added = {key: theirs[key] | {"readOnly": True} for key in theirs if key not in ours}
    return first | {"properties": both | added}


def regions(service: str) -> list[str]:
    """The Regions of every partition in which botocore's endpoint data, which may lag, knows the service."""
    session = botocore.session.Session()
    partitions = session.get_available_partitions()
    return sorted(
        region for name in partitions for region in session.get_available_regions(service, partition_name=name)
    )
