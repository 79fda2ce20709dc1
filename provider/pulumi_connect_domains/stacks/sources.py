"""Where exports come from: the Pulumi CLI, files, folders. Nothing is written and no lock is taken."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ..interrupts import workers
from ..model.errors import ConfigurationError, Unreadable
from . import files
from .cli import Pulumi
from .documents import json_of, text_of

SUFFIXES = (".json", ".json.gz")
NOT_STATES = frozenset({"history", "backups", "locks", "local-aws", ".git", "node_modules"})
"""Folders that are not looked into: those that a backend keeps beside its stacks, also for its local AWS, and others without states."""

EXPORTS_AT_ONCE = 4  # each is a process of the CLI


@dataclass(frozen=True)
class Export:
    """The text of one export, and in words where it came from. `error` says why there is no text."""

    origin: str
    text: str | bytes = ""
    error: str = ""

    def content(self) -> str | bytes:
        """The text. Raises: Unreadable, with the error."""
        if self.error:
            raise Unreadable(self.error)
        return self.text


def from_file(name: str) -> Export:
    """The export in a file, gzipped or not; `-` is standard input."""
    origin = "standard input" if name == files.STANDARD_INPUT else files.called(name)
    try:
        return Export(origin, files.content(name))
    except Unreadable as error:
        return Export(origin, error=str(error))


def from_folder(name: str, option: str = "--state-dir") -> list[Export]:
    """The exports in a folder and the folders below it, or the stacks of a backend that was copied there, by name.

    A folder below it that cannot be opened gives an export with an error, since it may hold some. Raises: ConfigurationError when there is
    no such folder.
    """
    if not os.path.isdir(name):
        raise ConfigurationError(f"{option} {files.called(name)}: there is no such folder")
    found = [*_in_folder(Path(name))]
    return sorted(found, key=lambda each: each.origin)


def _in_folder(root: Path) -> Iterator[Export]:
    closed: list[OSError] = []
    for folder, below, names in os.walk(root, onerror=closed.append):
        below[:] = [each for each in below if each not in NOT_STATES]
        for file in (os.path.join(folder, each) for each in names if each.endswith(SUFFIXES)):
            yield (
                from_file(file) if _is_file(file) else Export(files.called(file), error="cannot be read: is not a file")
            )
    for error in closed:
        yield Export(files.called(str(error.filename)), error=f"cannot be looked into: {error.strerror or error}")


def _is_file(name: str) -> bool:
    """False for pipes, devices and sockets, which nobody means in a folder. True where this cannot be told: reading it then fails."""
    try:
        return stat.S_ISREG(os.stat(name).st_mode)
    except OSError:
        return True


def from_pulumi(
    stacks: Sequence[str],
    *,
    every: bool,
    folder: str,
    with_secrets: bool,
    option: str = "--all",
    on_export: Callable[[int, int], None] = lambda done, of: None,
) -> list[Export]:
    """The exports of the named stacks, or of `every` stack of the backend that the CLI is logged in to, which `option` asked for.

    `on_export` is called with the number of exports that are there so far, and of all.

    Raises: ConfigurationError where there is no CLI, or it cannot list the stacks.
    """
    pulumi = Pulumi.find(
        folder,
        "--stack and --all ask it for the state\n"
        "without it: `pulumi stack export > state.json` where it is, then --state state.json (or --state-dir for many)",
    )
    names = _stacks(pulumi, option) if every else list(dict.fromkeys(stacks))
    options = ["--show-secrets"] if with_secrets else []
    done = count(1)

    def exported(name: str) -> Export:
        found = _exported(pulumi, name, options)
        on_export(next(done), len(names))
        return found

    on_export(0, len(names))
    with workers(EXPORTS_AT_ONCE) as pool:
        return list(pool.map(exported, names))


def _stacks(pulumi: Pulumi, option: str) -> list[str]:
    listed = pulumi.run("stack", "ls", "--all", "--json")
    if listed.code:
        raise ConfigurationError(f"{option}: the Pulumi CLI cannot list the stacks: {listed.first_error}")
    try:
        return [str(stack["name"]) for stack in json_of(listed.output)]
    except (Unreadable, TypeError, KeyError):
        raise ConfigurationError(f"{option}: the Pulumi CLI's list of stacks cannot be read") from None


def _exported(pulumi: Pulumi, stack: str, options: Sequence[str]) -> Export:
    origin = f"stack {stack}"
    exported = pulumi.run("stack", "export", "--stack", stack, *options)
    if exported.code:
        return Export(origin, error=f"the Pulumi CLI cannot export it: {exported.first_error}")
    try:
        return Export(origin, text_of(exported.output))
    except Unreadable as error:
        return Export(origin, error=str(error))
