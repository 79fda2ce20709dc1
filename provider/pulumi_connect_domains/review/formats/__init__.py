"""The formats of a review. Adding one is a module with a function, and a row here."""

from __future__ import annotations

from ...reporting.formats import Format, Formats

FORMATS = Formats(
    (
        Format("markdown", f"{__name__}.markdown_format:markdown"),
        Format("json", f"{__name__}.json_format:json_", medium="json", is_for_people=False),
        Format("text", f"{__name__}.text_format:text"),
        Format("sarif", f"{__name__}.sarif_format:sarif_", medium="json", is_for_people=False),
    )
)
