"""Documents that use every input, and how tests change them."""

from __future__ import annotations

import copy
from typing import Any

from pulumi_connect_domains.registry import resource_types

PROFILES, VOICE = resource_types()["customerprofiles"].schema, resource_types()["voiceid"].schema


def export() -> dict[str, Any]:
    return {"s3_exporting": {"s3_bucket_name": "results", "s3_key_name": "weekly/"}}


def conflict() -> dict[str, Any]:
    return {"conflict_resolving_model": "SOURCE", "source_name": "Salesforce-Account"}


FULL_PROFILES: dict[str, Any] = {
    "domain_name": "contact-center",
    "default_expiration_days": 366,
    "default_encryption_key": "arn:aws:kms:eu-central-1:123456789012:key/0",
    "dead_letter_queue_url": "https://sqs.eu-central-1.amazonaws.com/123456789012/dead",
    "matching": {
        "enabled": True,
        "job_schedule": {"day_of_the_week": "FRIDAY", "time": "9:05"},
        "auto_merging": {
            "enabled": True,
            "consolidation": {"matching_attributes_list": [["LastName", "BirthDate"], ["EmailAddress"]]},
            "conflict_resolution": conflict(),
            "min_allowed_confidence_score_for_merging": 0.5,
        },
        "exporting_config": export(),
    },
    "rule_based_matching": {
        "enabled": True,
        "matching_rules": [{"rule": ["LastName", "Address.City"]}, {"rule": ["PhoneNumber"]}],
        "max_allowed_rule_level_for_merging": 1,
        "max_allowed_rule_level_for_matching": 2,
        "attribute_types_selector": {
            "attribute_matching_model": "MANY_TO_MANY",
            "address": ["Address"],
            "phone_number": ["HomePhoneNumber", "MobilePhoneNumber"],
            "email_address": ["EmailAddress"],
        },
        "conflict_resolution": conflict(),
        "exporting_config": export(),
    },
    "data_store": {"enabled": True},
    "tags": {"team": "care"},
    "tags_all": {"team": "care", "stage": "test"},
    "region": "eu-central-1",
    "force_destroy": False,
    "adopt_existing": True,
}
FULL_VOICE: dict[str, Any] = {
    "name": "contact-center",
    "description": "Stimmen für alle: 100%",
    "server_side_encryption_configuration": {"kms_key_id": "alias/voice"},
    "tags": {"équipe 1": "soins"},
    "region": "eu-central-1",
}


def changed(document: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """The document with the value at a dotted path, list positions as numbers."""
    document = copy.deepcopy(document)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = document
    for step in way:
        place = place[step]
    place[last] = value
    return document


def paths(value: object, path: str = "") -> list[str]:
    """The dotted path of everything in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [(f"{path}.{key}".lstrip("."), item) for key, item in items]
    return [way for way, _ in found] + [below for way, item in found for below in paths(item, way)]
