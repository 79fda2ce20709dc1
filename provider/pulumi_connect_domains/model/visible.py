"""Text of others, so that people see all of it and a terminal or a log does nothing with it. Pure.

`reporting` shows such text in reports, `host` hands it to the engine, which prints it as it is.
"""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|<\{%.*?%\}>")


def visible(text: str) -> str:
    """The text with every invisible character spelled out: line breaks, control characters, marks that change the reading direction.

    Shape: "a\\nb" becomes the four characters a, backslash, n, b.
    """
    if text.isprintable():
        return text
    return "".join(_spelled(letter) if unicodedata.category(letter) in INVISIBLE else letter for letter in text)


_LOG_COMMAND = re.compile(r"(?P<before>\A\s*):(?=:)|#(?=#\w*\[)|(?<=<)\{(?=%)")
"""How a command to a CI system begins in a log, and a colour in a message to Pulumi's engine (`<{%reset%}>`), which takes it out.

Source: the runners of GitHub Actions (`::error::`, also after blanks, and `##[error]`), Azure Pipelines (`##vso[`) and TeamCity
(`##teamcity[`); sdk/go/common/diag/colors in pulumi/pulumi.
"""


def line(text: str) -> str:
    """One line for a terminal or a log. What a CI system or the engine would take for a command has one mark spelled out."""
    return _LOG_COMMAND.sub(lambda found: (found["before"] or "") + _spelled(found[0][-1]), visible(text))


def lines(text: str) -> list[str]:
    """The lines of a message, without colours and other terminal codes."""
    return [line(each.expandtabs(4)) for each in _ANSI.sub("", text).splitlines()]


def in_shell(text: str) -> str:
    """The text for a command line that people paste into a shell, always in quotes."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _spelled(letter: str) -> str:
    plain = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if letter in plain:
        return plain[letter]
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
