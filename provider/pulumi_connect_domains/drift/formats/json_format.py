"""JSON: the report model itself."""

from __future__ import annotations

from ...reporting.escaping import json_text
from ..model import Report, as_document
from .screen import Screen


def json_(report: Report, _screen: Screen) -> str:
    """The document that report.schema.json describes."""
    return json_text(as_document(report))
