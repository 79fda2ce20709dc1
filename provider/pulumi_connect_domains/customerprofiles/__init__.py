# Written by `make generate` from schema.json: change that file, not this one.

"""Amazon Connect Customer Profiles domains.

State files name DomainProvider by the path of this package, `pulumi_connect_domains.customerprofiles.DomainProvider`.
Neither the path nor the name may ever change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..model.validation import Failure
    from ..model.values import Json
    from .domain import outputs
    from .domain.inputs import (
        AttributeTypesSelector,
        AutoMerging,
        ConflictResolution,
        Consolidation,
        DataStore,
        ExportingConfig,
        JobSchedule,
        Matching,
        MatchingRule,
        RuleBasedMatching,
        S3Exporting,
    )
    from .domain.outputs import DataStoreReadiness, Stats
    from .domain.resource import Domain, DomainProvider

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

if not TYPE_CHECKING:
    _MISSING = "module {!r} has no attribute {!r}"

    def __getattr__(name: str) -> Any:
        """The classes and the types of structures, which are loaded when first used: the provider's own process needs none of them."""
        if name in ("Domain", "DomainProvider"):
            from .domain import resource as domain_resource

            return globals().setdefault(name, getattr(domain_resource, name))
        if name not in __all__:
            raise AttributeError(_MISSING.format(__name__, name))
        from .domain import inputs, outputs

        found = {"outputs": outputs, **vars(outputs), **vars(inputs)}
        return globals().setdefault(name, found[name])

    def __dir__() -> list[str]:
        return [*globals(), *__all__]


def validate(inputs: Json) -> list[Failure]:
    """Every mistake in the inputs of a domain, sorted by path; empty when there is none.

    It needs neither Pulumi nor AWS, so it serves in unit tests.

    Shape: `validate({})` gives
    `[Failure("default_expiration_days", "is missing; must be a whole number from 1 to 1098 (days)")]`.
    """
    # Imported with the first use, so that importing the package stays quick.
    from ..host.values import with_our_marks
    from ..model.validation import failures
    from .domain.resource import DomainProvider

    return failures(DomainProvider.type.schema, with_our_marks(inputs))
