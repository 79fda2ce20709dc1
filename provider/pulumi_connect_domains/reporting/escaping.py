"""Text of programs, files and clouds, escaped for each medium: it shows as it is, and never becomes markup, a command or a line. Pure.

Models and messages hold such text as it came. It goes through here at the edge, where a medium's own text is made, and only there.

    a line of a terminal or log    line, lines      no control character, and no command of a CI system
    Markdown                       code, prose, fence, html_code
    HTML, XML                      visible; the templates and ElementTree escape the marks
    GitHub's annotations           command
    Slack                          mrkdwn, mrkdwn_code
    JSON                           json_text
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|<\{%.*?%\}>")


def visible(text: str) -> str:
    """The text with every invisible character spelled out: line breaks, control characters, marks that turn the reading direction.

    Shape: "a\\nb" becomes the four characters a, backslash, n, b.
    """
    if text.isprintable():
        return text
    return "".join(_spelled(letter) if unicodedata.category(letter) in _INVISIBLE else letter for letter in text)


def cut(text: str, length: int) -> str:
    """The text, or its beginning and its whole length where it is longer."""
    return text if len(text) <= length else f"{text[:length].rstrip()}… ({len(text):,} characters)"


def length(text: str) -> int:
    """Characters as the strictest reader counts them, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


# -- a terminal, a log ------------------------------------------------------------------------------------------------

_LOG_COMMAND = re.compile(r"(?P<before>\A\s*):(?=:)|#(?=#\w*\[)")
"""How a CI system's commands begin in a log. Source: the runners of GitHub Actions (`::error::`, also after blanks, and `##[error]`),
Azure Pipelines (`##vso[`) and TeamCity (`##teamcity[`)."""


def line(text: str) -> str:
    """One line for a terminal or a log. What a CI system would take for a command has its first mark spelled out."""
    return _LOG_COMMAND.sub(lambda found: (found["before"] or "") + _spelled(found[0][-1]), visible(text))


def lines(text: str) -> list[str]:
    """The lines of a message, without colours and other terminal codes."""
    return [line(each.expandtabs(4)) for each in _ANSI.sub("", text).splitlines()]


# -- Markdown ---------------------------------------------------------------------------------------------------------

_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+.!|~&@:$-]")
_NEEDS_ENTITIES = re.compile(r"[`|\\]|^\s|\s$|^$")
_LONG = 30
_BREAKABLE = re.compile(r"(?!www\.)[A-Za-z0-9]+((_|-|[.:/]+)[A-Za-z0-9]+|\[\d+\])*", re.IGNORECASE)
_AFTER = re.compile(r"([.:/]+|_)")
_IN_PROSE = re.compile(
    r"(?P<entity>[&<|])"
    r"|(?P<mark>[\\`*\[\]~]|(?<!\w)_|_(?!\w))"
    r"|(?P<dollar>\$)"  # GitHub: a formula
    # GitHub and GitLab: mentions, addresses, issues and the like, pictures by name (whose second colon may come after the text)
    r"|(?P<reference>@|:(?=//)|\bwww(?=\.)|[#!%^](?=\d)|\bGH-(?=\d)|:(?=[\w+-]+(?::|\Z)))",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"\A(?:(?P<blanks>\s+)|(?P<mark>[#+=>-])|(?P<number>\d{1,9})(?=[.)]))")
"""What begins a heading, a list, a quotation or a block of code when it stands first."""


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
    return "".join(code(part) if place % 2 else _escaped(part, place == 0) for place, part in enumerate(parts))


def fence(content: list[str], language: str = "") -> list[str]:
    """A code block that its content, which is visible already, cannot end."""
    longest = max((len(run) for line in content for run in re.findall("`+", line)), default=0)
    marks = "`" * max(3, longest + 1)
    return [f"{marks}{language}", *content, marks]


def _escaped(text: str, is_first: bool = True) -> str:
    """Only what could begin markup in our tables, lists and headings is escaped, so that the source stays readable."""
    text = _IN_PROSE.sub(_in_prose, visible(text))
    return _BLOCK.sub(_at_the_start, text) if is_first else text


def _at_the_start(found: re.Match[str]) -> str:
    if found["blanks"]:
        return "".join(f"&#{ord(blank)};" for blank in found["blanks"])
    return f"{found['number']}\\" if found["number"] else f"\\{found['mark']}"


def _in_prose(found: re.Match[str]) -> str:
    text = found[0]
    if found["entity"]:
        return {"&": "&amp;", "<": "&lt;", "|": "&#124;"}[text]
    if found["mark"]:
        return f"\\{text}"
    return f"<span>{text}</span>" if found["dollar"] else f"{text}<wbr>"  # what stands alone refers to nothing


# -- GitHub's annotations, Slack --------------------------------------------------------------------------------------


def command(level: str, title: str, message: Iterable[str]) -> str:
    """A workflow command: `error`, `warning` or `notice`, with the lines of its message.

    Source: GitHub's workflow commands: `%` and line ends are percent-encoded, in properties `:` and `,` as well.
    """
    heading = _percent(visible(title), "%:,")
    return f"::{level} title={heading}::" + "%0A".join(_percent(visible(each), "%") for each in message)


def mrkdwn(text: str) -> str:
    """The text in Slack's mrkdwn, for a text object with `"verbatim": true`, which leaves addresses and names alone.

    Source: Slack's formatting reference: `&`, `<` and `>` are escaped; `*`, `_` and `~` cannot be, and make nothing worse than bold text.
    The name of a picture is broken by a blank of no width.
    """
    return re.sub(r":(?=[\w+-]+(?::|\Z))", ":\u200b", _slack_escaped(text))


def mrkdwn_code(text: str) -> str:
    """The text as code in Slack's mrkdwn; it has no way to show a backtick there."""
    shown = _slack_escaped(text).replace("`", "'")
    return f"`{shown}`" if text else ""


def _slack_escaped(text: str) -> str:
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _percent(text: str, letters: str) -> str:
    return "".join(f"%{ord(letter):02X}" if letter in letters else letter for letter in text)


# -- JSON -------------------------------------------------------------------------------------------------------------


def json_text(document: object) -> str:
    """The document as JSON. What JSON has no number for (NaN, infinity) is text; invisible characters stand as escapes, which mean them."""
    text = json.dumps(_with_finite_numbers(document), indent=2, ensure_ascii=False, allow_nan=False)
    return "\n".join(each if each.isprintable() else _json_escaped(each) for each in text.split("\n"))


def _with_finite_numbers(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {key: _with_finite_numbers(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_finite_numbers(item) for item in value]
    return value


def _json_escaped(text: str) -> str:
    return "".join(
        json.dumps(letter)[1:-1] if unicodedata.category(letter) in _INVISIBLE else letter for letter in text
    )


def _spelled(letter: str) -> str:
    plain = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if letter in plain:
        return plain[letter]
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
