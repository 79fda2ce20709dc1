"""What surrounds a command: folder, environment and streams. They are passed, so that commands run side by side in one process."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias

import click

from ..store.workspace import Workspace

if TYPE_CHECKING:
    from ..provider.hosts import Hosts, Spawn
    from ..provider.protocol import Providers

ForPrograms: TypeAlias = Callable[[Mapping[str, str], Path], Mapping[str, str]]
"""The command's variables, the backend's folder -> the variables of programs and providers."""


class CommandError(click.ClickException):
    """A command that cannot be done, in one sentence."""


@dataclass(frozen=True)
class Surroundings:
    """By default those of this process."""

    folder: Path = field(default_factory=Path.cwd)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    spawn: "Spawn | None" = None
    """How processes of providers are started; None: as processes usually are."""
    for_programs: ForPrograms | None = None
    """Gives programs and providers other variables than the command has; None: they have the command's."""
    providers: "Callable[[Hosts], Providers] | None" = None
    """Where providers come from; None: dynamic ones from the hosts, and no others."""


def here() -> Surroundings:
    """The surroundings of the command that this thread runs."""
    return click.get_current_context().ensure_object(Surroundings)


def workspace(stack: str | None = None) -> Workspace:
    """What the command that this thread runs works on; a stack that is given comes before `--stack`."""
    meta = click.get_current_context().meta
    return Workspace(here().folder, here().environment, stack or meta.get("stack"), meta.get("config_file"))


def is_interactive() -> bool:
    """True when somebody can be asked."""
    at_terminal = here().out is sys.stdout and os.isatty(0) and os.isatty(1) and "CI" not in here().environment
    return at_terminal and not click.get_current_context().meta.get("non_interactive")


def say(text: str = "", *, err: bool = False) -> None:
    """The text is on the command's standard output, or standard error."""
    print(text, file=here().err if err else here().out, flush=True)


def say_json(value: Any) -> None:
    say(json.dumps(value, indent=2, ensure_ascii=False))


def say_table(*rows: tuple[str, ...]) -> None:
    """The rows, the first of them the headlines, in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
