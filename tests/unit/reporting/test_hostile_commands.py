"""What commands print beside their reports: errors with hostile names of files, resources and arguments."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from pulumi_connect_domains import cli

from . import hostile

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
named = hostile.text.map(
    lambda text: text.replace("\x00", "").encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
)
"""Texts as the arguments of a process can be."""


@few
@given(text=named)
@example(text="::error::x")
@example(text="x\n::error::x")
@example(text="\x1b[31m##[error]x")
@pytest.mark.parametrize(
    "arguments",
    [
        ["drift", "--state", "{}"],
        ["drift", "--state-dir", "{}"],
        ["drift", "--state", "x", "--require", "{}=1"],
        ["drift", "--state", "x", "--policy", "{}"],
        ["drift", "--state", "x", "--out", "{}=x"],
        ["drift", "--{}"],
        ["review", "{}"],
        ["review", "--format", "{}"],
        ["review", "--marker", "a-->{}"],
        ["validate", "{}"],
        ["import", "--name", "x", "--out", "y", "--state", "{}"],
        ["{}"],
    ],
    ids=" ".join,
)
def test_errors(arguments: list[str], text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    os.chdir(tmp_path)
    cli.run([each.replace("{}", text) for each in arguments])
    said = capsys.readouterr()
    hostile.check_log(said.err)
    hostile.check_log(said.out)


def test_a_file_with_a_hostile_name_that_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x\n::error::y\x1b[31m.yaml"
    file.write_text("default_expiration_days: 1099\n::x: 1\n")
    assert cli.run(["validate", "--resource", "customerprofiles", str(file)]) == 1
    hostile.check_log(capsys.readouterr().out)
