"""What a program would declare of an existing domain, and what state will then hold. Pure, but for the check."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..model import documents
from ..model.resource_type import ResourceType
from ..model.values import Json, members, plain
from ..operations.configuration import Configuration
from ..operations.lifecycle import Operations
from ..operations.requests import CheckRequest
from .model import Found


@dataclass(frozen=True)
class Declaration:
    """A domain's arguments, and the inputs that the check makes of them; `failures` where it refuses them."""

    declared: Json
    inputs: Json
    failures: tuple[str, ...] = ()


def declare(found: Found, configuration: Configuration) -> Declaration:
    """The declaration of a domain, in the program of a stack with that configuration.

    Its tags are those that the domain has and the stack's default tags do not give it already.
    """
    schema = found.type.schema
    declared = (
        _moved(found, configuration)
        if found.former
        else documents.worth_declaring(schema, documents.settings(schema, found.live))
    )
    own = configuration.tags.declared(_live_tags(found))
    if found.former is None and own:
        declared[schema.tags_input] = own
    if configuration.region != found.region:
        # Needed, unless the stack's config names it: another shell may name another Region.
        declared["region"] = found.region
    return _checked(found.type, declared, configuration)


def outputs(found: Found, inputs: Json) -> Json:
    """The outputs that a creation would have left in state."""
    return documents.outputs(found.type.schema, inputs, found.live)


def missing_default_tags(found: Found, configuration: Configuration) -> list[str]:
    """The stack's default tags that the domain does not have: only a `pulumi up --refresh` puts them there."""
    there = _live_tags(found)
    return [key for key in configuration.tags.owned(configuration.tags.defaults) if key not in there]


# -- what is declared -------------------------------------------------------------------------------------------------


def _moved(found: Found, configuration: Configuration) -> Json:
    """What the former resource declares: in its own words where AWS has the same value, else what is live."""
    assert found.former is not None  # asked for only then
    schema, declared = found.type.schema, found.former.declared
    name = {schema.name_input: found.live[schema.name_input]} if schema.name_input in found.live else {}
    moved = {**name, **documents.read_inputs(schema, declared, found.live, configuration.tags)}
    tags = moved.get(schema.tags_input)
    if isinstance(tags, dict):
        moved[schema.tags_input] = configuration.tags.owned(tags)
    return {key: moved[key] for key in schema.inputs if moved.get(key) not in (None, {})}


def _live_tags(found: Found) -> Json:
    return dict(members(found.live.get(found.type.schema.tags_input)))


# -- what check makes of it -------------------------------------------------------------------------------------------


def _checked(type: ResourceType, declared: Json, configuration: Configuration) -> Declaration:
    """The declaration, checked as the provider itself will check it, so that state and the next preview agree."""
    answer = Operations(type, replace(configuration, notices=())).check(CheckRequest("", {}, plain(declared)))
    return Declaration(declared, answer.inputs, answer.failures)
