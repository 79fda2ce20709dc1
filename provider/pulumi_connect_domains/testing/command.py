"""Pulumi's Automation API with the local engine in its own process: only programs and providers start others."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pulumi.automation import CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error
from pulumi_local_engine.cli import main
from pulumi_local_engine.cli.surroundings import Surroundings
from pulumi_local_engine.provider.hosts import Spawn
from pulumi_local_engine.version import VERSION
from semver import VersionInfo

from .mocks import MockedProviders, Mocks


class InProcessCommand(PulumiCommand):
    """Runs every command here. Commands may run side by side: each has streams, folder and environment of its own."""

    def __init__(self, spawn: Spawn | None = None, mocks: Mocks = None) -> None:
        # PulumiCommand's own constructor would look for an executable and ask it for its version.
        self.command = "pulumi"
        self.version = VersionInfo.parse(VERSION.removeprefix("v"))
        self.spawn = spawn
        self._providers = partial(MockedProviders, mocks=mocks) if mocks else None

    def run(
        self, args: list[str], cwd: str, additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None, on_error: Callable[[str], Any] | None = None,
    ) -> CommandResult:  # fmt: skip
        """What the command printed. Raises CommandError, or the subclass of it that fits, when it failed."""
        out, err = Lines(on_output), Lines(on_error)
        environment = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        surroundings = Surroundings(Path(cwd), environment, out, err, spawn=self.spawn, providers=self._providers)
        code = main(["--non-interactive", *args], surroundings)
        result = CommandResult(out.getvalue().removesuffix("\n"), err.getvalue().removesuffix("\n"), code)
        if code:
            raise create_command_error(result)
        return result


class Lines(io.StringIO):
    """A stream that hands on each line when it is whole, without the blanks at its end."""

    def __init__(self, heard: Callable[[str], Any] | None) -> None:
        super().__init__()
        self._heard, self._rest = heard or (lambda line: None), ""

    def write(self, text: str) -> int:
        *whole, self._rest = (self._rest + text).split("\n")
        for line in whole:
            super().write(f"{line.rstrip()}\n")
            self._heard(line.rstrip())
        return len(text)
