"""Pictures stand on pages so that GitHub and the site both show the right one, and everybody is told what they show."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from .blocks import ROOT, pages
from .conftest import build

PICTURES = ROOT / "docs" / "pictures"
LEAST_WORDS = 6
"""Of the text that stands in for a picture."""


class Shown(HTMLParser):
    """The pictures of a page, each as its files and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "picture":
            self.pictures.append({})
        elif tag == "source":
            self.pictures[-1] |= {"when": has.get("media", ""), "dark": has.get("srcset", "")}
        elif tag == "img":
            self.pictures[-1] |= {"light": has.get("src", ""), "alt": has.get("alt", "")}


def pictures_of(page: str) -> list[dict[str, str]]:
    reader = Shown()
    reader.feed((ROOT / page).read_text(encoding="utf-8"))
    return reader.pictures


@pytest.mark.parametrize("page", [page for page in pages() if pictures_of(page)])
def test_a_picture_has_two_files_and_words(page: str) -> None:
    for shown in pictures_of(page):
        light, dark = ((ROOT / page).parent / shown[which] for which in ("light", "dark"))
        assert light.exists(), light
        assert dark.exists(), dark
        assert dark.stem == f"{light.stem}-dark"
        assert shown["when"] == "(prefers-color-scheme: dark)"
        assert len(shown["alt"].split()) >= LEAST_WORDS, "say what it shows"


def test_every_picture_stands_on_a_page() -> None:
    shown = {
        ((ROOT / page).parent / each[which]).resolve()
        for page in pages()
        for each in pictures_of(page)
        for which in ("light", "dark")
    }
    text = "".join((ROOT / page).read_text(encoding="utf-8") for page in pages())
    assert [file.name for file in PICTURES.iterdir() if file not in shown and f"pictures/{file.name}" not in text] == []


def test_the_site_shows_one_of_the_two_and_has_both(tmp_path: Path) -> None:
    folder = tmp_path / "repository" / "docs"
    (folder / "pictures").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "conf.py", folder)
    for needed in ("_static", "_templates"):
        shutil.copytree(ROOT / "docs" / needed, folder / needed)
    for name in ("drift.svg", "drift-dark.svg"):
        shutil.copy(PICTURES / name, folder / "pictures")
    (folder / "index.md").write_text(
        '# Start\n\n<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="pictures/drift-dark.svg">\n'
        '  <img alt="What it says." src="pictures/drift.svg">\n</picture>\n\nRest.\n'
    )
    built = build(folder, tmp_path)
    assert built.said == ""
    images = re.findall(r"<img[^>]*>", (built.folder / "index.html").read_text(encoding="utf-8"))
    told = {
        (scheme, Path(source).name)
        for image in images
        for scheme in re.findall(r"only-(\w+)", image)
        for source in re.findall(r'src="([^"]+)"', image)
        if 'alt="What it says."' in image
    }
    assert told == {("light", "drift.svg"), ("dark", "drift-dark.svg")}
    assert (built.folder / "_images" / "drift-dark.svg").exists()
