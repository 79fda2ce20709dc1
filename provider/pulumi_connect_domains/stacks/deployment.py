"""Stack exports: the resources in a state, as `pulumi stack export` or a backend in a folder or bucket writes it. Pure.

Source: exports of CLI 3.260; the engine's deployment format, version 3 (4 adds features that our resources do not have).
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..model.errors import Unreadable
from .documents import json_of
from .project import declared_at
from .urn import PROVIDER_TYPES, STACK_TYPE, Urn

VERSIONS = (3, 4)

NO_KEEPER = ""

_KINDS: Mapping[str, type] = {
    "id": str, "provider": str, "parent": str, "inputs": dict, "outputs": dict, "ignoreChanges": list, "initErrors": list,
    "delete": bool, "external": bool, "pendingReplacement": bool, "protect": bool,
}  # fmt: skip
_WORDS = {str: "a text", dict: "a map", list: "a list", bool: "true or false"}


class NotAState(Unreadable):
    """The document is no stack export; the message says what was found instead."""


@dataclass(frozen=True)
class StateResource:
    """A resource as a state holds it. `inputs` and `outputs` are as Pulumi writes them: secrets are envelopes, see `secret`.

    `provider` is a reference, `URN::ID`, and `parent` the text of a URN; "" where there is none. `init_errors` say why its last creation
    or update was not completed. `document` is the whole entry, to compare states by.
    """

    urn: Urn
    type: str
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    parent: str = ""
    provider: str = ""
    is_protected: bool = False
    is_leaving: bool = False
    """It was replaced and waits for its deletion."""
    is_external: bool = False
    """Only read (`.get()`), never managed."""
    is_pending_replacement: bool = False
    """It was deleted, and its replacement is not created yet."""
    ignore_changes: tuple[str, ...] = ()
    init_errors: tuple[str, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def declared_at(self) -> str:
        """Where the program declares it: `parts.py:4`, or ""."""
        return declared_at(self.document)

    @property
    def is_managed(self) -> bool:
        """Whether the stack manages it: False for what is only read, waits for its deletion, or was never created."""
        return bool(self.id) and not (self.is_leaving or self.is_external)

    @property
    def is_child(self) -> bool:
        """Whether it stands below another resource, and not right below the stack."""
        return bool(self.parent) and f"::{STACK_TYPE}::" not in self.parent


@dataclass(frozen=True)
class Deployment:
    """The state of one stack. `keeper` is its secrets provider, as JSON text: two stacks share one only where one is a copy."""

    resources: tuple[StateResource, ...] = ()
    keeper: str = NO_KEEPER

    @property
    def stack(self) -> str:
        """`project/stack`, or "" where there is no resource."""
        return self.resources[0].urn.project_and_stack if self.resources else ""

    def of_types(self, types: Container[str]) -> tuple[StateResource, ...]:
        """The resources of these types."""
        return tuple(each for each in self.resources if each.type in types)

    @property
    def providers(self) -> Deployment:
        """The same without any resource but the providers, for `provider`."""
        return Deployment(tuple(each for each in self.resources if each.type.startswith(PROVIDER_TYPES)), self.keeper)

    def provider(self, resource: StateResource) -> StateResource | None:
        """The resource's provider; None where the state does not hold it."""
        reference = resource.provider
        return self._providers.get(reference) or self._providers.get(reference.rpartition("::")[0])

    def provider_inputs(self, resource: StateResource) -> Mapping[str, Any]:
        """The inputs of the resource's provider; empty where the state does not hold it."""
        found = self.provider(resource)
        return found.inputs if found else {}

    @cached_property
    def _providers(self) -> Mapping[str, StateResource]:
        """Every provider by its URN, and by its URN and id: while one is replaced, two have the same URN."""
        providers = [each for each in self.resources if each.type.startswith(PROVIDER_TYPES)]
        return {str(each.urn): each for each in providers} | {f"{each.urn}::{each.id}": each for each in providers}


def parse(text: str | bytes) -> Deployment:
    """The state in an export's text, its resources in the state's order. Raises: NotAState."""
    try:
        document = json_of(text)
    except Unreadable as error:
        raise NotAState(str(error)) from None
    if not isinstance(document, dict) or not ("deployment" in document or "checkpoint" in document):
        raise NotAState("is not a stack export (`pulumi stack export`): it has neither a deployment nor a checkpoint")
    if document.get("version") not in VERSIONS:
        known, version = " and ".join(map(str, VERSIONS)), document.get("version")
        is_newer = isinstance(version, int) and version > max(VERSIONS)
        advice = ": a newer version of pulumi-connect-domains is needed to read it" if is_newer else ""
        raise NotAState(f"is a state of version {_shown(version)}; known are {known}{advice}")
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


def _resource(document: Any, number: int) -> StateResource:
    if not isinstance(document, dict):
        raise NotAState(f"is damaged: its resource {number} is not a map")
    try:
        urn = Urn.parse(str(document.get("urn")))
    except Unreadable:
        raise NotAState(f"is damaged: its resource {number} has no URN") from None
    shown = _shown(str(urn))
    if not isinstance(document.get("type"), str):
        raise NotAState(f"is damaged: {shown} has no type")
    for member, kind in _KINDS.items():
        value = document.get(member)
        if value is not None and type(value) is not kind:
            raise NotAState(f"is damaged: `{member}` of {shown} is not {_WORDS[kind]}")
    for member in ("ignoreChanges", "initErrors"):
        if not all(isinstance(text, str) for text in document.get(member) or ()):
            raise NotAState(f"is damaged: `{member}` of {shown} is not a list of texts")
    return StateResource(
        urn,
        document["type"],
        id=document.get("id") or "",
        inputs=document.get("inputs") or {},
        outputs=document.get("outputs") or {},
        parent=document.get("parent") or "",
        provider=document.get("provider") or "",
        is_protected=document.get("protect") is True,
        is_leaving=document.get("delete") is True,
        is_external=document.get("external") is True,
        is_pending_replacement=document.get("pendingReplacement") is True,
        ignore_changes=tuple(document.get("ignoreChanges") or ()),
        init_errors=tuple(document.get("initErrors") or ()),
        document=document,
    )


def _shown(value: object) -> str:
    """The value in one line, cut."""
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
