"""What commands printed, as the picture of a terminal: SVG, which loads nothing and has a title and a description."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

PROMPT = "$ "
FONTS = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'
"""Of the reader's system."""
MARGIN = " "
ASPECT = 0.602
"""The width of a letter of a monospace font, over its height: DejaVu Sans Mono, Menlo and SF Mono have 0.602."""


@dataclass(frozen=True)
class Look:
    """Colours: of the window, and of the sixteen names that a program may use. Each is at least 4.5 to 1 against the background."""

    border: str
    theme: TerminalTheme


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _look(border: str, background: str, text: str, colours: str) -> Look:
    """`colours`: black, red, green, yellow, blue, magenta, cyan, white; their bright forms are the same."""
    return Look(border, TerminalTheme(_rgb(background), _rgb(text), [_rgb(each) for each in colours.split()]))


LOOKS = {
    "light": _look("#c4cbd3", "#f8f9fb", "#0c1015", "#0c1015 #b3202a #136c36 #7d5200 #0b57b4 #7a3a9c #0a6570 #4b535c"),
    "dark": _look("#39414b", "#12161b", "#e3e7eb", "#7d8894 #ff8f86 #6fd394 #f0b955 #79b4ff #d3a3f5 #62cbd6 #e3e7eb"),
}

FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" role="img" aria-labelledby="title description">
<!-- Made by `make pictures`; do not edit. -->
<title id="title">{title}</title>
<desc id="description">{description}</desc>
<style>
.frame {{{{ fill: {background}; stroke: {border}; stroke-width: 1.5 }}}}
.bar {{{{ stroke: {border}; stroke-width: 1.5 }}}}
.name {{{{ fill: {text}; font: 600 17px system-ui, sans-serif; text-anchor: middle }}}}
.{{unique_id}}-matrix {{{{ font: {{char_height}}px {fonts}; white-space: pre }}}}
{{styles}}
</style>
<defs>
<clipPath id="{{unique_id}}-clip-terminal"><rect width="{{terminal_width}}" height="{{terminal_height}}"/></clipPath>
{{lines}}
</defs>
<rect class="frame" x="1" y="1" width="99.8%" height="99%" rx="9"/>
<text class="name" x="50%" y="25">{window}</text>
<path class="bar" d="M1 37H{{width}}"/>
<g transform="translate({{terminal_x}}, {{terminal_y}})">
{{backgrounds}}
<g class="{{unique_id}}-matrix">
{{matrix}}
</g>
</g>
</svg>
"""


@dataclass(frozen=True)
class Recording:
    """A terminal after some commands. `lines` are what it shows, with ANSI's codes for colours; a command's line begins with the prompt."""

    name: str
    title: str
    description: str
    window: str
    columns: int
    lines: tuple[str, ...]

    def svg(self, look: Look) -> str:
        """The picture."""
        console = Console(
            file=io.StringIO(), record=True, width=self.columns + 2, force_terminal=True, color_system="standard",
            highlight=False, legacy_windows=False,
        )  # fmt: skip
        for line in self.lines:
            for part in wrapped(line, self.columns):
                console.print(Text(MARGIN) + part, no_wrap=True, overflow="ignore", crop=False)
        console.print()
        frame = FRAME.format(
            title=escape(self.title), description=escape(self.description), window=escape(self.window),
            background=look.theme.background_color.hex, text=look.theme.foreground_color.hex, border=look.border,
            fonts=FONTS,
        )  # fmt: skip
        drawn = console.export_svg(
            theme=look.theme, code_format=frame, unique_id="t", title="", font_aspect_ratio=ASPECT
        )
        return "".join(f"{line.rstrip()}\n" for line in drawn.splitlines() if line.strip())


def wrapped(line: str, columns: int) -> Iterator[Text]:
    """The line as one or more that fit. Words stay whole, and what does not fit stands below, two columns further to the right."""
    text = Text.from_ansi(line)
    if line.startswith(PROMPT):
        text.stylize("bold")
    if text.cell_len <= columns:
        yield text
        return
    indent = len(text.plain) - len(text.plain.lstrip()) + 2
    rows = textwrap.wrap(
        text.plain, columns, subsequent_indent=" " * indent, break_long_words=True, break_on_hyphens=False,
        drop_whitespace=True, replace_whitespace=False,
    )  # fmt: skip
    place = 0
    for number, row in enumerate(rows):
        words = row if number == 0 else row.strip()
        place = text.plain.index(words, place)
        part = text[place : place + len(words)]
        place += len(words)
        yield part if number == 0 else Text(" " * indent) + part


def shown(svg: str) -> list[str]:
    """The lines of text that a picture shows, whatever their colours: what a test compares."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for attributes, words in re.findall(r"<text ([^>]*)>([^<]*)</text>", svg):
        if "clip-path" in attributes:
            x, y = (float(re.findall(rf'\b{name}="([^"]*)"', attributes)[0]) for name in "xy")
            rows.setdefault(y, []).append((x, unescape(words).replace("\xa0", " ")))
    return ["".join(words for _, words in sorted(row)) for _, row in sorted(rows.items())]
