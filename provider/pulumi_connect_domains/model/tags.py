"""Tags: which ones a resource owns, and which it leaves to others.

A resource owns all of its tags once the program declares any, or default tags apply. Then the property that holds all tags (`tags_all`)
is an input, with every tag that the resource shall have. Without that input the provider leaves the resource's tags alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from .schema import Schema
from .values import Json, is_unknown, members


@dataclass(frozen=True)
class TagPolicy:
    """What the configuration says about tags: the ones that every resource gets, and the ones to leave alone."""

    defaults: Mapping[str, str] = field(default_factory=dict)
    ignored_keys: frozenset[str] = frozenset()
    ignored_prefixes: tuple[str, ...] = ()

    def is_ignored(self, key: str) -> bool:
        """Whether the provider leaves the tag alone: it is AWS's own, or the configuration says so."""
        return is_reserved(key) or self.configured(key)

    def configured(self, key: str) -> bool:
        """Whether the configuration says that the tag is left alone."""
        return key in self.ignored_keys or key.startswith(self.ignored_prefixes)

    @property
    def is_configured(self) -> bool:
        """Whether the configuration says of any tag that it is left alone."""
        return bool(self.ignored_keys or self.ignored_prefixes)

    def owned(self, tags: Mapping[str, object]) -> dict[str, object]:
        """The tags without those that are ignored."""
        is_ignored = self.is_ignored if self.is_configured else is_reserved
        return {key: value for key, value in tags.items() if not is_ignored(key)}

    def declared(self, tags: Mapping[str, object]) -> dict[str, object]:
        """The live tags that a program declares of a resource that comes under Pulumi: those that the default tags do not give it."""
        return {key: value for key, value in self.owned(tags).items() if self.defaults.get(key) != value}


def is_reserved(key: str) -> bool:
    """Whether the tag is AWS's own. A program that declares one is refused."""
    return key.lower().startswith("aws:")


def settled(schema: Schema, inputs: Json, policy: TagPolicy) -> Json:
    """The inputs with `tags_all`: the default tags and the resource's own tags, which win. Without any tag that input is left out."""
    if not schema.tags_output:
        return inputs
    own = inputs.get(schema.tags_input, {})
    if is_unknown(own):
        return {**inputs, schema.tags_output: own}
    merged = policy.owned({**policy.defaults, **members(own)})
    rest = {name: value for name, value in inputs.items() if name != schema.tags_output}
    return {**rest, schema.tags_output: merged} if merged else rest


def ignored(schema: Schema, inputs: Json, policy: TagPolicy) -> int:
    """How many of the declared tags will never be set, since the configuration ignores them."""
    if not policy.is_configured:
        return 0
    own = inputs.get(schema.tags_input)
    return sum(policy.configured(key) and not is_reserved(key) for key in own) if isinstance(own, dict) else 0


def owned(schema: Schema, document: Json, policy: TagPolicy) -> Json:
    """Inputs or outputs without the tags that the configuration ignores now, so that none counts as a change or is removed."""
    there = {name: document.get(name) for name in (schema.tags_input, schema.tags_output)}
    return {**document, **{name: policy.owned(tags) for name, tags in there.items() if isinstance(tags, dict)}}


def read(schema: Schema, declared: Json, live: Json, policy: TagPolicy) -> Json:
    """The live tags as inputs: under `tags` those whose keys the program declares, under `tags_all` all that are not ignored.

    A declared tag that is ignored keeps its declared value.
    """
    found: Json = {}
    theirs = members(live.get(schema.tags_input))
    own = declared.get(schema.tags_input)
    if isinstance(own, dict):
        untouched = {key: value for key, value in own.items() if policy.is_ignored(key)}
        found[schema.tags_input] = {key: theirs[key] for key in own if key in theirs} | untouched
    if schema.tags_output in declared:
        found[schema.tags_output] = policy.owned(theirs)
    return found


def found(schema: Schema, live: Json, policy: TagPolicy) -> Json:
    """The live tags as `tags_all` of a resource that comes under Pulumi: what `settled` adds for a program that declares them all."""
    theirs = policy.owned(members(live.get(schema.tags_input)))
    return {schema.tags_output: theirs} if schema.tags_output and theirs else {}


def imported(schema: Schema, live: Json, policy: TagPolicy) -> Json:
    """The same, and under `tags` those that the program declares: the ones that the default tags do not give the resource."""
    own = policy.declared(members(live.get(schema.tags_input)))
    return {**found(schema, live, policy), **({schema.tags_input: own} if own else {})}


def updates(schema: Schema, inputs: Json, outputs: Json) -> tuple[dict[str, str], list[str]]:
    """The tags to set, and the keys of tags to remove afterwards. In this order the resource is never without its tags.

    Shape: `({"team": "crm"}, ["owner"])`.
    """
    wanted, there = all_tags(schema, inputs), all_tags(schema, outputs)
    put = {key: value for key, value in wanted.items() if there.get(key) != value}
    return put, [key for key in there if key not in wanted]


def changed(schema: Schema, outputs: Json, put: Mapping[str, str], removed: Collection[str] = ()) -> Json:
    """The inputs of a resource after these tags were set or removed: what holds all tags, and it alone."""
    left = {key: value for key, value in all_tags(schema, outputs).items() if key not in removed}
    return {schema.tags_output: {**left, **put}}


def all_tags(schema: Schema, document: Json) -> Mapping[str, str]:
    """All tags of the resource by its inputs or outputs; none where they hold no tags."""
    return members(document.get(schema.tags_output))
