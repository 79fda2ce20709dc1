"""With which credentials and settings AWS is called; and how a run is kept on this machine, whatever is configured.

An `Access` is hashable, because there are credentials for each, and a client for the `settings` of each. Its repr shows no secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from ..model.spelling import Spelling
from ..model.wording import camel_case

MAX_ATTEMPTS = 8


@dataclass(frozen=True)
class Role:
    """A role to assume: with the credentials of the role before it, or with a web identity's token.

    Source: STS AssumeRole and AssumeRoleWithWebIdentity; the members are pulumi-aws's.
    """

    arn: str
    session_name: str = ""
    external_id: str = field(default="", repr=False)
    duration_seconds: int | None = None
    policy: str = field(default="", repr=False)
    policy_arns: tuple[str, ...] = ()
    source_identity: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    transitive_tag_keys: tuple[str, ...] = ()
    web_identity_token: str = field(default="", repr=False)
    web_identity_token_file: str = ""


@dataclass(frozen=True)
class Naming:
    """How people name the settings of a host: keys of the stack's config in a namespace, or arguments of an explicit Provider.

    Keys of config are in camelCase in every language; the arguments are spelled as the program spells them.
    """

    namespace: str = "aws"
    is_explicit: bool = False
    spelling: Spelling = Spelling.SNAKE

    def of(self, setting: str) -> str:
        """The setting's name for people: `aws:allowedAccountIds`, or `allowed_account_ids of the Provider`."""
        if not self.is_explicit:
            return f"{self.namespace}:{camel_case(setting)}"
        return f"{setting if self.spelling is Spelling.SNAKE else camel_case(setting)} of the Provider"

    def told(self, text: str, **others: str) -> str:
        """The text with the names of settings in the place of `{max_retries}` and the like; `others` are more such words."""
        return _BRACED.sub(lambda found: others[found[1]] if found[1] in others else self.of(found[1]), text)


_BRACED = re.compile("{([a-z_]+)}")


@dataclass(frozen=True)
class Access:
    """Credentials and settings of calls. An empty one means botocore's own chain of credentials and AWS's own endpoints.

    `roles` are assumed one after the other. `endpoints` are pairs of a service and a URL, `variables` pairs of a botocore session
    variable and its value. `addressing_style` is how URLs of S3 name a bucket: `path`, `virtual`, or "" for botocore's own choice.
    `confined_to` is the URL of the local AWS that every call goes to, whatever the rest says (`confined`). `naming` is for messages alone:
    where two differ in nothing else, they are the same.
    """

    profile: str = ""
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    roles: tuple[Role, ...] = ()
    sts_region: str = ""
    endpoints: tuple[tuple[str, str], ...] = ()
    max_attempts: int = MAX_ATTEMPTS
    retry_mode: str = "standard"
    skips_metadata: bool = False
    verifies_tls: bool = True
    proxies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    variables: tuple[tuple[str, str | bool], ...] = ()
    addressing_style: str = ""
    confined_to: str = ""
    naming: Naming = field(default_factory=Naming, compare=False, repr=False)

    @property
    def settings(self) -> Access:
        """The same without whose it is: what clients and sessions of many accounts have in common."""
        return replace(self, access_key="", secret_key="", token="", roles=(), sts_region="", skips_metadata=False)

    def endpoint(self, service: str) -> str:
        """The configured URL of a botocore service, or "". Every spelling of its name is found: customer-profiles, customerprofiles."""
        if self.confined_to:
            return self.confined_to
        wanted = _letters(service)
        return next((url for name, url in self.endpoints if _letters(name) == wanted), "")


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


_USER_IN_URL = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_QUERY_OF_URL = re.compile(r"(://[^\s?]+\?)\S+")


def without_secrets(text: str) -> str:
    """The text, whose URLs have lost what may be secret in them: user and password, and the query."""
    return _QUERY_OF_URL.sub(r"\1…", _USER_IN_URL.sub("…", text))


# -- confined to this machine -----------------------------------------------------------------------------------------

VARIABLE = "CONNECT_DOMAINS_LOCAL_AWS"
"""The environment variable that keeps a run on this machine: the URL of the local AWS that every call goes to, or `none`, and every call
is refused. Empty means the same as not set. `connect-domains local` and the test kit set it for programs and providers.
"""
NOWHERE = "none"

ACCESS_KEY, SECRET_KEY = "local", "local"
"""The keys where no others are set. To the local AWS, an unknown key belongs to its default account."""


def is_local(url: str) -> bool:
    """Whether the URL leads to this machine."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.hostname in ("127.0.0.1", "localhost", "::1")
    except ValueError:
        return False


def confined(access: Access, environment: Mapping[str, str] | None = None) -> Access:
    """The Access; where the variable is set, one that reaches only the local AWS that the variable names.

    Then endpoints, proxies, profiles and config files are ignored. Credentials come from the config or the environment, and from no other
    source (SSO, a process, a container, the instance). Roles are still assumed, at the local STS.
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
        addressing_style="path",
        variables=(
            ("config_file", os.devnull),
            ("credentials_file", os.devnull),
            ("use_fips_endpoint", False),
            ("use_dualstack_endpoint", False),
        ),
    )
