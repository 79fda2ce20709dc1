"""botocore's sessions, clients and credentials. A session is made for the settings of an Access, credentials for each Access.

All are created under one lock, since creating them is not thread-safe (boto/boto3#1592). Clients are thread-safe; the caller keeps them.
A client signs with the credentials of the call that the thread is making (`calling`), so that all accounts can share it.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache, partial
from typing import Any, Protocol
from urllib.parse import urlsplit

from ..model.errors import AwsError, BadCredentials, Unreachable
from . import pausing, refusals
from .access import NOWHERE, VARIABLE, Access, confined, is_local
from .answers import Unusable, refuse_unusable
from .roles import Ask, Assumed

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 20
MAX_CONNECTIONS = 64
"""As many as a drift check has workers at most. A connection is opened when it is first needed."""

METADATA_TIMEOUT_SECONDS = (0.25, 1.0)
"""The limits to connect to the instance's metadata service, and to wait for its answer. On an instance the connection takes less than a
millisecond. Anywhere else there is none, and botocore's own limit, one second for each of two attempts, would only cost time.
"""

OUT_OF_REACH = (
    "a test whose program calls AWS needs the fixture `local_aws`; pytest --real-aws lets tests reach the real AWS"
)
"""What to do where no AWS must be called at all. Only the test kit forbids that."""

lock = threading.RLock()
_sessions: dict[Access, Any] = {}
_credentials: dict[Access, Any] = {}
_profile_regions: dict[Access, str] = {}


class Calling(Protocol):
    """The call that a thread is making: the Region it goes to, and its credentials, None where there are none."""

    @property
    def region(self) -> str: ...
    @property
    def credentials(self) -> Any: ...


calling: ContextVar[Calling] = ContextVar("calling")
"""The call that this thread is making. There is no default: what is signed outside of a call would be signed with any account's keys."""


def client(service: str, region: str, access: Access) -> Any:
    """A new client with the settings of the Access, and no credentials of its own.

    Raises: BadCredentials for a profile that does not exist, Unreachable where AWS must not be called at all, and any AwsError for settings
    of this machine with which there can be no client.
    """
    from botocore.config import Config

    from .. import __version__

    access = confined(access)
    if access.confined_to == NOWHERE:
        raise Unreachable(f"AWS must not be called from here ({VARIABLE}={NOWHERE})\n{OUT_OF_REACH}")
    if access.confined_to and not is_local(access.confined_to):
        raise Unreachable(
            f"{VARIABLE} is not the URL of a local AWS, such as http://127.0.0.1:4599\nset it to one, or unset it"
        )
    with lock, _told_settings(access):
        own = session(access)
        made = own.create_client(
            service,
            region_name=region,
            endpoint_url=access.endpoint(service) or None,
            verify=None if access.verifies_tls else False,
            config=Config(
                retries={"mode": access.retry_mode, "total_max_attempts": access.max_attempts},
                connect_timeout=CONNECT_TIMEOUT_SECONDS,
                read_timeout=READ_TIMEOUT_SECONDS,
                max_pool_connections=MAX_CONNECTIONS,
                proxies=dict(access.proxies) or ({} if access.confined_to else None),  # None: those of the environment
                user_agent=_user_agent(own),
                s3={"addressing_style": access.addressing_style} if access.addressing_style else None,
                user_agent_extra=f"pulumi-connect-domains/{__version__}",
            ),
        )
        _ = urlsplit(made.meta.endpoint_url).port  # a port that is none would fail with each request
        return made


def session(access: Access) -> Any:
    """The session for the settings of the Access. Raises: as `client`."""
    settings = confined(access).settings
    with lock, _told_settings(access):
        if settings not in _sessions:
            made = _session(settings)
            _provide(made, OfTheCall)
            _sessions[settings] = made
        return _sessions[settings]


def credentials(access: Access, region: str, ask: Ask) -> Any:
    """botocore credentials of the Access; None where it names none and botocore's chain finds none.

    `ask` asks STS for those of roles. The Region's STS gives those of a profile's role.
    Raises: BadCredentials where the chain cannot load them, and as `client`.
    """
    access = confined(access)
    with lock, _told_settings(access):
        if access not in _credentials:
            _credentials[access] = _given(access, access.sts_region or region, ask)
        return _credentials[access]


def forget_credentials(access: Access) -> None:
    """Forgets the credentials of the Access: they are fetched anew when they are needed again."""
    with lock:
        _credentials.pop(confined(access), None)


def profile_region(access: Access) -> str:
    """The region that the profile in use names, or "". Raises: BadCredentials for a profile that does not exist."""
    access = confined(access)
    with lock:
        if access not in _profile_regions:
            _profile_regions[access] = str(_settings(_session(access), access).get("region") or "")
        return _profile_regions[access]


def forget() -> None:
    """Forgets all sessions and credentials: the next ones are created by the environment of that moment."""
    with lock:
        _sessions.clear()
        _credentials.clear()
        _profile_regions.clear()


@contextmanager
def _told_settings(access: Access) -> Iterator[None]:
    """Within it, settings of this machine that botocore cannot use are told as our errors."""
    from botocore.exceptions import BotoCoreError

    try:
        yield
    except (BotoCoreError, ValueError) as error:
        raise refusals.unusable_settings(error, access.naming) or error from None


def _session(access: Access) -> Any:
    """A session with the settings of the Access and its profile, and botocore's own chain of credentials."""
    from botocore.configprovider import ConstantProvider
    from botocore.session import Session

    _let_pauses_be_cancelled()
    made = Session(profile=access.profile or None)
    made.lazy_register_component("data_loader", lambda: _loader(made.get_config_variable("data_path")))
    made.register("before-parse", refuse_unusable)
    store = made.get_component("config_store")
    for name, value in access.variables:
        made.set_config_variable(name, value)
    named = access.profile or os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")
    if access.confined_to or not named:
        store.set_config_provider("profile", ConstantProvider(None))  # botocore takes an empty variable for a name
    if "metadata_service_timeout" not in _settings(made, access) and not os.environ.get("AWS_METADATA_SERVICE_TIMEOUT"):
        # As a provider, since the variable itself takes one whole number only.
        store.set_config_provider("metadata_service_timeout", ConstantProvider(METADATA_TIMEOUT_SECONDS))
    return made


def _let_pauses_be_cancelled() -> None:
    """Makes botocore's pauses end when the run is cancelled: before repeated attempts, for the rate of the mode "adaptive", and before a
    container's credentials are asked for again.

    Source: botocore's modules `endpoint`, `retries.bucket`, and ContainerMetadataFetcher, whose argument `sleep` is `time.sleep` if nothing
    else is given. With a version that waits otherwise, such a pause ends by itself.
    """
    with suppress(ImportError, AttributeError):
        from botocore import credentials, endpoint, utils
        from botocore.retries import bucket

        pausing.take_over(endpoint)
        pausing.take_over(bucket)
        if pausing.may_be_cancelled():
            credentials.ContainerMetadataFetcher = partial(utils.ContainerMetadataFetcher, sleep=pausing.pause)


def _given(access: Access, sts_region: str, ask: Ask) -> Any:
    from botocore.credentials import Credentials, create_credential_resolver

    if access.roles:
        return Assumed(access, lambda: access.sts_region or calling.get().region, ask)
    if access.access_key:
        return Credentials(access.access_key, access.secret_key, access.token or None)
    chain = create_credential_resolver(session(access), region_name=sts_region)
    if access.skips_metadata:
        chain.remove("iam-role")
    return _watched(chain.load_credentials)


class OfTheCall:
    """botocore credentials of a client that accounts share: those of the call that this thread is making.

    botocore asks for them whenever it signs a request, so also for each of its own repeats. Raises: LookupError outside of a call.
    """

    method = "connect-domains"

    def get_frozen_credentials(self) -> Any:
        found = calling.get().credentials
        return None if found is None else found.get_frozen_credentials()

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        return lambda: getattr(self.get_frozen_credentials(), name, None)


def _user_agent(made: Any) -> str:
    """botocore's name and version, Python's and the system's, and the user's own name of the application (AWS_SDK_UA_APP_ID).

    botocore would build its own twice for each request, which takes a tenth of a call's processor time.
    """
    application = re.sub(r"[^A-Za-z0-9!$%&'*+.^_`|~,-]", "-", made.get_config_variable("user_agent_appid") or "")
    return f"{made.user_agent()} app/{application}" if application else str(made.user_agent())


@cache
def _loader(data_path: str | None) -> Any:
    """botocore's reader of service descriptions. All sessions share it: a description takes several MB, and each loader keeps its own."""
    from botocore.loaders import create_loader

    return create_loader(data_path)


class _Watched:
    """Credentials of botocore's chain. Where they cannot be fetched or renewed, that is told as our error."""

    def __init__(self, own: Any) -> None:
        self._own = own

    def get_frozen_credentials(self) -> Any:
        return _or_told(self._own.get_frozen_credentials)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)


def _watched(load: Callable[[], Any]) -> Any:
    """The credentials that `load` finds, watched; None where it finds none. Raises: as `_or_told`."""
    found = _or_told(load)
    return None if found is None else _Watched(found)


def _or_told(run: Callable[[], Any]) -> Any:
    """What the function returns. Raises: BadCredentials for whatever a file, a program or an answer causes in botocore's chain; what
    botocore foresees stays as it is."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return run()
    except (AwsError, BotoCoreError, ClientError, Unusable):
        raise
    except Exception as error:  # noqa: BLE001 - botocore passes on what reading a file or an answer raises, of whatever class
        raise refusals.no_credentials(error) from None


def _settings(made: Any, access: Access) -> dict[str, Any]:
    from botocore.exceptions import ConfigParseError, ProfileNotFound

    try:
        return dict(made.get_scoped_config())
    except ProfileNotFound:
        name = made.get_config_variable("profile")
        raise BadCredentials(
            f"the AWS profile {name!r} does not exist on this machine\n"
            f"set {access.naming.of('profile')} or AWS_PROFILE to one that does, or leave them out"
        ) from None
    except ConfigParseError as error:
        raise BadCredentials(f"the AWS config file {error.kwargs['path']} cannot be read\ncheck its syntax") from None


def _provide(made: Any, load: Callable[[], Any]) -> None:
    """Makes `load` the session's only source of credentials."""
    from botocore.credentials import CredentialProvider, CredentialResolver

    class Given(CredentialProvider):  # type: ignore[misc]  # botocore ships no types
        METHOD = CANONICAL_NAME = "connect-domains"

        def load(self) -> Any:
            return load()

    made.register_component("credential_provider", CredentialResolver([Given()]))
