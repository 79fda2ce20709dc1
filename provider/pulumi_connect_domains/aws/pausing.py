"""Pauses that a host can end: the waits between two calls to AWS. A request that is under way is never cut off, since nobody would know
what AWS made of it.

A host that the engine can cancel calls `allow_cancelling` when it starts. In every other process nothing here ends early.
"""

from __future__ import annotations

import threading
import time

from ..model.errors import Cancelled

_cancelled = threading.Event()
_may_cancel = False


def allow_cancelling() -> None:
    """From now on `cancel` ends every pause of this process."""
    global _may_cancel
    _may_cancel = True


def cancel() -> None:
    """Ends all pauses, those of now and those to come, if this host may cancel them."""
    if _may_cancel:
        _cancelled.set()


def reset() -> None:
    """As in a process that has just started. For tests."""
    global _may_cancel
    _may_cancel = False
    _cancelled.clear()


def is_cancelled() -> bool:
    """Whether the run was cancelled."""
    return _cancelled.is_set()


def pause(seconds: float) -> None:
    """Returns after this time. Raises: Cancelled as soon as the run is cancelled."""
    if not _may_cancel:
        time.sleep(seconds)
    elif _cancelled.wait(seconds):
        raise Cancelled("the run was cancelled")
