"""A value with a canary for each setting: made from the table of settings, so a new one is in it by itself, or fails a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pulumi_connect_domains.aws.access import Role
from pulumi_connect_domains.local.aws.accounts import access_key_id
from pulumi_connect_domains.operations import forms
from pulumi_connect_domains.operations.vocabulary import ROLE_MEMBERS, SETTINGS, WEB_IDENTITY_MEMBERS

from .canaries import canary

ACCOUNT = "222222222222"

PUBLIC = {
    "region": "where AWS is asked is never confidential; errors name it",
    "sts_region": "the same",
    "allowed_account_ids": "account numbers are no secrets to AWS; errors name the one that is not allowed",
    "forbidden_account_ids": "the same",
    "max_retries": "a number",
    "retry_mode": "one of two words",
    "skip_metadata_api_check": "true or false",
    "insecure": "true or false",
    "use_fips_endpoint": "true or false",
    "use_dualstack_endpoint": "true or false",
    "access_key": "the id of a key, by which AWS, too, names it in its own logs and messages",
    "profile": "a name on this machine; an error names the profile that does not exist",
    "shared_config_files": "a path on this machine; an error names the file that is not there",
    "shared_credentials_files": "the same",
    "custom_ca_bundle": "the same",
}
"""The settings whose values are shown where that helps, and why. All others hold canaries."""

PUBLIC_MEMBERS = {
    "role_arn": "errors name the role that could not be assumed",
    "duration": "a length of time",
    "web_identity_token_file": "a path; the file that it names holds a canary",
}
"""The same for the members of a role."""

_OF_ROLE: dict[str, Callable[[str], Any]] = {
    "role_arn": lambda text: f"arn:aws:iam::{ACCOUNT}:role/deploy",
    "duration": lambda text: "1h",
    "policy": lambda text: json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Sid": text, "Effect": "Allow", "Action": "*", "Resource": "*"}]}
    ),
    "policy_arns": lambda text: [f"arn:aws:iam::{ACCOUNT}:policy/{text}"],
    "tags": lambda text: {text: text, "team": text},
    "transitive_tag_keys": lambda text: [text],
}


def role(members: dict[str, str], name: str) -> dict[str, Any]:
    """A role with a canary in each of the members. A token of a web identity stands for itself, not in a file."""
    wanted = [member for member in members if member != "web_identity_token_file"]
    return {
        member: _OF_ROLE.get(member, str)(
            canary(f"{name} tags" if member == "transitive_tag_keys" else f"{name} {member}")
        )
        for member in wanted
    } | (
        {"tags": {canary(f"{name} tags"): canary(f"{name} tag"), "team": canary(f"{name} team")}}
        if "tags" in members
        else {}
    )


def secret_value(name: str) -> Any:
    """The setting's value, as a program gives it to a Provider, with a canary in it. Raises KeyError for a form of another kind."""
    text = canary(f"setting {name}")
    if name in ("assume_roles", "assume_role"):
        return [role(ROLE_MEMBERS, name)] if name == "assume_roles" else role(ROLE_MEMBERS, name)
    if name == "assume_role_with_web_identity":
        return role(WEB_IDENTITY_MEMBERS, name)
    if name == "ignore_tags":
        return {"keys": [text], "key_prefixes": [f"{text}-"]}
    if name in ("http_proxy", "https_proxy", "ec2_metadata_service_endpoint"):
        return f"http://{text}:{text}@127.0.0.1:9/{text}"
    by_form: dict[Any, Callable[[str], Any]] = {
        forms.text: str,
        forms.endpoints: lambda text: {"sts": f"http://127.0.0.1:9/{text}"},
        forms.default_tags: lambda text: {"tags": {text: text, "cost": text}},
    }
    return by_form[SETTINGS[name].form](text)


def in_config(value: Any) -> str:
    """The value as the stack's config holds it."""
    return value if isinstance(value, str) else json.dumps(value)


SECRETS = {name: secret_value(name) for name in SETTINGS if name not in PUBLIC}

MEMBERS_OF_ACCESS = {"access_key", "secret_key", "token"}
KEYS = {
    "access_key": access_key_id(ACCOUNT),
    "secret_key": canary("setting secret_key"),
    "token": canary("setting token"),
}
"""Credentials that belong together. The local AWS knows the account by the id of the key."""

assert {member for member in ROLE_MEMBERS if member not in {"arn"}} <= {
    *Role.__dataclass_fields__,
    "role_arn",
    "duration",
}
