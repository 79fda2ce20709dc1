"""Stack exports: the resources in a state, as `pulumi stack export` or a backend in a folder or bucket writes it. Pure.

Source: exports of CLI 3.260; the engine's deployment format, version 3 (4 adds features that our resources do not have).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .core.errors import ConnectDomainsError

VERSIONS = (3, 4)
PROVIDER_TYPE = "pulumi:providers:pulumi-python"

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


class NotAState(ConnectDomainsError):
    """The document is no stack export; the message says what was found instead."""


def resources(text: str | bytes) -> list[Any]:
    """The resources of the stack, in the state's order. Raises: NotAState."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise NotAState(f"is not JSON: {error}") from None
    if not isinstance(document, dict) or not ("deployment" in document or "checkpoint" in document):
        raise NotAState("is not a stack export (`pulumi stack export`): it has neither a deployment nor a checkpoint")
    if document.get("version") not in VERSIONS:
        known = " and ".join(map(str, VERSIONS))
        raise NotAState(f"is a state of version {document.get('version')!r}; known are {known}")
    try:
        if "checkpoint" in document:
            document = {"deployment": (document["checkpoint"] or {}).get("latest")}
        return list((document["deployment"] or {}).get("resources") or [])
    except (AttributeError, TypeError) as error:
        raise NotAState(f"is damaged: its resources cannot be read ({type(error).__name__}: {error})") from None


def name_of(resource: Mapping[str, Any]) -> str:
    """A resource's name in the program, which may itself hold "::"."""
    return str(resource["urn"]).split("::", 3)[3]


def provider_of(resource: Mapping[str, Any]) -> str:
    """The URN of the provider that a resource goes by, or ""."""
    return str(resource.get("provider", "")).rpartition("::")[0]


def is_secret(value: object) -> bool:
    """Whether the value is a secret's envelope: an object with a signature, and `ciphertext`, or `plaintext` with `--show-secrets`."""
    return isinstance(value, Mapping) and value.get(_SIGNATURE) == _SECRET


def in_clear(secret: Mapping[str, Any], encrypted: object = None) -> Any:
    """What is in the envelope (it holds JSON text), or `encrypted` where the export does not show it."""
    return json.loads(secret["plaintext"]) if "plaintext" in secret else encrypted
