"""What runs the stacks of tests: the local engine, or the Pulumi CLI that is on PATH."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

from ..stacks.cli import LANGUAGE_HOST, MINIMUM, STAND_IN

if TYPE_CHECKING:
    from pulumi import automation
    from pulumi.runtime import Mocks
    from pulumi.runtime.mocks import MockResourceArgs

    from .command import InProcessCommand

MARK = "# pulumi_local_engine"
FORMER_MARK = "# pulumi_connect_domains.local.engine"
"""What a launcher of the local engine is known by: one written now, and one of version 0.1."""

Answers: TypeAlias = "Mocks | Callable[[MockResourceArgs], tuple[str | None, dict[str, Any]]]"
"""Answers for resources of other packages: Pulumi's mocks, or their `new_resource` alone."""


@dataclass(frozen=True)
class PulumiEngine:
    """An engine: `name` is local or cli, `path` its executable."""

    name: str
    path: Path
    version: str
    in_process: InProcessCommand | None = None
    """The local engine in this process, which needs no new process; None for the CLI."""

    def command(self) -> automation.PulumiCommand:
        """The executable for Pulumi's Automation API."""
        from pulumi.automation import PulumiCommand
        from semver import VersionInfo

        command = PulumiCommand.__new__(PulumiCommand)  # its constructor would ask PATH, and start a process each time
        command.command = str(self.path)
        command.version = VersionInfo.parse(self.version)
        return command


def local_engine(folder: Path) -> PulumiEngine:
    """The local engine, its executable written into the folder."""
    from pulumi_local_engine.version import VERSION

    return PulumiEngine("local", next(write_launcher(folder).glob("pulumi*")), VERSION.removeprefix("v"))


def choose_engine(folder: Path) -> PulumiEngine:
    """The Pulumi CLI if a suitable one is on PATH, else the local engine, its executable written into the folder."""
    found = find_cli()
    return local_engine(folder) if isinstance(found, str) else found


def find_cli(path: str | None = None) -> PulumiEngine | str:
    """The first `pulumi` on PATH that is the Pulumi CLI and can run Python programs, or a sentence why there is none."""
    path = os.environ.get("PATH", "") if path is None else path
    found = (shutil.which("pulumi", path=folder) for folder in path.split(os.pathsep) if folder)
    cli = next((Path(program) for program in found if program and not is_launcher(program)), None)
    if cli is None:
        return "the Pulumi CLI is not on PATH"
    version = subprocess.run(
        [cli, "version"], capture_output=True, text=True, env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    ).stdout.strip()
    if version.endswith(STAND_IN):
        return f"{cli} is the local engine"
    numbers = version.removeprefix("v").split("-")[0].split("+")[0].split(".")
    if not all(number.isdigit() for number in numbers) or tuple(map(int, numbers)) < MINIMUM:
        return f"{cli} is version {version or 'unknown'}, {'.'.join(map(str, MINIMUM))} is needed"
    if not shutil.which(LANGUAGE_HOST, path=f"{cli.parent}{os.pathsep}{path}"):
        return f"{cli} has no Python language host: {LANGUAGE_HOST} is neither beside it nor on PATH"
    return PulumiEngine("cli", cli, version.removeprefix("v"))


def in_process(engine: PulumiEngine, mocks: Answers | None) -> automation.PulumiCommand | None:
    """The engine in this process, with answers for other packages if there are any; None for the Pulumi CLI."""
    if engine.in_process is None or mocks is None:
        return engine.in_process
    answering = mocks if hasattr(mocks, "new_resource") else SimpleNamespace(new_resource=mocks)
    return type(engine.in_process)(engine.in_process.spawn, answering)


def write_launcher(folder: Path, python: str = sys.executable) -> Path:
    """The folder, in which `pulumi` (on Windows `pulumi.cmd`) runs the local engine in that Python, in place of the CLI."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "nt":
        path, text = folder / "pulumi.cmd", f'@rem {MARK}\r\n@"{python}" -m pulumi_local_engine.cli %*\r\n'
    else:
        path = folder / "pulumi"
        text = f'#!/bin/sh\n{MARK}\nexec {shlex.quote(python)} -m pulumi_local_engine.cli "$@"\n'
    if not path.exists() or path.read_text("utf-8") != text:
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_text(text, "utf-8")
        fresh.chmod(0o755)
        os.replace(fresh, path)
    return folder


def is_launcher(path: str | os.PathLike[str]) -> bool:
    """True when this `pulumi` is a launcher of the local engine and not the CLI."""
    with open(path, "rb") as file:
        start = file.read(400)
    return any(mark.encode() in start for mark in (MARK, FORMER_MARK))
