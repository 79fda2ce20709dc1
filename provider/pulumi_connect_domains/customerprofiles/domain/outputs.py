# Written by `make generate` from schema.json: change that file, not this one.

"""The structures in the outputs of a domain, as plain values: what a function gets that is given to `apply`.

An argument comes back as the program gave it, so a member that may be left out is there only if the program set it.
"""

from __future__ import annotations

from typing_extensions import NotRequired, TypedDict


class JobSchedule(TypedDict):
    """The day and the time at which the weekly job starts."""

    day_of_the_week: str
    """The day of the week on which the job starts.
    - `SUNDAY`: The job starts on Sundays.
    - `MONDAY`: The job starts on Mondays.
    - `TUESDAY`: The job starts on Tuesdays.
    - `WEDNESDAY`: The job starts on Wednesdays.
    - `THURSDAY`: The job starts on Thursdays.
    - `FRIDAY`: The job starts on Fridays.
    - `SATURDAY`: The job starts on Saturdays.
    """
    time: str
    """The time at which the job starts, in UTC, as hours and minutes. `9:05` and `09:05` are the same."""


class Consolidation(TypedDict):
    """Decides which profiles count as one person."""

    matching_attributes_list: list[list[str]]
    """The criteria. Two profiles are merged when they agree in all attributes of at least one criterion."""


class ConflictResolution(TypedDict):
    """Decides which value a merged profile keeps where its parts differ."""

    conflict_resolving_model: str
    """The way to choose between two values of the same attribute.
    - `RECENCY`: The value that was updated last is kept.
    - `SOURCE`: The value that came from the object type in `source_name` is kept. Between two values of that type, the
    newer one is.
    """
    source_name: NotRequired[str]
    """The object type whose values are kept when the model is `SOURCE`. With `RECENCY` it has no effect."""


class AutoMerging(TypedDict):
    """Decides whether the duplicates that the job finds are merged, and how. Merges cannot be undone."""

    enabled: bool
    """Whether duplicates are merged by themselves, without a person who decides."""
    consolidation: NotRequired[Consolidation]
    """Decides which profiles count as one person."""
    conflict_resolution: NotRequired[ConflictResolution]
    """Decides which value a merged profile keeps where its parts differ."""
    min_allowed_confidence_score_for_merging: NotRequired[float]
    """The lowest confidence score at which two profiles are merged. A higher score asks for more similar profiles; 0 is a
    threshold too, not the absence of one.
    """


class S3Exporting(TypedDict):
    """The place in Amazon S3 that receives the result files."""

    s3_bucket_name: str
    """The name of the bucket, without `s3://`. Its policy must let `profile.amazonaws.com` write, or AWS refuses the call."""
    s3_key_name: NotRequired[str]
    """The key of the place in the bucket where the files are written."""


class ExportingConfig(TypedDict):
    """Says where identity resolution writes its results. The API returns them as well."""

    s3_exporting: NotRequired[S3Exporting]
    """The place in Amazon S3 that receives the result files."""


class Matching(TypedDict):
    """Identity resolution by machine learning: a weekly job looks for profiles that belong to the same person."""

    enabled: bool
    """Whether the weekly identity resolution job runs."""
    job_schedule: NotRequired[JobSchedule]
    """The day and the time at which the weekly job starts."""
    auto_merging: NotRequired[AutoMerging]
    """Decides whether the duplicates that the job finds are merged, and how. Merges cannot be undone."""
    exporting_config: NotRequired[ExportingConfig]
    """Says where identity resolution writes its results. The API returns them as well."""


class MatchingRule(TypedDict):
    """One rule, which is one level: profiles that agree in all of its attributes match."""

    rule: list[str]
    """The attributes that must all agree. For emails, phone numbers and addresses, name the type: `EmailAddress`,
    `PhoneNumber`, `Address.City`. `attribute_types_selector` says which attributes belong to the type.
    """


class AttributeTypesSelector(TypedDict):
    """Decides which attributes the types in the rules stand for, and how they are compared."""

    attribute_matching_model: str
    """The way in which attributes of the same type are compared.
    - `ONE_TO_ONE`: An attribute is compared with the same attribute only: a home phone number with a home phone number.
    - `MANY_TO_MANY`: An attribute is compared with every attribute of its type: a home phone number with a mobile phone
    number too.
    """
    address: NotRequired[list[str]]
    """The attributes that count as `Address` in a rule. Their order has no meaning."""
    phone_number: NotRequired[list[str]]
    """The attributes that count as `PhoneNumber` in a rule. Their order has no meaning."""
    email_address: NotRequired[list[str]]
    """The attributes that count as `EmailAddress` in a rule. Their order has no meaning."""


class RuleBasedMatching(TypedDict):
    """Identity resolution by rules that you write. The order of the rules counts: the first is level 1, the second level
    2.
    """

    enabled: bool
    """Whether profiles are matched by the rules."""
    matching_rules: NotRequired[list[MatchingRule]]
    """The rules in their order: the first is level 1."""
    max_allowed_rule_level_for_merging: NotRequired[int]
    """The last level at which profiles that match are also merged. It makes sense up to the level for matching. Merges
    cannot be undone.
    """
    max_allowed_rule_level_for_matching: NotRequired[int]
    """The last level at which profiles are matched. Rules behind it take no part."""
    attribute_types_selector: NotRequired[AttributeTypesSelector]
    """Decides which attributes the types in the rules stand for, and how they are compared."""
    conflict_resolution: NotRequired[ConflictResolution]
    """Decides which value a merged profile keeps where its parts differ."""
    exporting_config: NotRequired[ExportingConfig]
    """Says where identity resolution writes its results. The API returns them as well."""


class DataStore(TypedDict):
    """The data store of the domain."""

    enabled: NotRequired[bool]
    """Whether the data store is on. AWS does not document whether a store that is on can be turned off again."""


class Stats(TypedDict):
    """What the domain held when it was last read. AWS counts at its own pace."""

    profile_count: int
    """The number of profiles in the domain."""
    metering_profile_count: int
    """The number of profiles that AWS bills. A profile with more than 100 objects counts as two, one with more than 200 as
    three, and so on.
    """
    object_count: int
    """The number of objects in the domain."""
    total_size: int
    """The size of all objects in the domain.
    In bytes.
    """


class DataStoreReadiness(TypedDict):
    """How far AWS is with the preparation of the data store."""

    progress_percentage: NotRequired[int]
    """How far the preparation is, as AWS estimates it.
    In percent.
    """
    message: NotRequired[str]
    """What AWS says about the preparation."""
