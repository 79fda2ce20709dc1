"""What one run must remember: the domains that it has made or taken over, which it then never deletes."""

from __future__ import annotations

import threading


class Run:
    """One life of the provider host: the engine starts a host for each command and each explicit Provider. Thread-safe.

    Two hosts cannot see each other's runs.
    """

    def __init__(self) -> None:
        self._claimed: set[str] = set()
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def claim(self, arn: str) -> None:
        """A resource of this run is about to take the domain over, if it is there."""
        with self._lock:
            self._claimed.add(arn)

    def hold(self, arn: str) -> None:
        """A resource of this run has the domain now."""
        with self._lock:
            self._held.add(arn)

    def claims(self, arn: str) -> bool:
        """Whether a resource of this run was to take the domain over, whatever came of it."""
        with self._lock:
            return arn in self._claimed

    def holds(self, arn: str) -> bool:
        """Whether a resource of this run has created or adopted the domain."""
        with self._lock:
            return arn in self._held


_run = Run()


def current() -> Run:
    """The run of this process. It is one for all providers in it: the host makes a provider object for each pickled text that it meets,
    and a state may hold another text than the program gives (Pythons pickle differently)."""
    return _run


def begin_anew() -> None:
    """From now on it is as in a host that has just started. For tests, which stand for many hosts in one process."""
    global _run
    _run = Run()
