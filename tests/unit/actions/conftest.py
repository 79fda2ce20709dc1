"""A runner for the actions, and stand-ins for the programs of others."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from .runner import Runner


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


class GitHub:
    """A `gh` that keeps the comments and issues of one repository in a file; its filters are run by the real jq."""

    def __init__(self, runner: Runner, folder: Path) -> None:
        if shutil.which("jq") is None:
            pytest.skip("jq is not installed, which stands in for the jq within gh")
        self._file = folder / "github.json"
        self._file.write_text(json.dumps({"comments": [], "issues": []}))
        program = Path(__file__).with_name("gh.py")
        runner.program("gh", f'exec {sys.executable} {program} {self._file} "$@"')

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._file.read_text())
        return found

    def has(self, **parts: list[dict[str, Any]]) -> None:
        """From now on it has these comments or issues."""
        self._file.write_text(json.dumps({**self.state, **parts}))


@pytest.fixture
def github(runner: Runner, tmp_path: Path) -> GitHub:
    return GitHub(runner, tmp_path)
