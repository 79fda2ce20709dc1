"""Where exports come from: the Pulumi CLI, files, folders. Nothing is written and no lock is taken."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import ConfigurationError

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
    if name == "-":
        return Export("standard input", sys.stdin.buffer.read())
    try:
        content = Path(name).read_bytes()
        return Export(name, gzip.decompress(content) if name.endswith(".gz") else content)
    except OSError as error:
        return Export(name, error=f"cannot be read: {error.strerror or error}")


def from_folder(name: str) -> list[Export]:
    """The exports in a folder and the folders below it, or the stacks of a backend that was copied there, by name.

    Raises: ConfigurationError when there is no such folder.
    """
    root = Path(name)
    if not root.is_dir():
        raise ConfigurationError(f"--state-dir {name}: there is no such folder")
    return [from_file(str(file)) for file in sorted(_files(root))]


def _files(root: Path) -> Iterator[Path]:
    for folder, below, files in os.walk(root):
        below[:] = [each for each in below if each not in NOT_STATES]
        yield from (Path(folder, file) for file in files if file.endswith(SUFFIXES))


def from_pulumi(stacks: Sequence[str], *, every: bool, folder: str, with_secrets: bool) -> list[Export]:
    """The exports of the named stacks, or of `every` stack of the backend that the CLI is logged in to.

    Raises: ConfigurationError where there is no CLI, or it cannot list the stacks.
    """
    program = shutil.which("pulumi")
    if program is None:
        raise ConfigurationError(
            "the Pulumi CLI is not on PATH, and --stack and --all ask it for the state\n"
            "without it: `pulumi stack export > state.json` where it is, then --state state.json (or --state-dir for many)"
        )
    names = _stacks(program, folder) if every else list(dict.fromkeys(stacks))
    options = ["--show-secrets"] if with_secrets else []
    with ThreadPoolExecutor(EXPORTS_AT_ONCE) as pool:
        return list(pool.map(lambda name: _exported(program, name, folder, options), names))


def _stacks(program: str, folder: str) -> list[str]:
    done = _run([program, "stack", "ls", "--all", "--json"], folder)
    if done.returncode:
        raise ConfigurationError(f"--all: the Pulumi CLI cannot list the stacks: {_error(done.stderr)}")
    return [str(stack["name"]) for stack in json.loads(done.stdout)]


def _exported(program: str, stack: str, folder: str, options: list[str]) -> Export:
    origin = f"stack {stack}"
    done = _run([program, "stack", "export", "--stack", stack, *options], folder)
    if done.returncode:
        return Export(origin, error=f"the Pulumi CLI cannot export it: {_error(done.stderr)}")
    return Export(origin, done.stdout)


def _run(arguments: list[str], folder: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    return subprocess.run(
        [*arguments, "--non-interactive"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _error(text: str) -> str:
    """The CLI's first error line, without its prefix."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")]
    return next(iter(errors or lines), "it gave no reason")
