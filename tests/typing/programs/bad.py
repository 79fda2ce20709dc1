"""Programs with mistakes; every type checker complains about the lines marked so, and about no other."""

import pulumi
from pulumi_connect_domains import customerprofiles, voiceid

customerprofiles.Domain("none")  # wrong: the required argument is missing
customerprofiles.Domain("text", default_expiration_days="30")  # wrong: text for a number
customerprofiles.Domain("extra", default_expiration_days=30, arn="arn")  # wrong: an output as an argument
customerprofiles.Domain("key", default_expiration_days=30, data_store={"Enabled": True})  # wrong: another spelling
customerprofiles.Domain("half", default_expiration_days=30, matching={})  # wrong: a required key is missing
customerprofiles.Domain("list", default_expiration_days=30, tags=["team"])  # wrong: a list for a map
voiceid.Domain("key", server_side_encryption_configuration="key")  # wrong: text for a map

crm = customerprofiles.Domain("crm", default_expiration_days=30)
voice = voiceid.Domain("voice", server_side_encryption_configuration={"kms_key_id": "key"})

crm.stats.apply(lambda stats: stats["profile_count"])  # wrong: there may be none
crm.stats.apply(lambda stats: stats["profiles"] if stats else 0)  # wrong: no such key
crm.matching.apply(lambda found: found["enabled"].upper() if found else "")  # wrong: a boolean has no upper
crm.stats.apply(lambda stats: stats["total_size"].apply(str) if stats else "")  # wrong: a plain value has no apply
voice.watchlist_details.apply(lambda found: found["watchlist_id"])  # wrong: no such key
days: pulumi.Output[str] = crm.default_expiration_days  # wrong: it is a number
