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

KINDS = {
    "elements": "<script>a</script><img src=x onerror=a>",
    "ends of elements": "</td></style></script></details>",
    "an end of CDATA": "]]><![CDATA[x",
    "a comment": "--><!--x",
    "entities": "&lt;b&gt;&#60;&amp;x;",
    "an end of an attribute": "\"' onload='a' x=\"",
    "a link": "[x](https://evil.example)",
    "a picture": "![x](https://evil.example/x.png)",
    "addresses": "https://evil.co www.evil.co me@evil.co",
    "an address without a scheme": "javascript:a //evil.example/x",
    "references": "@team #123 GH-1 !1 :shipit: [ ] [^1] $x$",
    "cells of a table": "| a |\n|---|\n| b |",
    "code": "```x` ~~~",
    "a heading": "# x ## y",
    "a list": "- x\n1. y",
    "a quotation": "> [!WARNING]\n> x",
    "emphasis": "**x** __y__ ~~z~~ *a*",
    "blanks around": "    x   ",
    "a backslash": "\\",
    "colours of a terminal": "\x1b[31mred\x1b[0m",
    "a link of a terminal": "\x1b]8;;http://evil.co\x07x\x1b]8;;",
    "control characters of eight bits": "\x9b2Jx\x85",
    "overwriting": "x\rerror: y\x08\x08\x7f",
    "control characters that XML has not": "\x00\x0b\x1fx\ufffe\uffff",
    "half characters": "\ud800x\udcff",
    "marks of direction": "\u202egnp.exe\u202c\u2066\u2069\u200f",
    "characters of no width": "\u200b\u2060\ufeff\u00ad",
    "unseen letters": "\U000e0041\U000e0042",
    "other line ends": "x\u2028\u2029\x0b\x0cy",
    "letters of the world": "Zoë 日本 😀 \u05d0",
    "a workflow command": "::error::x",
    "a workflow command in a line of its own": "\n  ::add-mask::x\n::stop-commands::y\n",
    "a workflow command of another kind": "##[error]x",
    "a command of Azure Pipelines": "##vso[task.setvariable variable=a]b",
    "a command of TeamCity": "##teamcity[message text='x']",
    "percent signs": "%0A::error::x%25%",
    "colours of Pulumi": "<{%reset%}>:<{<{%x%}>%x%}>",
    "a shell": "'; touch x; $(touch x) `touch x` && ",
    "Python": "\"\"\"\nimport os\n''' {x} %s",
    "a template": "{{ 7 * 7 }}{% x %}${x}",
    "Slack": "<!channel> <@U1> <https://x|y>",
    "a message of SARIF": "{0} [x](1)",
    "a metric": 'x"} 1\ny{a="b"} 2\n# EOF',
    "JSON": '","x":{"y":[1e999]},"',
    "YAML": "!!python/object:os.system ['x'] &a *a",
    "a path": "../../etc/passwd\\..\\C:",
}
"""One text of each kind, by what it wants to be."""

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
