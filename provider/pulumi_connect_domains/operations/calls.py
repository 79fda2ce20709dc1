"""Calls from outside of a stack: to any account and region, with the environment's credentials or an assumed role, under AWS's quotas.

It is how drift checks and reviews read AWS. The account that state names is the only one that is asked about a domain.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from .. import aws
from ..aws.access import Access, Role
from ..model.errors import ConfigurationError, ConnectDomainsError, Refused, Throttled
from ..model.resource_type import ResourceSpec
from .call import Call, Clock
from .configuration import Configuration
from .pacing import PacedCall, Pacer, Rates

Answer = TypeVar("Answer")

ROUNDS = 3  # of a read that AWS throttles; each has all the attempts of the client


class Callers:
    """Whose the credentials are, or why that cannot be told: asked once for each, however many domains wait for it. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[Access, threading.Lock] = {}
        self._known: dict[Access, str | ConnectDomainsError] = {}

    def account(self, service: aws.Service) -> str:
        """The account of the service's credentials. Raises: ConnectDomainsError, the same every time."""
        with self._lock:
            lock = self._locks.setdefault(service.access, threading.Lock())
        with lock:
            if service.access not in self._known:
                try:
                    self._known[service.access] = service.caller.account
                except ConnectDomainsError as error:
                    self._known[service.access] = error
        known = self._known[service.access]
        if isinstance(known, ConnectDomainsError):
            raise known
        return known


class Calls:
    """Makes paced calls: as whom, and how fast. For one run of a command."""

    def __init__(self, assume_role: str = "", rates: Rates | None = None, clock: Clock | None = None) -> None:
        self._assume_role = assume_role
        self._clock = clock or Clock()
        self._pacer = Pacer(rates or Rates(), self._clock)
        self._callers = Callers()
        self._services: dict[tuple[str, str, str], tuple[aws.Service, str]] = {}

    def to(self, spec: ResourceSpec, account: str, region: str, configuration: Configuration) -> Call:
        """The call to the account and region ("" for an account that is not known: the credentials' own).

        Raises: ConnectDomainsError when there are no credentials for that account.
        """
        place = (spec.service, account, region)
        if place not in self._services:
            self._services[place] = self._service(*place)
        service, own = self._services[place]
        return PacedCall(
            service, configuration=configuration, clock=self._clock, pacer=self._pacer, spec=spec, account=own
        )

    def _service(self, name: str, account: str, region: str) -> tuple[aws.Service, str]:
        """The service and its credentials' account, which is the given one where one is given."""
        if not region:
            raise ConfigurationError("state names no region for it")
        service = aws.service(name, region, self._access(account))
        own = self._callers.account(service)
        if account and account != own:
            raise Refused(f"it belongs to account {account}, but the credentials are of account {own}")
        return service, own

    def _access(self, account: str) -> Access:
        if not self._assume_role:
            return Access()
        if not account and "{account}" in self._assume_role:
            raise ConfigurationError("state has no ARN for it, so the account of the role to assume is not known")
        return Access(roles=(Role(self._assume_role.replace("{account}", account)),))


def patiently(read: Callable[[], Answer]) -> Answer:
    """What a read answers. Where others use up the quota, it queues again: more pauses than the client's own, and paced ones."""
    for _ in range(ROUNDS - 1):
        with suppress(Throttled):
            return read()
    return read()
