"""schema.json of every resource, up to date with the installed botocore: `python tools/refresh_schemas.py [--check]`.

Limits come from the service model; descriptions and annotations are ours and stay. A member that is new in the model is
added with its limits, for a person to annotate; a member that the model lost goes. Each is printed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pulumi_connect_domains.registry import resource_types
from service_model import MODELLED, Node, modelled, regions

PACKAGES = Path(__file__).parent.parent / "provider"
WIDTH = 120

# The order in which keywords are written: what a value is, what it does, what it means, what it holds.
# fmt: off
ORDER = (
    "$schema", "title", "description", "about", "page", "resource", "movesFrom", "permissions", "resourceLevel", "behind",
    "callsPerSecond", "regions", "identifiedBy", "versionedBy", "createdOutput", "idProperty", "deletion", "waits", "outcomes", "answers",
    "leftOut",
    "type", "format", "units", "minLength", "maxLength", "minimum", "maximum",
    "minItems", "maxItems", "minProperties", "maxProperties", "pattern", "patternSays", "reservedPrefix", "enum", "enumSays",
    "default", "defaultSays", "takenOut", "example",
    "sensitive", "createOnly", "readOnly", "always", "source", "goneWhen", "providerOnly", "autoName", "unordered", "switch",
    "removal", "mergedFrom", "means", "itemNoun",
    "required", "additionalProperties", "propertyNames", "items", "properties", "rules",
)
# fmt: on

# The keywords that hold one further node.
NODES = ("items", "propertyNames", "additionalProperties")


def refreshed(schema: Node, model: Node) -> Node:
    """The schema with the model's limits, members and Regions in place of its own.

    Members of ours (providerOnly, or read from elsewhere in the answer) and all that the model does not decide stay as
    they are, and what is left out on purpose stays out.
    """
    left_out = schema.get("leftOut", {})
    members = {name: node for name, node in model["properties"].items() if name not in left_out}
    auto_named = {name for name, node in schema.get("properties", {}).items() if node.get("autoName")}
    required = [name for name in model["required"] if name not in auto_named]
    return _ordered(_merged(schema, model | {"properties": members, "required": required}, model))


def _merged(ours: Node, model: Node, root: Node) -> Node:
    """One node: the model's keywords as the model has them, all others as ours has them."""
    kept = {keyword: limit for keyword, limit in ours.items() if keyword not in MODELLED}
    found = kept | model
    for keyword in NODES:
        if isinstance(model.get(keyword), dict):
            found[keyword] = _merged(ours.get(keyword) or {}, model[keyword], root)
    if "properties" in model:
        mine = ours.get("properties", {})
        members = {name: _own(node, root) for name, node in mine.items() if node.keys() & {"providerOnly", "source"}}
        members |= {name: _merged(mine.get(name, {}), node, root) for name, node in model["properties"].items()}
        found["properties"] = {name: members[name] for name in dict.fromkeys((*mine, *members)) if name in members}
    return found


def _own(node: Node, root: Node) -> Node:
    """A member of ours: with the limits of the place it is read from, or merged from, where there is one."""
    place = node.get("source") or node.get("mergedFrom")
    return _merged(node, member(root, place), root) if place and member(root, place) else node


def member(model: Node, path: str) -> Node:
    """The node at a dotted path of members, or an empty one."""
    for name in path.split("."):
        model = model.get("properties", {}).get(name, {})
    return model


def differences(schema: Node, model: Node) -> list[str]:
    """One sentence for each way in which the schema and the model part, in either direction; empty when they agree.

    Shape: ["matching.job_schedule.time: maxLength is 6 here, 5 in the model"]
    """
    return [
        *(
            f"{name}: left out, yet no member of the model"
            for name in schema.get("leftOut", {})
            if name not in model["properties"]
        ),
        *_parted(schema, refreshed(schema, model), ""),
    ]


def _parted(ours: Node, fresh: Node, path: str) -> Iterator[str]:
    mine, theirs = ours.get("properties", {}), fresh.get("properties", {})
    for name in dict.fromkeys((*mine, *theirs)):
        place = f"{path}.{name}".lstrip(".")
        if name not in mine or name not in theirs:
            yield f"{place}: " + ("here, not in the model" if name in mine else "in the model, not here")
        else:
            yield from _parted(mine[name], theirs[name], place)
    for keyword in sorted((ours.keys() | fresh.keys()) - {"properties"}):
        here, there = ours.get(keyword), fresh.get(keyword)
        if keyword in NODES and isinstance(here, dict) and isinstance(there, dict):
            yield from _parted(here, there, f"{path} ({keyword})")
        elif here != there:
            yield f"{path or 'the resource'}: {keyword} is {json.dumps(here)} here, {json.dumps(there)} in the model"


def _ordered(node: Node) -> Node:
    """The node with its keywords, not its members, in the one order."""

    def inner(keyword: str, value: object) -> object:
        if keyword == "properties" and isinstance(value, dict):
            return {name: _ordered(member) for name, member in value.items()}
        return _ordered(value) if keyword in NODES and isinstance(value, dict) else value

    return {keyword: inner(keyword, node[keyword]) for keyword in sorted(node, key=_rank)}


def _rank(keyword: str) -> int:
    return ORDER.index(keyword) if keyword in ORDER else ORDER.index("required")


def written(value: object, indent: int = 0) -> str:
    """The value as JSON, what fits on one line on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= WIDTH and not (isinstance(value, dict) and "properties" in value):
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        rows = [f"{json.dumps(name)}: {written(item, indent + 2)}" for name, item in value.items()]
        return "{\n" + ",\n".join(inner + row for row in rows) + "\n" + " " * indent + "}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + written(item, indent + 2) for item in value) + "\n" + " " * indent + "]"
    return line


def main(arguments: list[str]) -> int:
    """0 when every schema.json agrees with the model, or was made to; 1 when `--check` found a difference."""
    found = []
    for key, type in resource_types().items():
        file = PACKAGES.joinpath(*type.package.split("."), "schema.json")
        schema, model = json.loads(file.read_text(encoding="utf-8")), modelled(type)
        fresh = refreshed(schema, model) | {"regions": regions(type.service)}
        found += [f"{key}: {difference}" for difference in differences(schema, model)]
        if "--check" not in arguments:
            file.write_text(written(_ordered(fresh)) + "\n", encoding="utf-8")
    print("\n".join(found) or "Every schema agrees with the model.")
    return 1 if found and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
