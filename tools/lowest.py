"""Prints the requirements of `make test-lowest`: each dependency, and each tool of the tests, in the lowest version that is declared.

uv (https://docs.astral.sh/uv) pins them with hashes, on Linux, for the Pythons that these versions have wheels for (3.10 and 3.11):

    python tools/lowest.py | uv pip compile - --python-version 3.10 --no-build --generate-hashes --no-header --no-annotate \
        --output-file constraints-lowest.txt
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
EXTRAS = ("local", "testing", "dev")
NOT_FOR_TESTS = re.compile(r"pulumi-connect-domains|basedpyright|mypy|types-.*|sphinx|furo|myst-parser|pre-commit")
"""The package itself; the type checkers, which judge the source whatever is installed beside it; and what only makes the site or the
hooks."""


def table(name: str) -> dict[str, Any]:
    """A table of pyproject.toml, such as "project"."""
    found: dict[str, Any] = tomllib.loads(PROJECT.read_text(encoding="utf-8"))[name]
    return found


def project() -> dict[str, Any]:
    """The table [project] of pyproject.toml."""
    return table("project")


def declared(*extras: str) -> list[Requirement]:
    """The dependencies, and those of the extras."""
    optional = project()["optional-dependencies"]
    lines = [*project()["dependencies"], *(each for extra in extras for each in optional[extra])]
    return [Requirement(line) for line in lines]


def lowest() -> list[str]:
    """What the tests run with, each in its lowest version: `moto[server]==5.2.5`."""
    return [f"{_named(each)}=={floor(each)}" for each in declared(*EXTRAS) if not NOT_FOR_TESTS.fullmatch(each.name)]


def floor(requirement: Requirement) -> str:
    """The lowest version that is allowed. Raises ValueError when none is named."""
    [version] = [each.version for each in requirement.specifier if each.operator == ">="]
    return version


def _named(requirement: Requirement) -> str:
    return requirement.name + (f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else "")


if __name__ == "__main__":
    print("\n".join(lowest()))
