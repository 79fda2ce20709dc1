"""Reads a Configuration from what the host hands over: the whole stack config, or an explicit Provider's inputs.

Stack config has pulumi-aws's keys (`aws:assumeRoles`) and gives text, objects as JSON text. A Provider has the same settings in
snake_case (`assume_roles`), typed. Both are read by one table, so they cannot differ in meaning.

Source: pulumi-aws 7, its config variables; that stack config comes with its namespaces, and a Provider's inputs as they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import forms
from .configuration import Access, Configuration, Notice, Role, camel_case
from .errors import ConfigurationError
from .validation.suggestions import alike

PROVIDER_MARK = "connect_domains_provider"
"""An input of every explicit Provider. No key of stack config is without a namespace, so the two cannot be confused."""

SILENCE = "connect-domains:silence"


@dataclass(frozen=True)
class Setting:
    """How a setting is read: the form of its value, and where it goes in the Configuration or its Access.

    `variable` is the botocore session variable that it stands for, where there is one.
    """

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
    """Keys and prefixes of keys."""
    members = forms.object_(given)
    return forms.texts(members.get("keys", ())), forms.texts(members.get("key_prefixes", ()))


SETTINGS: dict[str, Setting] = {
    "region": Setting(forms.text),
    "profile": Setting(forms.text),
    "access_key": Setting(forms.text),
    "secret_key": Setting(forms.text),
    "token": Setting(forms.text),
    "assume_roles": Setting(_roles),
    "assume_role": Setting(_roles),  # pulumi-aws 6 and older
    "assume_role_with_web_identity": Setting(_roles),
    "sts_region": Setting(forms.text),
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
"""Settings of pulumi-aws that concern other services, or checks that are not made here: nobody misses them."""

WITHOUT_EFFECT = {
    "no_proxy": "has no effect here; set the variable NO_PROXY",
    "skip_requesting_account_id": "has no effect here; the account's number is part of a domain's ARN",
    "tag_policy_compliance": "has no effect here; tag policies are not checked",
    "token_bucket_rate_limiter_capacity": "has no effect here; retries are limited by aws:maxRetries",
}


def from_config(raw: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration that the host was given.

    Raises: ConfigurationError that names every setting whose value cannot be read, and never a value: it may be secret.
    """
    is_explicit = PROVIDER_MARK in raw
    given = {**raw} if is_explicit else _stack_settings(raw)
    environment = os.environ if environment is None else environment
    read, mistakes = _read(given, is_explicit)
    if mistakes:
        raise ConfigurationError("\n".join(mistakes))
    said = (raw.get("silence" if is_explicit else SILENCE), environment.get("CONNECT_DOMAINS_SILENCE"))
    return replace(
        _configuration(read),
        silenced=forms.rules(said[0]) | forms.rules(said[1]),
        notices=() if is_explicit else tuple(_notices(given)),
        is_explicit=is_explicit,
    )


def _stack_settings(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in the namespace `aws`, by their snake_case names."""
    return {forms.snake_case(key.removeprefix("aws:")): raw[key] for key in raw if key.startswith("aws:")}


def _read(given: Mapping[str, Any], is_explicit: bool) -> tuple[dict[str, Any], list[str]]:
    """Each setting in its form, and what is wrong with the others."""
    read, mistakes = {}, []
    naming = Configuration(is_explicit=is_explicit)
    for name, setting in SETTINGS.items():
        if given.get(name) in (None, ""):
            continue
        try:
            read[name] = setting.form(given[name])
        except ValueError as mistake:
            mistakes.append(f"{naming.named(name)}: {mistake}")
    return read, mistakes


def _configuration(read: Mapping[str, Any]) -> Configuration:
    ignored_keys, ignored_prefixes = read.get("ignore_tags", ((), ()))
    return Configuration(
        region=read.get("region", ""),
        access=_access(read),
        default_tags=read.get("default_tags", {}),
        ignored_tag_keys=frozenset(ignored_keys),
        ignored_tag_prefixes=ignored_prefixes,
        allowed_account_ids=read.get("allowed_account_ids", ()),
        forbidden_account_ids=read.get("forbidden_account_ids", ()),
    )


def _access(read: Mapping[str, Any]) -> Access:
    roles = [
        *read.get("assume_role_with_web_identity", ()),  # the first step, since it needs no credentials
        *(read.get("assume_roles") or read.get("assume_role") or ()),
    ]
    variables = [
        (setting.variable, read[name]) for name, setting in SETTINGS.items() if setting.variable and name in read
    ]
    proxies = [(name.partition("_")[0], read[name]) for name in ("http_proxy", "https_proxy") if name in read]
    return Access(
        profile=read.get("profile", ""),
        access_key=read.get("access_key", ""),
        secret_key=read.get("secret_key", ""),
        token=read.get("token", ""),
        roles=tuple(roles),
        sts_region=read.get("sts_region", ""),
        endpoints=read.get("endpoints", ()),
        max_attempts=read.get("max_retries", Access.max_attempts),
        retry_mode=read.get("retry_mode", Access.retry_mode),
        skips_metadata=read.get("skip_metadata_api_check", False),
        verifies_tls=not read.get("insecure", False),
        proxies=tuple(proxies),
        variables=tuple(variables),
    )


def _notices(given: Mapping[str, Any]) -> list[Notice]:
    """What in the namespace `aws` does nothing here, though one may think so."""
    notices = []
    for name in given:
        key = f"aws:{camel_case(name)}"
        if name in WITHOUT_EFFECT:
            notices.append(Notice("config-without-effect", key, WITHOUT_EFFECT[name]))
        elif name not in SETTINGS and name not in IRRELEVANT:
            meant = "".join(f"; did you mean aws:{camel_case(known)}?" for known in alike(name, SETTINGS))
            notices.append(Notice("config-unknown", key, f"is not a setting known here, and does nothing{meant}"))
    return notices
