"""The command line of the local engine, which is that of the Pulumi CLI: commands, options, exit codes, text, JSON, event log."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..version import VERSION

if TYPE_CHECKING:
    from .surroundings import Surroundings


def main(arguments: Sequence[str], surroundings: "Surroundings | None" = None) -> int:
    """The exit code of the command line, after it has run, by default in the surroundings of this process."""
    if surroundings is None and "version" in arguments[:2] and {*arguments} <= {"version", "--non-interactive"}:
        # The Automation API asks before everything it does, and nothing need be loaded to answer.
        print(VERSION)
        return 0
    from .grammar import run_safely
    from .root import root

    return run_safely(root, list(arguments) or ["--help"], surroundings)
