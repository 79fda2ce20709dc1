"""The page about the local AWS: its table names what exists. tests/docs runs its programs."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from pulumi_connect_domains.local.aws import LocalAws

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "local-aws.md").read_text()


def test_every_method_is_in_the_table() -> None:
    methods = {name for name, _ in inspect.getmembers(LocalAws, callable) if not name.startswith("_")}
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    assert methods <= set(re.findall(r"`(\w+)", " ".join(rows)))
