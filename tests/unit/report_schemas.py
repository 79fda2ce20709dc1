"""The JSON Schemas of the reports, as they are shipped in the package."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

FILES = {"review": "review.schema.json"}
"""Commands whose schema has another name than report.schema.json."""


def schema(command: str) -> dict[str, Any]:
    """The schema of the command's report."""
    name = FILES.get(command, "report.schema.json")
    text = resources.files(f"pulumi_connect_domains.{command}").joinpath(name).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    Draft202012Validator.check_schema(document)
    return document


def flaws(command: str, document: object) -> list[str]:
    """In what the report is not as its schema says; a member that the schema does not name is a flaw too."""
    judge = Draft202012Validator(_closed(schema(command)), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in judge.iter_errors(document)]


def _closed(node: Any) -> Any:
    """The schema, with every object refusing members that it does not name."""
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    inner = {key: item if key == "allOf" else _closed(item) for key, item in node.items()}  # there stand conditions
    return {**inner, "additionalProperties": False} if isinstance(node.get("properties"), dict) else inner
