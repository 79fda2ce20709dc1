"""The stack's state: resources, pending operations, and their form in a deployment of version 3."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Final

from .values import (
    SECRET_SIGNATURE,
    SIGNATURE,
    UNKNOWN,
    UNKNOWN_TEXT,
    Properties,
    Secret,
    clear,
    transform,
)

Encrypt = Callable[[str], str]
"""Plain text in, ciphertext out; and the other way about for decryption."""


@dataclass(eq=False)
class Resource:
    """One resource as state remembers it; the field names, turned to camelCase, are the keys of the file.

    Two resources are the same only if they are one object: state may hold two of one URN. What events and `save` get are copies.
    """

    urn: str
    custom: bool
    type: str
    delete: bool = False
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    parent: str = ""
    protect: bool = False
    taint: bool = False
    external: bool = False
    dependencies: tuple[str, ...] = ()
    init_errors: tuple[str, ...] = ()
    provider: str = ""
    """The provider's reference, `URN::id`."""
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pending_replacement: bool = False
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, float] = field(default_factory=dict)
    """Seconds by operation, as numbers: `{"create": 420}`."""
    import_id: str = ""
    retain_on_delete: bool = False
    deleted_with: str = ""
    replace_with: tuple[str, ...] = ()
    created: str = ""
    modified: str = ""
    """Times, RFC 3339 in UTC."""
    ignore_changes: tuple[str, ...] = ()
    hide_diff: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    resource_hooks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names of hooks by kind, in previews only: state that holds some is refused."""

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def is_provider(self) -> bool:
        return self.type.startswith("pulumi:providers:")

    @property
    def reference(self) -> str:
        """What other resources name this provider by."""
        return f"{self.urn}::{self.id}"

    def copy(self, **changes: Any) -> Resource:
        """Another resource with the same content, but for these fields."""
        return dataclasses.replace(self, **changes)

    @property
    def dependencies_of_all_kinds(self) -> set[str]:
        """The URNs it depends on, in whatever way, but for its parent."""
        found = {*self.dependencies, *self.replace_with, self.deleted_with, self.provider.rpartition("::")[0]}
        found.update(urn for urns in self.property_dependencies.values() for urn in urns)
        return found - {""}


@dataclass(frozen=True)
class Operation:
    """What was begun and not heard of again: creating, updating, deleting, reading."""

    type: str
    resource: Resource


@dataclass(frozen=True)
class Deployment:
    """A stack's whole state."""

    resources: tuple[Resource, ...] = ()
    pending_operations: tuple[Operation, ...] = ()


_CAMEL: Final = {
    f.name: "importID"
    if f.name == "import_id"
    else "".join(p.title() if i else p for i, p in enumerate(f.name.split("_")))
    for f in dataclasses.fields(Resource)
}
_ALWAYS: Final = {"urn", "custom", "type"}
_PROPERTIES: Final = {"inputs", "outputs"}
_DROPPED: Final = {"sourcePosition", "stackTrace"}
"""What the CLI writes for its displays only."""


def resource_json(resource: Resource, render: Callable[[Properties], Properties]) -> dict[str, Any]:
    """The resource in the file's form, empty fields left out; `render` turns inputs and outputs into plain JSON.

    For people and previews `render` is `values.blind`; for the file it encrypts.
    """
    found: dict[str, Any] = {}
    for name, key in _CAMEL.items():
        value = getattr(resource, name)
        if not value and name not in _ALWAYS:
            continue
        if name in _PROPERTIES:
            value = render(value)
        elif name == "property_dependencies":
            value = {prop: list(urns) for prop, urns in value.items()}
        elif isinstance(value, tuple):
            value = list(value)
        found[key] = value
    return found


def resource_from_json(found: Mapping[str, Any], decrypt: Encrypt) -> Resource:
    """The resource that the file describes; keys this engine does not know are refused by name."""
    names = {key: name for name, key in _CAMEL.items() if name != "resource_hooks"}
    found = {key: value for key, value in found.items() if key in _ALWAYS or (key not in _DROPPED and value)}
    if unknown := sorted(set(found) - set(names)):
        raise ValueError(
            f"{found.get('urn')}: state holds {', '.join(unknown)}, which the local engine does not support"
        )
    fields: dict[str, Any] = {names[key]: tuple(v) if isinstance(v, list) else v for key, v in found.items()}
    for name in _PROPERTIES & fields.keys():
        fields[name] = _decrypted(fields[name], decrypt)
    return Resource(**fields)


def deployment_json(deployment: Deployment, encrypt: Encrypt, secrets_providers: Mapping[str, Any]) -> dict[str, Any]:
    """The whole file's content: `{"version": 3, "deployment": {…}}`, secrets encrypted.

    What is unknown (a stack output of a resource that `--target` left out) is the protocol's text for it. Source: CLI 3.260.0.
    """

    def render(properties: Properties) -> Properties:
        rendered: Properties = transform(properties, lambda secret: _encrypted(secret, encrypt), UNKNOWN_TEXT)
        return rendered

    now = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
    return {
        "version": 3,
        "deployment": {
            "manifest": {"time": now, "magic": "", "version": ""},
            "secrets_providers": dict(secrets_providers),
            "resources": [resource_json(resource, render) for resource in deployment.resources],
            "pending_operations": [
                {"resource": resource_json(operation.resource, render), "type": operation.type}
                for operation in deployment.pending_operations
            ],
            "metadata": {},
        },
    }


def deployment_from_json(found: Mapping[str, Any], decrypt: Encrypt) -> Deployment:
    """The state in a file's `{"version": 3, "deployment": {…}}`; an empty deployment when it holds none."""
    body = found.get("deployment") or {}
    return Deployment(
        tuple(resource_from_json(resource, decrypt) for resource in body.get("resources") or ()),
        tuple(
            Operation(operation["type"], resource_from_json(operation["resource"], decrypt))
            for operation in body.get("pending_operations") or ()
        ),
    )


def _encrypted(secret: Secret, encrypt: Encrypt) -> dict[str, str]:
    text = json.dumps(clear(secret.value), separators=(",", ":"), ensure_ascii=False)
    return {SIGNATURE: SECRET_SIGNATURE, "ciphertext": encrypt(text)}


def _decrypted(value: Any, decrypt: Encrypt) -> Any:
    if isinstance(value, list):
        return [_decrypted(item, decrypt) for item in value]
    if not isinstance(value, dict):
        return UNKNOWN if value == UNKNOWN_TEXT else value
    if value.get(SIGNATURE) == SECRET_SIGNATURE:
        text = value["plaintext"] if "plaintext" in value else decrypt(value["ciphertext"])
        return Secret(_decrypted(json.loads(text), decrypt))
    return {key: _decrypted(item, decrypt) for key, item in value.items()}


def transform_secrets(value: Any, of_secret: Callable[[dict[str, Any]], Any]) -> Any:
    """JSON of a state file with each secret, `{SIGNATURE: SECRET_SIGNATURE, …}` at any depth, replaced by what the function makes of it.

    The signature alone tells: any other map may have keys of the same names.
    """
    if isinstance(value, list):
        return [transform_secrets(item, of_secret) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET_SIGNATURE:
        return of_secret(value)
    return {key: transform_secrets(item, of_secret) for key, item in value.items()}
