"""The HTML report in a browser: accessible by axe-core's rules, every control worked by the keyboard alone, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures.browser import Browser
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.model import Report

from ...accessibility import browser, needs_axe, needs_chromium, views, violations
from .reports import CLEAN, EVERYTHING, NOTHING

pytestmark = needs_chromium

REPORTS = {"everything": EVERYTHING, "clean": CLEAN, "nothing": NOTHING}
FOCUSED = """(() => {
  const focused = document.activeElement;
  const outlined = [focused, focused.closest(".chip")].filter(Boolean).map((each) => getComputedStyle(each));
  return {
    what: focused === document.body ? "" : [focused.localName, focused.name, focused.value].filter(Boolean).join(" ")
      || focused.localName,
    shown: outlined.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0),
    on_screen: focused.getBoundingClientRect().bottom > 0 && focused.getBoundingClientRect().top < innerHeight,
  };
})()"""
SHOWN = """[...document.querySelectorAll("article")].filter((each) => each.offsetHeight)
    .map((each) => each.querySelector(".name").textContent)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def page_of(report: Report, folder: Path) -> Path:
    file = folder / "drift.html"
    file.write_text(FORMATS.named("html").render(report), encoding="utf-8")
    return file


@needs_axe
@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_nothing_in_the_page_keeps_anybody_out(report: Report, chromium: Browser, tmp_path: Path) -> None:
    page = page_of(report, tmp_path)
    assert violations(chromium, page) == []


@needs_axe
def test_nor_with_everything_unfolded(chromium: Browser, tmp_path: Path) -> None:
    page = page_of(EVERYTHING, tmp_path)
    page.write_text(page.read_text(encoding="utf-8").replace("<details >", "<details open>"), encoding="utf-8")
    assert "<details >" not in page.read_text(encoding="utf-8")
    assert violations(chromium, page) == []


def test_tab_reaches_every_control_in_order_and_one_sees_where_it_is(chromium: Browser, tmp_path: Path) -> None:
    page = page_of(EVERYTHING, tmp_path)
    for view in views(chromium, page):
        reached = []
        for _ in range(100):
            chromium.press("Tab")
            focused = chromium.run(FOCUSED)
            if not focused["what"]:
                break
            assert focused["shown"], f"{view}: nobody sees that the focus is on {focused['what']}"
            assert focused["on_screen"], f"{view}: {focused['what']} has the focus, and is not on the screen"
            reached.append(focused["what"])
        controls = [
            *(f"input status {status}" for status in ("in_sync", "drifted", "missing", "suspended", "unreadable")),
            *("select region", "select property", "input text"),
            *["summary"] * len(EVERYTHING.domains),
        ]
        assert sorted(reached) == sorted(controls), view
        assert reached[-len(EVERYTHING.domains) :] == ["summary"] * len(EVERYTHING.domains), view


def to(chromium: Browser, what: str) -> None:
    """The focus is on that control, by Tab alone."""
    for _ in range(100):
        chromium.press("Tab")
        if chromium.run(FOCUSED)["what"] == what:
            return
    raise AssertionError(f"Tab does not reach {what}")


def test_every_control_works_with_the_keyboard_alone(chromium: Browser, tmp_path: Path) -> None:
    chromium.resize(1280, 900, is_phone=False)
    chromium.open(page_of(EVERYTHING, tmp_path))
    everything = chromium.run(SHOWN)

    to(chromium, "input status in_sync")
    chromium.press(" ")
    assert chromium.run(SHOWN) == ["crm", "gone", "voice", "locked"]
    chromium.press(" ")
    assert chromium.run(SHOWN) == everything

    to(chromium, "select region")
    chromium.press("u")  # the choice that begins so
    assert chromium.run("form.region.value") == "us-east-1"
    assert chromium.run(SHOWN) == ["gone"]
    chromium.press("Home")
    assert chromium.run(SHOWN) == everything

    to(chromium, "select property")
    chromium.press("ArrowDown")
    chosen = chromium.run("form.property.value")
    assert chosen
    assert 0 < len(chromium.run(SHOWN)) < len(everything)
    chromium.press("ArrowUp")
    assert chromium.run(SHOWN) == everything

    to(chromium, "input text")
    for letter in "locked":
        chromium.press(letter)
    assert chromium.run(SHOWN) == ["locked"]
    assert chromium.run("document.getElementById('shown').textContent") == "1 of 7 shown"

    to(chromium, "summary")
    is_open = "document.activeElement.parentElement.open"
    for key in ("Enter", " "):
        before = chromium.run(is_open)
        chromium.press(key)
        assert chromium.run(is_open) is not before, key
