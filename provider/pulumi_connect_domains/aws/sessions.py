"""botocore's sessions and clients: one session for each Access.

All are created under one lock, since creating them is not thread-safe (boto/boto3#1592). Clients are thread-safe; the caller keeps them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from ..model.errors import AwsError, BadCredentials, Unreachable
from . import refusals
from .access import NOWHERE, VARIABLE, Access, confined, is_local
from .answers import Unusable, refuse_unusable
from .roles import Ask, assumed

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 20
MAX_CONNECTIONS = 32

METADATA_TIMEOUT_SECONDS = (0.25, 1.0)
"""The limits to connect to the instance's metadata service, and to wait for its answer. On an instance the connection takes less than a
millisecond. Anywhere else there is none, and botocore's own limit, one second for each of two attempts, would only cost time.
"""

OUT_OF_REACH = (
    "a test whose program calls AWS needs the fixture `local_aws`; pytest --real-aws lets tests reach the real AWS"
)
"""What to do where no AWS must be called at all. Only the test kit forbids that."""

lock = threading.RLock()
_sessions: dict[tuple[Access, str], Any] = {}
_profile_regions: dict[Access, str] = {}


def client(service: str, region: str, access: Access, ask: Ask) -> Any:
    """A new client. `ask` asks STS for the credentials of roles.

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
    with lock, _told_settings():
        made = session(access, region, ask).create_client(
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
                s3={"addressing_style": access.addressing_style} if access.addressing_style else None,
                user_agent_extra=f"pulumi-connect-domains/{__version__}",
            ),
        )
        _ = urlsplit(made.meta.endpoint_url).port  # a port that is none would fail with each request
        return made


def session(access: Access, region: str, ask: Ask) -> Any:
    """The session of the Access. An Access with roles has one for each Region, since the Region's STS gives their credentials.

    Raises: as `client`.
    """
    access = confined(access)
    with lock, _told_settings():
        key = (access, region if access.roles else "")
        if key not in _sessions:
            made = _session(access)
            _give_credentials(made, access, access.sts_region or region, ask)
            _sessions[key] = made
        return _sessions[key]


def profile_region(access: Access) -> str:
    """The region that the profile in use names, or "". Raises: BadCredentials for a profile that does not exist."""
    access = confined(access)
    with lock:
        if access not in _profile_regions:
            _profile_regions[access] = str(_settings(_session(access)).get("region") or "")
        return _profile_regions[access]


def forget() -> None:
    """Forgets all sessions: the next one is created by the environment of that moment."""
    with lock:
        _sessions.clear()
        _profile_regions.clear()


@contextmanager
def _told_settings() -> Iterator[None]:
    """Within it, settings of this machine that botocore cannot use are told as our errors."""
    from botocore.exceptions import BotoCoreError

    try:
        yield
    except (BotoCoreError, ValueError) as error:
        raise refusals.unusable_settings(error) or error from None


def _session(access: Access) -> Any:
    """A session with the settings of the Access and its profile, and botocore's own chain of credentials."""
    from botocore.configprovider import ConstantProvider
    from botocore.session import Session

    made = Session(profile=access.profile or None)
    made.lazy_register_component("data_loader", lambda: _loader(made.get_config_variable("data_path")))
    made.register("before-parse", refuse_unusable)
    store = made.get_component("config_store")
    for name, value in access.variables:
        made.set_config_variable(name, value)
    named = access.profile or os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")
    if access.confined_to or not named:
        store.set_config_provider("profile", ConstantProvider(None))  # botocore takes an empty variable for a name
    if "metadata_service_timeout" not in _settings(made) and not os.environ.get("AWS_METADATA_SERVICE_TIMEOUT"):
        # As a provider, since the variable itself takes one whole number only.
        store.set_config_provider("metadata_service_timeout", ConstantProvider(METADATA_TIMEOUT_SECONDS))
    return made


def _give_credentials(made: Any, access: Access, sts_region: str, ask: Ask) -> None:
    """Gives the session the credentials of the Access. The STS of `sts_region` gives those of roles, also of a profile's role."""
    from botocore.credentials import create_credential_resolver

    if access.roles:
        _provide(made, lambda: assumed(access, sts_region, ask))
    elif access.access_key:
        made.set_credentials(access.access_key, access.secret_key, access.token or None)
    else:
        chain = create_credential_resolver(made, region_name=sts_region)
        if access.skips_metadata:
            chain.remove("iam-role")
        _provide(made, cache(lambda: _watched(chain.load_credentials)))  # looked for once, not again for each client


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


def _settings(made: Any) -> dict[str, Any]:
    from botocore.exceptions import ConfigParseError, ProfileNotFound

    try:
        return dict(made.get_scoped_config())
    except ProfileNotFound:
        name = made.get_config_variable("profile")
        raise BadCredentials(
            f"the AWS profile {name!r} does not exist on this machine\n"
            "set aws:profile or AWS_PROFILE to one that does, or leave them out"
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
