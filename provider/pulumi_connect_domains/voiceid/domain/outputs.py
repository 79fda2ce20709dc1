# Written by `make generate` from schema.json: change that file, not this one.

"""The structures in the outputs of a domain, as plain values: what a function gets that is given to `apply`.

An argument comes back as the program gave it, so a member that may be left out is there only if the program set it.
"""

from __future__ import annotations

from typing_extensions import NotRequired, TypedDict


class ServerSideEncryptionConfiguration(TypedDict):
    """The key that encrypts the data of the domain. Voice ID has no key of its own."""

    kms_key_id: str
    """The AWS KMS key: a symmetric key that you manage, as ARN, id or alias. After a change AWS encrypts all data anew, in
    the background; `pulumi up` waits for the outcome.
    """


class WatchlistDetails(TypedDict):
    """The watchlist that the domain was created with."""

    default_watchlist_id: str
    """The id of the default watchlist, which every domain has."""


class ServerSideEncryptionUpdateDetails(TypedDict):
    """The latest change of the key, however long ago it was."""

    update_status: NotRequired[str]
    """The outcome of the latest change of the key.
    - `IN_PROGRESS`: AWS is still encrypting the data with the new key. Meanwhile it refuses another change of the key.
    - `COMPLETED`: All data is encrypted with the new key.
    - `FAILED`: The change failed, and `message` says why. The next `pulumi up` tries it again.
    """
    old_kms_key_id: NotRequired[str]
    """The key that the domain had before. It is secret where the key in the program is."""
    message: NotRequired[str]
    """What AWS says about the status; the cause, if the change failed. It is secret where the key in the program is."""
