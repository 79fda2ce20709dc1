"""Exports of a Pulumi backend in a bucket, read without the CLI. Nothing is written and no lock is taken.

The bucket is a `Store`: what S3 is to this module. Only the command knows both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, count
from typing import Protocol

from ..model.errors import ConnectDomainsError, NotFound, Unreadable
from . import files, layout
from .ahead import ahead
from .sources import Export

READERS = 32
"""How many objects are read at a time. One takes 20 to 50 ms, of which 1.5 ms are this machine's: so many keep a processor busy."""

MOST_BYTES_AHEAD = 64 * 2**20
"""Of objects that are read, or being read, and that nobody has taken yet, by the sizes in the list."""

MOST_GROWTH = 4 * 2**20
"""Of an object since it was listed. More is not read, or a bucket whose list tells wrong sizes could fill the memory."""

EMPTY = f"holds no stack of Pulumi ({layout.STACKS}): is the state in another bucket, or in a folder of this one?"


class Stored(layout.Stored, Protocol):
    """An object as a list shows it."""

    @property
    def size_bytes(self) -> int: ...


class Store(Protocol):
    """A bucket. Both functions raise ConnectDomainsError."""

    def listed(self, prefix: str) -> Iterator[Stored]:
        """All objects whose keys begin so, in the order of their keys."""

    def read(self, key: str, most_bytes: int) -> bytes:
        """The object's bytes, at most one more than `most_bytes`. Raises NotFound where it is gone."""


def from_backend(
    store: Store, url: str, prefix: str = "", on_export: Callable[[int], None] = lambda done: None
) -> Iterator[Export]:
    """The exports of all stacks whose backend is in the store, below the prefix. `url` is the store's, with a slash at its end.

    A few are read ahead. `on_export` is called with the number of those that were taken. An object that cannot be read gives an export
    with an error, and so does a list that breaks off. Raises: ConnectDomainsError, at once, where the list does not begin.
    """
    place, broken = f"{prefix}{layout.STACKS}", list[ConnectDomainsError]()

    def listed() -> Iterator[Stored]:
        try:
            yield from (each for each in store.listed(place) if layout.is_stack(each.key.removeprefix(place)))
        except ConnectDomainsError as error:
            broken.append(error)

    found = layout.newest(listed())
    first = next(found, None)
    if first is not None:
        return _exports(store, url, prefix, chain([first], found), broken, on_export)
    if broken:
        raise broken[0]
    return iter([Export(_called(url, prefix), error=EMPTY)])


def _exports(
    store: Store,
    url: str,
    prefix: str,
    found: Iterator[Stored],
    broken: Sequence[ConnectDomainsError],
    on_export: Callable[[int], None],
) -> Iterator[Export]:
    def read(each: Stored) -> Packed:
        return f"{url}{each.key}", _content(store, each)

    done = count(1)
    packs = ahead(read, found, threads=READERS, size=lambda each: each.size_bytes, most_bytes=MOST_BYTES_AHEAD)
    for packed in packs:
        export = _unpacked(*packed)
        del packed
        on_export(next(done))
        yield export
        del export
    for error in broken:
        yield Export(_called(url, prefix), error=f"cannot be listed to its end: {error.in_one_line}")


Packed = tuple[str, "bytes | str"]
"""An origin, and the bytes of its object, or why there are none."""


def _called(url: str, prefix: str) -> str:
    return f"{url}{prefix}".rstrip("/")


def _content(store: Store, each: Stored) -> bytes | str:
    if each.size_bytes > files.MOST_BYTES:
        return files.too_big()
    most_bytes = min(max(each.size_bytes, 0) + MOST_GROWTH, files.MOST_BYTES)
    try:
        content = store.read(each.key, most_bytes)
    except NotFound as error:
        return f"is gone since it was listed ({error.code}): run again"
    except ConnectDomainsError as error:
        return error.in_one_line
    if len(content) <= most_bytes:
        return content
    return files.too_big() if most_bytes == files.MOST_BYTES else "is much bigger now than it was listed: run again"


def _unpacked(origin: str, content: bytes | str) -> Export:
    if isinstance(content, str):
        return Export(origin, error=content)
    try:
        return Export(origin, files.unpacked(content))
    except Unreadable as error:
        return Export(origin, error=str(error))
