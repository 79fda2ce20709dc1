"""What a stream shows: colours, a width, progress. Only this module reads NO_COLOR, FORCE_COLOR, TERM and CI."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

COLUMNS = 80
"""Of a terminal that does not tell its width."""

_NO = frozenset({"", "0", "false", "no"})


def is_terminal(stream: TextIO | None) -> bool:
    """Whether people see the stream; False for a file, a pipe, a closed stream, and where there is none."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def has_colour(stream: TextIO | None, environment: Mapping[str, str] | None = None) -> bool:
    """Whether text on the stream may have colours: on a terminal that knows them, unless a variable says otherwise.

    NO_COLOR turns them off, FORCE_COLOR on, also in a file or a pipe; if both are set, NO_COLOR counts. FORCE_COLOR=0 turns them off.
    An empty variable counts as not set. Source: no-color.org; force-color.org; Node.js for the value 0.
    """
    environment = os.environ if environment is None else environment
    if environment.get("NO_COLOR"):
        return False
    if forced := environment.get("FORCE_COLOR"):
        return forced.lower() not in _NO
    return is_terminal(stream) and not _is_dumb(environment)


def columns(stream: TextIO | None) -> int | None:
    """The width of the terminal, or None where the stream is none, and lines may have any length."""
    if stream is None or not is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or COLUMNS
    except OSError:
        return COLUMNS


def shows_progress(stream: TextIO | None, environment: Mapping[str, str] | None = None) -> bool:
    """Whether a line that changes and is erased at the end may be drawn: on a terminal that can move its cursor, and not in CI.

    Source: CI systems set the variable CI; some of them give jobs a terminal, and keep all that is drawn on it.
    """
    environment = os.environ if environment is None else environment
    in_ci = environment.get("CI", "").lower() not in _NO
    return is_terminal(stream) and not _is_dumb(environment) and not in_ci


def _is_dumb(environment: Mapping[str, str]) -> bool:
    """Whether the terminal has neither colours nor a cursor that moves."""
    return environment.get("TERM", "").lower() in ("dumb", "unknown")
