"""Property paths, whose one grammar is in `core.paths`, by the names that the drift check uses."""

from __future__ import annotations

from ..model.path import ANY, Keys, covers, parse, text, within

__all__ = ["ANY", "Keys", "covers", "parse", "text", "within"]
