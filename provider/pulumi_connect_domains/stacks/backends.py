"""Exports of a Pulumi backend in a bucket, read without the CLI. Nothing is written and no lock is taken.

The bucket is a `Store`: what S3 is to this module. Only the command knows both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, count
from typing import Protocol

from ..model.errors import ConnectDomainsError, NotFound, Unreadable
from . import files, layout
from .ahead import ahead
from .sources import Export

READERS = 8
"""How many objects are read at a time. One takes some 50 ms, mostly waiting."""

MOST_BYTES_AHEAD = 64 * 2**20
"""Of objects that are read, or being read, and that nobody has taken yet."""

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
    place = f"{prefix}{layout.STACKS}"
    found = layout.newest(
        each for each in store.listed(place) if layout.is_stack(each.key.removeprefix(place))
    )  # fmt: skip
    first = next(found, None)
    if first is None:
        return iter([Export(f"{url}{prefix}".rstrip("/"), error=EMPTY)])
    return _exports(store, f"{url}{prefix}", url, chain([first], found), on_export)


def _exports(
    store: Store, backend: str, url: str, found: Iterator[Stored], on_export: Callable[[int], None]
) -> Iterator[Export]:
    def read(each: Stored | ConnectDomainsError) -> Packed:
        if isinstance(each, ConnectDomainsError):
            return backend.rstrip("/"), f"cannot be listed to its end: {_in_one_line(each)}"
        return f"{url}{each.key}", _content(store, each)

    done = count(1)
    for packed in ahead(read, _until_it_breaks(found), threads=READERS, size=_size_bytes, most_bytes=MOST_BYTES_AHEAD):
        export = _unpacked(*packed)
        del packed
        on_export(next(done))
        yield export
        del export


Packed = tuple[str, "bytes | str"]
"""An origin, and the bytes of its object, or why there are none."""


def _until_it_breaks(found: Iterator[Stored]) -> Iterator[Stored | ConnectDomainsError]:
    try:
        yield from found
    except ConnectDomainsError as error:
        yield error


def _size_bytes(each: Stored | ConnectDomainsError) -> int:
    return 0 if isinstance(each, ConnectDomainsError) else each.size_bytes


def _content(store: Store, each: Stored) -> bytes | str:
    if each.size_bytes > files.MOST_BYTES:
        return files.too_big()
    try:
        return store.read(each.key, files.MOST_BYTES)
    except NotFound as error:
        return f"is gone since it was listed ({error.code}): run again"
    except ConnectDomainsError as error:
        return _in_one_line(error)


def _unpacked(origin: str, content: bytes | str) -> Export:
    if isinstance(content, str):
        return Export(origin, error=content)
    try:
        return Export(origin, files.unpacked(content))
    except Unreadable as error:
        return Export(origin, error=str(error))


def _in_one_line(error: ConnectDomainsError) -> str:
    return "; ".join(str(error).splitlines())
