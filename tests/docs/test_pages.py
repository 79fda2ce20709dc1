"""How every page is written: lines of even length, and one title."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .blocks import ROOT, pages

LONGEST = 120
each_page = pytest.mark.parametrize("page", pages())


def parsed(page: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse((ROOT / page).read_text(encoding="utf-8"))


@each_page
def test_sentences_are_wrapped(page: str) -> None:
    """`make format` wraps them. A line that is one long link or one long piece of code cannot be wrapped."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    prose = [token.map for token in parsed(page) if token.type == "paragraph_open" and token.map]
    long = [
        f"{page}:{number + 1}"
        for first, end in prose
        for number in range(first, end)
        if len(lines[number]) > LONGEST and len(re.sub(r"`[^`]*`|\]\([^)]*\)", "", lines[number])) > 60
    ]
    assert long == []


@each_page
def test_a_page_has_one_title(page: str) -> None:
    levels = [int(token.tag[1]) for token in parsed(page) if token.type == "heading_open"]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
