"""The local engine does what the real one was recorded to do: the same provider calls, state, JSON and exit codes, step by step.

The recorder runs every scenario again, with the local engine's commands called in this process (what a command starts, the
program and the providers' hosts, are processes all the same), and in the long run as commands too. A scenario is compared as
tests/traces/README.md says.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pulumi_local_engine
import pytest
from pulumi_connect_domains.testing.engine import write_launcher
from pulumi_local_engine import cli

TRACES = Path(__file__).parents[1] / "traces"
SCENARIOS = sorted(path.stem for path in (TRACES / "traces").glob("*.json"))
DELIBERATE: dict[str, str] = {
    "step 1 (import pulumi-python:dynamic/things:Thing a) ": "an import by id, which fails with the CLI, is refused here",
    **{
        f'step 3 (refresh --preview-only --json) json/steps/0/{place}/note: "h1dden" against "[secret]"': reason
        for place in ("oldState/inputs", "newState/inputs", "oldState/outputs", "newState/outputs")
        for reason in [
            "the CLI shows a secret of the configuration in the steps of a JSON preview, this engine hides it"
        ]
    },
}
"""Differences that are meant: the beginning of the comparison's line, and why."""


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Within the block the folder is the working directory."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def tools() -> Iterator[tuple[Any, Any]]:
    """The recorder and the comparison, which are scripts."""
    with mock.patch.object(sys, "path", [str(TRACES), *sys.path]):
        import compare
        import record

        yield record, compare
        for name in ("record", "compare", "scenarios", "native_scenarios"):
            sys.modules.pop(name, None)


@pytest.mark.parametrize(
    "as_commands", [False, pytest.param(True, marks=pytest.mark.long)], ids=["here", "as commands"]
)
@pytest.mark.parametrize("name", SCENARIOS)
def test_does_what_was_recorded(name: str, as_commands: bool, tools: tuple[Any, Any], tmp_path: Path) -> None:
    record, compare = tools

    class InProcess(record.Recording):  # type: ignore[misc,name-defined]
        """A recording whose commands run in this process, but for those that are to be killed."""

        def pulumi(self, *arguments: str, **extra: str) -> tuple[int, str, str]:
            if "kill_after" in extra or "interrupt_after" in extra:
                found: tuple[int, str, str] = super().pulumi(*arguments, **extra)
                return found
            out, err = io.StringIO(), io.StringIO()
            with (
                mock.patch.dict(os.environ, {**self.environment, **extra}, clear=True),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
                working_in(self.folder / "program"),
            ):
                code = cli.main([*arguments, "--non-interactive"])
            return code, out.getvalue(), err.getvalue()

    write_launcher(tmp_path / "bin")
    (tmp_path / "scenario").mkdir()
    with mock.patch.dict(os.environ, PATH=f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"):
        kind = record.Recording if as_commands else InProcess
        recording = kind(name, record.SCENARIOS[name], tmp_path / "scenario")
        recording.environment["PYTHONPATH"] += f"{os.pathsep}{Path(pulumi_local_engine.__file__).parents[1]}"
        try:
            steps = recording.run()
        finally:
            recording.sweep()
    recorded = json.loads((TRACES / "traces" / f"{name}.json").read_text())
    differences = list(compare.compare(recorded, json.loads(json.dumps({"steps": steps}))))
    assert [line for line in differences if not line.startswith(tuple(DELIBERATE))] == []
