"""The site, built once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Built:
    """What Sphinx has made: `folder` holds the pages, `said` is what it printed on standard error."""

    folder: Path
    exit_code: int
    said: str


def build(source: Path, to: Path) -> Built:
    """The site of the documentation in that folder, built as `make docs` does."""
    options = ["--quiet", "--fail-on-warning", "--keep-going", "--doctree-dir", str(to / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *options, str(source), str(to / "site")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return Built(to / "site", done.returncode, done.stderr)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site of this documentation."""
    return build(ROOT / "docs", tmp_path_factory.mktemp("site"))
