"""The formats of a report: one function each, from the report to text. Adding one is a function and a line here."""

from __future__ import annotations

from collections.abc import Callable

from ...reporting.streams import Medium
from ..model import Report
from .screen import Screen

Format = Callable[[Report, Screen], str]

NAMES = {
    "text": "text_format:text",
    "json": "json_format:json_",
    "markdown": "markdown_format:markdown",
    "junit": "junit_format:junit",
    "github": "github_format:github",
    "slack": "slack_format:slack",
    "html": "html_format:html",
}
"""Each format's module and function; imported when it is asked for, since some bring a library with them."""

MEDIA: dict[str, Medium] = {"json": "json", "slack": "json", "junit": "xml", "html": "xml"}
"""What a format is, for a standard output that is not in UTF-8; any other is plain text."""


def format_named(name: str) -> Format:
    """The function of a format in NAMES."""
    from importlib import import_module

    module, _, function = NAMES[name].partition(":")
    found: Format = getattr(import_module(f"{__name__}.{module}"), function)
    return found
