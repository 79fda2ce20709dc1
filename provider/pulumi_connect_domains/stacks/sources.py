"""Where exports come from: the Pulumi CLI, files, folders. Nothing is written and no lock is taken."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..interrupts import workers
from ..model.errors import ConfigurationError
from . import files
from .documents import json_of, text_of
from .files import Unreadable

SUFFIXES = (".json", ".json.gz")
NOT_STATES = frozenset({"history", "backups", "locks", ".git", "node_modules"})
"""Folders that are passed over: what a backend keeps beside its stacks, and what has nothing to do with them."""

EXPORTS_AT_ONCE = 4  # each is a process of the CLI


@dataclass(frozen=True)
class Export:
    """The text of one export, and where it came from in words. `error` says why there is no text."""

    origin: str
    text: str | bytes = ""
    error: str = ""


def from_file(name: str) -> Export:
    """The export in a file, gzipped or not; `-` is standard input."""
    origin = "standard input" if name == files.STANDARD_INPUT else files.called(name)
    try:
        return Export(origin, files.content(name))
    except Unreadable as error:
        return Export(origin, error=str(error))


def from_folder(name: str, option: str = "--state-dir") -> list[Export]:
    """The exports in a folder and the folders below it, or the stacks of a backend that was copied there, by name.

    What cannot be looked into is an export with an error, since there may be some in it. Raises: ConfigurationError when there is no
    such folder.
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
    """False for pipes, devices and sockets, which nobody means in a folder. What cannot be told is for the reader to say."""
    try:
        return stat.S_ISREG(os.stat(name).st_mode)
    except OSError:
        return True


def from_pulumi(
    stacks: Sequence[str], *, every: bool, folder: str, with_secrets: bool, option: str = "--all"
) -> list[Export]:
    """The exports of the named stacks, or of `every` stack of the backend that the CLI is logged in to, which `option` asked for.

    Raises: ConfigurationError where there is no CLI, or it cannot list the stacks.
    """
    program = shutil.which("pulumi")
    if program is None:
        raise ConfigurationError(
            "the Pulumi CLI is not on PATH, and --stack and --all ask it for the state\n"
            "without it: `pulumi stack export > state.json` where it is, then --state state.json (or --state-dir for many)"
        )
    names = _stacks(program, folder, option) if every else list(dict.fromkeys(stacks))
    options = ["--show-secrets"] if with_secrets else []
    with workers(EXPORTS_AT_ONCE) as pool:
        return list(pool.map(lambda name: _exported(program, name, folder, options), names))


def _stacks(program: str, folder: str, option: str) -> list[str]:
    done = _run([program, "stack", "ls", "--all", "--json"], folder)
    if done.returncode:
        raise ConfigurationError(f"{option}: the Pulumi CLI cannot list the stacks: {_error(done.stderr)}")
    try:
        return [str(stack["name"]) for stack in json_of(done.stdout)]
    except (Unreadable, TypeError, KeyError):
        raise ConfigurationError(f"{option}: the Pulumi CLI's list of stacks cannot be read") from None


def _exported(program: str, stack: str, folder: str, options: list[str]) -> Export:
    origin = f"stack {stack}"
    done = _run([program, "stack", "export", "--stack", stack, *options], folder)
    if done.returncode:
        return Export(origin, error=f"the Pulumi CLI cannot export it: {_error(done.stderr)}")
    try:
        return Export(origin, text_of(done.stdout))
    except Unreadable as error:
        return Export(origin, error=str(error))


def _run(arguments: list[str], folder: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    command = [*arguments, "--non-interactive"]
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        raise ConfigurationError(f"the Pulumi CLI cannot be run in {folder}: {error.strerror or error}") from None


def _error(output: bytes) -> str:
    """The CLI's first error line, without its prefix."""
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")]
    return next(iter(errors or lines), "it gave no reason")
