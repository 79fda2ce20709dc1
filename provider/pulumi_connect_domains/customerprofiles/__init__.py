"""Amazon Connect Customer Profiles domains.

`DomainProvider` is pickled into people's state files by this very path, `pulumi_connect_domains.customerprofiles.DomainProvider`:
neither the path nor the name may ever change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .domain import outputs
from .domain.outputs import DataStoreReadiness, Stats
from .domain.resource import (
    AttributeTypesSelector,
    AutoMerging,
    ConflictResolution,
    Consolidation,
    DataStore,
    Domain,
    DomainProvider,
    ExportingConfig,
    JobSchedule,
    Matching,
    MatchingRule,
    RuleBasedMatching,
    S3Exporting,
)

if TYPE_CHECKING:
    from ..model.validation import Failure
    from ..model.values import Json

__all__ = [
    "AttributeTypesSelector",
    "AutoMerging",
    "ConflictResolution",
    "Consolidation",
    "DataStore",
    "DataStoreReadiness",
    "Domain",
    "DomainProvider",
    "ExportingConfig",
    "JobSchedule",
    "Matching",
    "MatchingRule",
    "RuleBasedMatching",
    "S3Exporting",
    "Stats",
    "outputs",
    "validate",
]


def validate(inputs: Json) -> list[Failure]:
    """Every mistake in a domain's inputs, sorted by path; empty when there is none. Pure, so for unit tests without Pulumi too.

    Shape: `validate({"domain_name": "crm", "default_expiration_days": 1099})` gives
    `[Failure("default_expiration_days", "1099 is too big; at most 1098 days")]`.
    """
    # With the first use, so that importing the package stays quick.
    from ..host.values import with_our_marks
    from ..model.validation import failures

    return failures(DomainProvider.type.schema, with_our_marks(inputs))
