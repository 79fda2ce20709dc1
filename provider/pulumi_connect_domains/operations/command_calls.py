"""Calls of commands, to any account and Region: with configured credentials or an assumed role, within AWS's quotas.

Drift checks, reviews and imports read AWS this way. A domain is only looked for in the account that state names.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from concurrent.futures import Future

from .. import aws
from ..aws import Access, Limiter, Rates, Role
from ..model.errors import AwsError, ConfigurationError, NoAnswer, Refused, Throttled
from ..model.resource_type import Clock, ResourceType
from .call import Call, Host
from .configuration import Configuration

EACH_ACCOUNT = "{account}"
"""What the account stands for in the ARN of the role to assume."""

ROLES_PER_SECOND = 50
"""How many roles are assumed in a second at most. STS takes 600 calls a second for each account and Region. Source: IAM and STS quotas."""

OF_ONE_REGION = frozenset({"RegionDisabledException", "InvalidClientTokenId", "UnrecognizedClientException"})
"""Error codes that one Region's STS gives to an account for which that Region is not enabled. Source: STS AssumeRole, and the page
"Managing AWS STS in an AWS Region".
"""


class CommandCalls:
    """Makes all calls of one run of a command: with its role or the configuration's credentials, and one limiter for all of them.

    AWS is asked once for each account whose the credentials are. What is held for an account is forgotten when it is `finished`.
    """

    def __init__(self, assume_role: str = "", rates: Rates | None = None, clock: Clock | None = None) -> None:
        self._assume_role = assume_role
        self._host = Host(clock or Clock())
        self._limiter = Limiter(rates or Rates(), self._host.clock)
        self._lock = threading.Lock()
        self._accounts: dict[Access, Future[str]] = {}
        self._failed: defaultdict[Access, dict[str, AwsError]] = defaultdict(dict)
        self._roles: dict[str, Access] = {}
        self._held: defaultdict[str, dict[Access, None]] = defaultdict(dict)

    def to(
        self,
        type: ResourceType,
        account: str,
        region: str,
        configuration: Configuration,
        known: aws.Known = tuple,
    ) -> Call:
        """The call to the account and Region. "" for an account that is not known: then it is the credentials' own. `known`: see Call.

        Raises: Refused when the credentials are of another account. ConfigurationError without a Region, or when the account is needed to
        name the role. AwsError when AWS cannot say whose the credentials are.
        """
        if not region:
            raise ConfigurationError("state names no region for it")
        service = aws.service(type.service, region, self._access(account, configuration))
        own = self._account(service)
        if account and account != own:
            raise Refused(f"it belongs to account {account}, but the credentials are of account {own}")
        return Call(service, type, self._host, configuration, self._limiter, known)

    def finished(self, account: str, region: str = "") -> None:
        """Forgets what is held for the account in the Region; without a Region, for the whole account, with its role's credentials.

        To be called when nothing is left to be read there. A later call is made all the same: it assumes the role again.
        """
        with self._lock:
            held = [*self._held.get(account, ())]
            if not region:
                self._held.pop(account, None)
                self._roles.pop(account, None)
                for access in held:
                    self._accounts.pop(access, None)
                    self._failed.pop(access, None)
        for access in held:
            aws.release(access, region)

    def _account(self, service: aws.Service) -> str:
        """The account of the service's credentials. AWS is asked once for each, however many calls wait for it.

        Raises: AwsError, the same every time. What only one Region's STS says is raised for that Region alone.
        """
        access = service.access
        while True:
            with self._lock:
                if failed := self._failed.get(access, {}).get(service.region):
                    raise failed
                is_first = access not in self._accounts
                found = self._accounts.setdefault(access, Future())
            try:
                if is_first:
                    self._ask(service, found)
                return found.result()
            except AwsError as error:
                if not _is_of_one_region(error):
                    raise

    def _ask(self, service: aws.Service, found: Future[str]) -> None:
        """Asks whose the credentials are. The Future has the account, or the error."""
        access = service.access
        try:
            if access.roles:
                self._limiter.wait(("sts", "", "", "AssumeRole"), 1 / ROLES_PER_SECOND)
            account = service.assumed.account
        except BaseException as error:  # noqa: BLE001 - raised for every call that waits
            with self._lock:
                if isinstance(error, AwsError) and _is_of_one_region(error):
                    self._failed[access][service.region] = error
                    del self._accounts[access]
            found.set_exception(error)
        else:
            with self._lock:
                self._held[account][access] = None
            found.set_result(account)

    def _access(self, account: str, configuration: Configuration) -> Access:
        if not self._assume_role:
            return configuration.access
        if not account and EACH_ACCOUNT in self._assume_role:
            raise ConfigurationError("state has no ARN for it, so the account of the role to assume is not known")
        with self._lock:
            if account not in self._roles:
                found = Access(roles=(Role(self._assume_role.replace(EACH_ACCOUNT, account)),))
                self._roles[account] = found
                if EACH_ACCOUNT in self._assume_role:  # also where it cannot be assumed
                    self._held[account][found] = None
            return self._roles[account]


def _is_of_one_region(error: AwsError) -> bool:
    """Whether the STS of another Region may answer otherwise."""
    return isinstance(error, (NoAnswer, Throttled)) or error.code in OF_ONE_REGION
