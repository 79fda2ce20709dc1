"""Ctrl-C ends a command at once, whatever it waits for: a second one even where the first was caught on the way."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from types import FrameType

INTERRUPTED = 130
"""The exit code. Source: shells give 128 and the number of the signal, which is 2."""


@contextmanager
def workers(number: int, name: str = "") -> Iterator[ThreadPoolExecutor]:
    """A pool that is waited for, unless the work ended early: then what has not begun is dropped, and what runs is left behind."""
    pool = ThreadPoolExecutor(number, thread_name_prefix=name)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=True)


def end_surely() -> None:
    """From now on a second Ctrl-C ends the process, wherever it is. One that is ignored (`nohup`) stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _first)


def leave() -> None:
    """The process has ended, with what was written shown, and no thread waited for: one may wait for AWS, as long as AWS likes."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(INTERRUPTED)


def _first(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt
