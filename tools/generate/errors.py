"""docs/reference/errors.md: the classes of errors, from their docstrings, after a text that is written by hand beside this module."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from pulumi_connect_domains.model import errors
from pulumi_connect_domains.reporting.markdown import prose, table

NOTICE = "<!-- Written by `make generate` from tools/generate/errors.md and model/errors.py: change those, not this page. -->"
FILE = "docs/reference/errors.md"
BY_HAND = Path(__file__).with_suffix(".md")


def files() -> dict[str, str]:
    """The page with its text."""
    parts = [
        NOTICE,
        BY_HAND.read_text(encoding="utf-8").strip(),
        "## Classes",
        "Programs that call this package's functions, such as `customerprofiles.validate`, and people who write tests,\n"
        "catch these exceptions from `pulumi_connect_domains.model.errors`. All are subclasses of `ConnectDomainsError`,\n"
        "and an error of AWS is an `AwsError`. Anything else that is raised is a bug of this package.",
        table(["class", "means"], _rows(errors.ConnectDomainsError)),
    ]
    return {FILE: "\n\n".join(parts) + "\n"}


def _rows(base: type[Exception], depth: int = 0) -> Iterator[list[str]]:
    for each in base.__subclasses__():
        if each.__module__ == errors.__name__:
            first = (inspect.getdoc(each) or "").partition("\n")[0]
            yield [f"{'&nbsp;&nbsp;' * depth}`{each.__name__}`", prose(first)]
            yield from _rows(each, depth + 1)
