"""What a program would declare of an existing domain, and what state will then hold. Pure, but for the check.

A setting is left out where declaring it changes nothing: it is AWS's own default (`"default"` in the schema), or off, or empty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..model import comparison, documents
from ..model.resource_type import ResourceType
from ..model.schema import Property, Steps, transform
from ..model.values import ABSENT, Json, is_empty, members, plain
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
    declared = _moved(found, configuration) if found.former else _settings(found)
    own = configuration.tags.declared(_live_tags(found))
    if found.former is None and own:
        declared[found.type.schema.tags_input] = own
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


def _settings(found: Found) -> Json:
    """The part of what is live that a person would write, in the schema's order."""
    schema = found.type.schema

    def visit(steps: Steps, of: Property, value: object) -> object:
        is_off = of.switch_of(value) is False and len(members(value)) == 1  # what stands beside a switch is kept
        is_nothing = is_off or is_empty(value) or comparison.is_default(of, value)
        is_item = any(isinstance(step, int) for step in steps)  # items stay: their places in a list have a meaning
        return ABSENT if steps and is_nothing and not is_item else value

    there = documents.settable(schema, found.live)
    there.pop(schema.tags_input, None)
    declared = transform(schema, documents.in_order(schema, there), lambda steps, of, value: value, visit)
    return declared if isinstance(declared, dict) else {}


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
