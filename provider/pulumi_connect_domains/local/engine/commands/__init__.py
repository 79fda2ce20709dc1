"""The CLI's clothes of the local engine: its commands, options, variables, exit codes, text, JSON and event log.

`connect-domains local pulumi …` and the launcher (launcher.py) both end in `main`. Standard output carries what the CLI's would.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from ..version import VERSION


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command line, after it has run."""
    if "version" in arguments[:2] and set(arguments) <= {"version", "--non-interactive"}:
        # The Automation API asks before everything it does, and nothing need be loaded to answer.
        print(VERSION)
        return 0
    from .root import run

    return run(list(arguments))


@click.command(
    "pulumi",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    help="Run a pulumi command on the local engine, the CLI's stand-in (`pulumi --help` lists the commands).",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """`connect-domains local pulumi`: passes everything on, and exits with the command's code."""
    sys.exit(main(arguments))
