"""The connections of the server: a limited number, and none that keeps the server waiting for ever.

Each has a thread of its own, so a client that sends nothing, or one byte now and then, keeps no other waiting. But it keeps a thread and a
descriptor, and many such clients would take all of them.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

MAX_CONNECTIONS = 512
PATIENCE_SECONDS = 300.0
"""How long a connection may take until a request is there as a whole, or until an answer has been taken."""


class Connections:
    """All that are open. `clock` is in seconds and only runs forward."""

    def __init__(
        self,
        most: int = MAX_CONNECTIONS,
        patience_seconds: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._patience, self._clock = most, patience_seconds, clock
        self._lock = threading.Lock()
        self._until: dict[socket.socket, float | None] = {}

    def wait_for(self, connection: socket.socket) -> None:
        """The client has its time to send a request, or to take an answer. Where there are too many, the one that took longest is ended."""
        with self._lock:
            self._until[connection] = self._clock() + self._patience
            if len(self._until) > self._most:
                others = {each: until for each, until in self._until.items() if until is not None}
                self._end(min(others, key=lambda each: others[each]))

    def serve(self, connection: socket.socket) -> None:
        """The request is being answered, which may take any time."""
        with self._lock:
            self._until[connection] = None

    def forget(self, connection: socket.socket) -> None:
        """The connection has ended."""
        with self._lock:
            self._until.pop(connection, None)

    def end_overdue(self) -> None:
        """Those whose time is over have ended."""
        now = self._clock()
        with self._lock:
            for connection, until in list(self._until.items()):
                if until is not None and until < now:
                    self._end(connection)

    def _end(self, connection: socket.socket) -> None:
        """Its thread finds that the client is gone, and forgets it."""
        self._until[connection] = None
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
