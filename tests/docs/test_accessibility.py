"""The site can be read and used by everybody: with a screen reader, with the keyboard alone, on a phone, with light and dark colours."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from ..accessibility import browser, needs_axe, needs_chromium, violations
from .blocks import ROOT, pages
from .conftest import Built

OF_EACH_KIND = (
    "index",
    "tutorial",
    "how-to/drift",
    "how-to/pull-requests",
    "reference/customerprofiles-domain",
    "explanation/how-a-change-flows",
    "search",
)


@needs_chromium
@needs_axe
def test_a_page_of_each_kind_is_accessible(site: Built) -> None:
    with browser() as chromium:
        found = [each for page in OF_EACH_KIND for each in violations(chromium, site.folder / f"{page}.html")]
        assert found == []
        assert [url for url in chromium.requested if not url.startswith(("file:", "data:"))] == []


@needs_chromium
@needs_axe
@pytest.mark.long
def test_every_page_is_accessible(site: Built) -> None:
    files = sorted(site.folder.rglob("*.html"))
    assert len(files) >= len([page for page in pages() if page.startswith("docs/")])
    with browser() as chromium:
        assert [each for file in files if "_static" not in file.parts for each in violations(chromium, file)] == []


@needs_chromium
@needs_axe
def test_what_is_not_accessible_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><html><head><title>t</title><meta name=viewport content='width=device-width'></head><body>"
        "<main><h1>t</h1><p style='color:#aaa;background:#fff'>faint</p><input><p style='width:600px;color:#000'>wide</p>"
    )
    with browser() as chromium:
        found = violations(chromium, page)
    rules = {each.partition("): ")[2].partition(":")[0]: each for each in found}
    assert rules.keys() == {"color-contrast", "html-has-lang", "label", "the page is wider than the screen"}
    assert "(phone, light; phone, dark)" in rules["the page is wider than the screen"]


@needs_chromium
@needs_axe
def test_code_gets_the_focus_where_it_is_wider_than_its_place(site: Built) -> None:
    numbers = """(() => {
      const boxes = [...document.querySelectorAll("pre")];
      const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth);
      return [boxes.length, wide.length, boxes.filter((box) => wide.includes(box) === (box.tabIndex === 0)).length];
    })()"""
    with browser() as chromium:
        chromium.resize(390, 844)
        chromium.open(site.folder / "tutorial.html")
        boxes, wide_on_a_phone, right = chromium.run(numbers)
        assert right == boxes
        chromium.resize(1280, 844, is_phone=False)
        chromium.run("new Promise((done) => setTimeout(done, 300))")
        boxes, wide, right = chromium.run(numbers)
        assert right == boxes
        assert 0 < wide < wide_on_a_phone


@pytest.mark.parametrize("page", pages())
def test_every_column_of_a_table_has_a_heading(page: str) -> None:
    """On GitHub too, where axe-core does not look: a screen reader reads the heading out in front of each cell."""
    tokens = MarkdownIt("commonmark").enable("table").parse((ROOT / page).read_text(encoding="utf-8"))
    cells = pairwise(tokens)
    assert [cell.map for opened, cell in cells if opened.type == "th_open" and not cell.content.strip()] == []
