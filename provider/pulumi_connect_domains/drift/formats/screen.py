"""Where a report is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    """Columns of a terminal, or None for a file or a pipe, where lines have any length; and whether it has colours."""

    width: int | None = None
    has_colour: bool = False
    shows_all: bool = False
    """Whether domains in sync are listed too."""
