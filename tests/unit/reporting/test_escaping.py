"""Whatever a value holds, it shows as text: no markup, no mention, no second cell, nothing invisible."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pulumi_connect_domains.reporting.escaping import cut, lines, visible
from pulumi_connect_domains.reporting.markdown import code, fence, html_code, prose

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
anything = st.text(max_size=40)


def cells(row: str) -> list[str]:
    """The text that a reader sees in each cell of the table's only row."""
    rendered = MARKDOWN.render(f"| a | b | c |\n| :-- | :-- | :-- |\n{row}\n\nafter")
    assert rendered.count("<tr>") == 2, rendered
    found = re.findall(r"<td[^>]*>(.*?)</td>", rendered, re.DOTALL)
    return [html.unescape(re.sub(r"</?code>|</?span>|<wbr>", "", cell)) for cell in found]


@given(anything, anything)
@example("a|b", "`x`")
@example("\\|", "<b>&amp;</b>")
@example("", " ")
@example("a\n| b |", "\u202egnp.exe")
@example("@team", "```")
def test_code_in_a_table_shows_exactly_the_value(one: str, other: str) -> None:
    assert cells(f"| {code(one)} | x | {code(other)} |") == [visible(one), "x", visible(other)]


@given(anything)
@example("a|b *c* _d_ [e](f) <g> @h ~i~ \\ `j")
@example("`code` and `more")
@example("__init__ _x_")
def test_prose_in_a_table_shows_exactly_the_text(text: str) -> None:
    is_marked = text.count("`") % 2 == 0
    (seen, *rest) = cells(f"| {prose(f'x{text}x')} | y | z |")
    assert seen == visible(f"x{text}x").replace("`", "" if is_marked else "`")
    assert rest == ["y", "z"]


@given(st.lists(anything.map(visible), max_size=4))
@example(["```", "````"])
def test_a_fence_is_not_ended_by_its_content(content: list[str]) -> None:
    tokens = MARKDOWN.parse("\n".join([*fence(content, "diff"), "", "after"]))
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].content == "".join(f"{line}\n" for line in content)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain, Zoë, 日本 — ✓", "plain, Zoë, 日本 — ✓"),
        ("two\nlines\tand\r", "two\\nlines\\tand\\r"),
        ("\x1b[31mred\x00", "\\u001b[31mred\\u0000"),
        ("exe.\u202egnp", "exe.\\u202egnp"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_visible(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_lines_of_a_message_are_clean() -> None:
    assert lines("\x1b[31merror\x1b[0m: <{%reset%}>no\n\tat \x07line 2\n") == ["error: no", "    at \\u0007line 2"]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("matching.enabled", "`matching.enabled`"),
        ("matching.auto_merging.conflict_resolution", "<code>matching.<wbr>auto_<wbr>merging.<wbr>conflict_<wbr>resolution</code>"),
        ("https://sqs.us-east-1.amazonaws.com/1234", "<code>https://<wbr>sqs.<wbr>us-east-1.<wbr>amazonaws.<wbr>com/<wbr>1234</code>"),
        ("tags.__a_long_key_that_would_become_strong__", "`tags.__a_long_key_that_would_become_strong__`"),
        ("tags.a key with <b> in it, and longer", "`tags.a key with <b> in it, and longer`"),
    ],
)  # fmt: skip
def test_long_names_may_break(text: str, markdown: str) -> None:
    assert code(text) == markdown
    assert cells(f"| {code(text)} | x | y |")[0] == text


def test_nobody_is_mentioned() -> None:
    assert prose("ask @team") == "ask @<wbr>team"


def test_cut() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcdef", 3) == "abc… (6 characters)"


def test_a_mention_and_a_tag_in_html() -> None:
    assert html_code("<b>&") == "<code>&lt;b>&amp;</code>"
