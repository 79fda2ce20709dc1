"""Stack exports: the resources in a state, as `pulumi stack export` or a backend in a folder or bucket writes it. Pure.

Source: exports of CLI 3.260; the engine's deployment format, version 3 (4 adds features that our resources do not have).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .documents import json_of
from .files import Unreadable

VERSIONS = (3, 4)
PROVIDER_TYPE = "pulumi:providers:pulumi-python"

NO_KEEPER = ""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"

Resource = Mapping[str, Any]
"""A resource in a state. `urn` is a URN of four parts and `type` a text; the members in _KINDS are of their kind, or not there."""

_KINDS: Mapping[str, type] = {
    "id": str, "provider": str, "parent": str, "inputs": dict, "outputs": dict, "ignoreChanges": list, "initErrors": list,
    "delete": bool, "external": bool, "pendingReplacement": bool, "protect": bool,
}  # fmt: skip
_WORDS = {str: "a text", dict: "a map", list: "a list", bool: "true or false"}


class NotAState(Unreadable):
    """The document is no stack export; the message says what was found instead."""


@dataclass(frozen=True)
class Deployment:
    """The state of one stack. `keeper` is what encrypts its secrets, as JSON text: no two stacks share it, unless one is a copy."""

    resources: tuple[Resource, ...] = ()
    keeper: str = NO_KEEPER

    @property
    def stack(self) -> str:
        """`project/stack`, or "" where there is no resource."""
        return stack_of(self.resources[0]["urn"]) if self.resources else ""


def parse(text: str | bytes) -> Deployment:
    """The state in an export's text, its resources in the state's order. Raises: NotAState."""
    try:
        document = json_of(text)
    except Unreadable as error:
        raise NotAState(str(error)) from None
    if not isinstance(document, dict) or not ("deployment" in document or "checkpoint" in document):
        raise NotAState("is not a stack export (`pulumi stack export`): it has neither a deployment nor a checkpoint")
    if document.get("version") not in VERSIONS:
        known = " and ".join(map(str, VERSIONS))
        raise NotAState(f"is a state of version {_shown(document.get('version'))}; known are {known}")
    deployment = _map(document, "deployment")
    if "checkpoint" in document:
        deployment = _map(_map(document, "checkpoint"), "latest")
    resources = deployment.get("resources") or []
    if not isinstance(resources, list):
        raise NotAState("is damaged: its resources are not a list")
    found = tuple(_resource(each, number) for number, each in enumerate(resources, 1))
    keeper = deployment.get("secrets_providers")
    return Deployment(found, json.dumps(keeper, sort_keys=True) if keeper else NO_KEEPER)


def _map(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key) or {}
    if not isinstance(value, dict):
        raise NotAState(f"is damaged: its {key} is not a map")
    return value


def _resource(each: Any, number: int) -> Resource:
    if not isinstance(each, dict):
        raise NotAState(f"is damaged: its resource {number} is not a map")
    urn = each.get("urn")
    if not isinstance(urn, str) or not urn.startswith("urn:pulumi:") or urn.count("::") < 3:
        raise NotAState(f"is damaged: its resource {number} has no URN")
    if not isinstance(each.get("type"), str):
        raise NotAState(f"is damaged: {_shown(urn)} has no type")
    for member, kind in _KINDS.items():
        value = each.get(member)
        if value is not None and type(value) is not kind:
            raise NotAState(f"is damaged: `{member}` of {_shown(urn)} is not {_WORDS[kind]}")
    for member in ("ignoreChanges", "initErrors"):
        if not all(isinstance(text, str) for text in each.get(member) or ()):
            raise NotAState(f"is damaged: `{member}` of {_shown(urn)} is not a list of texts")
    return each


def _shown(value: object) -> str:
    """The value in one line, cut."""
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


# -- parts of a resource ----------------------------------------------------------------------------------------------


def stack_of(urn: str) -> str:
    """`project/stack`, of a URN `urn:pulumi:STACK::PROJECT::TYPE::NAME`."""
    stack, project, *_ = urn.split("::")
    return f"{project}/{stack.removeprefix('urn:pulumi:')}"


def name_of(resource: Resource) -> str:
    """A resource's name in the program, which may itself hold "::"."""
    return str(resource["urn"]).split("::", 3)[3]


def provider_of(resource: Resource) -> str:
    """The URN of the provider that a resource goes by, or ""."""
    return str(resource.get("provider") or "").rpartition("::")[0]


def is_secret(value: object) -> bool:
    """Whether the value is a secret's envelope: an object with a signature, and `ciphertext`, or `plaintext` with `--show-secrets`."""
    return isinstance(value, Mapping) and value.get(_SIGNATURE) == _SECRET


def in_clear(secret: Mapping[str, Any], encrypted: object = None) -> Any:
    """What is in the envelope (it holds JSON text), or `encrypted` where the export does not show it. Raises: NotAState."""
    if "plaintext" not in secret:
        return encrypted
    try:
        return json_of(str(secret["plaintext"]))
    except Unreadable:
        raise NotAState("is damaged: it holds a secret that is not JSON") from None
