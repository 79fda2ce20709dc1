"""The verdicts as JSON, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ...reporting.escaping import json_text
from ...reporting.formats import Screen
from ..verdicts import Verdict


def json_(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """One JSON document.

    Shape: `{"version": 1, "documents": [{"file": …, "resource": …, "failures": [{"path", "text"}], "advice": [{"rule", …}],
    "lines": {path: line}, "live": [{"path", "kind", "status", "text", "permission"}]}]}`
    """
    return json_text({"version": 1, "documents": [asdict(verdict) for verdict in verdicts]})
