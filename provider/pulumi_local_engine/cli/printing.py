"""How commands print what is not a run: JSON, tables, values on one line."""

from __future__ import annotations

import json
from typing import Any

import click

from .surroundings import say

SHOW_SECRETS = click.option("--show-secrets", is_flag=True, help="Secrets in clear.")
AS_JSON = click.option("-j", "--json", "as_json", is_flag=True, help="As JSON.")


def plain_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def echo_json(value: Any) -> None:
    say(json.dumps(value, indent=2, ensure_ascii=False))


def table(rows: list[tuple[str, ...]], indent: str = "") -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        say((indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip())


def milliseconds(time: str) -> str:
    """A time of the state file with three digits after the second, as `--json` has it."""
    whole, _, fraction = time.removesuffix("Z").partition(".")
    return f"{whole}.{(fraction + '000')[:3]}Z"
