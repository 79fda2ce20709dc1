"""The CLI's clothes of the local engine: its commands, options, variables, exit codes, text, JSON and event log.

The launcher (launcher.py), and whoever puts a command before it, end in `main`. Standard output carries what the CLI's would.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..version import VERSION

if TYPE_CHECKING:
    from .surroundings import Surroundings


def main(arguments: Sequence[str], surroundings: Surroundings | None = None) -> int:
    """The exit code of the command line, after it has run."""
    if "version" in arguments[:2] and set(arguments) <= {"version", "--non-interactive"}:
        # The Automation API asks before everything it does, and nothing need be loaded to answer.
        print(VERSION)
        return 0
    from .root import run

    return run(list(arguments), surroundings)
