"""Text of others (programs, files, AWS), escaped for each medium, where it could be taken for markup, a command or a new line. Pure.

Models and messages hold such text as it came. Only the code that makes text for a medium escapes it.

    a line of a terminal or log    line, lines      no control character, and no command of a CI system (in model.visible)
    HTML, XML                      visible; the templates and ElementTree escape the marks; then markup_text
    GitHub's annotations           command
    Slack                          mrkdwn, mrkdwn_code
    JSON                           json_text
    Markdown, metrics, SARIF       in the modules markdown, openmetrics and sarif

Every format may be printed in a CI system's log, so none of them lets a text begin a command there.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping

from ..model.visible import INVISIBLE, line, lines, visible

__all__ = [
    "command",
    "cut",
    "json_text",
    "length",
    "line",
    "lines",
    "markup_text",
    "mrkdwn",
    "mrkdwn_code",
    "one_line",
    "visible",
]

_IN_A_LINE = re.compile(r"#(?=#\w*\[)")
_IN_A_DOCUMENT = re.compile(rf"{_IN_A_LINE.pattern}|^(?P<blanks>[^\S\n]*):(?=:)", re.MULTILINE)
"""The mark with which a command to a CI system begins: anywhere in a line, and at the begin of one. Source: as in model.visible."""


def cut(text: str, length: int) -> str:
    """The text; where it is longer, its beginning, and how long the whole is."""
    return text if len(text) <= length else f"{text[:length].rstrip()}… ({len(text):,} characters)"


def one_line(text: str) -> str:
    """The words of a message, each line end in it a semicolon: "access denied; allow the IAM action …"."""
    return text.replace("\n", "; ")


def length(text: str) -> int:
    """Characters as the strictest reader counts them, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


# -- GitHub's annotations, Slack --------------------------------------------------------------------------------------


def command(level: str, title: str, message: Iterable[str]) -> str:
    """A workflow command: `error`, `warning` or `notice`, with the lines of its message.

    Source: GitHub's workflow commands: `%` and line ends are percent-encoded, in properties `:` and `,` as well.
    """
    heading = _percent(line(title), "%:,")
    return f"::{level} title={heading}::" + "%0A".join(_percent(line(each), "%") for each in message)


def mrkdwn(text: str) -> str:
    """The text in Slack's mrkdwn, for a text object with `"verbatim": true`, which leaves addresses and names alone.

    Source: Slack's formatting reference: `&`, `<` and `>` are escaped; `*`, `_` and `~` cannot be, and can only change the style of text.
    A space without width keeps `:name:` from becoming an emoji.
    """
    return re.sub(r":(?=[\w+-]+(?::|\Z))", ":\u200b", _slack_escaped(text))


def mrkdwn_code(text: str) -> str:
    """The text as code in Slack's mrkdwn. Code there cannot hold a backtick, so it becomes a quote."""
    shown = _slack_escaped(text).replace("`", "'")
    return f"`{shown}`" if text else ""


def _slack_escaped(text: str) -> str:
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _percent(text: str, letters: str) -> str:
    return "".join(f"%{ord(letter):02X}" if letter in letters else letter for letter in text)


# -- HTML, XML --------------------------------------------------------------------------------------------------------


def markup_text(document: str) -> str:
    """The document, in which no line is a command to a CI system. To a reader of XML or HTML it is the same document."""
    return _IN_A_DOCUMENT.sub(lambda found: f"{found['blanks'] or ''}&#{ord(found[0][-1])};", document)


# -- JSON -------------------------------------------------------------------------------------------------------------


def json_text(document: object) -> str:
    """The document as JSON. NaN and infinity, for which JSON has no numbers, are texts.

    Invisible characters are written as escapes, and so is a mark of what a CI system would take for a command.
    """
    return _safe_json(json.dumps(_with_finite_numbers(document), indent=2, ensure_ascii=False, allow_nan=False))


def json_line(document: object) -> str:
    """As `json_text`, in one line. Objects in the document are written as maps of their fields."""
    try:
        return _safe_json(_IN_LINES.encode(document))
    except ValueError:  # it holds a number that JSON has not
        finite = _with_finite_numbers(json.loads(json.dumps(document, default=vars)))
        return _safe_json(json.dumps(finite, ensure_ascii=False, allow_nan=False))


_IN_LINES = json.JSONEncoder(default=vars, ensure_ascii=False, allow_nan=False)


def _safe_json(text: str) -> str:
    text = _IN_A_LINE.sub(f"\\\\u{ord('#'):04x}", text)
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
    return "".join(json.dumps(letter)[1:-1] if unicodedata.category(letter) in INVISIBLE else letter for letter in text)
