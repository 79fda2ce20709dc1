"""The verdicts as JSON, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ...reporting.escaping import json_text
from ...reporting.formats import Screen
from ..verdicts import Verdict


def json_(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """The document as text, as report.schema.json describes it."""
    return json_text({"version": 1, "documents": [_document(verdict) for verdict in verdicts]})


def _document(verdict: Verdict) -> dict[str, Any]:
    """The verdict. Its paths are in snake_case, so it need not say how the document spells them."""
    return {name: value for name, value in asdict(verdict).items() if name != "spelling"}
