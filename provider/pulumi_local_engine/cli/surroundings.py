"""What surrounds a command: folder, environment and streams. They are passed, so that commands run side by side in one process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias

import click

if TYPE_CHECKING:
    from ..provider.hosts import Spawn
    from ..provider.sources import Mocks

ForPrograms: TypeAlias = Callable[[Mapping[str, str], Path], Mapping[str, str]]
"""The command's variables, the backend's folder -> the variables of programs and providers."""


@dataclass(frozen=True)
class Surroundings:
    """By default those of this process."""

    folder: Path = field(default_factory=Path.cwd)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    spawn: Spawn | None = None
    """How processes of providers are started; None: as processes usually are."""
    for_programs: ForPrograms | None = None
    """Gives programs and providers other variables than the command has; None: they have the command's."""
    mocks: Mocks = None
    """What answers for other packages' resources and functions; None: they are refused."""

    @property
    def is_interactive(self) -> bool:
        """True when somebody is there to be asked."""
        return self.out is sys.stdout and os.isatty(0) and os.isatty(1) and "CI" not in self.environment


def here(context: click.Context | None = None) -> Surroundings:
    """The surroundings of the command that this thread runs."""
    found = (context or click.get_current_context()).find_object(Surroundings)
    assert found, "run_safely gives every command its surroundings"
    return found


def say(text: str = "", *, err: bool = False) -> None:
    """The text is on the command's standard output, or standard error."""
    surroundings = here()
    print(text, file=surroundings.err if err else surroundings.out, flush=True)


class FilePath(click.Path):
    """A path that is relative to the command's folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return here(ctx).folder / value
