"""Credentials of any account, without asking STS: the account number stands in the access key id."""

from __future__ import annotations

import re

from ...aws.access import VARIABLE

DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"
SECRET_ACCESS_KEY = "local"

_ACCESS_KEY_ID = re.compile(r"AKIAACCT(\d{12})")


def access_key_id(account: str) -> str:
    """An access key id of this account, in AWS's form: 20 capital letters and digits.

    Raises ValueError for anything but twelve digits.
    """
    if not re.fullmatch(r"[0-9]{12}", account):
        raise ValueError(f"an AWS account number has twelve digits: {account!r}")
    return f"AKIAACCT{account}"


def account_in(key: str) -> str | None:
    """The account that stands in this access key id, or None when it is a key of another kind."""
    match = _ACCESS_KEY_ID.fullmatch(key)
    return match and match[1]


def environment(endpoint: str, account: str, region: str) -> dict[str, str]:
    """Variables with which any AWS SDK, the AWS CLI, Pulumi and this provider talk to `endpoint`, and this provider to nothing else.

    The empty session token takes the place of a real one that may stand in the surrounding environment.
    """
    return {
        VARIABLE: endpoint,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": access_key_id(account),
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
