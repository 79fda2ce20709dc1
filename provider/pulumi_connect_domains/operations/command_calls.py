"""Calls of commands, to any account and Region: with configured credentials or an assumed role, within AWS's quotas.

Drift checks, reviews and imports read AWS this way. A domain is only looked for in the account that state names.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future

from .. import aws
from ..aws import Access, Limiter, Rates, Role
from ..model.errors import ConfigurationError, Refused
from ..model.resource_type import Clock, ResourceType
from .call import Call, Host
from .configuration import Configuration


class CommandCalls:
    """Makes all calls of one run of a command: with its role or the configuration's credentials, and one limiter for all of them."""

    def __init__(self, assume_role: str = "", rates: Rates | None = None, clock: Clock | None = None) -> None:
        self._assume_role = assume_role
        self._host = Host(clock or Clock())
        self._limiter = Limiter(rates or Rates(), self._host.clock)
        self._lock = threading.Lock()
        self._accounts: dict[Access, Future[str]] = {}

    def to(self, type: ResourceType, account: str, region: str, configuration: Configuration) -> Call:
        """The call to the account and Region. "" for an account that is not known: then it is the credentials' own.

        Raises: Refused when the credentials are of another account. ConfigurationError without a Region, or when the account is needed to
        name the role. AwsError when AWS cannot say whose the credentials are.
        """
        if not region:
            raise ConfigurationError("state names no region for it")
        service = aws.service(type.service, region, self._access(account, configuration))
        own = self._account(service)
        if account and account != own:
            raise Refused(f"it belongs to account {account}, but the credentials are of account {own}")
        return Call(service, type, self._host, configuration, self._limiter)

    def _account(self, service: aws.Service) -> str:
        """The account of the service's credentials. AWS is asked once for each, however many calls wait for it. Raises: AwsError, the same
        every time."""
        with self._lock:
            is_first = service.access not in self._accounts
            found = self._accounts.setdefault(service.access, Future())
        if is_first:
            try:
                found.set_result(service.caller.account)
            except BaseException as error:  # noqa: BLE001 - raised for every call that waits
                found.set_exception(error)
        return found.result()

    def _access(self, account: str, configuration: Configuration) -> Access:
        if not self._assume_role:
            return configuration.access
        if not account and "{account}" in self._assume_role:
            raise ConfigurationError("state has no ARN for it, so the account of the role to assume is not known")
        return Access(roles=(Role(self._assume_role.replace("{account}", account)),))
