"""The documentation becomes a site without a warning; a broken link is one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from .conftest import ROOT, Built, build


def test_the_site_is_built_without_a_warning(site: Built) -> None:
    assert (site.exit_code, site.said) == (0, "")


def test_pictures_and_headings_are_as_the_theme_needs_them(site: Built) -> None:
    pages = {
        page.relative_to(site.folder).as_posix(): page.read_text(encoding="utf-8")
        for page in site.folder.rglob("*.html")
    }
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
    for needed in ("_static", "_templates"):
        shutil.copytree(ROOT / "docs" / needed, folder / needed)
    (folder / "tutorial.md").write_text("# Tutorial\n")
    (folder / "index.md").write_text(f"# Start\n\n{link}\n\n```{{toctree}}\ntutorial\n```\n")

    built = build(folder, tmp_path)
    assert built.exit_code == bool(said)
    assert said in built.said
