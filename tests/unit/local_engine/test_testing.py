"""The test kit loads in no time, and knows the CLI from its stand-in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pulumi_connect_domains.testing import PulumiEngine, choose_engine, find_cli
from pulumi_connect_domains.testing.engine import is_launcher, write_launcher

ROOT = Path(__file__).parents[3]


def test_loading_the_plugin_imports_nothing_that_takes_time() -> None:
    heavy = "{'pulumi', 'grpc', 'boto3', 'moto', 'jsonschema', 'rich', 'yaml', 'click', 'cryptography'}"
    plugin = "pulumi_connect_domains.testing"
    code = (
        f"import sys, pytest; before = set(sys.modules); import {plugin}; print((set(sys.modules) - before) & {heavy})"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_the_launcher_runs_this_engine_and_is_known_as_such(tmp_path: Path) -> None:
    folder = write_launcher(tmp_path / "bin with a blank")
    launcher = next(folder.glob("pulumi*"))
    assert is_launcher(launcher)
    assert subprocess.run([launcher, "version"], capture_output=True, text=True).stdout == "v3.260.0+local\n"
    before = launcher.stat().st_mtime_ns
    write_launcher(folder)
    assert launcher.stat().st_mtime_ns == before, "it is not written again while tests use it"


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins for a CLI are shell scripts")
@pytest.mark.parametrize(
    ("version", "with_python", "found"),
    [
        pytest.param("v3.260.0", True, "cli", id="a suitable one"),
        pytest.param("v3.261.0-alpha.1", True, "cli", id="a pre-release"),
        pytest.param("v3.253.0", True, "3.254.0 is needed", id="too old"),
        pytest.param("", True, "version unknown", id="silent"),
        pytest.param("v3.260.0+local", True, "is the local engine", id="a script that runs the stand-in"),
        pytest.param("v3.260.0", False, "pulumi-language-python", id="without Python"),
    ],
)
def test_a_cli_is_found_behind_the_launcher_or_a_reason_is_given(
    tmp_path: Path, version: str, with_python: bool, found: str
) -> None:
    launcher, cli = write_launcher(tmp_path / "launcher"), tmp_path / "cli"
    cli.mkdir()
    for name in ("pulumi", "pulumi-language-python") if with_python else ("pulumi",):
        (cli / name).write_text(f"#!/bin/sh\necho {version}\n")
        (cli / name).chmod(0o755)
    answer = find_cli(f"{launcher}{os.pathsep}{cli}")
    if isinstance(answer, PulumiEngine):
        assert (answer.name, answer.path, answer.version) == (found, cli / "pulumi", version.removeprefix("v"))
    else:
        assert found in answer
    assert find_cli(str(launcher)) == "the Pulumi CLI is not on PATH"


def test_without_a_cli_the_local_engine_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    chosen = choose_engine(tmp_path / "bin")
    assert (chosen.name, chosen.path.parent, is_launcher(chosen.path)) == ("local", tmp_path / "bin", True)


@pytest.mark.parametrize(
    ("engine", "collected"),
    [
        pytest.param("both", ["test_it[local]", "test_it[cli]"], id="each in turn"),
        pytest.param("local", ["test_it"], id="one, which the test's name need not say"),
    ],
)
def test_tests_run_on_the_engines_that_are_asked_for(tmp_path: Path, engine: str, collected: list[str]) -> None:
    (tmp_path / "test_one.py").write_text("def test_it(pulumi_stack): ...\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        f"--pulumi-engine={engine}",
        "-p",
        "no:cacheprovider",
    ]
    listed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    assert [line.partition("::")[2] for line in listed.splitlines() if "::" in line] == collected
