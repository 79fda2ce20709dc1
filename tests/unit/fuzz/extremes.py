"""Files that are extreme in one way: in size, in depth, in form, or no files at all."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pulumi_connect_domains.drift.formats import json_format

from .. import mutations
from ..drift.reports import domain, export, report, resource
from ..review import previews
from .bounded import MIB
from .kinds import base

BIG = 200 * MIB


@dataclass(frozen=True)
class Extreme:
    """`make` puts it at the path, for a document of the kind. `is_readable` is None where that depends on the kind.

    `seconds` of processor time and `bytes_` of memory are far more than it takes today, and far less than without a limit in the code.
    """

    make: Callable[[Path, str], None]
    is_readable: bool | None = False
    seconds: int = 20
    bytes_: int = 400 * MIB
    is_long: bool = False


def _content(content: Callable[[str], bytes]) -> Callable[[Path, str], None]:
    def make(path: Path, kind: str) -> None:
        path.write_bytes(content(kind))

    return make


def _bytes(content: bytes) -> Callable[[Path, str], None]:
    return _content(lambda kind: content)


def _real(kind: str) -> str:
    """A real document of the kind, as JSON."""
    document = base(kind, Random(0))
    return "\n".join(map(json.dumps, document)) if kind == "events" else json.dumps(document)


def _with(kind: str, member: str) -> bytes:
    """The real document with one more member, given as JSON, at its start."""
    return _real(kind).replace("{", "{" + member + ", ", 1).encode()


def _twice(kind: str) -> bytes:
    """The real document with each key of its outermost map there twice."""
    text = _real(kind).partition("\n")[0]
    return f"{text[:-1]}, {text[1:]}".encode() if text.startswith("{") else text.encode()


def _many(number: int) -> Callable[[str], bytes]:
    """A document of that many resources: of one more than nothing of ours in a state, since each domain would be asked for at AWS."""

    def made(kind: str) -> bytes:
        entries = [
            {
                "urn": f"urn:pulumi:dev::shop::aws:sqs/queue:Queue::q{each}",
                "type": "aws:sqs/queue:Queue",
                "custom": True,
                "id": f"q{each}",
            }
            for each in range(number)
        ]
        if kind == "state":
            return export(resource("crm"), *entries).encode()
        if kind == "events":
            return b"\n".join(mutations.as_json({"sequence": each, "cancelEvent": {}}) for each in range(number))
        if kind == "preview":
            steps = [previews.step("create", None, previews.state(), name=f"d{each}") for each in range(number)]
            return json.dumps(previews.document(*steps)).encode()
        if kind == "report":
            many = report(*(domain("missing", f"d{each}", reason="x") for each in range(number)))
            return json.dumps(json_format.document(many)).encode()
        key = "require" if kind == "policy" else "tags"
        return json.dumps({key: [f"tags.k{each}" for each in range(number)]}).encode()

    return made


def _sparse(size: int) -> Callable[[Path, str], None]:
    def make(path: Path, kind: str) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return make


def _padded(kind: str, end: bytes = b"") -> Callable[[Path, str], None]:
    """A real document of 200 MB: valid, unless something follows that makes it another."""

    def make(path: Path, of: str) -> None:
        block = (b'"' + b"x" * (MIB - 4) + b'",\n') * 1
        with path.open("wb") as file:
            file.write(b'{"padding": [')
            for _ in range(BIG // MIB):
                file.write(block)
            file.write(b'"x"], ' + _real(of).encode()[1:] + end)

    return make


def _filled(piece: bytes, before: bytes = b"[", after: bytes = b"0]") -> Callable[[Path, str], None]:
    """A document of 200 MB that holds as many values as fit in."""

    def make(path: Path, kind: str) -> None:
        block = piece * (MIB // len(piece))
        with path.open("wb") as file:
            file.write(before)
            for _ in range(BIG // MIB):
                file.write(block)
            file.write(after)

    return make


def _bomb(path: Path, kind: str) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(1_000):
            file.write(b"[" + b" " * (MIB - 1))


def _loop(path: Path, kind: str) -> None:
    path.symlink_to(path.name)


def _closed(path: Path, kind: str) -> None:
    path.write_text(_real(kind))
    path.chmod(0)


LAUGHS = b"".join(
    b"a%d: &a%d [%s]\n" % (each, each, b", ".join([b"*a%d" % (each - 1)] * 10) if each else b"ha") for each in range(12)
)

EXTREMES: Mapping[str, Extreme] = {
    "an empty file": Extreme(_bytes(b"")),
    "one blank": Extreme(_bytes(b" ")),
    "NUL bytes": Extreme(_bytes(b"\0" * 1_000)),
    "no text": Extreme(_bytes(bytes(range(256)) * 10)),
    "a byte order mark": Extreme(_content(lambda kind: b"\xef\xbb\xbf" + _real(kind).encode()), is_readable=True),
    "UTF-16": Extreme(_content(lambda kind: _real(kind).encode("utf-16")), is_readable=True),
    "half of UTF-16": Extreme(_content(lambda kind: _real(kind).encode("utf-16")[:-1])),
    "every key twice": Extreme(_content(_twice), is_readable=None),
    "a number of 10,000 digits": Extreme(_content(lambda kind: _with(kind, '"n": ' + "9" * 10_000)), is_readable=None),
    "the biggest number": Extreme(_content(lambda kind: _with(kind, '"n": ' + "1" * 309)), is_readable=None),
    "a number that is a little too big": Extreme(_content(lambda kind: _with(kind, '"n": ' + "9" * 309)), is_readable=None),
    "a fraction of 10,000 digits": Extreme(_content(lambda kind: _with(kind, '"n": 0.' + "9" * 10_000)), is_readable=None),
    "an exponent of 10,000 digits": Extreme(_content(lambda kind: _with(kind, '"n": 1e' + "9" * 10_000)), is_readable=None),
    "a key of 1 MB": Extreme(_content(lambda kind: _with(kind, '"' + "k" * MIB + '": 1')), is_readable=None),
    "a text of 1 MB": Extreme(_content(lambda kind: _with(kind, '"k": "' + "x" * MIB + '"')), is_readable=None),
    "lists 10,000 deep": Extreme(_content(lambda kind: _with(kind, '"k": ' + "[" * 10_000 + "]" * 10_000))),
    "maps 10,000 deep": Extreme(_content(lambda kind: _with(kind, '"k": ' + '{"a":' * 10_000 + "1" + "}" * 10_000))),
    "a list that never ends": Extreme(_bytes(b"[" * 1_000_000)),
    "YAML 10,000 deep": Extreme(_bytes(b"".join(b" " * each + b"a:\n" for each in range(1_300)) + b"- " * 10_000)),
    "YAML that repeats itself 10 to the 11": Extreme(_bytes(LAUGHS)),
    "YAML that contains itself": Extreme(_bytes(b"a: &a\n  b: *a\n")),
    "a YAML key that is a list": Extreme(_bytes(b"? [a, b]\n: 1\n")),
    "a gzip file of nothing": Extreme(_bytes(gzip.compress(b""))),
    "a gzip file without its end": Extreme(_content(lambda kind: gzip.compress(_real(kind).encode())[:-9])),
    "a gzip file": Extreme(_content(lambda kind: gzip.compress(_real(kind).encode())), is_readable=True),
    "a pipe without a writer": Extreme(lambda path, kind: os.mkfifo(path)),
    "a folder": Extreme(lambda path, kind: path.mkdir()),
    "a link to itself": Extreme(_loop),
    "a link to nothing": Extreme(lambda path, kind: path.symlink_to("nothing")),
    "no permission": Extreme(_closed),
    "nothing there": Extreme(lambda path, kind: None),
    "100,000 resources": Extreme(_content(_many(100_000)), is_readable=None, seconds=120, bytes_=1_500 * MIB, is_long=True),
    "a sparse file of 200 MB": Extreme(_sparse(BIG), seconds=60, bytes_=1_500 * MIB, is_long=True),
    "a sparse file of 1 TB": Extreme(_sparse(2**40), seconds=60, bytes_=1_500 * MIB, is_long=True),
    "a device without an end": Extreme(lambda path, kind: path.symlink_to("/dev/zero"), seconds=60, bytes_=1_500 * MIB, is_long=True),
    "a gzip bomb of 1 GB": Extreme(_bomb, seconds=60, bytes_=1_500 * MIB, is_long=True),
    "200 MB, valid": Extreme(_padded(""), is_readable=None, seconds=60, bytes_=1_500 * MIB, is_long=True),
    "200 MB, with an end that is wrong": Extreme(_padded("", b"}"), seconds=60, bytes_=1_500 * MIB, is_long=True),
    "200 MB of empty lists": Extreme(_filled(b"[],"), seconds=60, bytes_=2_500 * MIB, is_long=True),
    "200 MB of small maps": Extreme(_filled(b'{"a":0},'), seconds=60, bytes_=2_500 * MIB, is_long=True),
    "200 MB of keys": Extreme(
        _filled(b'"a":0,', b'{"deployment":{},', b'"z":0}'), is_readable=None, seconds=60, bytes_=2_500 * MIB, is_long=True
    ),
    "200 MB in the line of a domain": Extreme(
        _filled(b'"x",', b'{\n"version": 1, "tool": {},\n"domains": [\n{"status": "in_sync"},\n{"a": [', b"0]},\n"),
        seconds=60, bytes_=2_500 * MIB, is_long=True,
    ),
    "200 MB of brackets": Extreme(_filled(b"[", b"", b""), seconds=60, bytes_=1_500 * MIB, is_long=True),
    "200 MB of lines": Extreme(_filled(b"- a\n", b"", b""), seconds=60, bytes_=1_500 * MIB, is_long=True),
}  # fmt: skip
