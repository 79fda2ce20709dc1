"""Programs with mistakes; every type checker complains about the lines marked so, and about no other."""

import pulumi
from pulumi_connect_domains import Provider, customerprofiles, voiceid

customerprofiles.Domain("none")  # wrong: the required argument is missing
customerprofiles.Domain("text", default_expiration_days="30")  # wrong: text for a number
customerprofiles.Domain("extra", default_expiration_days=30, arn="arn")  # wrong: an output as an argument
customerprofiles.Domain("key", default_expiration_days=30, data_store={"Enabled": True})  # wrong: another spelling
customerprofiles.Domain("half", default_expiration_days=30, matching={})  # wrong: a required key is missing
customerprofiles.Domain("list", default_expiration_days=30, tags=["team"])  # wrong: a list for a map
voiceid.Domain("key", server_side_encryption_configuration="key")  # wrong: text for a map
voiceid.Domain("key", server_side_encryption_configuration={})  # wrong: a required key is missing
customerprofiles.Domain("crm", 30)  # wrong: an argument without its name

# At depth: complained of where the argument begins.
customerprofiles.Domain(
    "deep",
    default_expiration_days=30,
    matching={  # wrong: its job_schedule lacks a required key
        "enabled": True,
        "job_schedule": {"day_of_the_week": "SUNDAY"},
    },
)
customerprofiles.Domain(
    "deeper",
    default_expiration_days=30,
    matching={  # wrong: its exporting_config has a key that there is not
        "enabled": True,
        "exporting_config": {"s3_exporting": {"bucket": "results"}},
    },
)
customerprofiles.Domain(
    "deepest",
    default_expiration_days=30,
    rule_based_matching={  # wrong: its rule has a number for text
        "enabled": True,
        "matching_rules": [{"rule": ["LastName", 7]}],
    },
)
customerprofiles.Domain(
    "computed",
    default_expiration_days=30,
    rule_based_matching={"enabled": True, "status": "ACTIVE"},  # wrong: AWS computes it
)
schedule: customerprofiles.JobSchedule = {"day_of_the_week": "SUNDAY", "time": 905}  # wrong: a number for text
unknown: customerprofiles.Matchings  # wrong: no such type

# Providers.
Provider("named", regions="eu-west-2")  # wrong: no such argument
Provider("role", assume_roles=[{"session_name": "ci"}])  # wrong: a required key is missing
Provider("roles", assume_roles={"role_arn": "arn"})  # wrong: a map for a list
Provider("ignored", ignore_tags={"prefixes": ["k8s/"]})  # wrong: no such key
Provider("accounts", allowed_account_ids=[123456789012])  # wrong: a number for text
customerprofiles.Domain.get("read")  # wrong: the id is missing

crm = customerprofiles.Domain("crm", default_expiration_days=30)
voice = voiceid.Domain("voice", server_side_encryption_configuration={"kms_key_id": "key"})

crm.stats.apply(lambda stats: stats["profile_count"])  # wrong: there may be none
crm.stats.apply(lambda stats: stats["profiles"] if stats else 0)  # wrong: no such key
crm.matching.apply(lambda found: found["enabled"].upper() if found else "")  # wrong: a boolean has no upper
crm.stats.apply(lambda stats: stats["total_size"].apply(str) if stats else "")  # wrong: a plain value has no apply
voice.watchlist_details.apply(lambda found: found["watchlist_id"])  # wrong: no such key
days: pulumi.Output[str] = crm.default_expiration_days  # wrong: it is a number
arn: pulumi.Output[int] = voice.arn  # wrong: it is text
crm.rule_based_matching.apply(lambda found: found["status"] if found else "")  # wrong: it has an output of its own
crm.data_store.apply(lambda found: found["readiness"] if found else 0)  # wrong: it has an output of its own
