"""What a stack's export says of its domains: those managed already, names that are taken, and those of other providers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import exports
from ..core.wire import Json
from ..registry import specs
from .model import Managed, Place

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class State:
    """The resources of one stack, as its export lists them."""

    resources: tuple[Mapping[str, Any], ...] = ()

    @property
    def managed(self) -> Managed:
        """The domains that our resources in it manage. What is only read (`Domain.get`) or about to go does not count."""
        known = specs()
        ours = [each for each in self.resources if each.get("type") in known and each.get("id")]
        return {
            place: str(each["urn"])
            for each in ours
            if not (each.get("delete") or each.get("external"))
            if (place := _place(known[each["type"]].package, each))
        }

    @property
    def names(self) -> dict[str, set[str]]:
        """The names of resources that are taken, by type."""
        taken: dict[str, set[str]] = {}
        for each in self.resources:
            taken.setdefault(str(each["type"]), set()).add(exports.name_of(each))
        return taken

    @property
    def config(self) -> Json:
        """The stack's config as of its last update, where that is in clear: the default provider's inputs."""
        providers = [each for each in self.resources if each.get("type") == exports.PROVIDER_TYPE]
        default = next((each for each in providers if exports.name_of(each) == "default"), {})
        return {key: value for key, value in (default.get("inputs") or {}).items() if isinstance(value, str)}

    def provider_inputs(self, resource: Mapping[str, Any]) -> Json:
        """The inputs of the provider that a resource goes by."""
        urn = exports.provider_of(resource)
        return next((each.get("inputs") or {} for each in self.resources if each.get("urn") == urn), {})


def read(text: str | bytes) -> State:
    """The state in an export's text. Raises: NotAState."""
    return State(tuple(each for each in exports.resources(text) if isinstance(each, dict)))


def _place(package: str, resource: Mapping[str, Any]) -> Place | None:
    outputs = resource.get("outputs") or {}
    parts = str(outputs.get("arn") or "").split(":")
    return (package, parts[4], parts[3], str(resource["id"])) if len(parts) > 4 else None
