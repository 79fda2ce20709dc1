"""YAML as the CLI reads it: which plain scalars are numbers, booleans or times, and which are texts.

Source: yaml.v3 for Go, which CLI 3.260.0 reads its files with, and what `pulumi config --json` prints for each spelling.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml


class SettingsError(Exception):
    """A settings file is missing or wrong; the text says which and how."""


_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NO_NUMBER: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WHOLE: Final = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<x>[0-9a-fA-F]+)|0[bB](?P<b>[01]+)|0[oO]?(?P<o>[0-7]+)|(?P<d>0|[1-9][0-9]*))"
)
_BASES: Final = {"x": 16, "b": 2, "o": 8, "d": 10}
_FRACTION: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BIGGEST_WITHOUT_EXPONENT: Final = 1e21
_TIME: Final = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:(?P<t>[Tt])| )(\d\d?):(\d\d?):(\d\d?)(?:\.(?P<part>\d{1,9}))?(?P<zone>Z|[-+]\d\d:\d\d)?)?"
)  # fmt: skip


def scalar(text: str) -> Any:
    """What a plain scalar stands for: `012` is 10, `1.0` is 1, `yes` and `9:05` are texts, and so is a time, in Go's spelling.

    **Raises** ValueError for infinity and what is no number: no configuration can hold them.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _NO_NUMBER.fullmatch(text):
        raise ValueError(f"'{text}' is not a value that a configuration can hold")
    if text[0] not in "+-.0123456789":
        return text
    time = _time(text)
    return _number(text) if time is None else time


def _number(text: str) -> int | float | str:
    plain = text.replace("_", "")
    if found := _WHOLE.fullmatch(plain):
        kind = found.lastgroup or "d"
        whole = int(found["sign"] + found[kind], _BASES[kind])
        if -(2**63) <= whole < 2**64:
            return whole
    if not _FRACTION.fullmatch(plain):
        return text
    number = float(plain)
    if number in (float("inf"), float("-inf")):
        return text
    return int(number) if number.is_integer() and abs(number) < _BIGGEST_WITHOUT_EXPONENT else number


def _time(text: str) -> str | None:
    """The time as Go prints it, `2024-01-01 00:00:00 +0000 UTC`; None when the text is none."""
    found = _TIME.fullmatch(text)
    if not found or bool(found["zone"]) != bool(found["t"]):
        return None
    year, month, day, _, hour, minute, second, *_ = found.groups()
    try:
        time = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    part = (found["part"] or "").rstrip("0")
    offset = found["zone"] or "Z"
    zone = "+0000 UTC" if offset == "Z" else "{0} {0}".format(offset.replace(":", ""))
    return f"{time:%Y-%m-%d %H:%M:%S}{'.' + part if part else ''} {zone}"


_PLAIN: Final = "!plain"
_MERGE: Final = "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):
    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is yaml.ScalarNode and implicit[0]:
            return _MERGE if value == "<<" else _PLAIN
        return super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]


def _construct(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    try:
        return scalar(node.value)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from None


for _tag in (_PLAIN, "tag:yaml.org,2002:timestamp"):
    _Loader.add_constructor(_tag, _construct)
_Loader.add_constructor(_MERGE, lambda loader, node: str(node.value))


def read_yaml(text: str, path: Path) -> dict[str, Any]:
    """The mapping in the text, empty for an empty one. Raises SettingsError, naming the file and the line."""
    try:
        found = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: {error}") from None
    if not isinstance(found, dict | None):
        raise SettingsError(f"{path}: a mapping was expected, not {type(found).__name__}")
    return found or {}
