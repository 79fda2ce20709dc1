"""The verdicts as JSON, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ...reporting.escaping import json_text
from ...reporting.formats import Screen
from ..verdicts import Verdict


def json_(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """The document as text, as report.schema.json describes it."""
    return json_text({"version": 1, "documents": [asdict(verdict) for verdict in verdicts]})
