"""A Customer Profiles domain and a Voice ID domain, which share a key, tags and one configuration."""

import pulumi
from pulumi_connect_domains import customerprofiles, voiceid

config = pulumi.Config()
key = config.require("kms_key_id")
tags = {"team": config.get("team") or "contact-centre"}

profiles = customerprofiles.Domain(
    "profiles",
    default_expiration_days=config.get_int("days") or 366,
    default_encryption_key=key,
    tags=tags,
)
voice = voiceid.Domain(
    "voice",
    description="Voiceprints of the contact centre",
    server_side_encryption_configuration={"kms_key_id": key},
    tags=tags,
    # Voice ID's voiceprints cannot be made again. With this, `pulumi destroy` refuses to delete the domain until you take the option out.
    opts=pulumi.ResourceOptions(protect=config.get_bool("protect_voice") or False),
)

# A Customer Profiles domain is known by its name, a Voice ID domain by an id that AWS gives it.
pulumi.export("profiles_domain", profiles.domain_name)
pulumi.export("voice_domain", voice.domain_id)
