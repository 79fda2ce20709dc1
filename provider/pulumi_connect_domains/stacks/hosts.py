"""The two hosts that manage our resources, and what each of them writes: the dynamic one in snake_case, the native one in camelCase.

Only this module knows both. What comes out of it is in our own words, as the dynamic host writes it, so no reader asks which host it was.

Shape: the native entry `{"inputs": {"defaultExpirationDays": 30}, "ignoreChanges": ["matching.jobSchedule"]}` becomes
`{"inputs": {"default_expiration_days": 30}, "ignoreChanges": ["matching.job_schedule"]}`.

Source: states and previews of CLI 3.260.0. A native entry has no `__provider`, and its provider is a `pulumi:providers:connect-domains`,
whose inputs are the settings in camelCase; those that hold objects may be JSON texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..model.errors import Unreadable
from ..model.path import Path
from ..model.resource_type import PACKAGE, ResourceType
from ..model.schema import Property, transform
from ..model.spelling import Spelling, snake_case
from ..model.values import HOST_KEY
from .deployment import StateResource
from .documents import json_of
from .preview import Preview, Side, Step
from .secret import holds_signed, is_secret
from .urn import NATIVE_PROVIDER_TYPE, Urn

TYPE_BEGINS = f"{PACKAGE}:"
"""How the types of the native host's resources begin."""

_DYNAMIC_BEGINS = "pulumi-python:dynamic/"

CONFIG_BEGINS = f"{PACKAGE}:"
"""How the native host's keys of stack config begin. It never gets any other key."""

PYTHON_FILES = (".py", ".pyi")


def is_native(type: str) -> bool:
    """Whether the native host manages the resources of this type, which is one of ours."""
    return type.startswith(TYPE_BEGINS)


def spelling_of(type: str, declared_at: str = "", *, is_in_python: bool = False) -> Spelling:
    """How the program spells the properties of the resource.

    `declared_at` is where it is declared (`parts.py:4`), "" where nothing says; then it counts whether the project `is_in_python`.
    """
    if not is_native(type):
        return Spelling.SNAKE
    file = declared_at.rpartition(":")[0]
    return Spelling.SNAKE if (file.endswith(PYTHON_FILES) if file else is_in_python) else Spelling.CAMEL


def spelling_of_urn(urn: str, declared_at: str = "", python_project: str = "") -> Spelling:
    """The same by the resource's URN. `python_project` is the name of a project whose programs are in Python; "" where none is known."""
    if TYPE_BEGINS not in urn or not Urn.is_one(urn):  # as nearly always: then the URN need not be taken apart
        return Spelling.SNAKE
    found = Urn.parse(urn)
    return spelling_of(found.type, declared_at, is_in_python=found.project == python_project)


def identity_of(urn: str) -> str:
    """What the resource is known by in reports, whichever host manages it: its URN with the dynamic host's token.

    So a report on a stack that went over from one host to the other compares with an earlier one.
    """
    if TYPE_BEGINS not in urn or not Urn.is_one(urn):  # as nearly always
        return urn
    found = Urn.parse(urn)
    return str(replace(found, type=dynamic_token(found.type), parents=tuple(map(dynamic_token, found.parents))))


def dynamic_token(type: str) -> str:
    """The dynamic host's token for a type that may be the native host's; any other type as it is."""
    return f"{_DYNAMIC_BEGINS}{type.removeprefix(TYPE_BEGINS)}" if is_native(type) else type


def path_in(spelling: Spelling, schema: Property, text: str) -> str:
    """The path in that spelling; as it is where no name changes, or where it cannot be read, since it names a hidden key."""
    try:
        path = Path.parse(text)
    except ValueError:
        return text
    found = spelling.path(schema, path)
    return text if found == path else str(found)


def native_settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """The native host's settings in a stack's config, by their names in camelCase. Keys of others, such as `aws:region`, never reach it."""
    return {key.removeprefix(CONFIG_BEGINS): value for key, value in config.items() if key.startswith(CONFIG_BEGINS)}


# -- states -----------------------------------------------------------------------------------------------------------


def in_our_words(resource: StateResource, type: ResourceType) -> StateResource:
    """The entry of a resource of ours with our own names. Its `document` stays as it was read."""
    if not is_native(resource.type):
        return resource
    schema = type.schema
    return replace(
        resource,
        inputs=_document(schema, resource.inputs),
        outputs=_document(schema, resource.outputs),
        ignore_changes=tuple(Spelling.SNAKE.pattern_text(schema, text) for text in resource.ignore_changes),
    )


def entry_in_our_words(entry: Mapping[str, Any], type: ResourceType) -> dict[str, Any]:
    """The same for an entry as Pulumi writes it, without what the dynamic host keeps in it for itself."""
    native = is_native(str(entry.get("type")))
    found = dict(entry)
    for member in ("inputs", "outputs"):
        document = entry.get(member) or {}
        own = _document(type.schema, document) if native else document
        found[member] = {key: value for key, value in own.items() if key != HOST_KEY}
    return found


def is_native_provider(resource: StateResource | None) -> bool:
    """Whether it is a provider of the native host, so that its inputs are settings in camelCase."""
    return resource is not None and resource.type == NATIVE_PROVIDER_TYPE


def is_default_provider(resource: StateResource) -> bool:
    """Whether the engine made the provider, from the stack's config: `default`, or `default_0_1_0` where a version is asked for.

    Source: `IsDefaultProvider` in sdk/go/common/providers of pulumi/pulumi, which goes by the begin of the name.
    """
    return resource.urn.is_provider and (resource.urn.name + "_").startswith("default_")


def _document(schema: Property, document: Mapping[str, Any]) -> dict[str, Any]:
    found = snake_case(schema, document)
    if holds_signed(found):
        found = transform(schema, found, lambda steps, of, value: _secret(of, value) if is_secret(value) else value)
    assert isinstance(found, dict)  # as it was before
    return found


def _secret(of: Property, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The secret; one that stands in clear and has names in it, with our own names."""
    try:
        content = json_of(str(value.get("plaintext", "null")))
    except Unreadable:
        return value  # whoever opens it says that it is damaged
    return {**value, "plaintext": json.dumps(snake_case(of, content))} if isinstance(content, (dict, list)) else value


# -- previews ---------------------------------------------------------------------------------------------------------


def preview_in_our_words(preview: Preview, types: Mapping[str, ResourceType]) -> Preview:
    """The preview, in which the steps of our resources have our own names. `types` are our resource types by their tokens."""
    if not any(_is_of_native(step, types) for step in preview.steps):
        return preview
    return replace(preview, steps=tuple(_step(step, types) for step in preview.steps))


def goes_over(before: Side | None, after: Side | None) -> bool:
    """Whether the resource goes over from one host to the other: its state is written anew, and by that alone AWS is not touched."""
    if before is None or after is None or not (before.type and after.type):
        return False
    return is_native(before.type) is not is_native(after.type)


def _is_of_native(step: Step, types: Mapping[str, ResourceType]) -> bool:
    sides = [side.type for side in (step.before, step.after) if side]
    return any(each in types and is_native(each) for each in (step.urn.type, *sides))


def _step(step: Step, types: Mapping[str, ResourceType]) -> Step:
    type = types.get(step.urn.type)
    if type is None or not _is_of_native(step, types):
        return step
    schema = type.schema

    def texts(paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path_in(Spelling.SNAKE, schema, text) for text in paths))

    return replace(
        step,
        before=_side(schema, step.before, step.urn),
        after=_side(schema, step.after, step.urn),
        changed=texts(step.changed),
        detail=None if step.detail is None else texts(step.detail),
        replacing=texts(step.replacing),
    )


def _side(schema: Property, side: Side | None, urn: Urn) -> Side | None:
    if side is None or not is_native(side.type or urn.type):
        return side
    inputs, outputs = (snake_case(schema, each) for each in (side.inputs, side.outputs))
    assert isinstance(inputs, dict)  # as they were before
    assert isinstance(outputs, dict)
    return replace(side, inputs=inputs, outputs=outputs)
