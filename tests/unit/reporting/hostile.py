"""Text that wants to be something else, and what no medium may let through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html.parser import HTMLParser

from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

PIECES = (
    *(
        "crm",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\x00",
        "\x07",
        "\x1b[31m",
        "\x1b]8;;https://evil.example\x07",
        "\x9b2J",
        "\x85",
        "\u2028",
    ),
    *(
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\ud800",
        "\udcff",
        "\ufffe",
        "\U000e0041",
        "日本",
        "Zoë",
        "😀",
        "\u05d0",
    ),
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</details>",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "&lt;b&gt;",
        "&#60;",
    ),
    *(
        "[x](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "[x]: https://evil.example",
        "<https://evil.example>",
    ),
    *(
        "https://evil.example/x",
        "www.evil.example",
        "me@evil.example",
        "@team",
        "#123",
        "GH-1",
        "!1",
        ":shipit:",
        "$x$",
        "[ ]",
        "[^1]",
    ),
    *(
        "`",
        "``",
        "```",
        "~~~",
        "|",
        "\\",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "# ",
        "> ",
        "- ",
        "1. ",
        "+ ",
        "===",
        "---",
        "|-|-|",
    ),
    *(
        "::error::",
        "::error file=x::",
        "::add-mask::x",
        "##[error]",
        "##vso[task.complete]",
        "##teamcity[",
        "%0A",
        "%",
        ",",
        ":",
    ),
    *(
        "<!channel>",
        "<@U123>",
        '"',
        "'",
        "{{ 7 * 7 }}",
        "{%",
        "</style>",
        "${x}",
        "$(x)",
        "<{%reset%}>",
        ":<{<{%x%}>%x%}>:error::",
    ),
)
text = st.lists(st.sampled_from(PIECES) | st.text(st.characters(), max_size=6), min_size=1, max_size=6).map("".join)
"""Texts of such pieces, with any characters between."""

GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OUR_TAGS = {"wbr", "code", "span", "details", "summary"}
MARKDOWN_TAGS = {
    *("p", "strong", "em", "blockquote", "ul", "li", "pre", "table", "thead", "tbody", "tr", "th", "td"),
    *("h1", "h2", "h3", "h4"),
}
_REFERENCE = re.compile(r"https?://\w|\bwww\.\w|@\w|#\d|\bGH-\d|:[a-z+-][\w+-]*:", re.IGNORECASE)
_LOG_COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)


def invisible(shown: str) -> set[str]:
    """The characters in it that nobody sees; line breaks do not count."""
    hidden = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
    return {letter for letter in shown if letter != "\n" and unicodedata.category(letter) in hidden}


def check_log(shown: str) -> None:
    """It may be printed in a terminal, and in the log of a CI system."""
    assert invisible(shown) == set()
    assert not _LOG_COMMAND.search(shown), shown


class Page(HTMLParser):
    """The tags of a page, its elements (a tag and its attributes' names), attributes with values, texts outside of code, comments."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.elements: list[tuple[str, ...]] = []
        self.values: list[tuple[str, str | None]] = []
        self.prose: list[str] = []
        self.comments: list[str] = []
        self._in_code = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.elements.append((tag, *sorted(name for name, _ in attrs)))
        self.values += attrs
        self._in_code += tag in ("code", "pre")

    def handle_endtag(self, tag: str) -> None:
        self._in_code -= tag in ("code", "pre")

    def handle_data(self, data: str) -> None:
        if not self._in_code:
            self.prose.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def check_markdown(shown: str, comments: Iterable[str] = ()) -> None:
    """Rendered, it has no tag, link, picture or reference but our own."""
    assert invisible(shown) == set()
    page = Page(GFM.render(shown))
    assert set(page.tags) <= OUR_TAGS | MARKDOWN_TAGS, set(page.tags)
    assert set(page.attributes) <= {"style", "class"}, "alignment, and the language of a code block"
    assert page.comments == list(comments)
    for each in page.prose:
        assert not _REFERENCE.search(each), each


def skeleton(shown: str) -> list[str]:
    """The blocks of a text in Markdown: headings, lists, tables and their cells."""

    def kind(token: Token) -> str:
        return f"{token.type} {token.tag}"

    return [kind(token) for token in GFM.parse(shown)]
