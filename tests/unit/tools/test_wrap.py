"""tools/wrap.py: sentences get lines of one length, and nothing else of a page changes."""

from __future__ import annotations

import pytest
from wrap import WIDTH, wrapped

SENTENCE = "A domain that holds any data is not deleted. " * 8


def test_sentences_and_items_are_wrapped_and_items_keep_their_indent() -> None:
    text = wrapped(f"# Title\n\n{SENTENCE}\n\n1. {SENTENCE}\n   More.\n\n   - {SENTENCE}\n")
    lines = text.split("\n")
    assert max(map(len, lines)) <= WIDTH
    assert text.split() == f"# Title {SENTENCE} 1. {SENTENCE} More. - {SENTENCE}".split()
    item = lines.index(next(line for line in lines if line.startswith("1. ")))
    assert lines[item + 1].startswith("   ")
    assert wrapped(text) == text


@pytest.mark.parametrize(
    "whole", ["`connect-domains drift --all --out html=drift.html`", "[the text of a link](page.md)"]
)
def test_code_and_links_within_a_sentence_are_not_broken(whole: str) -> None:
    assert whole in wrapped(f"{'word ' * 20}{whole} {'word ' * 20}")


@pytest.mark.parametrize(
    "text",
    [
        f"```text\n{'long ' * 40}\n\nand a\nshort line\n```\n",
        f"````markdown\n```text\n{'long ' * 40}\n```\nmore\n````\n",
        f"| a | b |\n|---|---|\n| {'long ' * 40} | b |\n",
        f"<!-- shown: {'long ' * 40} -->\n",
        f"<!-- setup\n$ {'long ' * 40}\n$ echo\n-->\n",
        f"## {'long ' * 40}\n",
        f"![{'long ' * 40}](picture.svg)\n",
        "<picture>\n  <source>\n  <img>\n</picture>\n",
    ],
    ids=["code", "a fence in a fence", "a table", "a comment", "a setup", "a heading", "a picture", "HTML"],
)
def test_all_else_stays(text: str) -> None:
    assert wrapped(text) == text
