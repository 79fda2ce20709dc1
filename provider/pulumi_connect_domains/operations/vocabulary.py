"""Every setting of pulumi-aws: how it is read here, or why it is not.

Source: the config variables of pulumi-aws 7; the names are theirs, in snake_case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..aws.access import Role
from . import forms


@dataclass(frozen=True)
class Setting:
    """How a setting is read: by the function of its form. `variable` is the botocore session variable that it sets, or ""."""

    form: Callable[[object], Any]
    variable: str = ""


def _roles(given: object) -> tuple[Role, ...]:
    """The roles to assume, in order."""
    return tuple(_role(role) for role in forms.objects(given) if role)


def _role(given: Mapping[str, Any]) -> Role:
    if not given.get("role_arn"):
        raise ValueError("a role has no role ARN")
    seconds = given.get("duration") or given.get("duration_seconds")
    return Role(
        arn=forms.text(given["role_arn"]),
        session_name=forms.text(given.get("session_name", "")),
        external_id=forms.text(given.get("external_id", "")),
        duration_seconds=forms.seconds(seconds) if seconds else None,
        policy=forms.text(given.get("policy", "")),
        policy_arns=forms.texts(given.get("policy_arns", ())),
        source_identity=forms.text(given.get("source_identity", "")),
        tags=tuple(sorted(forms.tags(given.get("tags", {})).items())),
        transitive_tag_keys=forms.texts(given.get("transitive_tag_keys", ())),
        web_identity_token=forms.text(given.get("web_identity_token", "")),
        web_identity_token_file=forms.text(given.get("web_identity_token_file", "")),
    )


def _ignored(given: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ignored keys, and the ignored prefixes of keys."""
    members = forms.object_(given)
    return forms.texts(members.get("keys", ())), forms.texts(members.get("key_prefixes", ()))


SETTINGS: dict[str, Setting] = {
    "region": Setting(forms.region),
    "profile": Setting(forms.text),
    "access_key": Setting(forms.text),
    "secret_key": Setting(forms.text),
    "token": Setting(forms.text),
    "assume_roles": Setting(_roles),
    "assume_role": Setting(_roles),  # pulumi-aws 6 and older
    "assume_role_with_web_identity": Setting(_roles),
    "sts_region": Setting(forms.region),
    "endpoints": Setting(forms.endpoints),
    "max_retries": Setting(forms.positive),
    "retry_mode": Setting(forms.retry_mode),
    "default_tags": Setting(forms.default_tags),
    "ignore_tags": Setting(_ignored),
    "allowed_account_ids": Setting(forms.accounts),
    "forbidden_account_ids": Setting(forms.accounts),
    "skip_metadata_api_check": Setting(forms.flag),
    "insecure": Setting(forms.flag),
    "http_proxy": Setting(forms.text),
    "https_proxy": Setting(forms.text),
    "shared_config_files": Setting(forms.one_file, "config_file"),
    "shared_credentials_files": Setting(forms.one_file, "credentials_file"),
    "custom_ca_bundle": Setting(forms.text, "ca_bundle"),
    "ec2_metadata_service_endpoint": Setting(forms.text, "ec2_metadata_service_endpoint"),
    "ec2_metadata_service_endpoint_mode": Setting(forms.text, "ec2_metadata_service_endpoint_mode"),
    "use_fips_endpoint": Setting(forms.flag, "use_fips_endpoint"),
    "use_dualstack_endpoint": Setting(forms.flag, "use_dualstack_endpoint"),
}

IRRELEVANT = frozenset(
    {
        "s3_us_east1_regional_endpoint", "s3_use_path_style", "skip_credentials_validation", "skip_region_validation",
        "user_agents",
    }
)  # fmt: skip
"""Settings of pulumi-aws about other services, or about checks that are not made here. They cause no warning."""

WITHOUT_EFFECT = {
    "no_proxy": "has no effect here; set the variable NO_PROXY",
    "skip_requesting_account_id": "has no effect here; the account's number is part of a domain's ARN",
    "tag_policy_compliance": "has no effect here; tag policies are not checked",
    "token_bucket_rate_limiter_capacity": "has no effect here; retries are limited by aws:maxRetries",
}
