"""The class Domain, which programs declare, and the types of its arguments. The types of its nested outputs are in outputs.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import pulumi
from typing_extensions import NotRequired, TypedDict

from ...host.lifecycle import Lifecycle
from ...host.resource import ConnectResource
from ...model.resource_type import ResourceType
from . import outputs


class DomainProvider(Lifecycle):
    """What the dynamic provider host runs for a Customer Profiles domain."""

    type = ResourceType("pulumi_connect_domains.customerprofiles.domain")


# People's state files name the provider as pulumi_connect_domains.customerprofiles.DomainProvider, for ever.
DomainProvider.__module__ = "pulumi_connect_domains.customerprofiles"


class JobSchedule(TypedDict):
    """When the weekly identity resolution job runs, in UTC."""

    day_of_the_week: pulumi.Input[
        Literal["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"] | str
    ]
    time: pulumi.Input[str]
    """HH:MM in UTC, from 0:00 to 23:59; 9:05 and 09:05 are the same."""


class Consolidation(TypedDict):
    """Which profiles count as duplicates: 1 to 10 criteria, each of 1 to 20 attributes."""

    matching_attributes_list: pulumi.Input[Sequence[pulumi.Input[Sequence[pulumi.Input[str]]]]]


class ConflictResolution(TypedDict):
    """Which value wins when merged profiles disagree."""

    conflict_resolving_model: pulumi.Input[Literal["RECENCY", "SOURCE"] | str]
    source_name: NotRequired[pulumi.Input[str | None]]
    """The object type whose values win; meant for SOURCE."""


class AutoMerging(TypedDict):
    """Whether and how duplicates found by the job are merged. Merges cannot be undone."""

    enabled: pulumi.Input[bool]
    consolidation: NotRequired[pulumi.Input[Consolidation | None]]
    conflict_resolution: NotRequired[pulumi.Input[ConflictResolution | None]]
    min_allowed_confidence_score_for_merging: NotRequired[pulumi.Input[float | None]]
    """From 0 to 1; 0 is a real threshold."""


class S3Exporting(TypedDict):
    """The bucket that receives the results of identity resolution."""

    s3_bucket_name: pulumi.Input[str]
    s3_key_name: NotRequired[pulumi.Input[str | None]]


class ExportingConfig(TypedDict):
    """Where the results of identity resolution are written."""

    s3_exporting: NotRequired[pulumi.Input[S3Exporting | None]]


class Matching(TypedDict):
    """Identity resolution by machine learning, as a weekly job."""

    enabled: pulumi.Input[bool]
    job_schedule: NotRequired[pulumi.Input[JobSchedule | None]]
    auto_merging: NotRequired[pulumi.Input[AutoMerging | None]]
    exporting_config: NotRequired[pulumi.Input[ExportingConfig | None]]


class MatchingRule(TypedDict):
    """One level of rule-based matching: attributes that must all agree."""

    rule: pulumi.Input[Sequence[pulumi.Input[str]]]


class AttributeTypesSelector(TypedDict):
    """How attributes of one kind (several phone numbers, say) are compared; the order in the lists has no meaning."""

    attribute_matching_model: pulumi.Input[Literal["ONE_TO_ONE", "MANY_TO_MANY"] | str]
    address: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    phone_number: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    email_address: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]


class RuleBasedMatching(TypedDict):
    """Identity resolution by rules. The order of the rules is their level: the first is level 1."""

    enabled: pulumi.Input[bool]
    matching_rules: NotRequired[pulumi.Input[Sequence[pulumi.Input[MatchingRule]] | None]]
    max_allowed_rule_level_for_matching: NotRequired[pulumi.Input[int | None]]
    max_allowed_rule_level_for_merging: NotRequired[pulumi.Input[int | None]]
    attribute_types_selector: NotRequired[pulumi.Input[AttributeTypesSelector | None]]
    conflict_resolution: NotRequired[pulumi.Input[ConflictResolution | None]]
    exporting_config: NotRequired[pulumi.Input[ExportingConfig | None]]


class DataStore(TypedDict):
    """The domain's data store. Taken out of the program, it stays on; write `{"enabled": False}` to ask AWS to turn it off."""

    enabled: NotRequired[pulumi.Input[bool | None]]


class Domain(ConnectResource, module="customerprofiles", name="Domain"):
    """An Amazon Connect Customer Profiles domain. Its id is its name.

    Deleting a domain deletes all of its customer data. So a domain that holds profiles or objects is only deleted, or replaced, when
    `force_destroy=True` was applied before.

    Inputs
        default_expiration_days: how long data stays unless its object type says otherwise, 1 to 1098 days.
        domain_name: 1 to 64 of letters, digits, _ and -; left out: the resource's name with seven hex digits. A change replaces.
        default_encryption_key: a KMS key (AWS takes the key's ARN, id or alias); left out: a key of AWS's.
        dead_letter_queue_url: the SQS queue for what could not be ingested; its policy must let Customer Profiles send messages.
        matching, rule_based_matching: identity resolution; taken out of the program it is turned off.
        data_store: taken out of the program it stays on.
        tags: once there are any (or the stack has default tags) the resource owns all tags of the domain.
        region: left out: the stack's aws:region, AWS_REGION, AWS_DEFAULT_REGION, or the profile's. A change replaces.
        force_destroy: lets the domain be deleted with the data that it holds, from the next `up` on.
        adopt_existing: lets a creation take over a domain that has the name already, instead of failing.

    Outputs: every input as it was given, and arn, created_at, last_updated_at (UTC), stats, rule_based_matching_status,
    data_store_readiness, tags_all (the tags with the stack's default tags).
    """

    lifecycle = DomainProvider

    if TYPE_CHECKING:  # the SDK reads annotations at run time, and cannot convert to TypedDicts
        domain_name: pulumi.Output[str]
        default_expiration_days: pulumi.Output[int]
        default_encryption_key: pulumi.Output[str | None]
        dead_letter_queue_url: pulumi.Output[str | None]
        matching: pulumi.Output[outputs.Matching | None]
        rule_based_matching: pulumi.Output[outputs.RuleBasedMatching | None]
        data_store: pulumi.Output[outputs.DataStore | None]
        tags: pulumi.Output[dict[str, str] | None]
        tags_all: pulumi.Output[dict[str, str] | None]
        region: pulumi.Output[str]
        force_destroy: pulumi.Output[bool | None]
        adopt_existing: pulumi.Output[bool | None]
        arn: pulumi.Output[str]
        created_at: pulumi.Output[str]
        last_updated_at: pulumi.Output[str]
        stats: pulumi.Output[outputs.Stats | None]
        rule_based_matching_status: pulumi.Output[str | None]
        data_store_readiness: pulumi.Output[outputs.DataStoreReadiness | None]

    def __init__(
        self,
        resource_name: str,
        *,
        default_expiration_days: pulumi.Input[int],
        domain_name: pulumi.Input[str | None] | None = None,
        default_encryption_key: pulumi.Input[str | None] | None = None,
        dead_letter_queue_url: pulumi.Input[str | None] | None = None,
        matching: pulumi.Input[Matching | None] | pulumi.Output[outputs.Matching | None] | None = None,
        rule_based_matching: pulumi.Input[RuleBasedMatching | None]
        | pulumi.Output[outputs.RuleBasedMatching | None]
        | None = None,
        data_store: pulumi.Input[DataStore | None] | pulumi.Output[outputs.DataStore | None] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]] | None] | None = None,
        region: pulumi.Input[str | None] | None = None,
        force_destroy: pulumi.Input[bool | None] | None = None,
        adopt_existing: pulumi.Input[bool | None] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declares the domain. Raises: ProgramError for the option import_ and for a provider of another package."""
        inputs: dict[str, Any] = {
            "domain_name": domain_name,
            "default_expiration_days": default_expiration_days,
            "default_encryption_key": default_encryption_key,
            "dead_letter_queue_url": dead_letter_queue_url,
            "matching": matching,
            "rule_based_matching": rule_based_matching,
            "data_store": data_store,
            "tags": tags,
            "region": region,
            "force_destroy": force_destroy,
            "adopt_existing": adopt_existing,
        }
        super().__init__(resource_name, inputs, opts)
