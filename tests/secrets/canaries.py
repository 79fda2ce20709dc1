"""Canaries: texts that are easily found again, in whatever spelling; and where they are found.

Each text begins with the same word and ends with digits of its own. So a text that was cut at either end is found too.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable
from pathlib import Path

WORD = "k3str3l"
"""How each canary begins. No name of a test or a file may hold it."""


def canary(place: object, generation: int = 0) -> str:
    """A canary for the place, of letters and digits: every service takes it as a name, and no spelling changes it much."""
    return f"{WORD}{zlib.crc32(f'{place} {generation}'.encode()):08x}"


def in_arn(text: str) -> str:
    """The ARN of a key that ends with the text. AWS may name the key by that end."""
    return f"arn:aws:kms:us-east-1:123456789012:key/{text}"


def in_url(text: str) -> str:
    """The URL of a queue that ends with the text."""
    return f"https://sqs.us-east-1.amazonaws.com/123456789012/{text}"


# -- spellings --------------------------------------------------------------------------------------------------------

_BITS = 8
_DIGIT_BITS = 6


def _in_base64(text: bytes) -> set[bytes]:
    """The digits that stand for the whole bytes of the text, wherever in a longer text it begins."""
    found = set()
    for before in range(3):
        digits = base64.b64encode(b"\0" * before + text)
        first = -(-before * _BITS // _DIGIT_BITS)
        found.add(digits[first : (before + len(text)) * _BITS // _DIGIT_BITS])
    return found


def spellings(text: str) -> set[bytes]:
    """How the text may stand in a file: as it is, in base64, in hex, with each letter escaped for a URL or for JSON."""
    raw = text.encode()
    escaped = {
        "".join(form.format(byte) for byte in raw) for form in ("%{:02x}", "%{:02X}", "\\u{:04x}", "\\u{:04X}", "&#{};")
    }
    return {
        raw,
        raw.upper(),
        raw[::-1],
        raw.hex().encode(),
        raw.hex().upper().encode(),
        *_in_base64(raw),
        *(each.encode() for each in escaped),
    }


_BETWEEN = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|<(?:br|wbr)\s*/?>|[\s\x00\\|\xc2\xad]|\xe2\x80\x8b|\xe2\x94\x82")
"""What may stand between the parts of a text that was wrapped: blanks, colours, borders of tables, soft hyphens; NUL for UTF-16."""


class Search:
    """Looks for texts: for all canaries by their word, and for the given `others`, such as credentials that AWS has made."""

    def __init__(self, *others: str) -> None:
        wanted = {spelling for text in (WORD, *others) for spelling in spellings(text)}
        self._pattern = re.compile(b"|".join(map(re.escape, sorted(wanted, key=len, reverse=True))))

    def found(self, content: bytes | str) -> list[str]:
        """What stands around each find, for the message of a test."""
        raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        joined = _BETWEEN.sub(b"", raw)
        return [
            text[max(0, hit.start() - 60) : hit.end() + 30].decode("utf-8", "replace")
            for text in (raw, joined)
            for hit in self._pattern.finditer(text)
        ]

    def in_files(self, folders: Iterable[Path]) -> dict[str, list[str]]:
        """What is found in the files of the folders, and in their names."""
        found = {}
        for folder in folders:
            for path in folder.rglob("*"):
                name = str(path.relative_to(folder))
                if finds := self.found(name) + (self.found(path.read_bytes()) if path.is_file() else []):
                    found[str(path)] = finds
        return found
