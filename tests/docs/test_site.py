"""The documentation becomes a site without a warning; a broken link is one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import ROOT, Built, build


def test_the_site_is_built_without_a_warning(site: Built) -> None:
    assert (site.exit_code, site.said) == (0, "")
    assert (site.folder / "index.html").exists()


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
    for needed in ("_static", "_templates"):
        shutil.copytree(ROOT / "docs" / needed, folder / needed)
    (folder / "tutorial.md").write_text("# Tutorial\n")
    (folder / "index.md").write_text(f"# Start\n\n{link}\n\n```{{toctree}}\ntutorial\n```\n")

    built = build(folder, tmp_path)
    assert built.exit_code == 1
    assert said in built.said
