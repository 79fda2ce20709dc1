"""Markdown, as GitHub and GitLab read it: text escaped for it, its tables and boxes, and what fits into a comment. Pure.

text of others    code, prose, fence, html_code
what is made      row, table, alert, folded
what fits         MOST_CHARACTERS, fitting
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .escaping import length, visible

MOST_CHARACTERS = 65_536
"""Of a comment or an issue. Source: GitHub's answer to a longer one, "Body is too long (maximum is 65536 characters)"."""

LEFT, RIGHT = " :-- ", " --: "
"""What stands below the heading of a column that is set to the left, or to the right."""

_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+.!|~&@:$-]")
_NEEDS_ENTITIES = re.compile(r"[`|\\]|^\s|\s$|^$|##\w*\[")
"""What a code span in a table cannot hold or would change, and what a CI system takes for a command where a comment is logged."""
_LONG = 30
_BREAKABLE = re.compile(r"(?!www\.)[A-Za-z0-9]+((_|-|[.:/]+)[A-Za-z0-9]+|\[\d+\])*", re.IGNORECASE)
_AFTER = re.compile(r"([.:/]+|_)")
_IN_PROSE = re.compile(
    r"(?P<entity>[&<|])"
    r"|(?P<mark>[\\`*\[\]~]|(?<![^\W_])_|_(?![^\W_]))"
    r"|(?P<dollar>\$)"  # GitHub: a formula
    # GitHub and GitLab: mentions, addresses, issues and the like, pictures by name (whose second colon may come after the text)
    r"|(?P<reference>@|:(?=//)|\bwww(?=\.)|[#!%^](?=\d)|\bGH-(?=\d)|:(?=[\w+-]+(?::|\Z)))",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"\A(?:(?P<blanks>\s+)|(?P<mark>[#+=>-])|(?P<number>\d{1,9})(?=[.)])|(?P<command>:)(?=:))")
"""What begins a heading, a list, a quotation, a block of code, or a command to a CI system in whose log it is, when it stands first."""

_BLANKS_AT_THE_END = re.compile(r"\s+\Z")


def code(text: str) -> str:
    """Markdown that shows the text as code, in a table's cell too.

    A long path, ARN or URL may be wrapped after its punctuation, so that a table does not become too wide.
    """
    text = visible(text)
    if len(text) > _LONG and _BREAKABLE.fullmatch(text):
        broken = _AFTER.sub(r"\1<wbr>", text)
        return f"<code>{broken}</code>"
    if not _NEEDS_ENTITIES.search(text):
        return f"`{text}`"
    # In a code span a pipe would still end the cell and nothing could be escaped; in <code> everything can.
    return f"<code>{_MARKUP.sub(lambda found: f'&#{ord(found[0])};', text)}</code>"


def html_code(text: str) -> str:
    """The same as HTML, where markdown is not read."""
    return f"<code>{visible(text).replace('&', '&amp;').replace('<', '&lt;').replace('##', '#&#35;')}</code>"


def prose(text: str) -> str:
    """Markdown that shows the text as it is, and what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one of the backticks has no pair, so none is a mark
        return _escaped(text)
    last = len(parts) - 1
    return "".join(
        code(part) if place % 2 else _escaped(part, place == 0, place == last) for place, part in enumerate(parts)
    )


def fence(content: list[str], language: str = "") -> list[str]:
    """A code block that nothing in its content can end. In the content, invisible characters must be spelled out already."""
    longest = max((len(run) for line in content for run in re.findall("`+", line)), default=0)
    marks = "`" * max(3, longest + 1)
    return [f"{marks}{language}", *content, marks]


def row(cells: Iterable[str]) -> str:
    """One row of a table, of cells that are markdown already."""
    return f"| {' | '.join(cells)} |"


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], rule: Sequence[str] = ()) -> str:
    """A table of cells that are markdown already. `rule` is what stands below each heading; without it all columns are set to the left."""
    return "\n".join([row(heading), f"|{'|'.join(rule or [LEFT] * len(heading))}|", *map(row, rows)])


def alert(kind: str, content: Iterable[str]) -> str:
    """A box that stands out: `CAUTION`, `WARNING` or `NOTE`."""
    return "\n".join([f"> [!{kind}]", *(f"> {line}".rstrip() for line in content)])


def folded(summary: str, content: str) -> str:
    """A part that readers open by its summary, which is HTML."""
    return f"\n<details>\n<summary>{summary}</summary>\n\n{content}\n\n</details>\n"


def fitting(parts: Iterable[str], room: int, beside: int = 0) -> list[str]:
    """The first parts that fit together into the room; `beside` is how many characters each needs besides its own."""
    kept: list[str] = []
    for part in parts:
        room -= length(part) + beside
        if room < 0:
            break
        kept.append(part)
    return kept


def _escaped(text: str, is_first: bool = True, is_last: bool = True) -> str:
    """The text with nothing escaped but what could begin markup in our tables, lists and headings: the source stays readable."""
    text = _IN_PROSE.sub(_in_prose, visible(text))
    if is_last:  # behind a blank our own mark would not end what it began: ** of bold text
        text = _BLANKS_AT_THE_END.sub(lambda found: _entities(found[0]), text)
    return _BLOCK.sub(_at_the_start, text) if is_first else text


def _entities(letters: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in letters)


def _at_the_start(found: re.Match[str]) -> str:
    if unread := found["blanks"] or found["command"]:
        return _entities(unread)
    return f"{found['number']}\\" if found["number"] else f"\\{found['mark']}"


def _in_prose(found: re.Match[str]) -> str:
    text = found[0]
    if found["entity"]:
        return {"&": "&amp;", "<": "&lt;", "|": "&#124;"}[text]
    if found["mark"]:
        return f"\\{text}"
    # Cut off from the text around it, a mark refers to nothing.
    return f"<span>{text}</span>" if found["dollar"] else f"{text}<wbr>"
