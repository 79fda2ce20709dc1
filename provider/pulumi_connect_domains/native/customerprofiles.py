# Written by `make generate` from schema.json: change that file, not this one.

"""Amazon Connect Customer Profiles domains, managed by the native host.

The classes have the arguments and outputs of those in the service's own package. A program that stands may change from
one to the other: its resources stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import customerprofiles as service
from ..customerprofiles import validate
from .resource import NativeResource

if TYPE_CHECKING:
    from ..customerprofiles import (
        AttributeTypesSelector,
        AutoMerging,
        ConflictResolution,
        Consolidation,
        DataStore,
        DataStoreReadiness,
        ExportingConfig,
        JobSchedule,
        Matching,
        MatchingRule,
        RuleBasedMatching,
        S3Exporting,
        Stats,
        outputs,
    )

__all__ = [
    "AttributeTypesSelector",
    "AutoMerging",
    "ConflictResolution",
    "Consolidation",
    "DataStore",
    "DataStoreReadiness",
    "Domain",
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


class Domain(NativeResource, service.Domain, module="customerprofiles", name="Domain"):
    """An Amazon Connect Customer Profiles domain, with the arguments and outputs of `customerprofiles.Domain`.

    The option `import_` brings an existing one under Pulumi. `provider` takes a `Provider` of
    `pulumi_connect_domains.native`.
    """


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """The types of structures, which are those of the service's own package."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(service, name)

    def __dir__() -> list[str]:
        return [*globals(), *__all__]
