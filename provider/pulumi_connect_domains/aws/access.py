"""As whom calls are made, and by which way. Values only. An `Access` is hashable, because there is one session and one client for each.

Secrets never show in a repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
