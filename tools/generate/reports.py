"""docs/reference/reports.md: the JSON documents that the commands write and read, field by field, from their JSON Schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_connect_domains.reporting.markdown import prose, table

from .reference import filled

NOTICE = "<!-- Written by `make generate` from the *.schema.json of the commands: change those, not this page. -->"
FILE = "docs/reference/reports.md"
PACKAGE = "provider/pulumi_connect_domains"
SCHEMAS = {
    "drift --format json": "drift/report.schema.json",
    "drift --policy": "drift/policy.schema.json",
    "review --format json": "review/review.schema.json",
    "validate --format json": "validate/report.schema.json",
    "doctor --format json": "doctor/report.schema.json",
}
Node = Mapping[str, Any]


def files() -> dict[str, str]:
    """The page with its text."""
    from .__main__ import ROOT

    parts = [
        NOTICE,
        "# Reports as JSON",
        filled(
            "These documents are for programs. Each has a JSON Schema, which is part of the package. The number `version` grows when a "
            "field changes its meaning or goes. New fields may come at any time, so pass over fields that you do not know."
        ),
    ]
    for command, name in SCHEMAS.items():
        document = json.loads((ROOT / PACKAGE / name).read_text(encoding="utf-8"))
        parts += [
            f"## `connect-domains {command}`",
            filled(prose(document["description"])),
            f"The schema is [{name}](../../{PACKAGE}/{name}).",
            *_tables(document),
        ]
    return {FILE: "\n\n".join(parts) + "\n"}


def _tables(document: Node) -> Iterator[str]:
    yield table(["field", "type", "meaning"], _rows(document, document, ""))
    for name, node in document.get("$defs", {}).items():
        if "properties" in node:
            yield f"A *{name.replace('_', ' ')}* has:"
            yield table(["field", "type", "meaning"], _rows(node, document, ""))


def _rows(node: Node, document: Node, path: str) -> Iterator[list[str]]:
    for name, member in node.get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        is_optional = name not in node.get("required", ())
        text = member["description"] + (" It may be absent." if is_optional else "")
        yield [f"`{place}`", _type(member), prose(text)]
        yield from _rows(member, document, place)
        for each in _choices(member.get("items", {})):
            yield from _rows(each, document, f"{place}[]")


def _choices(node: Node) -> Iterator[Node]:
    yield from node.get("anyOf", [node])


def _type(node: Node) -> str:
    if "$ref" in node:
        return f"*{node['$ref'].rpartition('/')[2].replace('_', ' ')}*"
    if "enum" in node:
        return " or ".join("null" if each is None else f"`{each}`" for each in node["enum"])
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    for words in ("anyOf", "oneOf"):
        if words in node:
            return " or ".join(dict.fromkeys(_type(each) for each in node[words]))
    kinds = node.get("type", "any value")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    items = f" of {_type(node['items'])}" if "array" in kinds and node.get("items") else ""
    return " or ".join(kinds) + items
