"""A run that must not leave this machine: where CONNECT_DOMAINS_LOCAL_AWS names a local AWS, nothing that is configured leads past it.

The variable is part of what `connect-domains local` and the test kit give to programs and providers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from .access import Access

VARIABLE = "CONNECT_DOMAINS_LOCAL_AWS"
"""The URL of the local AWS that every call goes to, or `none`: then every call is refused. Empty is as if it were not set."""
NOWHERE = "none"

ACCESS_KEY, SECRET_KEY = "local", "local"
"""Where nothing else is set. The local AWS takes any key that it does not know for one of its default account."""


def is_local(url: str) -> bool:
    """Whether the URL leads to this machine."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.hostname in ("127.0.0.1", "localhost", "::1")
    except ValueError:
        return False


def confined(access: Access, environment: Mapping[str, str] | None = None) -> Access:
    """The Access, or where the variable is set one that reaches only the local AWS that it names.

    Endpoints, proxies, profiles and config files have no say then; credentials are those of the config or the environment, and no
    other source is asked for any (SSO, a process, a container, the instance). Roles are assumed, of the local STS.
    """
    environment = os.environ if environment is None else environment
    only = environment.get(VARIABLE, "").strip()
    if not only:
        return access
    given = access.access_key and (access.access_key, access.secret_key, access.token)
    found = environment.get("AWS_ACCESS_KEY_ID") and environment.get("AWS_SECRET_ACCESS_KEY")
    from_environment = found and (environment["AWS_ACCESS_KEY_ID"], found, environment.get("AWS_SESSION_TOKEN", ""))
    access_key, secret_key, token = given or from_environment or (ACCESS_KEY, SECRET_KEY, "")
    return replace(
        access,
        confined_to=only,
        profile="",
        access_key=access_key,
        secret_key=secret_key,
        token=token,
        proxies=(),
        verifies_tls=True,
        variables=(
            ("config_file", os.devnull),
            ("credentials_file", os.devnull),
            ("use_fips_endpoint", False),
            ("use_dualstack_endpoint", False),
        ),
    )
