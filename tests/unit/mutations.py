"""Files as nobody meant them: documents and bytes, changed at random, the same for the same seed."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def _nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 0.5, 30.0, 1e308, 10**30, 10**400, float("nan"), float("inf"),
    "", " ", "::", "*", "a.b", "tags[", "\ud800", "\x00\x1b[31m", "\u202e", "line\nbreak", "x" * 5_000, UNKNOWN, "[secret]",
    "urn:pulumi:dev::shop", "arn:aws:profile:us-east-1:123456789012:domains/crm", "arn:aws:x", "{", "9" * 400,
    [], {}, [[]], {"": ""}, {"": {"": None}}, [None], [{}], {"\ud800": 1}, {"a": {"b": [{"c": 1}]}}, _nested(60), _nested(200),
    {SIGNATURE: SECRET, "ciphertext": "v1:a:b"}, {SIGNATURE: SECRET, "plaintext": '"text"'}, {SIGNATURE: SECRET, "plaintext": "{"},
    {SIGNATURE: SECRET, "plaintext": 5}, {SIGNATURE: SECRET}, {SIGNATURE: 1}, {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17"},
)  # fmt: skip
ODD_KEYS = (
    "",
    "*",
    "__provider",
    "a.b",
    'a"b',
    "[0]",
    "\ud800",
    "\x00",
    "id",
    "urn",
    "type",
    "inputs",
    "tags",
    "enabled",
)

Place = tuple[Any, Any]
"""A list or a map, and the position or key in it."""


def documents(base: Any, random: Random) -> Any:
    """A copy of the document with one to four things in it changed."""
    document = copy.deepcopy(base)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        places = list(_places(document))
        if not places:
            return random.choice(ODD_VALUES)
        holder, key = random.choice(places)
        random.choice(CHANGES)(holder, key, places, random)
    return document


def _places(value: Any) -> Iterator[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield value, key
        yield from _places(item)


def _put(holder: Any, key: Any, _: list[Place], random: Random) -> None:
    holder[key] = copy.deepcopy(random.choice(ODD_VALUES))


def _drop(holder: Any, key: Any, _: list[Place], random: Random) -> None:
    del holder[key]


def _rename(holder: Any, key: Any, _: list[Place], random: Random) -> None:
    if isinstance(holder, dict):
        holder[random.choice(ODD_KEYS)] = holder.pop(key)
    else:
        holder.insert(key, copy.deepcopy(holder[key]))


def _wrap(holder: Any, key: Any, _: list[Place], random: Random) -> None:
    holder[key] = random.choice(([holder[key]], {"a": holder[key]}, [holder[key], holder[key]]))


def _move(holder: Any, key: Any, places: list[Place], random: Random) -> None:
    other, place = random.choice(places)
    holder[key] = copy.deepcopy(other[place])


def _retype(holder: Any, key: Any, _: list[Place], random: Random) -> None:
    value = holder[key]
    if isinstance(value, dict):
        holder[key] = list(value.values())
    elif isinstance(value, list):
        holder[key] = {str(place): item for place, item in enumerate(value)}
    else:
        holder[key] = str(value) if not isinstance(value, str) else random.choice((len(value), [value], {value: value}))


CHANGES: tuple[Callable[[Any, Any, list[Place], Random], None], ...] = (
    _put,
    _put,
    _put,
    _drop,
    _rename,
    _wrap,
    _move,
    _retype,
)


def contents(content: bytes, random: Random) -> bytes:
    """The bytes, one time in three damaged or otherwise encoded."""
    return random.choice(DAMAGES)(content, random) if random.random() < 1 / 3 else content


def _cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _flip(content: bytes, random: Random) -> bytes:
    found = bytearray(content)
    for _ in range(random.choice((1, 2, 8)) if found else 0):
        found[random.randrange(len(found))] ^= 1 << random.randrange(8)
    return bytes(found)


def _insert(content: bytes, random: Random) -> bytes:
    place = random.randrange(len(content) + 1)
    piece = random.choice(
        (
            b"\xff",
            b"\x00",
            b"{",
            b"]",
            b'"',
            b"&a ",
            b"*a",
            b"!!int ",
            b"? ",
            b"\n---\n",
            b": ",
            b"\t",
            b"\\ud800",
            b"9" * 500,
        )
    )
    return content[:place] + piece + content[place:]


def _encoded(content: bytes, random: Random) -> bytes:
    return content.decode("utf-8", "replace").encode(
        random.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7"))
    )


def _packed(content: bytes, random: Random) -> bytes:
    packed = gzip.compress(content, mtime=0)
    return random.choice((packed, _cut(packed, random), _flip(packed, random)))


DAMAGES = (_cut, _flip, _insert, _encoded, _packed)


def as_json(document: Any) -> bytes:
    """The document as JSON, with all that Python writes and JSON does not have (NaN, half characters as escapes)."""
    return json.dumps(document).encode()
