"""What our domains must be. Each rule is a function of Pulumi's arguments for a policy; it reports what is wrong, and shows no value.

The values of the program may be secret, and policies get them in clear. So a message names the property, and never what stands in it.

While a preview does not know a value, each access to it raises UnknownValueError, also by `in` and `get`. Pulumi then says that the policy
cannot be run yet, and runs it in `pulumi up`, where the value is known. A rule that only asks whether something is given looks at the names
of the properties first, as `is_given` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from pulumi_policy import ReportViolation, ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

CUSTOMER_PROFILES = "pulumi-python:dynamic/customerprofiles:Domain"
VOICE_ID = "pulumi-python:dynamic/voiceid:Domain"
"""The type tokens. They stand in people's states and never change."""

PRODUCTION = ["prod", "production", "prod-*", "*-prod"]
TAGS = ["team"]
LONGEST_EXPIRATION_DAYS = 730
"""What holds when the configuration of the policy pack does not say otherwise."""


def guard_on(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """In production no deletion of a domain with data is let through."""
    if args.resource_type == CUSTOMER_PROFILES and is_production(args) and args.props.get("force_destroy") is True:
        report("force_destroy: must not be true in production; it lets a deletion of all customer data through", None)


def protected(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """In production Voice ID domains are protected: for them there is no guard, since AWS does not say what they hold."""
    if args.resource_type == VOICE_ID and is_production(args) and not args.opts.protect:
        report("the resource option protect must be set in production; nothing else keeps the voiceprints", None)


def own_key(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """Domains are encrypted with a key of ours. A key that a preview does not know yet is a key."""
    if args.resource_type == CUSTOMER_PROFILES and not is_given(args.props, "default_encryption_key"):
        report("default_encryption_key: must be set; without it AWS encrypts with a key of its own", None)


def matches_exported(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """What identity resolution finds is exported, so that a merge can be explained later."""
    if args.resource_type != CUSTOMER_PROFILES:
        return
    for name in ("matching", "rule_based_matching"):
        block = args.props[name] if name in [*args.props] else {}
        if block.get("enabled") is True and not is_given(block, "exporting_config"):
            report(f"{name}.exporting_config: must be set while {name} is enabled", None)


def expiration_bounded(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """Profiles are not kept longer than we may keep them."""
    if args.resource_type == CUSTOMER_PROFILES:
        longest = args.get_config().get("longestExpirationDays", LONGEST_EXPIRATION_DAYS)
        if args.props["default_expiration_days"] > longest:
            report(f"default_expiration_days: must be at most {longest:g}", None)


def tagged(args: ResourceValidationArgs, report: ReportViolation) -> None:
    """Every domain says whose it is. `tags_all` are the tags with the stack's default tags."""
    if args.resource_type in (CUSTOMER_PROFILES, VOICE_ID):
        tags = args.props["tags_all"] if "tags_all" in [*args.props] else {}
        for key in args.get_config().get("tags", TAGS):
            if not is_given(tags, key):
                report(f"tags: must hold the key {key!r}, here or in aws:defaultTags", None)


def is_production(args: ResourceValidationArgs) -> bool:
    """Whether the stack's name, the first part of the URN, is one of production."""
    stack = args.urn.removeprefix("urn:pulumi:").partition("::")[0]
    return any(fnmatchcase(stack, pattern) for pattern in args.get_config().get("stacks", PRODUCTION))


def is_given(block: Mapping[str, Any], name: str) -> bool:
    """Whether the program gives the property a value, even one that a preview does not know yet. An empty text is none."""
    if name not in [*block]:
        return False
    try:
        return block[name] not in ("", None)
    except UnknownValueError:
        return True
