"""Amazon Connect Voice ID domains, which AWS stopped supporting on 2026-05-20.

`DomainProvider` is pickled into people's state files by this very path, `pulumi_connect_domains.voiceid.DomainProvider`: neither the
path nor the name may ever change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .domain import outputs
from .domain.outputs import ServerSideEncryptionUpdateDetails, WatchlistDetails
from .domain.resource import Domain, DomainProvider, ServerSideEncryptionConfiguration

if TYPE_CHECKING:
    from ..model.validation import Failure
    from ..model.values import Json

__all__ = [
    "Domain",
    "DomainProvider",
    "ServerSideEncryptionConfiguration",
    "ServerSideEncryptionUpdateDetails",
    "WatchlistDetails",
    "outputs",
    "validate",
]


def validate(inputs: Json) -> list[Failure]:
    """Every mistake in a domain's inputs, sorted by path; empty when there is none. Pure, so for unit tests without Pulumi too.

    Shape: `validate({"server_side_encryption_configuration": {}})` gives
    `[Failure("server_side_encryption_configuration.kms_key_id", "is missing; must be text of 1 to 2048 characters")]`.
    """
    # With the first use, so that importing the package stays quick.
    from ..host.values import with_our_marks
    from ..model.validation import failures

    return failures(DomainProvider.type.schema, with_our_marks(inputs))
