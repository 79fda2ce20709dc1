"""Pauses that a host can end: the waits between two calls to AWS. A request that is under way is never cut off, since nobody would know
what AWS made of it.

A host that the engine can cancel calls `allow_cancelling` when it starts. In every other process nothing here ends early.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from ..model.errors import Cancelled

_cancelled = threading.Event()
_may_cancel = False


def allow_cancelling() -> None:
    """From now on `cancel` ends every pause of this process."""
    global _may_cancel
    _may_cancel = True


def take_over(module: Any) -> None:
    """Makes the pauses of a library's module end when the run is cancelled, if this host may cancel them: those by its `time.sleep`."""
    if _may_cancel and getattr(module, "time", None) is time:
        module.time = _Time()


class _Time:
    """Stands in for the module `time`."""

    def sleep(self, seconds: float) -> None:
        pause(seconds)

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


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
        raise Cancelled("the run was cancelled")
