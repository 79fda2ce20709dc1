"""The types of a domain's nested outputs: plain values, as they are inside `domain.watchlist_details.apply(…)`."""

from __future__ import annotations

from typing_extensions import NotRequired, TypedDict


class ServerSideEncryptionConfiguration(TypedDict):
    """The key that encrypts the domain's data."""

    kms_key_id: str


class WatchlistDetails(TypedDict):
    """The watchlist that came with the domain."""

    default_watchlist_id: str


class ServerSideEncryptionUpdateDetails(TypedDict):
    """The latest change of the domain's key, however long ago."""

    update_status: NotRequired[str]
    """IN_PROGRESS, COMPLETED or FAILED."""
    old_kms_key_id: NotRequired[str]
    message: NotRequired[str]
    """Why it failed, if it did."""
