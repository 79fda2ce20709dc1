"""The policy pack: which rules there are, how strictly they are held, and what of them can be configured."""

from pulumi_policy import EnforcementLevel, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy
from rules import (
    LONGEST_EXPIRATION_DAYS,
    PRODUCTION,
    TAGS,
    expiration_bounded,
    guard_on,
    matches_exported,
    own_key,
    protected,
    tagged,
)

TEXTS = {"type": "array", "items": {"type": "string"}}
STACKS = PolicyConfigSchema({"stacks": {**TEXTS, "default": PRODUCTION}})

PolicyPack(
    "connect-domains",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        ResourceValidationPolicy(
            "guard-on",
            "In production, force_destroy is off.",
            guard_on,
            config_schema=STACKS,
        ),
        ResourceValidationPolicy(
            "protected",
            "In production, Voice ID domains have the resource option protect.",
            protected,
            config_schema=STACKS,
        ),
        ResourceValidationPolicy(
            "own-key",
            "A Customer Profiles domain has an encryption key of its own.",
            own_key,
        ),
        ResourceValidationPolicy(
            "matches-exported",
            "What identity resolution finds is exported.",
            matches_exported,
            enforcement_level=EnforcementLevel.ADVISORY,
        ),
        ResourceValidationPolicy(
            "expiration-bounded",
            "Profiles expire in time.",
            expiration_bounded,
            config_schema=PolicyConfigSchema(
                {"longestExpirationDays": {"type": "integer", "default": LONGEST_EXPIRATION_DAYS}}
            ),
        ),
        ResourceValidationPolicy(
            "tagged",
            "A domain has the tags that say whose it is.",
            tagged,
            config_schema=PolicyConfigSchema({"tags": {**TEXTS, "default": TAGS}}),
        ),
    ],
)
