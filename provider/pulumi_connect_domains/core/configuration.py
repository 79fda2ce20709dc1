"""What is configured: where calls go, as whom and by which way, and which tags are whose. Values only; `settings` reads them.

An `Access` is hashable, because there is one session and one client for each. Secrets never show in a repr.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MAX_ATTEMPTS = 8


@dataclass(frozen=True)
class Role:
    """A role to assume: with the credentials of the step before it, or with a web identity's token.

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
class Access:
    """As whom calls are made, and by which way; empty means botocore's own chain of credentials and AWS's own endpoints.

    `roles` are assumed one after the other. `endpoints` are pairs of a service and a URL, `variables` pairs of a botocore session
    variable and its value. `confined_to` is the local AWS that every call goes to, whatever the rest says (`confinement`).
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
    confined_to: str = ""

    def endpoint(self, service: str) -> str:
        """The configured URL of a botocore service, or "". Its name is known in any spelling: customer-profiles, customerprofiles."""
        if self.confined_to:
            return self.confined_to
        wanted = _letters(service)
        return next((url for name, url in self.endpoints if _letters(name) == wanted), "")


@dataclass(frozen=True)
class Region:
    """A region, and where it came from."""

    name: str
    source: Literal["region", "aws:region", "Provider", "AWS_REGION", "AWS_DEFAULT_REGION", "profile"]

    @property
    def is_ambient(self) -> bool:
        """True when neither program nor stack config names it, so that another shell would give another."""
        return self.source in ("AWS_REGION", "AWS_DEFAULT_REGION", "profile")


@dataclass(frozen=True)
class Notice:
    """Something in the configuration that is worth a warning. `rule` is stable: people silence a rule by it."""

    rule: str
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


@dataclass(frozen=True)
class Configuration:
    """What the stack's config, or an explicit Provider, says. `silenced` are the rules whose warnings are not wanted."""

    region: str = ""
    access: Access = Access()
    default_tags: Mapping[str, str] = field(default_factory=dict)
    ignored_tag_keys: frozenset[str] = frozenset()
    ignored_tag_prefixes: tuple[str, ...] = ()
    allowed_account_ids: tuple[str, ...] = ()
    forbidden_account_ids: tuple[str, ...] = ()
    silenced: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()
    is_explicit: bool = False

    @property
    def limits_accounts(self) -> bool:
        """Whether only some accounts may be touched."""
        return bool(self.allowed_account_ids or self.forbidden_account_ids)

    def is_ignored(self, tag_key: str) -> bool:
        """Whether a tag is somebody else's: AWS's own, or one that the config tells us to leave alone."""
        ours = tag_key not in self.ignored_tag_keys and not tag_key.startswith(self.ignored_tag_prefixes)
        return tag_key.lower().startswith("aws:") or not ours

    def named(self, setting: str) -> str:
        """How a setting is called where it was made: `aws:allowedAccountIds`, or `allowed_account_ids` of the Provider."""
        return f"{setting} of the Provider" if self.is_explicit else f"aws:{camel_case(setting)}"


def camel_case(name: str) -> str:
    """`assume_roles` becomes `assumeRoles`, the spelling of stack config."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
