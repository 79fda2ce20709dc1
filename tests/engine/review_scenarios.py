"""What the previews of tests/golden/review are of: for each, what was applied before, what happened in AWS since, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider
from pulumi_connect_domains import customerprofiles, voiceid

Program = Callable[[], Any]
Counts = dict[str, int]


@dataclass(frozen=True)
class Scenario:
    """One preview. `counts` is what AWS counts in every Customer Profiles domain before the state is refreshed, None for no refresh."""

    name: str
    after: Program
    before: Program | None = None
    counts: Counts | None = None
    command: Literal["preview", "destroy"] = "preview"
    fails: bool = False
    drift: dict[str, Any] | None = None
    """Members changed behind Pulumi's back; the preview then refreshes."""


FULL: dict[str, Any] = {
    "domain_name": "crm",
    "default_expiration_days": 366,
    "default_encryption_key": "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111",
    "dead_letter_queue_url": "https://sqs.us-east-1.amazonaws.com/123456789012/lost",
    "matching": {
        "enabled": True,
        "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"},
        "auto_merging": {
            "enabled": True,
            "consolidation": {"matching_attributes_list": [["EmailAddress", "LastName"], ["PhoneNumber"]]},
            "conflict_resolution": {"conflict_resolving_model": "RECENCY"},
            "min_allowed_confidence_score_for_merging": 0.9,
        },
        "exporting_config": {"s3_exporting": {"s3_bucket_name": "results", "s3_key_name": "matches"}},
    },
    "rule_based_matching": {
        "enabled": True,
        "matching_rules": [
            {"rule": ["EmailAddress"]},
            {"rule": ["LastName", "PhoneNumber"]},
            {"rule": ["BusinessName"]},
        ],
        "max_allowed_rule_level_for_matching": 2,
        "max_allowed_rule_level_for_merging": 1,
        "attribute_types_selector": {
            "attribute_matching_model": "ONE_TO_ONE",
            "address": ["Address", "BusinessAddress"],
            "phone_number": ["PhoneNumber"],
            "email_address": ["EmailAddress"],
        },
        "conflict_resolution": {"conflict_resolving_model": "SOURCE", "source_name": "Salesforce"},
        "exporting_config": {"s3_exporting": {"s3_bucket_name": "results"}},
    },
    "data_store": {"enabled": True},
    "tags": {"team": "crm", "cost-center": "4711"},
}

CHANGED: dict[str, Any] = {
    "domain_name": "crm",
    "default_expiration_days": 180,
    "default_encryption_key": "arn:aws:kms:us-east-1:123456789012:key/22222222-2222-2222-2222-222222222222",
    "dead_letter_queue_url": "https://sqs.us-east-1.amazonaws.com/123456789012/lost-too",
    "matching": {
        "enabled": True,
        "job_schedule": {"day_of_the_week": "MONDAY", "time": "21:30"},
        "auto_merging": {
            "enabled": False,
            "consolidation": {"matching_attributes_list": [["EmailAddress"]]},
            "conflict_resolution": {"conflict_resolving_model": "SOURCE", "source_name": "Salesforce"},
            "min_allowed_confidence_score_for_merging": 0.5,
        },
        "exporting_config": {"s3_exporting": {"s3_bucket_name": "other-results", "s3_key_name": "matches|new"}},
    },
    "rule_based_matching": {
        "enabled": True,
        "matching_rules": [
            {"rule": ["EmailAddress"]},
            {"rule": ["BusinessName"]},
            {"rule": ["LastName", "PhoneNumber"]},
            {"rule": ["AccountNumber"]},
        ],
        "max_allowed_rule_level_for_matching": 3,
        "max_allowed_rule_level_for_merging": 2,
        "attribute_types_selector": {
            "attribute_matching_model": "MANY_TO_MANY",
            "address": ["BusinessAddress", "ShippingAddress"],
            "phone_number": ["PhoneNumber", "HomePhoneNumber"],
            "email_address": ["EmailAddress", "BusinessEmailAddress"],
        },
        "conflict_resolution": {"conflict_resolving_model": "RECENCY"},
        "exporting_config": {"s3_exporting": {"s3_bucket_name": "other-results", "s3_key_name": "rules"}},
    },
    "data_store": {"enabled": False},
    "tags": {"team": "sales", "owner": "jane"},
    "force_destroy": True,
    "adopt_existing": True,
}

SWITCHED_OFF = {
    **FULL,
    "matching": {**FULL["matching"], "enabled": False},
    "rule_based_matching": {**FULL["rule_based_matching"], "enabled": False},
}
MINIMAL: dict[str, Any] = {"domain_name": "crm", "default_expiration_days": 366}
WRONG_TIME = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "25:00"}}
VOICE: dict[str, Any] = {
    "name": "voices",
    "description": "callers of the support line",
    "server_side_encryption_configuration": {"kms_key_id": "11111111-1111-1111-1111-111111111111"},
    "tags": {"team": "support"},
}
BARE_VOICE = {name: VOICE[name] for name in ("name", "server_side_encryption_configuration")}
OTHER_VOICE: dict[str, Any] = {
    "name": "callers",
    "description": "callers of all lines",
    "server_side_encryption_configuration": {"kms_key_id": "22222222-2222-2222-2222-222222222222"},
    "tags": {"team": "voice"},
}
HELD = {"ProfileCount": 12_345, "MeteringProfileCount": 12_000, "ObjectCount": 67_890, "TotalSize": 1_234_567_890}
EMPTY = {"ProfileCount": 0, "MeteringProfileCount": 0, "ObjectCount": 0, "TotalSize": 0}


def declares(*domains: dict[str, Any], voices: tuple[dict[str, Any], ...] = (), **options: Any) -> Program:
    """A program with these domains; each is named by its `resource`, or as the first of its kind."""

    def program() -> None:
        opts = pulumi.ResourceOptions(**options)
        for arguments in domains:
            given = dict(arguments)
            customerprofiles.Domain(given.pop("resource", "crm"), **given, opts=opts)
        for arguments in voices:
            voiceid.Domain("voices", **arguments, opts=opts)

    return program


def with_others(days: int, queues: dict[str, dict[str, Any]]) -> Program:
    """A program with a domain and resources of another provider."""

    def program() -> None:
        class Queues(ResourceProvider):
            def create(self, props: dict[str, Any]) -> CreateResult:
                return CreateResult(props["address"], {**props})

        class Queue(Resource, module="others", name="Queue"):
            pass

        customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=days)
        for name, properties in queues.items():
            Queue(Queues(), name, {**properties}, pulumi.ResourceOptions(replace_on_changes=["address"]))

    return program


def with_secrets(days: int, queue: str, team: Any, description: str) -> Program:
    """A program with secrets; a `team` that is an Output is one of them."""

    def program() -> None:
        customerprofiles.Domain(
            "crm",
            domain_name="crm",
            default_expiration_days=days,
            dead_letter_queue_url=pulumi.Output.secret(queue),
            tags={"team": pulumi.Output.secret(team) if days > 30 else team, "open": "yes"},
        )
        secret = pulumi.Output.secret(description)
        key = VOICE["server_side_encryption_configuration"]
        voiceid.Domain("voices", name="voices", description=secret, server_side_encryption_configuration=key)

    return program


def many(count: int) -> Program:
    """A program with so many domains."""
    return declares(
        *({"resource": f"domain-{place:03}", "domain_name": f"domain-{place:03}", **_MANY} for place in range(count))
    )


_MANY = {
    "default_expiration_days": 366,
    "matching": {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}},
    "tags": {"team": "crm"},
}

SCENARIOS = (
    Scenario("create", declares(FULL, voices=(VOICE,))),
    Scenario("update-every-property", declares(CHANGED, voices=(OTHER_VOICE,)), declares(FULL, voices=(VOICE,))),
    Scenario("take-settings-out", declares(MINIMAL, voices=(BARE_VOICE,)), declares(FULL, voices=(VOICE,))),
    Scenario("switch-off", declares(SWITCHED_OFF), declares(FULL)),
    Scenario("replace-with-data", declares({**FULL, "domain_name": "sales"}), declares(FULL), HELD),
    Scenario("replace-without-data", declares({**FULL, "domain_name": "sales"}), declares(FULL), EMPTY),
    Scenario("replace-not-known", declares({**MINIMAL, "region": "eu-central-1"}), declares({**MINIMAL, "force_destroy": True})),
    Scenario("delete-with-data", declares(), declares(MINIMAL, voices=(VOICE,)), HELD),
    Scenario("delete-without-data", declares(), declares(MINIMAL), EMPTY),
    Scenario("delete-retained", declares(), declares(MINIMAL, retain_on_delete=True), HELD),
    Scenario("destroy", declares(), declares(MINIMAL, {**MINIMAL, "resource": "sales", "domain_name": "sales"}), HELD, "destroy"),
    Scenario(
        "mixed-providers",
        with_others(60, {"new": {"address": "n"}, "changed": {"address": "c", "size": 2}, "moved": {"address": "m2"}}),
        with_others(30, {"changed": {"address": "c", "size": 1}, "moved": {"address": "m1"}, "gone": {"address": "g"}}),
    ),
    Scenario(
        "secrets",
        with_secrets(31, "https://queue/s3cr3t-two", "another-secret", "hush-hush-two"),
        with_secrets(30, "https://queue/s3cr3t-one", "becomes-secret", "hush-hush-one"),
    ),
    Scenario("refresh", declares(MINIMAL), declares(MINIMAL), drift={"DefaultExpirationDays": 7}),
    Scenario("one-of-many", many(1)),
    Scenario("empty", declares(FULL), declares(FULL)),
    Scenario("failed", declares({**MINIMAL, "default_expiration_days": 1099, "matching": WRONG_TIME}), declares(MINIMAL), fails=True),
)  # fmt: skip
