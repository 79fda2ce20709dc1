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


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    built = build(ROOT / "docs", tmp_path)
    assert (built.returncode, built.stderr) == (0, "")
    site = tmp_path / "site"
    pages = {page.relative_to(site).as_posix(): page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    assert "index.html" in pages
    drift = pages["how-to/drift.html"]
    for kind, picture in (("light", "report.png"), ("dark", "report-dark.png")):
        assert re.search(rf'<img [^>]*class="only-{kind}[^>]*_images/{picture}', drift), kind
    assert "<picture>" not in "".join(pages.values())
    headings = [text for text in pages.values() if 'role="heading"' in text]
    assert headings
    assert all('role="heading" aria-level="2"' in text for text in headings)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("[a page](how-to/nowhere.md)", "nowhere"),
        ("[a heading](tutorial.md#no-such-heading)", "no-such-heading"),
        ("[a file of the repository](../examples/nowhere.py)", "there is no file"),
        ("![a picture](pictures/nowhere.svg)", "image file not readable"),
        ("a line", ""),
    ],
    ids=["a page", "a heading", "a file outside", "a picture", "nothing broken"],
)
def test_a_broken_link_is_a_warning(link: str, said: str, tmp_path: Path) -> None:
    # A copy of the settings, beside two pages only: a whole site takes longer, and its pages are tested above.
    folder = tmp_path / "repository" / "docs"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "conf.py", folder)
    for kept in ("_static", "_templates"):
        shutil.copytree(ROOT / "docs" / kept, folder / kept)
    (folder / "tutorial.md").write_text("# Tutorial\n")
    (folder / "index.md").write_text(f"# Start\n\n{link}\n\n```{{toctree}}\ntutorial\n```\n")

    built = build(folder, tmp_path)
    assert built.returncode == bool(said)
    assert said in built.stderr
