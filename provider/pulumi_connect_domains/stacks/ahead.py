"""Work that threads do ahead of who uses it, bounded: memory does not grow with how much there is to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import TypeVar

from ..interrupts import workers

Item = TypeVar("Item")
Made = TypeVar("Made")


def ahead(
    make: Callable[[Item], Made],
    items: Iterable[Item],
    *,
    threads: int,
    size: Callable[[Item], int] = lambda item: 0,
    most_bytes: int = 0,
) -> Iterator[Made]:
    """What `make` makes of each item, in the order of the items, by so many threads.

    At any time, at most twice as many items as threads are begun and not yet taken. Together they have at most `most_bytes` by `size`, or
    are a single one.
    """
    begun: deque[tuple[Future[Made], int]] = deque()
    held = 0
    with workers(threads, "ahead") as pool:
        for item in items:
            weight = size(item)
            while begun and (len(begun) >= 2 * threads or held + weight > most_bytes):
                future, less = begun.popleft()
                made = future.result()
                del future  # or it would keep what it has made until the next one is taken
                yield made
                del made
                held -= less
            begun.append((pool.submit(make, item), weight))
            held += weight
        while begun:
            yield begun.popleft()[0].result()
