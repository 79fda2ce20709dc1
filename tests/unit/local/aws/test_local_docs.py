"""The page about the local AWS: its programs run, and its tables name what exists."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "local-aws.md").read_text()
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("program", PROGRAMS, ids=["for tests", "switches"])
def test_the_programs_run(aws: LocalAws, program: str) -> None:
    exec(program, {"aws": aws})


def test_every_method_is_in_the_table() -> None:
    methods = {name for name, _ in inspect.getmembers(LocalAws, callable) if not name.startswith("_")}
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    assert methods <= set(re.findall(r"`(\w+)", " ".join(rows)))
