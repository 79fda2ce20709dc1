"""Reports and states for the tests of this folder."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pulumi_connect_domains.drift.model import (
    DomainReport,
    Finding,
    OtherDeclaration,
    Problem,
    Report,
    Setting,
    Status,
    UnmanagedDomain,
)
from pulumi_connect_domains.drift.requirements import Broken
from pulumi_connect_domains.drift.shards import Shard
from pulumi_connect_domains.drift.since import compared

ACCOUNT = "123456789012"
SECRET_MARK = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def encrypted() -> dict[str, str]:
    """A secret as an export holds it."""
    return {**SECRET_MARK, "ciphertext": "v1:x:y"}


def in_clear(value: object) -> dict[str, str]:
    """A secret as an export with --show-secrets holds it."""
    return {**SECRET_MARK, "plaintext": json.dumps(value)}


def resource(
    name: str = "crm",
    type: str = "customerprofiles",
    stack: str = "dev",
    inputs: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A domain in a deployment."""
    inputs = {"domain_name": name, "region": "us-east-1", "default_expiration_days": 30} if inputs is None else inputs
    token = f"pulumi-python:dynamic/{type}:Domain"
    region = inputs.get("region", "us-east-1")
    arn = f"arn:aws:profile:{region}:{ACCOUNT}:domains/{name}"
    return {
        "urn": f"urn:pulumi:{stack}::shop::{token}::{name}",
        "custom": True,
        "id": name,
        "type": token,
        "inputs": {"__provider": "gASV", **inputs},
        "outputs": {"__provider": "gASV", **inputs, "arn": arn, "created_at": "2026-05-01T10:00:00+00:00"},
        **more,
    }


def export(*resources: dict[str, Any], version: int = 3) -> str:
    """The text of `pulumi stack export`."""
    stack = {
        "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        "custom": False,
        "type": "pulumi:pulumi:Stack",
    }
    return json.dumps({"version": version, "deployment": {"manifest": {}, "resources": [stack, *resources]}})


def in_lines(document: Any) -> str:
    """The document as JSON, laid out as a report is: each item of its list of domains in a line."""
    items = document.get("domains") if isinstance(document, dict) else None
    if not items or not isinstance(items, list):
        return json.dumps(document, indent=2)
    lines = ",\n".join(f"    {json.dumps(each)}" for each in items)
    before, after = json.dumps({**document, "domains": ["here"]}, indent=2).split('    "here"', 1)
    return f"{before}{lines}{after}"


def domain(status: Status, name: str = "crm", **members: Any) -> DomainReport:
    """A domain's part of a report."""
    about: dict[str, Any] = {
        "stack": "prod", "project": "shop", "name": name, "type": "customerprofiles", "noun": "Customer Profiles domain",
        "urn": f"urn:pulumi:prod::shop::pulumi-python:dynamic/customerprofiles:Domain::{name}", "id": f"{name}-1a2b3c4",
        "arn": f"arn:aws:profile:eu-central-1:{ACCOUNT}:domains/{name}-1a2b3c4", "account": ACCOUNT, "region": "eu-central-1",
    }  # fmt: skip
    return DomainReport(status=status, **{**about, **members})


def report(*domains: DomainReport, **members: Any) -> Report:
    """A report of a fixed time."""
    about: dict[str, Any] = {
        "started_at": "2026-11-22T06:30:00+00:00", "seconds": 2.345, "tool_version": "1.2.3", "stacks": ("shop/prod",),
    }  # fmt: skip
    return Report(domains=domains, **{**about, **members})


RULES = [{"rule": ["EmailAddress"]}, {"rule": ["LastName", "PhoneNumber"]}, {"rule": ["AccountNumber"]}]

EVERYTHING = report(
    domain("in_sync", "quiet"),
    domain(
        "drifted",
        "crm",
        findings=(
            Finding("default_expiration_days", 365, 30, "lowered from 365 to 30 days"),
            Finding(
                "rule_based_matching.matching_rules", RULES, [RULES[0], RULES[2], RULES[1]], "levels 2 and 3 swapped"
            ),
            Finding("dead_letter_queue_url", "[secret]", "[secret]", "differs, but it is secret", secret=True),
            Finding('tags["cost|centre"]', "42", None, "removed"),
        ),
        broken_requirements=(Broken("matching.enabled = false", "matching.enabled", True, "Amplify refuses it"),),
        notes=("the last update did not finish: access denied",),
    ),
    domain("missing", "gone", region="us-east-1", reason="AWS has no such domain in us-east-1, account 123456789012"),
    domain(
        "suspended",
        "voice",
        type="voiceid",
        noun="Amazon Connect Voice ID domain",
        reason="AWS says domain_status SUSPENDED: it was deleted, and will be erased",
    ),
    domain(
        "unreadable",
        "locked",
        reason="cannot read Customer Profiles domain 'locked-1a2b3c4': access denied (AccessDeniedException)\n"
        "allow the IAM action profile:GetDomain to the caller",
        error_code="AccessDeniedException",
    ),
    domain(
        "in_sync",
        "aside",
        unmanaged_settings=(
            Setting("matching", {"enabled": True}),
            Setting("tags.evil", "</script><b>\x1b[31m`|` @here"),
        ),
        ignored=(Finding("default_encryption_key", None, "alias/other", "set"),),
        cannot_tell=("matching.job_schedule.time",),
    ),
    domain(
        "in_sync",
        "shared",
        also_declared=(
            OtherDeclaration(
                "shop/prod",
                "states/other-backend.json",
                "urn:pulumi:prod::shop::pulumi-python:dynamic/customerprofiles:Domain::shared",
            ),
        ),
    ),
    unmanaged_domains=(
        UnmanagedDomain(
            "customerprofiles",
            "Customer Profiles domain",
            "by-hand",
            "by-hand",
            ACCOUNT,
            "eu-central-1",
            "2026-01-02T03:04:05+00:00",
        ),
    ),
    problems=(Problem("states/broken.json", "is not JSON: Expecting value: line 1 column 1 (char 0)"),),
)
"""A report with one of everything."""

COMPARED = compared(
    EVERYTHING,
    replace(
        EVERYTHING,
        started_at="2026-11-21T06:30:00+00:00",
        domains=(
            domain("drifted", "quiet", findings=(Finding("tags.a", "1", "2", "changed"),)),
            domain(
                "drifted",
                "crm",
                findings=(
                    Finding("default_expiration_days", 365, 90, "lowered from 365 to 90 days"),
                    Finding("rule_based_matching.matching_rules[1].rule", ["LastName"], ["Address"], "level 2 changed"),
                    Finding("dead_letter_queue_url", "a", "b", "changed"),
                ),
                broken_requirements=(Broken("tags.owner is set", "tags.owner", None),),
            ),
            domain("missing", "gone", region="us-east-1", reason="AWS has no such domain in us-east-1"),
            domain("drifted", "locked", findings=(Finding("matching.enabled", True, False, "turned off"),)),
            domain("missing", "elsewhere", reason="AWS has no such domain in eu-central-1"),
        ),
        unmanaged_domains=(
            UnmanagedDomain("customerprofiles", "Customer Profiles domain", "old", "old", ACCOUNT, "eu-central-1"),
        ),
        stacks=("shop/prod", "shop/gone"),
    ),
)
"""The same, compared with a report of the day before."""

SHARD = replace(EVERYTHING, shard=Shard(2, 3), in_other_shards=194)
"""The same of a shard."""

EMPTY_SHARD = report(shard=Shard(3, 3), in_other_shards=7)
"""A shard that has no domain of its own."""

CLEAN = report(domain("in_sync", "crm"), domain("in_sync", "sales"))
"""A report with nothing to complain of."""

NOTHING = report(stacks=())
"""A report of a check that found nothing to check."""
