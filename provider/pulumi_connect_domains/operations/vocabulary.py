"""Every setting of pulumi-aws: how it is read here, or why it is not.

Source: the config variables of pulumi-aws 7; the names are theirs, in snake_case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..aws.access import MAX_ATTEMPTS, Role
from . import forms


@dataclass(frozen=True)
class Setting:
    """How a setting is read, by the function of its form, and what it does, in words.

    `variable` is the botocore session variable that it sets, or "". `members` describes the members of a setting that holds objects.
    """

    form: Callable[[object], Any]
    description: str
    variable: str = ""
    members: Mapping[str, str] = field(default_factory=dict)


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


ROLE_MEMBERS: dict[str, str] = {
    "role_arn": "The ARN of the role to assume.",
    "session_name": "The name of the session, which AWS CloudTrail shows.",
    "external_id": "The external id that the role's trust policy asks for.",
    "duration": "How long the credentials of one session are valid, such as `1h` or `3600s`. They are renewed while a run goes on.",
    "policy": "An IAM policy as JSON text. The session may do no more than this policy and the role's own policies both allow.",
    "policy_arns": "The ARNs of IAM policies that limit the session in the same way.",
    "source_identity": "The source identity of the session, which AWS CloudTrail shows. It stays the same when further roles are assumed.",
    "tags": "The session tags, as a map from key to value.",
    "transitive_tag_keys": "The keys of the session tags that go on to the next role of the chain.",
}
"""What the members of a role mean, one by one."""

WEB_IDENTITY_MEMBERS: dict[str, str] = {
    **{name: ROLE_MEMBERS[name] for name in ("role_arn", "session_name", "duration", "policy", "policy_arns")},
    "web_identity_token": "The token of the identity provider, as text.",
    "web_identity_token_file": "The path of the file that holds the token of the identity provider.",
}
"""The same for a role that is assumed with the token of a web identity."""

IGNORED_MEMBERS: dict[str, str] = {
    "keys": "The keys of the tags to leave alone.",
    "key_prefixes": "The beginnings of the keys of tags to leave alone, such as `kubernetes.io/`.",
}
"""The same for `ignore_tags`."""

SETTINGS: dict[str, Setting] = {
    "region": Setting(
        forms.region,
        "The AWS Region of each resource that names none itself.",
    ),
    "profile": Setting(
        forms.text,
        "The profile of the AWS config files that gives the credentials, and the Region where nothing else names one.",
    ),
    "access_key": Setting(
        forms.text,
        "The id of the access key that AWS is called with. It is of use together with its secret key only.",
    ),
    "secret_key": Setting(
        forms.text,
        "The secret key of the access key. Keep it as a secret; in plain config it causes the warning `plain-secret`.",
    ),
    "token": Setting(
        forms.text,
        "The session token that belongs to temporary access keys. Keep it as a secret, like the secret key.",
    ),
    "assume_roles": Setting(
        _roles,
        "The IAM roles to assume one after the other, each with the credentials of the one before.",
        members=ROLE_MEMBERS,
    ),
    "assume_role": Setting(  # pulumi-aws 6 and older
        _roles,
        "One IAM role to assume: the older form of the list of roles, which wins over this one.",
        members=ROLE_MEMBERS,
    ),
    "assume_role_with_web_identity": Setting(
        _roles,
        "The IAM role to assume with the token of a web identity. It comes before all other roles, since it needs no credentials.",
        members=WEB_IDENTITY_MEMBERS,
    ),
    "sts_region": Setting(
        forms.region,
        "The Region whose STS assumes the roles. If it is not set, that is the Region of the resource.",
    ),
    "endpoints": Setting(
        forms.endpoints,
        "The URLs to call in place of AWS's own, by service: the name of the service's package here, or `sts`. They win over botocore's "
        "variables `AWS_ENDPOINT_URL_…` and `AWS_ENDPOINT_URL`.",
    ),
    "max_retries": Setting(
        forms.positive,
        f"How many times a request is sent to AWS at most, the first time included. If it is not set, that is {MAX_ATTEMPTS}.",
    ),
    "retry_mode": Setting(
        forms.retry_mode,
        "botocore's way to retry a request: `standard` or `adaptive`. If it is not set, that is `standard`.",
    ),
    "default_tags": Setting(
        forms.default_tags,
        "The tags of every resource; a resource's own tag of the same key wins. It is a map from key to value, or pulumi-aws's form of "
        'it, `{"tags": {…}}`.',
    ),
    "ignore_tags": Setting(
        _ignored,
        "The tags that others manage: they are neither change nor drift, and are never set or removed.",
        members=IGNORED_MEMBERS,
    ),
    "allowed_account_ids": Setting(
        forms.accounts,
        "The AWS accounts that may be changed. With credentials of any other account the preview fails.",
    ),
    "forbidden_account_ids": Setting(
        forms.accounts,
        "The AWS accounts that must not be changed. With credentials of one of them the preview fails.",
    ),
    "skip_metadata_api_check": Setting(
        forms.flag,
        "Whether the instance's metadata service is never asked for credentials.",
    ),
    "insecure": Setting(
        forms.flag,
        "Whether the TLS certificates of AWS are left unchecked. Use it for tests only.",
    ),
    "http_proxy": Setting(
        forms.text,
        "The URL of the proxy for requests that go over HTTP.",
    ),
    "https_proxy": Setting(
        forms.text,
        "The URL of the proxy for requests that go over HTTPS.",
    ),
    "shared_config_files": Setting(
        forms.one_file,
        "The path of the AWS config file, as a list of one. More than one file is refused.",
        "config_file",
    ),
    "shared_credentials_files": Setting(
        forms.one_file,
        "The path of the AWS credentials file, as a list of one. More than one file is refused.",
        "credentials_file",
    ),
    "custom_ca_bundle": Setting(
        forms.text,
        "The path of the file with the certificate authorities that are trusted.",
        "ca_bundle",
    ),
    "ec2_metadata_service_endpoint": Setting(
        forms.text,
        "The URL of the instance's metadata service.",
        "ec2_metadata_service_endpoint",
    ),
    "ec2_metadata_service_endpoint_mode": Setting(
        forms.text,
        "How the instance's metadata service is reached: `ipv4` or `ipv6`.",
        "ec2_metadata_service_endpoint_mode",
    ),
    "use_fips_endpoint": Setting(
        forms.flag,
        "Whether AWS's FIPS endpoints are called.",
        "use_fips_endpoint",
    ),
    "use_dualstack_endpoint": Setting(
        forms.flag,
        "Whether AWS's dual-stack endpoints (IPv4 and IPv6) are called.",
        "use_dualstack_endpoint",
    ),
}
"""The sentences are for people: the reference page of the settings and the arguments of `Provider` show them."""

SECRET = frozenset({"access_key", "secret_key", "token", "external_id", "web_identity_token"})
"""The settings, and the members of settings, whose values are secret."""

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
    "token_bucket_rate_limiter_capacity": "has no effect here; retries are limited by {max_retries}",
}
"""Settings that nobody needs here, and what to do in their place. A setting stands in braces (`Naming.told`)."""
