"""The HTML report in a browser: hostile text shows and does nothing, and the page's own policy refuses whatever else got into it.

The policy is tried on pages into which something was put on purpose, and once more without it, where the same does what it wants.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures.browser import Browser
from pulumi_connect_domains.drift.formats import FORMATS

from ...accessibility import browser, needs_chromium
from ..reporting.hostile import Page
from ..reporting.test_hostile_drift import report
from .reports import EVERYTHING

RAN = "document.documentElement.dataset.ran = 'yes'"
HAS_RUN = "document.documentElement.dataset.ran === 'yes'"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n')
HOSTILE = (
    f"<script>{RAN}</script>",
    f"</script><script>{RAN}</script>",
    f'</style><svg onload="{RAN}"></svg>',
    f'"><img src=x onerror="{RAN}">',
    f"' autofocus onfocus='{RAN}' x='",
    f'<img src=URL/picture onerror="{RAN}">',
    "<link rel=stylesheet href=URL/style>",
    "<iframe src=URL/frame></iframe>",
    "<iframe srcdoc='<script src=URL/inner></script>'></iframe>",
    "<meta http-equiv=refresh content='0;url=URL/elsewhere'>",
    "<base href=URL/>",
    "--><script src=URL/script></script><!--",
    "<![CDATA[<script src=URL/cdata></script>]]>",
    "{{ 7 * 7 }}{% raw %}${alert(1)}",
    "\u202e<b>\u2066",
)
INTO_THE_PAGE = {
    "a script": f"<script>{RAN}</script>",
    "a script from elsewhere": "<script src='URL/script'></script>",
    "a module": "<script type=module>import 'URL/module'</script>",
    "a handler": f"<img src='URL/picture' onerror=\"{RAN}\">",
    "a handler of a drawing": f'<svg onload="{RAN}"></svg>',
    "a style sheet": "<link rel=stylesheet href='URL/style'>",
    "a style that loads": "<style>body { background: url(URL/background) } @import 'URL/import';</style>",
    "a style of an element": "<p style=\"background: url('URL/attribute')\">x</p>",
    "a frame": "<iframe src='URL/frame'></iframe>",
    "a frame with its text": f"<iframe srcdoc=\"<script>parent.{RAN}; fetch('URL/inner')</script>\"></iframe>",
    "an object": "<object data='URL/object'></object><embed src='URL/embed'>",
    "a video": "<video src='URL/video' poster='URL/poster' autoplay></video>",
    "a font": "<style>@font-face { font-family: x; src: url(URL/font) } body { font-family: x }</style>",
    "something ahead of time": "<link rel=prefetch href='URL/prefetch'><link rel=preload as=script href='URL/preload'>",
}
ASKED = {
    "fetch": "fetch('URL/fetch', {mode: 'no-cors'}).then(() => 'sent', () => 'refused')",
    "a beacon": "navigator.sendBeacon('URL/beacon', 'x')",
    "a form": "(() => { const form = document.createElement('form'); form.action = 'URL/form'; form.method = 'post';"
    " document.body.append(form); form.submit(); })()",
    "a socket": "new Promise((done) => { try { const socket = new WebSocket('URL/socket'.replace('http', 'ws'));"
    " socket.onerror = socket.onopen = () => done('tried'); } catch { done('refused'); } })",
}
"""What a script of the page's own could do, if somebody found a way to change it."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def opened(chromium: Browser, text: str, folder: Path) -> None:
    file = folder / "drift.html"
    file.write_text(text, encoding="utf-8")
    chromium.requested.clear()
    chromium.complaints.clear()
    chromium.open(file)


def settled(chromium: Browser) -> None:
    """What the page was about to do is done: two frames were drawn, and everything that loads has ended."""
    chromium.run("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))")


def rendered() -> str:
    return FORMATS.named("html").render(EVERYTHING)


# -- without a browser ------------------------------------------------------------------------------------------------


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else() -> None:
    page = rendered()
    (policy,) = POLICY.findall(page)
    rules = dict(each.split(" ", 1) for each in policy.replace("&#39;", "'").split("; "))
    (script,), (style,) = (re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("script", "style"))

    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert rules == {
        "default-src": "'none'",
        "script-src": hashed(script),
        "style-src": hashed(style),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_policy_stands_before_all_that_it_is_about() -> None:
    """A browser applies it to what follows."""
    page = rendered()
    assert re.match(
        r"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta [^>]*>\n<meta [^>]*>\n<meta http-equiv=\"Content-Security-Policy\"",
        page,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_adds_no_element_and_no_attribute(text: str) -> None:
    page, plain = (Page(FORMATS.named("html").render(report(each))) for each in (text, "x"))
    assert set(page.elements) == set(plain.elements)
    assert page.comments == []
    fixed = [(name, value) for name, value in plain.values if not name.startswith("data-") and name != "datetime"]
    assert [
        pair for pair in page.values if pair not in fixed and pair[0] in ("content", "class", "id", "type", "style")
    ] == []
    for name, _ in page.values:
        assert not name.startswith("on"), "no handler"
        assert name not in (
            "href",
            "src",
            "srcset",
            "action",
            "formaction",
            "srcdoc",
            "style",
            "background",
            "ping",
            "data",
        ), name


# -- in a browser -----------------------------------------------------------------------------------------------------


@needs_chromium
def test_hostile_text_runs_nothing_and_asks_nobody(
    chromium: Browser, elsewhere: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = elsewhere
    for text in HOSTILE:
        opened(chromium, FORMATS.named("html").render(report(text.replace("URL", url))), tmp_path)
        settled(chromium)
        assert chromium.run(HAS_RUN) is False, text
        assert chromium.complaints == [], "nothing even tried"
        assert len(chromium.requested) == 1, "the page itself"
        shown = chromium.run("document.querySelector('article .name').textContent")
        assert shown == "".join(
            letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text.replace("URL", url)
        )
    assert asked == []


@needs_chromium
@pytest.mark.parametrize("put_in", INTO_THE_PAGE.values(), ids=INTO_THE_PAGE)
def test_the_browser_refuses_what_was_put_into_the_page(
    chromium: Browser, elsewhere: tuple[str, list[str]], tmp_path: Path, put_in: str
) -> None:
    url, asked = elsewhere
    page = rendered().replace("<main>", f"<main>{put_in.replace('URL', url)}")
    opened(chromium, page, tmp_path)
    settled(chromium)
    assert chromium.run(HAS_RUN) is False
    assert asked == []
    assert "Content Security Policy" in "".join(chromium.complaints), "it was refused, and not overlooked"
    assert chromium.run("document.getElementById('shown').textContent"), "the page's own script has run"


@needs_chromium
def test_the_browser_refuses_what_a_changed_script_would_do(
    chromium: Browser, elsewhere: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = elsewhere
    for name, script in ASKED.items():
        opened(chromium, rendered(), tmp_path)
        chromium.run(script.replace("URL", url))
        settled(chromium)
        assert "Content Security Policy" in "".join(chromium.complaints), name
    assert asked == []
    changed = rendered().replace('"use strict";', f'"use strict"; {RAN};')
    opened(chromium, changed, tmp_path)
    settled(chromium)
    assert chromium.run(HAS_RUN) is False, "a script with another hash is another script"


@needs_chromium
def test_without_the_policy_the_same_does_what_it_wants(
    chromium: Browser, elsewhere: tuple[str, list[str]], tmp_path: Path
) -> None:
    """So the tests above would see it."""
    url, asked = elsewhere
    page = POLICY.sub("", rendered())
    for name, put_in in INTO_THE_PAGE.items():
        before = len(asked)
        opened(chromium, page.replace("<main>", f"<main>{put_in.replace('URL', url)}"), tmp_path)
        settled(chromium)
        assert chromium.run(HAS_RUN) or len(asked) > before, name
    opened(chromium, page, tmp_path)
    before = len(asked)
    chromium.run(ASKED["fetch"].replace("URL", url))
    assert len(asked) == before + 1
