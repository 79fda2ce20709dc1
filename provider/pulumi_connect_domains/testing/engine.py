"""What runs the stacks of tests: the local engine, or the Pulumi CLI that is on PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pulumi import automation
    from pulumi.runtime import Mocks
    from pulumi.runtime.mocks import MockResourceArgs
    from pulumi_local_engine.cli.in_process import InProcessCommand

CLI_MINIMUM = (3, 254, 0)
"""The first CLI whose import files hold inputs and outputs."""

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
    from pulumi_local_engine.cli.launcher import write_launcher
    from pulumi_local_engine.version import VERSION

    return PulumiEngine("local", next(write_launcher(folder).glob("pulumi*")), VERSION.removeprefix("v"))


def choose_engine(folder: Path) -> PulumiEngine:
    """The Pulumi CLI if a suitable one is on PATH, else the local engine, its executable written into the folder."""
    found = find_cli()
    return local_engine(folder) if isinstance(found, str) else found


def find_cli(path: str | None = None) -> PulumiEngine | str:
    """The first `pulumi` on PATH that is the Pulumi CLI and can run Python programs, or a sentence why there is none."""
    from pulumi_local_engine.cli.launcher import is_launcher

    path = os.environ.get("PATH", "") if path is None else path
    found = (shutil.which("pulumi", path=folder) for folder in path.split(os.pathsep) if folder)
    cli = next((Path(program) for program in found if program and not is_launcher(program)), None)
    if cli is None:
        return "the Pulumi CLI is not on PATH"
    version = subprocess.run(
        [cli, "version"], capture_output=True, text=True, env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    ).stdout.strip()
    if version.endswith("+local"):
        return f"{cli} is the local engine"
    numbers = version.removeprefix("v").split("-")[0].split("+")[0].split(".")
    if not all(number.isdigit() for number in numbers) or tuple(map(int, numbers)) < CLI_MINIMUM:
        return f"{cli} is version {version or 'unknown'}, {'.'.join(map(str, CLI_MINIMUM))} is needed"
    if not shutil.which("pulumi-language-python", path=f"{cli.parent}{os.pathsep}{path}"):
        return f"{cli} has no Python language host: pulumi-language-python is neither beside it nor on PATH"
    return PulumiEngine("cli", cli, version.removeprefix("v"))


def in_process(engine: PulumiEngine, mocks: Answers | None) -> automation.PulumiCommand | None:
    """The engine in this process, with answers for other packages if there are any; None for the Pulumi CLI."""
    if engine.in_process is None or mocks is None:
        return engine.in_process
    answering = mocks if hasattr(mocks, "new_resource") else SimpleNamespace(new_resource=mocks)
    return type(engine.in_process)(engine.in_process.spawn, answering)
