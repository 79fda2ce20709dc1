"""What kind of value each setting takes, by the form that reads it: for the types in Python and in the package schema."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_connect_domains.operations import forms
from pulumi_connect_domains.operations.vocabulary import SETTINGS, Setting


@dataclass(frozen=True)
class Kind:
    """The kind of a value: `of` is text, flag, number or object; `around` is "", list or map, if it holds several of these."""

    of: str
    around: str = ""


_KINDS = {
    forms.text: Kind("text"),
    forms.region: Kind("text"),
    forms.retry_mode: Kind("text"),
    forms.flag: Kind("flag"),
    forms.positive: Kind("number"),
    forms.accounts: Kind("text", "list"),
    forms.one_file: Kind("text", "list"),
    forms.default_tags: Kind("text", "map"),
    forms.endpoints: Kind("text", "map"),
    SETTINGS["ignore_tags"].form: Kind("object"),
    SETTINGS["assume_roles"].form: Kind("object", "list"),
}
MEMBERS = {
    "policy_arns": Kind("text", "list"),
    "transitive_tag_keys": Kind("text", "list"),
    "keys": Kind("text", "list"),
    "key_prefixes": Kind("text", "list"),
    "tags": Kind("text", "map"),
}
"""The members of objects that are no single text."""

REQUIRED = ("role_arn",)
"""The members of objects that must be there."""

OBJECTS = {
    "assume_roles": "AssumeRole",
    "assume_role_with_web_identity": "AssumeRoleWithWebIdentity",
    "ignore_tags": "IgnoreTags",
}
"""The settings that hold objects, with the names of their types and what those are."""

ABOUT = {
    "assume_roles": "A role to assume.",
    "assume_role_with_web_identity": "A role to assume with the token of a web identity.",
    "ignore_tags": "Tags that others manage: they are neither change nor drift, and are never set or removed.",
}

ONE_OF_A_LIST = ("assume_role", "assume_role_with_web_identity")
"""Settings of a form that takes lists, which are one object by their names."""


def kind(name: str, setting: Setting) -> Kind:
    """The kind of value that the setting takes."""
    found = _KINDS[setting.form]
    return Kind(found.of) if name in ONE_OF_A_LIST else found


def member_kind(name: str) -> Kind:
    """The kind of value that a member of an object takes."""
    return MEMBERS.get(name, Kind("text"))
