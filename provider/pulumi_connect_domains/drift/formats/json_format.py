"""JSON: the report model itself."""

from __future__ import annotations

import json

from ..model import Report, as_document
from .screen import Screen


def json_(report: Report, _screen: Screen) -> str:
    """The document that report.schema.json describes."""
    return json.dumps(as_document(report), indent=2, ensure_ascii=False)
