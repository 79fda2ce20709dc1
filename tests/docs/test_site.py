"""The documentation becomes a site without a warning; a broken link is one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def build(folder: Path, to: Path) -> subprocess.CompletedProcess[str]:
    options = ["--quiet", "--fail-on-warning", "--keep-going", "--doctree-dir", str(to / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *options, str(folder), str(to / "site")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


NOT_ACCESSIBLE = r'<pre>|role="heading">|<aside class='
"""What conf.py has to mend: code that the keyboard cannot scroll, headings without a level, parts of the page without a name."""


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    built = build(ROOT / "docs", tmp_path)
    assert (built.returncode, built.stderr) == (0, "")
    pages = {page.name: page.read_text(encoding="utf-8") for page in (tmp_path / "site").rglob("*.html")}
    assert "index.html" in pages
    assert [name for name, text in pages.items() if re.search(NOT_ACCESSIBLE, text)] == []
    assert all(pages["tutorial.html"].count(meant) for meant in ('<pre tabindex="0">', 'aria-level="2"', "aria-label="))


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("[a page](how-to/nowhere.md)", "nowhere"),
        ("[a heading](tutorial.md#no-such-heading)", "no-such-heading"),
        ("[a file of the repository](../examples/nowhere.py)", "there is no file"),
    ],
    ids=["a page", "a heading", "a file outside"],
)
def test_a_broken_link_is_a_warning(link: str, said: str, tmp_path: Path) -> None:
    # A copy of the settings, beside two pages only: a whole site takes longer, and its pages are tested above.
    folder = tmp_path / "repository" / "docs"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "conf.py", folder)
    shutil.copytree(ROOT / "docs" / "_static", folder / "_static")
    (folder / "tutorial.md").write_text("# Tutorial\n")
    (folder / "index.md").write_text(f"# Start\n\n{link}\n\n```{{toctree}}\ntutorial\n```\n")

    built = build(folder, tmp_path)
    assert built.returncode == 1
    assert said in built.stderr
