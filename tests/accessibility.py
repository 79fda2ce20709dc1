"""What axe-core says of a page in a headless Chromium, on a desktop and on a phone, with light and with dark colours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures.browser import Browser, find

ROOT = Path(__file__).parents[1]
AXE = ROOT / ".tools" / "axe-core" / "axe.min.js"
SCREENS = {"desktop": (1280, 900, False), "phone": (390, 844, True)}
"""Width and height in CSS pixels, and whether it is a phone."""
SCHEMES = ("light", "dark")

needs_chromium = pytest.mark.skipif(
    find() is None, reason="no Chromium is on PATH: nobody looks at the page in a browser"
)
needs_axe = pytest.mark.skipif(
    not AXE.exists(),
    reason=f"there is no {AXE.relative_to(ROOT)}: .ci/install-tools brings it; nobody checks whether pages are accessible",
)

RULES_ABOUT_COLOURS = ["color-contrast", "link-in-text-block"]
"""What can differ between light and dark; the others are checked once for each screen. Source: axe-core's table of rules."""

RUN = """
axe.run(document, {resultTypes: ["violations"], ...OPTIONS}).then((result) => JSON.stringify(
  result.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${
    [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ")
  }`))
))
"""


def browser(*options: str) -> Browser:
    """A browser without a page. Needs `needs_chromium`."""
    program = find()
    assert program
    return Browser(program, None, *options)


def views(chromium: Browser, page: Path) -> Iterator[str]:
    """Opens the page on each screen and with each scheme; yields what the view is called."""
    for screen, (width, height, is_phone) in SCREENS.items():
        for scheme in SCHEMES:
            chromium.prefer(scheme)
            chromium.resize(width, height, is_phone=is_phone, scale=1)
            chromium.open(page)
            yield f"{screen}, {scheme}"


def violations(chromium: Browser, page: Path) -> list[str]:
    """Each rule that the page breaks in some view, with the element and the reason; also that the page is wider than the screen."""
    found: dict[str, list[str]] = {}
    for view in views(chromium, page):
        chromium.run(f"{AXE.read_text(encoding='utf-8')};0")
        options = {} if view.endswith(SCHEMES[0]) else {"runOnly": {"type": "rule", "values": RULES_ABOUT_COLOURS}}
        broken = json.loads(chromium.run(RUN.replace("OPTIONS", json.dumps(options))))
        if chromium.run("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            broken.append("the page is wider than the screen")
        for each in broken:
            found.setdefault(each, []).append(view)
    return [f"{page.name} ({'; '.join(where)}): {what}" for what, where in found.items()]
