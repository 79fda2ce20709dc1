"""The formats of the verdicts."""

from __future__ import annotations

from ...reporting.formats import Format, Formats

FORMATS = Formats(
    (
        Format("text", f"{__name__}.text_format:text"),
        Format("json", f"{__name__}.json_format:json_", medium="json", is_for_people=False),
        Format("sarif", f"{__name__}.sarif_format:sarif_", medium="json", is_for_people=False),
    )
)
