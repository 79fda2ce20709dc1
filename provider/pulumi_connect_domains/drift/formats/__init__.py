"""The formats of a drift report. Adding one is a module with a function, and a row here."""

from __future__ import annotations

from ...reporting.formats import Format, Formats

FORMATS = Formats(
    (
        Format("text", f"{__name__}.text_format:text"),
        Format("json", f"{__name__}.json_format:json_", medium="json", is_for_people=False),
        Format("markdown", f"{__name__}.markdown_format:markdown"),
        Format("junit", f"{__name__}.junit_format:junit", medium="xml", is_for_people=False),
        Format("github", f"{__name__}.github_format:github"),
        Format("slack", f"{__name__}.slack_format:slack", medium="json"),
        Format("sarif", f"{__name__}.sarif_format:sarif_", medium="json", is_for_people=False),
        Format("openmetrics", f"{__name__}.openmetrics_format:openmetrics_", is_for_people=False),
        Format("html", f"{__name__}.html_format:html", medium="xml"),
    )
)
