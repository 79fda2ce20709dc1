"""What can be said about how AWS is reached: where credentials come from, which endpoint is called, how far the clocks are apart.

No credential is ever part of an answer.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from . import refusals
from .access import ACCESS_KEY, Access, confined
from .answers import Unusable
from .services import Service
from .services import service as the_service

SOURCES = {
    "env": "the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "explicit": "the stack's config ({access_key})",
    "shared-credentials-file": "the AWS credentials file",
    "config-file": "the AWS config file",
    "assume-role": "a role that was assumed",
    "assume-role-with-web-identity": "a role that was assumed with a web identity's token",
    "sso": "IAM Identity Center (`aws sso login`)",
    "login": "`aws login`",
    "custom-process": "the program that the profile names (credential_process)",
    "container-role": "the container's role",
    "iam-role": "the instance's role",
}
"""Where credentials come from, by botocore's name of the source. A setting stands in braces (`Naming.told`)."""

ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"


def credentials_source(region: str, access: Access) -> str:
    """Where the credentials come from, in words. They are fetched, so that expired or missing ones are found.

    Raises: AwsError; BadCredentials where there are none.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    about = refusals.About("GetCredentials", "the AWS credentials", {}, naming=access.naming)
    try:
        found = the_service("sts", region, access).fetched()
    except ClientError as error:
        raise refusals.refused(error, about) from None
    except BotoCoreError as error:
        raise refusals.unanswered(error, about) or error from None
    except Unusable as error:
        raise refusals.unusable(error, about) from None
    if found is None:
        kind, cause, advice = refusals.CAUSES["NoCredentialsError"]
        raise kind(f"{cause}\n{access.naming.told(advice)}")
    own = confined(access)
    if own.confined_to and own.access_key == ACCESS_KEY:
        return "the local AWS, which takes any"
    if own.confined_to and not access.access_key and not access.roles:
        return SOURCES["env"]
    return access.naming.told(SOURCES.get(str(found.method), str(found.method)))


def endpoint(service: Service) -> tuple[str, str]:
    """The URL that the service is called at, and what has set it: "AWS's own", "aws:endpoints", "AWS_ENDPOINT_URL". Raises: AwsError."""
    url = service.endpoint
    access = confined(service.access)
    if access.confined_to:
        return url, "the local AWS"
    if access.endpoint(service.name):
        return url, access.naming.of("endpoints")
    own = f"{ENDPOINT_VARIABLE}_{service.name.upper().replace('-', '_')}"
    if variable := next((name for name in (own, ENDPOINT_VARIABLE) if os.environ.get(name) == url), ""):
        return url, variable
    is_usual = (urlsplit(url).hostname or "").startswith(f"{service.endpoint_prefix}.{service.region}.")
    return url, "AWS's own" if is_usual else "the profile, or FIPS or dual-stack settings"


def watched_clock(service: Service, now: Callable[[], float] = time.time) -> Callable[[], float | None]:
    """A function that says by how many seconds AWS's clock is ahead of this machine's; None before the service's first answer.

    Source: the header Date of every answer, also of an error. It has whole seconds. Raises: AwsError, where there is no client.
    """
    offsets: list[float] = []

    def note(response: Any = None, **_: Any) -> None:
        answered = refusals.answered_at(response[0].headers) if response else None
        if answered is not None:
            offsets.append(answered - now())

    service.on_answer(note)
    return lambda: offsets[-1] if offsets else None
