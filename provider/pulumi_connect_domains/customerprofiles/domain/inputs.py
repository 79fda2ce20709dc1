# Written by `make generate` from schema.json: change that file, not this one.

"""The structures in the arguments of a domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pulumi
from typing_extensions import NotRequired, TypedDict


class JobSchedule(TypedDict):
    """The day and the time at which the weekly job starts."""

    day_of_the_week: pulumi.Input[
        Literal["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"] | str
    ]
    """The day of the week on which the job starts.
    - `SUNDAY`: The job starts on Sundays.
    - `MONDAY`: The job starts on Mondays.
    - `TUESDAY`: The job starts on Tuesdays.
    - `WEDNESDAY`: The job starts on Wednesdays.
    - `THURSDAY`: The job starts on Thursdays.
    - `FRIDAY`: The job starts on Fridays.
    - `SATURDAY`: The job starts on Saturdays.
    Required.
    """
    time: pulumi.Input[str]
    """The time at which the job starts, in UTC, as hours and minutes. `9:05` and `09:05` are the same.
    A time of day, HH:MM.
    Required.
    For example: `"09:05"`.
    """


class Consolidation(TypedDict):
    """Decides which profiles count as one person."""

    matching_attributes_list: pulumi.Input[Sequence[pulumi.Input[Sequence[pulumi.Input[str]]]]]
    """The criteria. Two profiles are merged when they agree in all attributes of at least one criterion.
    1 to 10 items.
    Required.
    For example: `[["EmailAddress"], ["FirstName", "LastName", "PhoneNumber"]]`.
    """


class ConflictResolution(TypedDict):
    """Decides which value a merged profile keeps where its parts differ."""

    conflict_resolving_model: pulumi.Input[Literal["RECENCY", "SOURCE"] | str]
    """The way to choose between two values of the same attribute.
    - `RECENCY`: The value that was updated last is kept.
    - `SOURCE`: The value that came from the object type in `source_name` is kept. Between two values of that type, the
    newer one is.
    Required.
    For example: `"SOURCE"`.
    """
    source_name: NotRequired[pulumi.Input[str | None]]
    """The object type whose values are kept when the model is `SOURCE`. With `RECENCY` it has no effect.
    1 to 255 characters.
    Taken out of the program: The whole setting is sent to AWS again, without this member: no object type's values win
    any more.
    For example: `"Salesforce-Account"`.
    """


class AutoMerging(TypedDict):
    """Decides whether the duplicates that the job finds are merged, and how. Merges cannot be undone."""

    enabled: pulumi.Input[bool]
    """Whether duplicates are merged by themselves, without a person who decides.
    Required.
    """
    consolidation: NotRequired[pulumi.Input[Consolidation | None]]
    """Decides which profiles count as one person.
    Taken out of the program: The whole setting is sent to AWS again, without this member: the program no longer says
    what makes two profiles one.
    """
    conflict_resolution: NotRequired[pulumi.Input[ConflictResolution | None]]
    """Decides which value a merged profile keeps where its parts differ.
    Taken out of the program: The whole setting is sent to AWS again, without this member: the program no longer says
    which value a merged profile keeps.
    """
    min_allowed_confidence_score_for_merging: NotRequired[pulumi.Input[float | None]]
    """The lowest confidence score at which two profiles are merged. A higher score asks for more similar profiles; 0 is a
    threshold too, not the absence of one.
    0 to 1.
    Taken out of the program: The whole setting is sent to AWS again, without this member: the program sets no threshold
    for merging any more.
    For example: `0.8`.
    """


class S3Exporting(TypedDict):
    """The place in Amazon S3 that receives the result files."""

    s3_bucket_name: pulumi.Input[str]
    """The name of the bucket, without `s3://`. Its policy must let `profile.amazonaws.com` write, or AWS refuses the call.
    3 to 63 characters: lower-case ASCII letters, digits, . and -.
    Required.
    For example: `"crm-identity-resolution"`.
    """
    s3_key_name: NotRequired[pulumi.Input[str | None]]
    """The key of the place in the bucket where the files are written.
    1 to 800 characters.
    Taken out of the program: The whole setting is sent to AWS again, without this member.
    For example: `"matches/"`.
    """


class ExportingConfig(TypedDict):
    """Says where identity resolution writes its results. The API returns them as well."""

    s3_exporting: NotRequired[pulumi.Input[S3Exporting | None]]
    """The place in Amazon S3 that receives the result files.
    Taken out of the program: The whole setting is sent to AWS again, without this member: results are no longer written
    to S3.
    """


class Matching(TypedDict):
    """Identity resolution by machine learning: a weekly job looks for profiles that belong to the same person."""

    enabled: pulumi.Input[bool]
    """Whether the weekly identity resolution job runs.
    Required.
    """
    job_schedule: NotRequired[pulumi.Input[JobSchedule | None]]
    """The day and the time at which the weekly job starts.
    By default: The job starts on Saturday at 00:00 UTC.
    Taken out of the program: The whole setting is sent to AWS again, without this member: the weekly job has no
    schedule of the program's; AWS's default is Saturday at 00:00 UTC.
    """
    auto_merging: NotRequired[pulumi.Input[AutoMerging | None]]
    """Decides whether the duplicates that the job finds are merged, and how. Merges cannot be undone.
    By default: Duplicates are found, but not merged.
    Taken out of the program: The whole setting is sent to AWS again, without this member.
    """
    exporting_config: NotRequired[pulumi.Input[ExportingConfig | None]]
    """Says where identity resolution writes its results. The API returns them as well.
    By default: The results are not exported.
    Taken out of the program: The whole setting is sent to AWS again, without this member: results are no longer written
    to S3.
    """


class MatchingRule(TypedDict):
    """One rule, which is one level: profiles that agree in all of its attributes match."""

    rule: pulumi.Input[Sequence[pulumi.Input[str]]]
    """The attributes that must all agree. For emails, phone numbers and addresses, name the type: `EmailAddress`,
    `PhoneNumber`, `Address.City`. `attribute_types_selector` says which attributes belong to the type.
    1 to 15 items.
    Required.
    For example: `["LastName", "PhoneNumber"]`.
    """


class AttributeTypesSelector(TypedDict):
    """Decides which attributes the types in the rules stand for, and how they are compared."""

    attribute_matching_model: pulumi.Input[Literal["ONE_TO_ONE", "MANY_TO_MANY"] | str]
    """The way in which attributes of the same type are compared.
    - `ONE_TO_ONE`: An attribute is compared with the same attribute only: a home phone number with a home phone number.
    - `MANY_TO_MANY`: An attribute is compared with every attribute of its type: a home phone number with a mobile phone
    number too.
    Required.
    For example: `"MANY_TO_MANY"`.
    """
    address: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    """The attributes that count as `Address` in a rule. Their order has no meaning.
    1 to 4 items.
    Taken out of the program: The whole setting is sent to AWS again, without this member.
    For example: `["Address", "BusinessAddress"]`.
    """
    phone_number: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    """The attributes that count as `PhoneNumber` in a rule. Their order has no meaning.
    1 to 4 items.
    Taken out of the program: The whole setting is sent to AWS again, without this member.
    For example: `["PhoneNumber", "MobilePhoneNumber"]`.
    """
    email_address: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]] | None]]
    """The attributes that count as `EmailAddress` in a rule. Their order has no meaning.
    1 to 3 items.
    Taken out of the program: The whole setting is sent to AWS again, without this member.
    For example: `["EmailAddress", "BusinessEmailAddress"]`.
    """


class RuleBasedMatching(TypedDict):
    """Identity resolution by rules that you write. The order of the rules counts: the first is level 1, the second level
    2.
    """

    enabled: pulumi.Input[bool]
    """Whether profiles are matched by the rules.
    Required.
    """
    matching_rules: NotRequired[pulumi.Input[Sequence[pulumi.Input[MatchingRule]] | None]]
    """The rules in their order: the first is level 1.
    1 to 15 items.
    Taken out of the program: The whole setting is sent to AWS again, without this member: rule-based matching has
    nothing left to match by.
    For example: `[{"rule": ["EmailAddress"]}, {"rule": ["LastName", "PhoneNumber"]}]`.
    """
    max_allowed_rule_level_for_merging: NotRequired[pulumi.Input[int | None]]
    """The last level at which profiles that match are also merged. It makes sense up to the level for matching. Merges
    cannot be undone.
    1 to 15.
    Taken out of the program: The whole setting is sent to AWS again, without this member: the program sets no merging
    level any more.
    For example: `1`.
    """
    max_allowed_rule_level_for_matching: NotRequired[pulumi.Input[int | None]]
    """The last level at which profiles are matched. Rules behind it take no part.
    1 to 15.
    Taken out of the program: The whole setting is sent to AWS again, without this member: the program sets no matching
    level any more.
    For example: `2`.
    """
    attribute_types_selector: NotRequired[pulumi.Input[AttributeTypesSelector | None]]
    """Decides which attributes the types in the rules stand for, and how they are compared.
    Taken out of the program: The whole setting is sent to AWS again, without this member: the program no longer says
    which attributes the type names in rules stand for.
    """
    conflict_resolution: NotRequired[pulumi.Input[ConflictResolution | None]]
    """Decides which value a merged profile keeps where its parts differ.
    Taken out of the program: The whole setting is sent to AWS again, without this member: the program no longer says
    which value a merged profile keeps.
    """
    exporting_config: NotRequired[pulumi.Input[ExportingConfig | None]]
    """Says where identity resolution writes its results. The API returns them as well.
    By default: The results are not exported.
    Taken out of the program: The whole setting is sent to AWS again, without this member: results are no longer written
    to S3.
    """


class DataStore(TypedDict):
    """The data store of the domain."""

    enabled: NotRequired[pulumi.Input[bool | None]]
    """Whether the data store is on. AWS does not document whether a store that is on can be turned off again.
    Taken out of the program: The whole setting is sent to AWS again, without this member.
    """
