"""A pull request's comment as a page: its Markdown, with the tables, boxes and folded parts that GitHub knows, and a look like GitHub's."""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The comment of a review</title>
<style>
{style}</style>
</head>
<body>
<main class="comment">
<header><strong>github-actions</strong> <span>bot</span> commented</header>
<div class="body">
{comment}</div>
</main>
</body>
</html>
"""
BOX = re.compile(r"<blockquote>\n<p>\[!(\w+)\]\n(.*?)</blockquote>", re.DOTALL)


def page(markdown: str) -> str:
    """The whole page. Source of the box's form: GitHub's documentation, "Basic writing and formatting syntax", alerts."""
    style = Path(__file__).with_name("comment.css").read_text(encoding="utf-8")
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    return PAGE.format(style=style, comment=BOX.sub(_box, html))


def _box(found: re.Match[str]) -> str:
    return f'<div class="alert">\n<p class="kind">{found[1].capitalize()}</p>\n<p>{found[2]}</div>'
