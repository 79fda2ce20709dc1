"""The types of a domain's nested outputs: plain values, as they are inside `domain.matching.apply(…)`.

Inputs come back as the program gave them, so an optional key exists only if the program set it. What AWS computes is complete.
"""

from __future__ import annotations

from typing_extensions import NotRequired, TypedDict


class JobSchedule(TypedDict):
    """When the weekly identity resolution job runs, in UTC."""

    day_of_the_week: str
    time: str
    """HH:MM in UTC."""


class Consolidation(TypedDict):
    """Which profiles count as duplicates."""

    matching_attributes_list: list[list[str]]


class ConflictResolution(TypedDict):
    """Which value wins when merged profiles disagree."""

    conflict_resolving_model: str
    source_name: NotRequired[str]


class AutoMerging(TypedDict):
    """Whether and how duplicates found by the job are merged."""

    enabled: bool
    consolidation: NotRequired[Consolidation]
    conflict_resolution: NotRequired[ConflictResolution]
    min_allowed_confidence_score_for_merging: NotRequired[float]


class S3Exporting(TypedDict):
    """The bucket that receives the results of identity resolution."""

    s3_bucket_name: str
    s3_key_name: NotRequired[str]


class ExportingConfig(TypedDict):
    """Where the results of identity resolution are written."""

    s3_exporting: NotRequired[S3Exporting]


class Matching(TypedDict):
    """Identity resolution by machine learning, as a weekly job."""

    enabled: bool
    job_schedule: NotRequired[JobSchedule]
    auto_merging: NotRequired[AutoMerging]
    exporting_config: NotRequired[ExportingConfig]


class MatchingRule(TypedDict):
    """One level of rule-based matching."""

    rule: list[str]


class AttributeTypesSelector(TypedDict):
    """How attributes of one kind are compared."""

    attribute_matching_model: str
    address: NotRequired[list[str]]
    phone_number: NotRequired[list[str]]
    email_address: NotRequired[list[str]]


class RuleBasedMatching(TypedDict):
    """Identity resolution by rules; the first rule is level 1."""

    enabled: bool
    matching_rules: NotRequired[list[MatchingRule]]
    max_allowed_rule_level_for_matching: NotRequired[int]
    max_allowed_rule_level_for_merging: NotRequired[int]
    attribute_types_selector: NotRequired[AttributeTypesSelector]
    conflict_resolution: NotRequired[ConflictResolution]
    exporting_config: NotRequired[ExportingConfig]


class DataStore(TypedDict):
    """The domain's data store."""

    enabled: NotRequired[bool]


class Stats(TypedDict):
    """What the domain held when it was last read; sizes in bytes.

    Source: the members of GetDomain's `Stats` are of a type that always has a value (`long`).
    """

    profile_count: int
    metering_profile_count: int
    object_count: int
    total_size: int


class DataStoreReadiness(TypedDict):
    """How far AWS is with the data store."""

    progress_percentage: NotRequired[int]
    message: NotRequired[str]
