"""Makes Ctrl-C end a command at once, whatever it waits for. A second Ctrl-C works even if some code has caught the first."""

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
    """A pool of threads. At the end it waits for them. After an error it does not: work that has not begun is dropped, the rest runs on."""
    pool = ThreadPoolExecutor(number, thread_name_prefix=name)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=True)


def end_surely() -> None:
    """Makes a second Ctrl-C end the process, whatever it does. If Ctrl-C is ignored (`nohup`), it stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _first)


def leave() -> None:
    """Ends the process after its output is written. It waits for no thread, since one may wait for AWS for a long time."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(INTERRUPTED)


def _first(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt
