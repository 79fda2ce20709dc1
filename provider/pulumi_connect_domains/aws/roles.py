"""Credentials of an assumed role, or of a chain of roles: each role is assumed with the credentials of the one before it.

They are fetched when they are first needed, and again before they expire, so that a long `up` can go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..model.errors import BadCredentials
from ..model.path import PathPattern
from ..model.schema import Expected
from ..model.values import Json
from .access import Access, Role

SESSION_NAME = "pulumi-connect-domains"
_MEMBERS = ("access_key_id", "secret_access_key", "session_token", "expiration")
CREDENTIALS = Expected(needs=tuple(PathPattern(("credentials", member)) for member in _MEMBERS))

Ask = Callable[[Access, str, str, str, Json, Expected], Json]
"""A function that asks STS: (access, Region, operation, subject, members, what the answer must hold) -> the answer."""


class Assumed:
    """botocore credentials of the last role of the chain, for all Regions. They renew themselves.

    `region` says whose STS is asked: that of the call for which they are needed, if the Access names none. `arn` is whose they are, as
    STS's answer says, or "" before the first.
    """

    method = "assume-role"

    def __init__(self, access: Access, region: Callable[[], str], ask: Ask) -> None:
        from botocore.credentials import DeferredRefreshableCredentials

        *earlier, self._role = access.roles
        self._before = replace(access, roles=tuple(earlier))
        self._region, self._ask = region, ask
        self._own = DeferredRefreshableCredentials(self._fetch, self.method)
        self.arn = ""

    def get_frozen_credentials(self) -> Any:
        """The credentials of this moment. Raises: AwsError and its subclasses."""
        try:
            return self._own.get_frozen_credentials()
        except RuntimeError:  # botocore's, where new credentials have expired already
            raise BadCredentials(
                f"cannot assume role {self._role.arn}: by this machine's clock, its new credentials have expired already\ncheck the clock"
            ) from None

    def _fetch(self) -> dict[str, str]:
        """New credentials in botocore's form. Raises: AwsError and its subclasses, "cannot assume role …"."""
        given, self.arn = _assume(self._role, self._before, self._region(), self._ask)
        return given


def _assume(role: Role, before: Access, region: str, ask: Ask) -> tuple[dict[str, str], str]:
    """New credentials in botocore's form, and the ARN of the role's session, "" where the answer has none."""
    from botocore.exceptions import ParamValidationError

    operation = "AssumeRoleWithWebIdentity" if _token(role) else "AssumeRole"
    try:
        answer = ask(before, region, operation, f"role {role.arn}", _request(role), CREDENTIALS)
    except ParamValidationError as error:  # it tells lengths of texts, and no text
        told = "; ".join(str(error).splitlines()[1:])
        raise BadCredentials(
            f"cannot assume role {role.arn}: {told}\ncheck the role's ARN and its other settings"
        ) from None
    given = answer["credentials"]
    assert isinstance(given, dict)  # as expected of it
    user = answer.get("assumed_role_user")
    arn = str(user.get("arn") or "") if isinstance(user, dict) else ""
    credentials = {
        "access_key": given["access_key_id"],
        "secret_key": given["secret_access_key"],
        "token": given["session_token"],
        "expiry_time": given["expiration"],
    }
    return credentials, arn


def _request(role: Role) -> Json:
    """The members of the request that have a value. Source: only AssumeRole takes tags, source identity and external id."""
    members: Json = {
        "role_arn": role.arn,
        "role_session_name": role.session_name or SESSION_NAME,
        "duration_seconds": role.duration_seconds,
        "policy": role.policy,
        "policy_arns": [{"arn": arn} for arn in role.policy_arns],
        "external_id": role.external_id,
        "source_identity": role.source_identity,
        "tags": [{"key": key, "value": value} for key, value in role.tags],
        "transitive_tag_keys": list(role.transitive_tag_keys),
        "web_identity_token": _token(role),
    }
    return {name: value for name, value in members.items() if value}


MOST_TOKEN_BYTES = 20_000
"""STS takes no longer token. Source: AssumeRoleWithWebIdentity, WebIdentityToken."""


def _token(role: Role) -> str:
    """The web identity's token, or "". Its file is read each time, since others renew it. Raises: BadCredentials."""
    if not role.web_identity_token_file:
        return role.web_identity_token
    try:
        path = Path(role.web_identity_token_file).expanduser()
        if path.is_file() or not path.exists():
            with path.open("rb") as file:
                return file.read(MOST_TOKEN_BYTES).decode("utf-8").strip()
        reason: str | None = "it is not a file"  # reading a pipe or a device might never end
    except OSError as error:
        reason = error.strerror
    except (UnicodeError, RuntimeError):  # the latter: there is no such home folder
        reason = "it is no text, or its folder is not known"
    raise BadCredentials(f"cannot assume role {role.arn}: its web identity token cannot be read ({reason})")
