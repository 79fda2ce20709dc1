"""Domains that a stack holds as another provider's resources: those of pulumi-aws or aws-native. Nothing is changed.

How another provider names a property stands in each schema.json: as we do, but in camelCase, except for the `spelled` ones. Its tags are a
map, or a list of keys and values.

Source: the generated classes of pulumi-aws 7.51; CloudFormation's schemas of 2026-10, in camelCase, for aws-native.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..model.errors import AwsError, Refused
from ..model.path import Path
from ..model.resource_type import ResourceType
from ..model.schema import Move, Property, Schema
from ..model.values import ABSENT, NO_ARN, Arn, Json, plain
from ..model.visible import in_shell
from ..model.wording import camel_case
from ..operations import reading
from ..operations.command_calls import CommandCalls
from ..operations.configuration import Configuration
from ..operations.forms import REGION
from ..registry import resource_types
from ..stacks.deployment import Deployment, NotAState, StateResource
from ..stacks.secret import in_clear, places
from .model import Former, Found, FoundDomains, Remarks
from .state import Managed, manager


@lru_cache(maxsize=1)
def moves() -> dict[str, tuple[ResourceType, Move]]:
    """What each of the other providers' types becomes, and how."""
    return {token: (type, move) for type in resource_types().values() for token, move in type.schema.moves_from.items()}


def find(
    state: Deployment, managed: Managed, configuration: Configuration, region: str, calls: CommandCalls
) -> FoundDomains:
    """The domains that the stack holds as another provider's resources, each read from AWS, and the remarks on them.

    `managed` are the domains that the stack manages as ours. `region` is for entries that do not name theirs; "" where none is given.
    Raises: AwsError where AWS cannot say which account the credentials belong to.
    """
    domains, problems, notes = [], [], []
    entries = [each for each in state.of_types(moves()) if each.id]
    for entry in entries:
        if not entry.is_managed:
            continue
        try:
            found = _read(entry, state, configuration, region, calls)
        except NotAState as error:
            found = str(error)
        if isinstance(found, str):
            problems.append(f"{entry.urn}: {found}")
            continue
        if urn := manager(managed, found.place):
            notes.append(
                f"{found.text} is managed by the stack already, as {urn}, and its old entry is still there: "
                f"`pulumi state delete {in_shell(str(entry.urn))}` before any `pulumi up`, which would delete the domain with its data"
            )
            continue
        domains.append(found)
        notes += [f"{entry.urn}: {note}" for note in found.former.notes] if found.former else []
    if not entries:
        notes.append(f"the stack holds no domain of another provider ({', '.join(moves())})")
    return FoundDomains(tuple(domains), Remarks(tuple(problems), tuple(notes)))


def _read(
    entry: StateResource, state: Deployment, configuration: Configuration, region: str, calls: CommandCalls
) -> Found | str:
    """The domain as it is in AWS, or why it cannot be taken over."""
    type, move = moves()[entry.type]
    arn = Arn.parse(entry.outputs.get("arn")) or NO_ARN
    region = _region(entry, state) or arn.region or configuration.region or region
    if not region:
        return "the state does not say which region it is in; --region REGION does"
    if not REGION.fullmatch(region):
        return "the state does not say which region it is in: what it says is the name of none"
    try:
        call = calls.to(type, arn.account, region, configuration)
    except Refused as error:
        return str(error)
    try:
        live = reading.live(call, entry.id, {}, _translated(type.schema, move, entry.inputs, {}))
    except AwsError as error:
        return str(error)
    if live is None:
        return f"there is no {type.noun} {entry.id!r} in {region}, account {call.account}"
    return Found(type, call.account, region, entry.id, live, _former(entry, type, move, live))


def _region(entry: StateResource, state: Deployment) -> str:
    for document in (entry.inputs, entry.outputs, state.provider_inputs(entry)):
        if isinstance(document.get("region"), str):
            return str(document["region"])
    return ""


def _former(entry: StateResource, type: ResourceType, move: Move, live: Json) -> Former:
    inputs = entry.inputs
    declared = {**_translated(type.schema, move, inputs, live), **_tags(type.schema, move, inputs, live)}
    notes = []
    if any(True for _ in places(entry.inputs)):
        notes.append("some of its settings are secret; in the program and the import file they stand in clear")
    if entry.is_child:
        notes.append(f"it is a child of {entry.parent}; its new entry stands at the top level")
    return Former(entry.urn, declared, entry.is_protected, tuple(notes))


# -- its words become ours --------------------------------------------------------------------------------------------


def _translated(schema: Schema, move: Move, inputs: Mapping[str, Any], live: Json) -> Json:
    """What the entry declares, in our words. In place of a value that the export holds encrypted stands the live one."""
    members = {}
    for name, of in schema.inputs.items():
        if not of.provider_only and name != schema.tags_input:
            path = Path((name,))
            members[name] = _ours(move, of, path, inputs.get(_theirs(move, path), ABSENT), live.get(name, ABSENT))
    return dict(plain({name: value for name, value in members.items() if value is not ABSENT}))


def _ours(move: Move, of: Property, path: Path, value: Any, live: Any) -> Any:
    opened = in_clear(value)
    if opened is None:
        return live
    if isinstance(opened, Mapping) and of.members:
        there = live if isinstance(live, Mapping) else {}
        members = {}
        for name, inner in of.inputs.items():
            theirs = opened.get(_theirs(move, path / name), ABSENT)
            members[name] = _ours(move, inner, path / name, theirs, there.get(name, ABSENT))
        return {name: each for name, each in members.items() if each is not ABSENT}
    if isinstance(opened, list) and of.items:
        beside = live if isinstance(live, list) else []
        pairs = zip(opened, [*beside, *[ABSENT] * len(opened)], strict=False)
        return [_ours(move, of.items, path, item, other) for item, other in pairs]
    return opened


def _theirs(move: Move, path: Path) -> str:
    """What the other provider calls the property at our path."""
    return move.spelled.get(str(path)) or camel_case(str(path[-1]))


def _tags(schema: Schema, move: Move, inputs: Mapping[str, Any], live: Json) -> Json:
    """The tags that the entry declares, as a map; all tags of the live domain where the export holds them encrypted."""
    there = in_clear(inputs.get("tags", {}))
    if there is None:
        return {schema.tags_input: live.get(schema.tags_input, {})}
    if move.tags == "list":
        there = _of_list(there)
    if not isinstance(there, Mapping):
        raise NotAState("its tags are damaged")
    return {schema.tags_input: {key: in_clear(value) or "" for key, value in there.items()}} if there else {}


def _of_list(tags: Any) -> Json:
    """Tags that stand as a list of key and value, as a map. Raises: NotAState."""
    if isinstance(tags, list):
        opened = [tag for each in tags if (tag := in_clear(each)) is not None]
        if all(isinstance(tag, Mapping) and isinstance(tag.get("key"), str) for tag in opened):
            return {tag["key"]: tag.get("value") for tag in opened}
    raise NotAState("its tags are damaged")
