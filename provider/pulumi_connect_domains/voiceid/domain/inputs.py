# Written by `make generate` from schema.json: change that file, not this one.

"""The structures in the arguments of a domain."""

from __future__ import annotations

import pulumi
from typing_extensions import TypedDict


class ServerSideEncryptionConfiguration(TypedDict):
    """The key that encrypts the data of the domain. Voice ID has no key of its own."""

    kms_key_id: pulumi.Input[str]
    """The AWS KMS key: a symmetric key that you manage, as ARN, id or alias. After a change AWS encrypts all data anew, in
    the background; `pulumi up` waits for the outcome.
    1 to 2048 characters.
    Required.
    For example: `"arn:aws:kms:eu-west-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001"`.
    """
