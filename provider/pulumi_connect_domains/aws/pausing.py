"""Pauses that a host can end: the waits between two calls to AWS. A request that is under way is never cut off, since nobody would know
what AWS made of it.

A host that the engine can cancel calls `allow_cancelling` when it starts. In every other process nothing here ends early.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from ..model.errors import Cancelled

CANCELLED = "the run was cancelled"

_cancelled = threading.Event()
_may_cancel = False


def allow_cancelling() -> None:
    """From now on `cancel` ends every pause of this process."""
    global _may_cancel
    _may_cancel = True


def may_be_cancelled() -> bool:
    """Whether `cancel` ends the pauses of this process. Only then may a library of it be changed: it is a process of our own."""
    return _may_cancel


LOOK_SECONDS = 0.2
"""How often a thread that waits for a condition looks whether the run was cancelled."""


def take_over(module: Any) -> None:
    """Makes the pauses of a library's module end when the run is cancelled, if this host may cancel them.

    They are those by its `time.sleep`, and those for a `threading.Condition` that it creates from now on.
    """
    for name, stand_in in (("time", _Time()), ("threading", _Threading())):
        if _may_cancel and getattr(module, name, None) is stand_in.module:
            setattr(module, name, stand_in)


class _Time:
    """Stands in for the module `time`."""

    module = time

    def sleep(self, seconds: float) -> None:
        pause(seconds)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name)


class _Condition(threading.Condition):
    """Wakes up early, as every condition may: who waits for it looks again, and goes on to wait. Raises: Cancelled, as `pause`."""

    def wait(self, timeout: float | None = None) -> bool:
        if _cancelled.is_set():
            raise Cancelled(CANCELLED)
        return super().wait(LOOK_SECONDS if timeout is None else min(timeout, LOOK_SECONDS))


class _Threading:
    """Stands in for the module `threading`."""

    module = threading
    Condition = _Condition

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name)


def cancel() -> None:
    """Ends all pauses, those of now and those to come, if this host may cancel them."""
    if _may_cancel:
        _cancelled.set()


def begin() -> None:
    """A run begins. An engine that is done with a provider cancels it, and another may come."""
    _cancelled.clear()


def reset() -> None:
    """As in a process that has just started. For tests."""
    global _may_cancel
    _may_cancel = False
    _cancelled.clear()


def pause(seconds: float) -> None:
    """Returns after this time. Raises: Cancelled as soon as the run is cancelled."""
    if not _may_cancel:
        time.sleep(seconds)
    elif _cancelled.wait(seconds):
        raise Cancelled(CANCELLED)
