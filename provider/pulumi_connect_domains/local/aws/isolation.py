"""The environment of a run that must not reach the real AWS: whatever leads there is taken out, and the local AWS put in its place.

Every AWS SDK and the AWS CLI obey it, so it holds for a program's own boto3 calls and for other providers, too. What a program states
in so many words itself (an address of AWS together with keys) no variable can hold back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from ...aws.access import NOWHERE, VARIABLE
from .accounts import DEFAULT_ACCOUNT, DEFAULT_REGION, account_in, environment

KEPT = frozenset({"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"})
"""All others of AWS's variables say who one is, or where AWS is."""
NO_ADDRESS = "http://127.0.0.1:1"
"""Nothing can listen there (port 1 is the system's), so a call fails at once."""
_THIS_MACHINE = ("127.0.0.1", "localhost")


def isolated(surrounding: Mapping[str, str], endpoint: str | None) -> dict[str, str]:
    """The surrounding variables, such that AWS is the local one at `endpoint`; None: such that there is none.

    Region, and the account of a local access key id, stay as they were; a region is made up only where there is an AWS.
    """
    region = surrounding.get("AWS_REGION") or surrounding.get("AWS_DEFAULT_REGION") or ""
    account = account_in(surrounding.get("AWS_ACCESS_KEY_ID", "")) or DEFAULT_ACCOUNT
    local = environment(endpoint or NO_ADDRESS, account, region or DEFAULT_REGION)
    if endpoint is None:
        local = {**local, VARIABLE: NOWHERE}
        if not region:
            del local["AWS_REGION"], local["AWS_DEFAULT_REGION"]
    return {
        **{name: value for name, value in surrounding.items() if not name.upper().startswith("AWS_") or name in KEPT},
        **local,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **_past_the_proxy(surrounding),
    }


def _past_the_proxy(surrounding: Mapping[str, str]) -> dict[str, str]:
    """With a proxy in the environment, this machine's own addresses are still asked directly."""
    given = surrounding.get("no_proxy") or surrounding.get("NO_PROXY") or ""
    if given.strip() == "*" or not any(name.lower().endswith("_proxy") for name in surrounding):
        return {}
    names = [name for name in (part.strip() for part in given.split(",")) if name]
    value = ",".join(dict.fromkeys([*names, *_THIS_MACHINE]))
    return {"no_proxy": value, "NO_PROXY": value}
