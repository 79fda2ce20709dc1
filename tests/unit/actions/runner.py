"""A runner for composite actions: it gives each step the variables and files that GitHub's runner gives it, and runs it in bash.

Source: GitHub's pages "Metadata syntax for GitHub Actions" and "Workflow commands". Steps run with `bash --noprofile --norc -eo pipefail`;
after a step that failed the others are left out.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .expressions import filled, value_of

ROOT = Path(__file__).parents[3]
ACTIONS = ROOT / "actions"


def metadata(action: str) -> dict[str, Any]:
    """The content of an action's action.yml."""
    found: dict[str, Any] = yaml.safe_load((ACTIONS / action / "action.yml").read_text())
    return found


@dataclass
class Outcome:
    """How an action ended: its exit code, what its steps printed, its outputs, the step summary, and the steps that ran."""

    code: int = 0
    said: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    ran: list[str] = field(default_factory=list)


class Runner:
    """A machine with a workspace, the real connect-domains, and programs that note what they were called with."""

    def __init__(self, folder: Path) -> None:
        self.workspace, self.programs, self.temporary = (
            folder / name for name in ("workspace", "programs", "temporary")
        )
        for each in (self.workspace, self.programs, self.temporary):
            each.mkdir()
        self._calls = folder / "calls"
        self.environment = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "AWS_PROFILE": "nobody",
            "AWS_CONFIG_FILE": "/nowhere",
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
        }
        self.program("connect-domains", f'exec {sys.executable} -m pulumi_connect_domains "$@"')

    def program(self, name: str, text: str) -> None:
        """A program on the PATH, in bash. Its arguments are noted first."""
        file = self.programs / name
        noting = rf"""printf '%s\0' {name} "$@" $'\n' >> "{self._calls}" """
        file.write_text(f"#!/bin/bash\n{noting}\n{text}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    @property
    def calls(self) -> list[list[str]]:
        """The calls of the programs: the name, then the arguments."""
        text = self._calls.read_text() if self._calls.exists() else ""
        return [call.split("\0") for call in text.split("\0\n\0")[:-1]]

    def called(self, name: str) -> list[list[str]]:
        """The arguments of each call of a program."""
        return [arguments for program, *arguments in self.calls if program == name]

    def run(self, action: str, github: Mapping[str, Any] | None = None, **given: str) -> Outcome:
        """The action's outcome; in the names of inputs `_` stands for `-`. Raises AssertionError for an input that it does not have."""
        about = metadata(action)
        inputs = {name: each.get("default", "") for name, each in about["inputs"].items()}
        wanted = {name.replace("_", "-"): value for name, value in given.items()}
        assert wanted.keys() <= inputs.keys(), f"no such input: {wanted.keys() - inputs.keys()}"
        known = {
            "token": "the-token",
            "server_url": "https://github.example",
            "repository": "me/shop",
            "run_id": "77",
            "event": {},
            **(github or {}),
        }
        contexts: dict[str, Any] = {"github": known, "steps": {}}
        contexts["inputs"] = {**{name: filled(value, contexts) for name, value in inputs.items()}, **wanted}
        outcome, path = Outcome(), self.environment["PATH"]
        for place, step in enumerate(about["runs"]["steps"]):
            if outcome.code or not value_of(step.get("if", "'yes'"), contexts):
                continue
            path = self._run(step, place, ACTIONS / action, contexts, path, outcome)
        outcome.outputs = {name: filled(each["value"], contexts) for name, each in about["outputs"].items()}
        return outcome

    def _run(
        self,
        step: Mapping[str, Any],
        place: int,
        action: Path,
        contexts: Mapping[str, Any],
        path: str,
        outcome: Outcome,
    ) -> str:
        """Runs one step, and returns the PATH of the next."""
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "what is written into a script would be run"
        files = {name: self.temporary / f"{name}-{place}" for name in ("output", "summary", "path", "script")}
        for file in files.values():
            file.write_text("")
        files["script"].write_text(step["run"])
        environment = {
            **self.environment,
            "PATH": path,
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(action),
            "GITHUB_OUTPUT": str(files["output"]),
            "GITHUB_PATH": str(files["path"]),
            "GITHUB_REPOSITORY": contexts["github"]["repository"],
            "GITHUB_STEP_SUMMARY": str(files["summary"]),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
            **{name: filled(value, contexts) for name, value in step.get("env", {}).items()},
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(files["script"])]
        done = subprocess.run(
            command, cwd=self.workspace, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        outcome.ran.append(step["name"])
        outcome.code, outcome.said = done.returncode, outcome.said + done.stdout + done.stderr
        outcome.summary += files["summary"].read_text()
        if name := step.get("id"):
            contexts["steps"][name] = {"outputs": _outputs(files["output"].read_text())}
        return ":".join([*reversed(files["path"].read_text().split()), path])


def _outputs(text: str) -> dict[str, str]:
    """What a step wrote into its GITHUB_OUTPUT: a `name=value` a line."""
    return dict(line.split("=", 1) for line in text.splitlines())
