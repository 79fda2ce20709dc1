"""States of stacks with domains that the answering server has, too."""

from __future__ import annotations

import json

from pulumi_connect_domains.model.values import Json
from pulumi_connect_domains.registry import resource_types

from .answers import PROFILES as LIVE_PROFILE
from .answers import VOICE as LIVE_VOICE

ACCOUNT = "123456789012"
HOME = "us-east-1"
PROFILES, VOICE = (resource_types()[key] for key in ("customerprofiles", "voiceid"))


def export(resources: list[Json]) -> str:
    """What `pulumi stack export` prints."""
    return json.dumps({"version": 3, "deployment": {"resources": resources}})


def profiles(number: int, region: str = HOME, account: str = ACCOUNT) -> list[Json]:
    """Customer Profiles domains as a stack's state holds them."""
    return [_profile(f"crm-{place}", region, account) for place in range(number)]


def voices(number: int, region: str = HOME, account: str = ACCOUNT) -> list[Json]:
    """Voice ID domains as a stack's state holds them."""
    inputs: Json = {
        "name": LIVE_VOICE["Name"],
        "region": region,
        "server_side_encryption_configuration": {"kms_key_id": "alias/voice"},
    }
    ids = [f"{place:022d}" for place in range(number)]
    return [_declared(VOICE.type_token, id, f"arn:aws:voiceid:{region}:{account}:domain/{id}", inputs) for id in ids]


def _profile(name: str, region: str, account: str) -> Json:
    inputs: Json = {
        "domain_name": name,
        "region": region,
        "default_expiration_days": LIVE_PROFILE["DefaultExpirationDays"],
        "tags": LIVE_PROFILE["Tags"],
        "tags_all": LIVE_PROFILE["Tags"],
    }
    return _declared(PROFILES.type_token, name, f"arn:aws:profile:{region}:{account}:domains/{name}", inputs)


def _declared(type_token: str, id: str, arn: str, inputs: Json) -> Json:
    urn = f"urn:pulumi:bench::bench::{type_token}::{id}-{inputs['region']}"
    return {
        "urn": urn,
        "type": type_token,
        "custom": True,
        "id": id,
        "inputs": inputs,
        "outputs": {**inputs, "arn": arn},
    }
