"""The Makefile keeps the promise of its first line."""

from __future__ import annotations

import re
import subprocess

import pytest

from .conftest import ROOT

TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")
PROMISED = TEXT.splitlines()[0].removeprefix("# ").partition(":")[0].split(", ")


def test_the_first_line_names_every_command_and_no_other() -> None:
    [phony] = re.findall(r"^\.PHONY: (.+)$", TEXT, re.MULTILINE)
    assert sorted(PROMISED) == sorted(phony.split())


@pytest.mark.parametrize("command", PROMISED)
def test_make_knows_the_command(command: str) -> None:
    done = subprocess.run(["make", "--dry-run", command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
