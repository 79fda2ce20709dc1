"""What a host shows people: warnings, progress and log lines, by the engine's log service. Both hosts use it.

A text that cannot be shown never fails an operation.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ..model.visible import lines
from . import protocol

_engine: Any = None
"""The engine's log service; None outside of a host."""

_shown: set[tuple[str, str]] = set()
_shown_lock = threading.Lock()


def connect(address: str) -> None:
    """From now on texts go to the engine at this address, `127.0.0.1:43211`."""
    global _engine
    try:
        _engine = protocol.engine(address) if ":" in address else None
    except Exception:  # noqa: BLE001 - internals of the SDK: without them nothing is shown
        _engine = None


def shown(text: str) -> str:
    """The text for the engine, which prints it as it is: text of AWS's may be in it."""
    return "\n".join(lines(text))


def warn(urn: str, text: str) -> None:
    """Shows the warning under the resource in the engine's diagnostics; the same text once per process and resource."""
    with _shown_lock:
        if (urn, text) in _shown:
            return
        _shown.add((urn, text))
    _log(urn, text, "WARNING")


def progress(urn: str, text: str) -> None:
    """Shows the text in the resource's line while the operation runs, and not afterwards."""
    _log(urn, text, "INFO", ephemeral=True)


def log_calls(current_urn: Callable[[], str], may_be_seen: bool) -> None:
    """Sends the log line of every AWS call of this process to the engine, under the resource that the call is for.

    `current_urn` tells the URN of the call that the thread is answering, or "".
    """
    log = logging.getLogger("pulumi_connect_domains.aws")
    if not any(isinstance(handler, EngineHandler) for handler in log.handlers):
        log.addHandler(EngineHandler(current_urn, may_be_seen))
        log.setLevel(logging.DEBUG)
        log.propagate = False


class EngineHandler(logging.Handler):
    """Sends log lines to the engine, under the resource of the call that each is about.

    Where somebody may see them, the call waits until the engine has the line: the engine may end as soon as the last call is answered.
    """

    def __init__(self, current_urn: Callable[[], str], may_be_seen: bool) -> None:
        super().__init__()
        self._current_urn = current_urn
        self._lines = None if may_be_seen else _lines()

    def emit(self, record: logging.LogRecord) -> None:
        urn, text = self._current_urn(), record.getMessage()
        if self._lines is None:
            _debug(urn, text)
        else:
            self._lines.put((urn, text))


PAUSE_SECONDS = 0.005
"""How long a log line waits that no call waits for. To send it takes a millisecond of this process and the engine; by then the call it is
about has been answered.
"""


@lru_cache(maxsize=1)
def _lines() -> queue.SimpleQueue[tuple[str, str]]:
    """Takes URNs and log lines, which a thread of their own sends to the engine, in this order."""
    lines: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    threading.Thread(target=_send, args=(lines,), daemon=True).start()
    return lines


def _send(lines: queue.SimpleQueue[tuple[str, str]]) -> None:
    while True:
        urn, text = lines.get()
        if lines.empty():  # where many calls are made, others are being answered at any time
            time.sleep(PAUSE_SECONDS)
        _debug(urn, text)


def _debug(urn: str, text: str) -> None:
    """The text is in the verbose log, in the event log, and under the resource with `--debug`."""
    _log(urn, text, "DEBUG")


def _log(urn: str, text: str, severity: str, ephemeral: bool = False) -> None:
    if _engine is None or not urn:
        return
    try:
        _engine.Log(protocol.log_request(severity, shown(text), urn, ephemeral), timeout=5)
    except Exception:  # noqa: BLE001 - a message that cannot be shown never fails an operation
        return
