"""JSON: the report model itself."""

from __future__ import annotations

from ...reporting.escaping import json_text
from ...reporting.formats import Screen
from ..model import Report, as_document


def json_(report: Report, _screen: Screen) -> str:
    """The document that report.schema.json describes."""
    return json_text(as_document(report))
