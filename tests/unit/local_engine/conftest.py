"""A project of its own for command lines that are run in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pulumi.automation import CommandResult
from pulumi_local_engine.cli import main
from pulumi_local_engine.model import secrets

Run = Callable[..., CommandResult]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder of a project called demo."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    return folder


@pytest.fixture
def run(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in the project; the result is as the Automation API has it."""
    monkeypatch.chdir(project)
    for name in ("PULUMI_STACK", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_AUTOMATION_API", "PULUMI_PYTHON_CMD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path / 'state'}")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "pw")
    monkeypatch.setattr(secrets, "ROUNDS", 10)  # the real number takes half a second each time

    def run(*arguments: str) -> CommandResult:
        capfd.readouterr()
        code = main(["--non-interactive", *arguments])
        printed = capfd.readouterr()
        return CommandResult(printed.out, printed.err, code)

    return run
