"""`connect-domains drift merge`: the reports of all shards of a check in, one report out, with the exit code of the whole."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from ..reporting.command_line import FILE, FOLDER, Command, Example
from . import saying


@click.command(
    cls=Command,
    short_help="Make one report of those of all shards.",
    exit_codes={
        0: "Every domain is in sync.",
        1: "Something could not be read or compared, or the reports are not all shards of one check. It also wins over 2.",
        2: "A domain drifted or is missing, two stacks declare it, or a requirement is broken.",
    },
    examples=[
        Example(
            "One page and one exit code for a check in 16 shards",
            "connect-domains drift merge shard-*.json --out html=drift.html",
        ),
        Example(
            "What is new since yesterday",
            "connect-domains drift merge shard-*.json --since yesterday.json \\\n  --out json=today.json --out slack=-",
        ),
        Example("A report of one check in another format", "connect-domains drift merge drift.json --format markdown"),
    ],
)
@click.argument("files", metavar="SHARD...", type=FILE, nargs=-1, required=True)
@click.option(
    "--cwd",
    metavar="DIR",
    type=FOLDER,
    default=".",
    help="The project's folder: SARIF puts findings at its Pulumi.yaml.  [default: this folder]",
)
@saying.options
def merge(files: tuple[str, ...], **given: Any) -> int:
    """Make one report of the JSON reports that all shards of a check wrote (--shard).

    A shard that is missing or there twice is refused, and so are shards that were asked for different things. AWS and the Pulumi CLI are
    not asked.
    """
    said = saying.by_options(given)
    from .merging import merged
    from .report_file import from_file

    return said.say(merged((name, partial(from_file, name, "")) for name in files))
