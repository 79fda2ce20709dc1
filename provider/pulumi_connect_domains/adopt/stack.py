"""A stack, by way of the Pulumi CLI: its state, its config, imports and previews."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..model.errors import ConfigurationError, ConnectDomainsError
from ..model.values import Json
from ..stacks.documents import json_of
from ..stacks.files import Unreadable

CHANGES_NOTHING = ("same", "read")
"""Steps that leave AWS and the stack's own resources as they are; `read` is that of a `.get()`, which every preview has again."""


class CommandFailed(ConnectDomainsError):
    """A command of the Pulumi CLI failed; the message is what it said."""


@dataclass(frozen=True)
class Preview:
    """What `up` would do: the steps that change something. `error` is why it could not be told."""

    steps: tuple[Json, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Stack:
    """The stack of that name, of the project in `folder`."""

    name: str
    folder: str = "."
    program: str = field(default_factory=lambda: _cli())

    def export(self) -> bytes:
        """Its state. Secrets stay encrypted. Raises: CommandFailed."""
        return self._run("stack", "export")

    def config(self) -> Json:
        """Its config, secrets in clear: key by key as the provider gets it. Raises: CommandFailed."""
        try:
            document = dict(json_of(self._run("config", "--json", "--show-secrets")))
            return {key: each["value"] for key, each in document.items() if each.get("value") is not None}
        except (Unreadable, AttributeError, KeyError, TypeError, ValueError):
            raise CommandFailed(f"`pulumi config` of stack {self.name}: what it says cannot be read") from None

    def import_file(self, file: Path, *, protect: bool) -> None:
        """What stands in the import file is in the stack's state. Raises: CommandFailed; the state is then as it was."""
        options = ["--generate-code=false", f"--protect={str(protect).lower()}", "--skip-preview", "--yes"]
        self._run("import", "--file", str(file.resolve()), *options, changes=True)

    def let_go(self, urn: str) -> None:
        """The entry is out of the state, and what it held is as it was. Raises: CommandFailed."""
        self._run("state", "delete", urn, "--yes", changes=True)

    def preview(self) -> Preview:
        """What `up` would do to the stack."""
        done = self._done("preview", "--json")
        try:
            document = json_of(done.stdout)
            diagnostics, steps = _maps(document, "diagnostics"), _maps(document, "steps")
            if not all(step.get("op") and str(step.get("urn")).count("::") >= 3 for step in steps):
                raise Unreadable("a step has no op or no URN")
        except Unreadable:
            return Preview(error=_error(done.stderr or done.stdout))
        if done.returncode:
            said = [str(each.get("message", "")) for each in diagnostics if each.get("severity") == "error"]
            return Preview(error="\n".join(text.strip() for text in said) or _error(done.stderr))
        return Preview(tuple(step for step in steps if step["op"] not in CHANGES_NOTHING))

    def _run(self, *arguments: str, changes: bool = False) -> bytes:
        done = self._done(*arguments, changes=changes)
        if done.returncode:
            raise CommandFailed(
                f"`pulumi {' '.join(arguments[:2])}` of stack {self.name}: {_error(done.stderr or done.stdout)}"
            )
        return done.stdout

    def _done(self, *arguments: str, changes: bool = False) -> subprocess.CompletedProcess[bytes]:
        """The command, done. Ctrl-C ends one that only looks; one that `changes` the state is let go on to its end, and never cut off."""
        command = [self.program, *arguments, "--stack", self.name, "--non-interactive", "--color=never"]
        environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            raise ConfigurationError(
                f"the Pulumi CLI cannot be run in {self.folder}: {error.strerror or error}"
            ) from None
        with process:
            try:
                stdout, stderr = process.communicate()
            except BaseException:
                if not changes:
                    process.kill()
                process.communicate()
                raise
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


def changed_paths(step: Json) -> Sequence[str]:
    """Which properties a step changes, as far as the preview says."""
    detailed: Any = step.get("detailedDiff")
    return sorted(detailed) if isinstance(detailed, dict) else []


def _maps(document: Any, key: str) -> list[Json]:
    """The list of maps that stands under the key; empty where there is none. Raises: Unreadable."""
    found = (document.get(key) or []) if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable(f"{key} is not a list of maps")
    return found


def _cli() -> str:
    program = shutil.which("pulumi")
    if program is None:
        raise ConfigurationError(
            "the Pulumi CLI is not on PATH, and --stack asks it for the stack's state and config\n"
            "without it: `pulumi stack export > state.json` where it is, then --state state.json"
        )
    return program


def _error(output: bytes) -> str:
    """The lines in which the CLI says what is wrong, without its prefix."""
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")]
    return "\n".join(errors or lines[-3:]) or "it gave no reason"
