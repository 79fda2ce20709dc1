"""The documentation's pictures show what the commands print today, load nothing, and can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pictures import __main__ as pictures
from pictures import comment, screenshots
from pictures.scenes import Story, tell
from pictures.screenshots import SCHEMES, SHOTS, Shot
from pictures.terminal import LOOKS, Look, Recording, shown, wrapped

SVG = sorted(pictures.FOLDER.glob("*.svg"))
DRAWN = ("flow.svg", "speed.svg", "speed-dark.svg")
"""Not made from what commands print."""
LEAST_CONTRAST = 4.5
"""Of text against its background. Source: WCAG 2.2, success criterion 1.4.3."""


@pytest.fixture(scope="module")
def story() -> Story:
    return tell()


@pytest.fixture
def recording() -> Recording:
    lines = ("$ cat file", "\x1b[1;31mmissing\x1b[0m  <a> & b", "\x1b[2mfaint\x1b[0m  " + "word " * 30)
    return Recording("name", "A title", "What <it> shows", "window", 60, lines)


def test_every_picture_shows_what_its_commands_print(story: Story) -> None:
    assert list(pictures.stale(story)) == [], "run `make pictures`, and look at them"


def test_a_picture_that_shows_something_else_is_stale(story: Story, tmp_path: Path) -> None:
    names = {path.name for path in [*SVG, *pictures.FOLDER.glob("*.png")] if path.name not in DRAWN}
    assert set(pictures.stale(story, tmp_path)) == names

    for name in names:
        (tmp_path / name).write_bytes((pictures.FOLDER / name).read_bytes())
    (tmp_path / "drift.svg").write_text((tmp_path / "drift.svg").read_text().replace("lowered", "raised"))
    (tmp_path / "review.svg").unlink()
    other = replace(story, comment=story.comment.replace("crm", "sales"))
    assert set(pictures.stale(other, tmp_path)) == {"drift.svg", "review.svg", "comment.png", "comment-dark.png"}


@pytest.mark.parametrize("shot", [pytest.param(each, id=each.name) for each in SHOTS])
@pytest.mark.parametrize("ending", SCHEMES, ids=SCHEMES.values())
def test_a_screenshot_has_the_size_that_is_declared_and_is_no_large_file(shot: Shot, ending: str) -> None:
    file = pictures.FOLDER / f"{shot.name}{ending}.png"
    size, _ = screenshots.read(file)
    assert size == shot.pixels
    assert file.stat().st_size < 200_000


@pytest.mark.parametrize("file", [pytest.param(each, id=each.name) for each in SVG])
def test_a_drawing_loads_nothing_and_says_what_it_is(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"https?://[^\"'\s]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"@import|@font-face|<(script|image|use|foreignObject|a)\b|url\((?!['\"]?#)", text)
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    named = {each.get("id"): (each.text or "").strip() for each in root}
    assert all(named[part] for part in (root.get("aria-labelledby") or "").split())


@pytest.mark.parametrize("file", [pytest.param(each, id=each.name) for each in SVG if each.name not in DRAWN])
def test_text_in_a_terminal_stands_out_from_its_background(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    [background] = re.findall(r"\.frame \{ fill: (#\w{6})", text)
    colours = set(re.findall(r"\.(?:name|t-r\d+) \{ fill: (#\w{6})", text))
    assert len(colours) > 1 or "drift" not in file.name
    assert {colour for colour in colours if contrast(colour, background) < LEAST_CONTRAST} == set()


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_each_colour_of_a_look_stands_out(look: Look) -> None:
    background = look.theme.background_color.hex
    colours = [look.theme.ansi_colors[number] for number in range(16)]
    assert [
        each for each in colours if contrast("#{:02x}{:02x}{:02x}".format(*each), background) < LEAST_CONTRAST
    ] == []


def contrast(one: str, other: str) -> float:
    """How far two colours (#rrggbb) are apart, 1 to 21. Source: WCAG 2.2, "contrast ratio" and "relative luminance"."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_computed_as_its_definition_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_a_drawing_shows_each_line_and_keeps_every_sign(recording: Recording) -> None:
    lines = [line.rstrip() for line in shown(recording.svg(LOOKS["dark"])) if line.strip()]
    assert lines[0] == "$ cat file"
    assert lines[1] == "missing  <a> & b"
    assert " ".join(" ".join(lines[2:]).split()) == "faint " + " ".join(["word"] * 30)
    assert max(map(len, lines)) <= recording.columns


def test_a_light_and_a_dark_drawing_show_the_same(recording: Recording) -> None:
    light, dark = (recording.svg(look) for look in LOOKS.values())
    assert light != dark
    assert shown(light) == shown(dark)


def plain(line: str, columns: int) -> Iterator[str]:
    return (part.plain for part in wrapped(line, columns))


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", [""]),
        ("  short", ["  short"]),
        ("  one two three", ["  one two", "    three"]),
        ("one " + "x" * 14, ["one xxxxxx", "  xxxxxxxx"]),
    ],
    ids=["empty", "fits", "at words", "a word that is too long"],
)
def test_a_long_line_goes_on_below_its_own_beginning(line: str, parts: list[str]) -> None:
    assert list(plain(line, 10)) == parts


def test_a_comment_has_its_tables_boxes_and_folded_parts() -> None:
    box = "> [!CAUTION]\n> **Data loss**\n>\n> - one\n\n"
    table = "| a | b |\n| :-- | :-- |\n| `c` | d |\n\n"
    folded = "<details><summary>more</summary>\n\nrest\n\n</details>\n"
    page = comment.page(f"<!-- mark -->\n{box}{table}{folded}")
    assert '<p class="kind">Caution</p>\n<p><strong>Data loss</strong></p>\n<ul>\n<li>one</li>' in page
    assert '<td style="text-align:left"><code>c</code></td>' in page
    assert "<details><summary>more</summary>\n<p>rest</p>\n</details>" in page
    assert "[!" not in page.partition("</style>")[2]
