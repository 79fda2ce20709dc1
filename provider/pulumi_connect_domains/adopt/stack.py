"""A stack, by way of the Pulumi CLI: its state, its config, imports and previews."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.errors import ConfigurationError, ConnectDomainsError
from ..core.wire import Json


class CommandFailed(ConnectDomainsError):
    """A command of the Pulumi CLI failed; the message is what it said."""


@dataclass(frozen=True)
class Preview:
    """What `up` would do: the steps that are more than `same`. `error` is why it could not be told."""

    steps: tuple[Json, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Stack:
    """The stack of that name, of the project in `folder`."""

    name: str
    folder: str = "."
    program: str = field(default_factory=lambda: _cli())

    def export(self) -> str:
        """Its state. Secrets stay encrypted. Raises: CommandFailed."""
        return self._run("stack", "export")

    def config(self) -> Json:
        """Its config, secrets in clear: key by key as the provider gets it. Raises: CommandFailed."""
        document = json.loads(self._run("config", "--json", "--show-secrets"))
        return {key: each["value"] for key, each in document.items() if each.get("value") is not None}

    def import_file(self, file: Path, *, protect: bool) -> None:
        """What stands in the import file is in the stack's state. Raises: CommandFailed; the state is then as it was."""
        options = ["--generate-code=false", f"--protect={str(protect).lower()}", "--skip-preview", "--yes"]
        self._run("import", "--file", str(file.resolve()), *options)

    def let_go(self, urn: str) -> None:
        """The entry is out of the state, and what it held is as it was. Raises: CommandFailed."""
        self._run("state", "delete", urn, "--yes")

    def preview(self) -> Preview:
        """What `up` would do to the stack."""
        done = self._done("preview", "--json")
        try:
            document = json.loads(done.stdout)
        except ValueError:
            return Preview(error=_error(done.stderr or done.stdout))
        if done.returncode:
            said = [
                str(each.get("message", ""))
                for each in document.get("diagnostics", ())
                if each.get("severity") == "error"
            ]
            return Preview(error="\n".join(text.strip() for text in said) or _error(done.stderr))
        return Preview(tuple(step for step in document.get("steps", ()) if step["op"] != "same"))

    def _run(self, *arguments: str) -> str:
        done = self._done(*arguments)
        if done.returncode:
            raise CommandFailed(
                f"`pulumi {' '.join(arguments[:2])}` of stack {self.name}: {_error(done.stderr or done.stdout)}"
            )
        return done.stdout

    def _done(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *arguments, "--stack", self.name, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def changed_paths(step: Json) -> Sequence[str]:
    """Which properties a step changes, as far as the preview says."""
    detailed: Any = step.get("detailedDiff")
    return sorted(detailed) if isinstance(detailed, dict) else []


def _cli() -> str:
    program = shutil.which("pulumi")
    if program is None:
        raise ConfigurationError(
            "the Pulumi CLI is not on PATH, and --stack asks it for the stack's state and config\n"
            "without it: `pulumi stack export > state.json` where it is, then --state state.json"
        )
    return program


def _error(text: str) -> str:
    """The lines in which the CLI says what is wrong, without its prefix."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")]
    return "\n".join(errors or lines[-3:]) or "it gave no reason"
