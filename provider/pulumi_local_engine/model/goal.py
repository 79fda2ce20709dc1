"""What a program asks for: one resource's goal, and the aliases under which it may have been known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .resource import Resource
from .urn import make, name_of, type_of
from .values import Properties


@dataclass(frozen=True)
class Alias:
    """A former URN, whole or by those parts that differ."""

    urn: str = ""
    name: str = ""
    type: str = ""
    stack: str = ""
    project: str = ""
    parent: str = ""
    no_parent: bool = False


@dataclass(frozen=True)
class Goal:
    """A registration. None as an option's value: the program did not say."""

    type: str
    name: str
    custom: bool
    inputs: Properties
    parent: str = ""
    provider: str = ""
    id: str = ""
    """Of an existing thing that is to be imported or read."""
    reads: bool = False
    """True for what is read only, and not managed."""
    protect: bool | None = None
    retain_on_delete: bool | None = None
    delete_before_replace: bool | None = None
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()
    custom_timeouts: Mapping[str, float] = field(default_factory=dict)
    deleted_with: str = ""
    replace_with: tuple[str, ...] = ()
    hide_diff: tuple[str, ...] = ()
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def resource(self, urn: str, alias: str) -> Resource:
        """The resource before anything is known of it but what the program says."""
        return Resource(
            urn, self.custom, self.type, inputs=self.inputs, parent=self.parent, protect=bool(self.protect),
            dependencies=self.dependencies, provider=self.provider, property_dependencies=self.property_dependencies,
            additional_secret_outputs=self.additional_secret_outputs, aliases=(alias,) if alias else (),
            custom_timeouts=self.custom_timeouts, import_id=self.id, retain_on_delete=bool(self.retain_on_delete),
            deleted_with=self.deleted_with, replace_with=self.replace_with, ignore_changes=self.ignore_changes,
            hide_diff=self.hide_diff, replace_on_changes=self.replace_on_changes, resource_hooks=self.hooks,
        )  # fmt: skip


def former_urns(goal: Goal, stack: str, project: str, renamed: Mapping[str, str]) -> list[str]:
    """The URNs under which the resource may stand in state: by its own aliases, and by its parent's.

    `renamed` maps the URNs of this run to the aliases under which they were found.
    """
    own = [_urn(alias, goal, stack, project, renamed) for alias in goal.aliases]
    found = list(own)
    if parent := renamed.get(goal.parent):
        for type_, name in [(goal.type, goal.name), *((type_of(urn), name_of(urn)) for urn in own)]:
            prefix = name_of(goal.parent)
            child = name_of(parent) + name.removeprefix(prefix) if name.startswith(prefix) else name
            found.append(make(stack, project, parent, type_, child))
    return list(dict.fromkeys(found))


def _urn(alias: Alias, goal: Goal, stack: str, project: str, renamed: Mapping[str, str]) -> str:
    if alias.urn:
        return alias.urn
    parent = renamed.get(alias.parent, alias.parent) if alias.parent else "" if alias.no_parent else goal.parent
    return make(
        alias.stack or stack, alias.project or project, parent, alias.type or goal.type, alias.name or goal.name
    )
