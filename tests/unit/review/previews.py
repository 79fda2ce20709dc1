"""Previews made by hand, for forms that no recording has; and what the tests of reviews share."""

from __future__ import annotations

import json
from typing import Any

from pulumi_connect_domains.registry import by_token
from pulumi_connect_domains.review.assessment import assessed
from pulumi_connect_domains.review.model import DomainReview, StackReview
from pulumi_connect_domains.stacks.preview import parse

PROFILES = "pulumi-python:dynamic/customerprofiles:Domain"
VOICES = "pulumi-python:dynamic/voiceid:Domain"
QUEUE = "aws:sqs/queue:Queue"
STACK = "pulumi:pulumi:Stack"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
INPUTS = {"domain_name": "crm", "default_expiration_days": 30, "region": "eu-central-1"}
OUTPUTS = {**INPUTS, "arn": "arn:aws:profile:eu-central-1:123456789012:domains/crm"}
HELD = {"stats": {"profile_count": 5, "object_count": 6, "total_size": 7_000}}


def urn(type: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{type}::{name}"


def state(inputs: dict[str, Any] | None = None, outputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    inputs = INPUTS if inputs is None else inputs
    return {"id": "crm", "inputs": inputs, "outputs": {**inputs, **(outputs or {})}, **more}


def step(
    op: str, old: Any = None, new: Any = None, type: str = PROFILES, name: str = "crm", **more: Any
) -> dict[str, Any]:
    sides = {"oldState": old, "newState": new}
    return {
        "op": op,
        "urn": urn(type, name),
        **{key: side for key, side in sides.items() if side},
        "detailedDiff": None,
        **more,
    }


def document(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    root = {"op": "same", "urn": urn(STACK, "shop-dev"), "detailedDiff": None}
    return {"steps": [root, *steps], "changeSummary": {"same": 1}, "duration": 1, **more}


def reviewed(*steps: dict[str, Any], **more: Any) -> StackReview:
    """The review of a preview with these steps."""
    return assessed(parse(json.dumps(document(*steps, **more)).encode(), "preview.json"), by_token())


def domain(*steps: dict[str, Any], **more: Any) -> DomainReview:
    """The review of its only domain."""
    (one,) = reviewed(*steps, **more).domains
    return one
