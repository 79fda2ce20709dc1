"""What a program would declare of a domain that is there, and what state will then hold. Pure but for the check itself.

Left out is what AWS fills in by itself (`"default"` in the schema), what is off, and what is empty: declaring it would say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import cast

from ..host.lifecycle import Lifecycle
from ..model import comparison, documents
from ..model.comparison import ABSENT, Schema
from ..model.resource_type import ResourceSpec
from ..model.values import Json
from ..operations.configuration import Configuration
from .model import Found

OFF = {"enabled": False}


@dataclass(frozen=True)
class Declaration:
    """A domain's arguments, and the inputs that check makes of them; `failures` where check refuses them."""

    declared: Json
    inputs: Json
    failures: tuple[str, ...] = ()


def declare(found: Found, configuration: Configuration) -> Declaration:
    """The declaration of a domain, in the program of a stack with that configuration.

    Its tags are chosen so that, with the stack's default tags, they come out as those that the domain has.
    """
    declared = _moved(found, configuration) if found.former else _settings(found)
    own = _own_tags(found, configuration)
    if found.former is None and own:
        declared["tags"] = own
    if (
        configuration.region != found.region
    ):  # what this shell says is not written anywhere, so it cannot be relied upon
        declared["region"] = found.region
    return _checked(found.spec, declared, configuration)


def outputs(found: Found, inputs: Json) -> Json:
    """What a creation would have left in state."""
    return documents.outputs(found.spec.schema, inputs, found.live)


def missing_default_tags(found: Found, configuration: Configuration) -> list[str]:
    """The stack's default tags that the domain does not have: only a `pulumi up --refresh` puts them there."""
    there = _live_tags(found)
    return [key for key in configuration.default_tags if key not in there and not configuration.is_ignored(key)]


def provider_of(spec: ResourceSpec) -> Lifecycle:
    """The provider that the host runs for the resource, new."""
    return cast(Lifecycle, import_module(f"pulumi_connect_domains.{spec.package}").DomainProvider())


# -- what is declared -------------------------------------------------------------------------------------------------


def _settings(found: Found) -> Json:
    schema = found.spec.schema
    there = documents.settable(schema, found.live)
    there.pop("tags", None)
    declared = _said(schema, there)
    return declared if isinstance(declared, dict) else {}


def _said(node: Schema, value: object) -> object:
    """The part of the value that a person would write, or ABSENT."""
    if isinstance(value, dict) and isinstance(properties := node.get("properties"), Mapping):
        kept = {name: _said(of, value[name]) for name, of in properties.items() if name in value}
        kept = {name: each for name, each in kept.items() if each is not ABSENT}
        return ABSENT if kept in ({}, OFF) or _is_default(node, kept) else kept
    return ABSENT if value in ("", [], {}) or _is_default(node, value) else value


def _is_default(node: Schema, value: object) -> bool:
    if "default" not in node:
        return False
    return not comparison.changes({"properties": {"value": node}}, {"value": node["default"]}, {"value": value})


def _moved(found: Found, configuration: Configuration) -> Json:
    """What the former entry declares, in its words where they still hold; where they do not, what is live."""
    assert found.former is not None  # asked for only then
    declared = found.former.declared
    schema = found.spec.schema
    name = {key: found.live[key] for key, of in comparison.input_properties(schema).items() if of.get("autoName")}
    moved = {**name, **documents.read_inputs(schema, declared, found.live, configuration)}
    tags = moved.get("tags")
    if isinstance(tags, dict):
        moved["tags"] = {key: value for key, value in tags.items() if not configuration.is_ignored(key)}
    return {key: moved[key] for key in comparison.input_properties(schema) if moved.get(key) not in (None, {})}


def _own_tags(found: Found, configuration: Configuration) -> dict[str, str]:
    return {
        key: value
        for key, value in _live_tags(found).items()
        if not configuration.is_ignored(key) and configuration.default_tags.get(key) != value
    }


def _live_tags(found: Found) -> dict[str, str]:
    there = found.live.get("tags")
    return there if isinstance(there, dict) else {}


# -- what check makes of it -------------------------------------------------------------------------------------------


def _checked(spec: ResourceSpec, declared: Json, configuration: Configuration) -> Declaration:
    """As the provider itself will check it: so state and the next preview cannot disagree."""
    provider = provider_of(spec)
    provider.use(replace(configuration, notices=()))
    answer = provider.check({}, dict(declared))
    return Declaration(declared, answer.inputs, tuple(failure.reason for failure in answer.failures))
