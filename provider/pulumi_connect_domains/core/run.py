"""What one run must remember: the domains that it has made or taken over, which it then never deletes."""

from __future__ import annotations

import threading


class Run:
    """One life of the provider host: the engine starts a host for each command and each explicit Provider. Thread-safe.

    Two hosts cannot see each other's runs.
    """

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def hold(self, arn: str) -> None:
        """From now on the domain counts as this run's own."""
        with self._lock:
            self._held.add(arn)

    def holds(self, arn: str) -> bool:
        """Whether this run has created or adopted the domain."""
        with self._lock:
            return arn in self._held
