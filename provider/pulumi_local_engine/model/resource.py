"""The stack's state: resources, pending operations, and their form in a deployment of version 3."""

import dataclasses
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Final

from .reading import DamagedError, reading
from .urn import PROVIDERS
from .values import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, UNKNOWN_TEXT, Properties, Secret, clear, inside, transform

INTERNAL: Final = "__internal"
"""The key for the engine's own notes in a provider's inputs."""

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
        return self.type.startswith(PROVIDERS)

    @property
    def package(self) -> tuple[str, str]:
        """Of a provider: its package, and the version that was asked for."""
        version = self.inputs.get("version")
        return self.type.removeprefix(PROVIDERS), version if isinstance(version, str) else ""

    @property
    def configuration(self) -> Properties:
        """What a provider gets of its resource's inputs: all but what the engine keeps there for itself."""
        return {key: value for key, value in self.inputs.items() if key != INTERNAL}

    @property
    def reference(self) -> str:
        """What other resources name this provider by."""
        return f"{self.urn}::{self.id}"

    def copy(self, **changes: Any) -> "Resource":
        """Another resource with the same content, but for these fields."""
        return dataclasses.replace(self, **changes)

    @property
    def depends_on(self) -> set[str]:
        """The URNs it depends on, in whatever way; its parent's is not among them."""
        found = {*self.dependencies, *self.replace_with, self.deleted_with, self.provider.rpartition("::")[0]}
        return found.union(*self.property_dependencies.values()) - {""}

    @property
    def needs(self) -> set[str]:
        """All URNs that it depends on, its parent's too."""
        return self.depends_on | ({self.parent} - {""})


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


_CAMEL: Final = {each.name: re.sub(r"_(.)", lambda m: m[1].upper(), each.name) for each in dataclasses.fields(Resource)}
_KEYS: Final = {**_CAMEL, "import_id": "importID"}
_ALWAYS: Final = ("urn", "custom", "type")
_PROPERTIES: Final = ("inputs", "outputs")
_DROPPED: Final = ("sourcePosition", "stackTrace")
"""What the CLI writes for its displays only."""


def now() -> str:
    """This moment, as state spells it."""
    return datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")


def resource_json(resource: Resource, render: Callable[[Properties], Properties]) -> dict[str, Any]:
    """The resource in the file's form, empty fields left out; `render` turns inputs and outputs into plain JSON, without secrets."""
    found = {key: getattr(resource, name) for name, key in _KEYS.items()}
    found.update({name: render(found[name]) for name in _PROPERTIES})
    found["propertyDependencies"] = {key: list(urns) for key, urns in resource.property_dependencies.items()}
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}
    return {key: value for key, value in plain.items() if value or key in _ALWAYS}


_RESOURCE: Final = {
    **{f"{_KEYS[name]}?": [str] if value == () else type(value) for name, value in vars(Resource("", False, "")).items()},
    "urn": str, "custom": bool, "type": str, "propertyDependencies?": {...: [str]},
}  # fmt: skip
DEPLOYMENT: Final = {
    "manifest?": {"time?": str}, "secrets_providers?": {"type?": str, "state?": {"salt?": str}},
    "resources?": [_RESOURCE], "pending_operations?": [{"type": str, "resource": _RESOURCE}],
}  # fmt: skip
"""The shape of what a state file holds below that key, as far as commands read it without making resources of it."""


def refuse_unreadable_secrets(document: Any) -> None:
    """Nothing happens when each secret in a state file's JSON has a text. Raises ValueError."""

    def refuse(secret: Mapping[str, Any]) -> None:
        if not isinstance(secret.get("plaintext", secret.get("ciphertext")), str):
            raise ValueError("a secret has neither plaintext nor ciphertext")
        json.loads(secret.get("plaintext", "null"))

    transform_secrets(document, refuse)


def resource_from_json(found: Mapping[str, Any], decrypt: Encrypt) -> Resource:
    """The resource that the file describes. Raises DamagedError, naming them, for keys that this engine does not know."""
    names = {key: name for name, key in _KEYS.items() if name != "resource_hooks"}
    found = {key: value for key, value in found.items() if key in _ALWAYS or (key not in _DROPPED and value)}
    if unknown := sorted(set(found) - set(names)):
        what = f"state holds {', '.join(unknown)}, which the local engine does not support"
        raise DamagedError(f"{found.get('urn')}: {what}")
    fields: dict[str, Any] = {names[key]: tuple(v) if isinstance(v, list) else v for key, v in found.items()}
    return Resource(**{key: _decrypted(v, decrypt) if key in _PROPERTIES else v for key, v in fields.items()})


def deployment_json(deployment: Deployment, encrypt: Encrypt, secrets_providers: Mapping[str, Any]) -> dict[str, Any]:
    """The whole file's content: `{"version": 3, "deployment": {…}}`, secrets encrypted.

    What is unknown (a stack output of a resource that `--target` left out) is the protocol's text for it. Source: CLI 3.260.0.
    """

    def encrypted(secret: Secret) -> dict[str, str]:
        text = json.dumps(clear(secret.value), separators=(",", ":"), ensure_ascii=False)
        return {SIGNATURE: SECRET_SIGNATURE, "ciphertext": encrypt(text)}

    def rendered(resource: Resource) -> dict[str, Any]:
        return resource_json(resource, lambda properties: transform(properties, encrypted, UNKNOWN_TEXT))

    body = {
        "manifest": {"time": now(), "magic": "", "version": ""}, "secrets_providers": dict(secrets_providers),
        "resources": [rendered(resource) for resource in deployment.resources],
        "pending_operations": [{"resource": rendered(o.resource), "type": o.type} for o in deployment.pending_operations],
        "metadata": {},
    }  # fmt: skip
    return {"version": 3, "deployment": body}


def deployment_from_json(found: Mapping[str, Any], decrypt: Encrypt) -> Deployment:
    """The state in a file's `{"version": 3, "deployment": {…}}`; an empty deployment when it holds none. Raises DamagedError."""
    body = found.get("deployment") or {}
    with reading("the stack's state", "a state"):
        resources = [resource_from_json(resource, decrypt) for resource in body.get("resources") or ()]
        pending = body.get("pending_operations") or ()
        operations = [Operation(each["type"], resource_from_json(each["resource"], decrypt)) for each in pending]
    return Deployment(tuple(resources), tuple(operations))


def _decrypted(value: Any, decrypt: Encrypt) -> Any:
    def opened(secret: dict[str, Any]) -> Secret:
        text = secret["plaintext"] if "plaintext" in secret else decrypt(secret["ciphertext"])
        return Secret(_decrypted(json.loads(text), decrypt))

    return transform_secrets(value, opened, UNKNOWN)


def transform_secrets(value: Any, of_secret: Callable[[dict[str, Any]], Any], unknown: Any = UNKNOWN_TEXT) -> Any:
    """JSON of a state file with each secret, `{SIGNATURE: SECRET_SIGNATURE, …}` at any depth, replaced by what the function makes of it.

    The signature alone tells: any other map may have keys of the same names. `unknown` takes the place of the protocol's text for it.
    """

    def made(item: Any) -> Any:
        if isinstance(item, dict) and item.get(SIGNATURE) == SECRET_SIGNATURE:
            return of_secret(item)
        return unknown if item == UNKNOWN_TEXT else inside(item, made)

    return made(value)
