"""Programs that work; no type checker may complain about them."""

from typing import Any

import pulumi
from pulumi_connect_domains import Provider, customerprofiles, voiceid

config = pulumi.Config()
elsewhere = Provider(
    "elsewhere",
    region=config.get("region"),
    profile=None,
    assume_roles=[
        {"role_arn": config.require("role"), "external_id": config.require_secret("id"), "tags": {"by": "ci"}}
    ],
    default_tags={"tags": {"team": "crm"}},
    ignore_tags={"key_prefixes": ["k8s/"]},
    allowed_account_ids=[config.require("account")],
    endpoints={"sts": "http://127.0.0.1:5000"},
)

# Arguments: literals, values from config, outputs of other resources, None for what is left out.
crm = customerprofiles.Domain(
    "crm",
    default_expiration_days=config.require_int("days"),
    matching={
        "enabled": True,
        "job_schedule": {"day_of_the_week": config.require("day"), "time": "9:05"},
        "auto_merging": {
            "enabled": False,
            "consolidation": {"matching_attributes_list": [["EmailAddress"]]},
            "conflict_resolution": {"conflict_resolving_model": "RECENCY", "source_name": None},
            "min_allowed_confidence_score_for_merging": 0.5,
        },
        "exporting_config": {"s3_exporting": {"s3_bucket_name": pulumi.Output.from_input("results")}},
    },
    rule_based_matching={
        "enabled": config.get_bool("rules") or False,
        "matching_rules": [{"rule": ["EmailAddress"]}, {"rule": ["LastName", "PhoneNumber"]}],
        "max_allowed_rule_level_for_matching": 2,
    },
    data_store={"enabled": True},
    tags={"team": "crm", "owner": pulumi.Output.from_input("me")},
    opts=pulumi.ResourceOptions(provider=elsewhere),
)

# A document may be put together step by step.
rules: customerprofiles.RuleBasedMatching = {"enabled": True}
if config.get_bool("strict"):
    rules["matching_rules"] = [{"rule": ["EmailAddress"]}]
    rules["attribute_types_selector"] = {"attribute_matching_model": config.require("model")}
customerprofiles.Domain("stepwise", default_expiration_days=30, rule_based_matching=rules)

# A setting of one domain is a setting for another.
customerprofiles.Domain(
    "copy",
    default_expiration_days=crm.default_expiration_days,
    matching=crm.matching,
    rule_based_matching=crm.rule_based_matching,
    data_store=crm.data_store,
    tags=crm.tags,
)


# Whole settings from config are not looked into.
customerprofiles.Domain(
    "configured",
    default_expiration_days=int(config.require("days")),
    domain_name=config.get("name"),
    matching=config.require_object("matching"),
    rule_based_matching={
        "enabled": config.require_bool("rules"),
        "matching_rules": config.require_object("list"),
        "conflict_resolution": {"conflict_resolving_model": config.get("model") or "RECENCY"},
        "attribute_types_selector": {
            "attribute_matching_model": config.require_secret("attributes"),
            "phone_number": [config.require("phone"), "MobilePhoneNumber"],
        },
    },
    tags=config.get_object("tags"),
)

# Arguments that a fleet has in common.
common: dict[str, Any] = {"tags": {"team": "crm"}, "region": "eu-west-2"}
for name, days in {"sales": 30, "service": 60}.items():
    customerprofiles.Domain(name, default_expiration_days=days, **common)


def levels(found: customerprofiles.outputs.RuleBasedMatching | None) -> int:
    """A nested output holds plain values."""
    return len(found.get("matching_rules", [])) if found else 0


def bucket(found: customerprofiles.outputs.Matching | None) -> str:
    exporting = found.get("exporting_config") if found else None
    s3 = exporting.get("s3_exporting") if exporting else None
    return s3["s3_bucket_name"].upper() if s3 else ""


enabled: pulumi.Output[bool] = crm.matching.apply(lambda found: found is not None and found["enabled"])
hour: pulumi.Output[str] = crm.matching.apply(
    lambda found: found["job_schedule"]["time"].partition(":")[0] if found and "job_schedule" in found else ""
)
profiles: pulumi.Output[int] = crm.stats.apply(lambda stats: stats["profile_count"] + 1 if stats else 0)
size: pulumi.Output[int] = crm.stats.apply(lambda stats: stats["total_size"] if stats else 0)
first: pulumi.Output[str] = crm.rule_based_matching.apply(
    lambda found: found["matching_rules"][0]["rule"][0].lower() if found and "matching_rules" in found else ""
)
ready: pulumi.Output[int] = crm.data_store_readiness.apply(
    lambda found: found.get("progress_percentage", 0) if found else 0
)
pulumi.export("levels", crm.rule_based_matching.apply(levels))
pulumi.export("bucket", crm.matching.apply(bucket))
pulumi.export("profiles", crm.stats["profile_count"])

voice = voiceid.Domain("voice", server_side_encryption_configuration={"kms_key_id": pulumi.Output.secret("key")})
voiceid.Domain("second", server_side_encryption_configuration=voice.server_side_encryption_configuration)
key: pulumi.Output[str] = voice.server_side_encryption_configuration.apply(lambda found: found["kms_key_id"].lower())
watchlist: pulumi.Output[str] = voice.watchlist_details.apply(lambda found: found["default_watchlist_id"].lower())
outcome: pulumi.Output[str] = voice.server_side_encryption_update_details.apply(
    lambda found: found.get("update_status", "").title() if found else ""
)
names: list[pulumi.Output[str]] = [
    crm.domain_name,
    crm.region,
    crm.arn,
    voice.name,
    voice.domain_id,
    voice.domain_status,
]
given: customerprofiles.outputs.JobSchedule = {"day_of_the_week": "SUNDAY", "time": "9:05"}
status: pulumi.Output[str] = crm.rule_based_matching_status.apply(lambda found: (found or "").lower())
read: voiceid.Domain = voiceid.Domain.get("read", "0123456789012345678901", region="eu-west-2")
