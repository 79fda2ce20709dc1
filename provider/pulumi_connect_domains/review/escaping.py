"""Text that shows as it is wherever it is put: values of a preview come from programs and clouds, and must not become markup. Pure."""

from __future__ import annotations

import re
import unicodedata

_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+.!|~&@:$-]")
_NEEDS_ENTITIES = re.compile(r"[`|\\]|^\s|\s$|^$")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_LONG = 30
_BREAKABLE = re.compile(r"[A-Za-z0-9]+((_|-|[.:/]+)[A-Za-z0-9]+|\[\d+\])*")
_AFTER = re.compile(r"([.:/]+|_)")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|<\{%.*?%\}>")


def visible(text: str) -> str:
    """The text with every invisible character spelled out: line breaks, control characters, marks that turn the reading direction.

    Shape: "a\\nb" becomes the four characters a, backslash, n, b.
    """
    return "".join(_spelled(letter) if unicodedata.category(letter) in _INVISIBLE else letter for letter in text)


def lines(text: str) -> list[str]:
    """The lines of a message, without colours and other terminal codes, each visible."""
    return [visible(line.expandtabs(4)) for line in _ANSI.sub("", text).splitlines()]


def cut(text: str, length: int) -> str:
    """The text, or its beginning and its whole length where it is longer."""
    return text if len(text) <= length else f"{text[:length].rstrip()}… ({len(text):,} characters)"


def code(text: str) -> str:
    """Markdown that shows the text as code, in a table's cell too.

    A long path, ARN or URL may break after its marks, so that a table keeps its width.
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
    return f"<code>{visible(text).replace('&', '&amp;').replace('<', '&lt;')}</code>"


def prose(text: str) -> str:
    """Markdown that shows the text as it is, what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its pair is no mark
        return _escaped(text)
    return "".join(code(part) if place % 2 else _escaped(part) for place, part in enumerate(parts))


def fence(content: list[str], language: str = "") -> list[str]:
    """A code block that its content cannot end."""
    longest = max((len(run) for line in content for run in re.findall("`+", line)), default=0)
    marks = "`" * max(3, longest + 1)
    return [f"{marks}{language}", *content, marks]


def _escaped(text: str) -> str:
    """Only what could begin markup in our tables, lists and headings is escaped, so that the source stays readable."""
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")
    text = text.replace("@", "@<wbr>")  # what stands alone mentions nobody
    return re.sub(r"([\\`*\[\]~])", r"\\\1", re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", text)).replace("\\\\_", "\\_")


def _spelled(letter: str) -> str:
    plain = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if letter in plain:
        return plain[letter]
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
