"""Wraps the sentences of the documentation's pages: `make format` runs it. Names of files on the command line are wrapped alone.

Paragraphs and list items get lines of at most 118 characters. Code, tables, comments, headings and generated pages stay as they are,
and code and the text of a link are not broken in two.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
WIDTH = 118
GENERATED = "<!-- Written by `make generate`"
ITEM = re.compile(r"\s*([-*]|\d+\.)\s+")
FENCE = re.compile(r"\s*(`{3,})")
STAYS = ("#", "|", ">", "<", "![", "(")
"""How a line begins that is no sentence: headings, tables, quotes, HTML, pictures, the targets of a directive."""


def pages() -> Iterator[Path]:
    """The pages that people write."""
    for pattern in ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "examples/**/README.md"):
        for path in sorted(ROOT.glob(pattern)):
            if "_build" not in path.parts and not path.read_text(encoding="utf-8").startswith(GENERATED):
                yield path


def wrapped(text: str) -> str:
    """The page's text, with its sentences wrapped."""
    lines: list[str] = []
    paragraph: list[str] = []
    first = rest = fence = ""
    is_comment = False

    def end_paragraph() -> None:
        if paragraph:
            lines.extend(_filled(" ".join(paragraph), first, rest))
            paragraph.clear()

    for line in text.split("\n"):
        words = line.strip()
        if fence or is_comment:
            lines.append(line)
            fence = "" if fence and words == fence else fence
            is_comment = is_comment and "-->" not in line
        elif found := FENCE.match(line):
            end_paragraph()
            fence = found[1]
            lines.append(line)
        elif words.startswith("<!--"):
            end_paragraph()
            is_comment = "-->" not in words
            lines.append(line)
        elif not words or words.startswith(("#", "|")) or (words.startswith(STAYS) and not paragraph):
            end_paragraph()
            lines.append(line)
        elif found := ITEM.match(line):
            end_paragraph()
            first, rest = found[0], " " * len(found[0])
            paragraph.append(line[found.end() :])
        else:
            if not paragraph:
                first = rest = line[: len(line) - len(line.lstrip())]
            paragraph.append(words)
    end_paragraph()
    return "\n".join(lines)


def _filled(text: str, first: str, rest: str) -> list[str]:
    whole = re.sub(r"`[^`]+`|\[[^\]]+\](?=\()", lambda code: code[0].replace(" ", "\0"), " ".join(text.split()))
    options = {"initial_indent": first, "subsequent_indent": rest}
    return [
        line.replace("\0", " ")
        for line in textwrap.wrap(whole, WIDTH, break_long_words=False, break_on_hyphens=False, **options)  # type: ignore[arg-type]
    ]


def main(arguments: list[str]) -> None:
    """Rewrites the pages that are not wrapped, and names them."""
    for path in [Path(name) for name in arguments] or [*pages()]:
        text = path.read_text(encoding="utf-8")
        if wrapped(text) != text:
            path.write_text(wrapped(text), encoding="utf-8")
            print(f"wrapped: {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
