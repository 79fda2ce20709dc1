"""A resource's contract in types: a tree of properties, and what is said of the resource as a whole.

The tree is read once, from schema.json (`loading`), and never changes. A property answers one question: given one step of a path, which
property is next? `walk` and `transform` go through a document with it; whoever has to look at every value calls one of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from .path import Path, PathPattern, Step
from .values import ABSENT

Kind = Literal["object", "map", "array", "string", "integer", "number", "boolean", ""]
"""`object` has members with names of their own, `map` any keys. "" is a value that the schema does not describe."""


@dataclass(frozen=True)
class Limits:
    """What a value must keep to. Lengths count characters; items and keys are counted too. None: no limit."""

    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    max_properties: int | None = None


@dataclass(frozen=True)
class Removal:
    """What happens to an optional setting that is taken out of the program.

    `send` is what AWS is told instead of a value; `keep` says why the setting stays in AWS. Both are absent where it is simply left out
    (a description), or where its tags are removed one by one.
    """

    send: object = ABSENT
    keep: str = ""


@dataclass(frozen=True, eq=False)
class Property:
    """One property, at any depth.

    `source` is where in AWS's answer an output stands, if not under its own name; `merged_from` the input that this one is merged from;
    `repeats` and `quotes` the input whose value may stand in here, as such or within a text. `gone_when` are values that say that the
    resource is as good as deleted. `means` says in words what a change means, by kind of change or by value.
    """

    kind: Kind = ""
    description: str = ""
    limits: Limits = field(default_factory=Limits)
    enum: tuple[str, ...] = ()
    pattern: str = ""
    pattern_says: str = ""
    format: str = ""
    units: str = ""
    item_noun: str = ""
    members: Mapping[str, Property] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    items: Property | None = None
    keys: Property | None = None
    values: Property | None = None
    default: object = ABSENT
    removal: Removal | None = None
    means: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    merged_from: str = ""
    repeats: str = ""
    quotes: str = ""
    gone_when: tuple[str, ...] = ()
    is_required: bool = False
    is_made_here: bool = False
    create_only: bool = False
    read_only: bool = False
    provider_only: bool = False
    sensitive: bool = False
    stable: bool = False
    auto_name: bool = False
    unordered: bool = False

    @property
    def is_declared(self) -> bool:
        """False for what stands in for a property that the schema does not have."""
        return bool(self.kind)

    def step(self, step: Step) -> Property:
        """The property one step further on; UNDECLARED where there is none."""
        if step.__class__ is int:
            return self.items or UNDECLARED
        return self.members.get(step) or self.values or UNDECLARED  # type: ignore[arg-type]  # a hidden key is no member

    def at(self, path: tuple[Step, ...]) -> Property:
        """The property at the path; UNDECLARED where there is none."""
        found = self
        for step in path:
            found = found.step(step)
        return found

    def says_nothing(self, value: object) -> bool:
        """Whether the value means the same as no value: null, and an empty list or map where AWS wants at least one entry."""
        if value is None or value is ABSENT:
            return True
        if not isinstance(value, (list, tuple, dict)) or value:
            return False
        return self.kind == "map" if isinstance(value, dict) else bool(self.limits.min_items)

    def is_off(self, value: object) -> bool:
        """Whether the value is what AWS is told when the setting is taken out, and so equals its absence."""
        return value is ABSENT or (self.removal is not None and _is_same(self.removal.send, value))

    def place(self, member: str) -> tuple[int, str]:
        """Where a member stands in the schema's order; those that it does not have come last, by name. For sorting."""
        return self._places.get(member, len(self.members)), member

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.members)}

    @cached_property
    def inputs(self) -> Mapping[str, Property]:
        """The members that a program may set, by name."""
        return {name: each for name, each in self.members.items() if not each.read_only}


UNDECLARED = Property()


def _is_same(one: object, other: object) -> bool:
    return one is not ABSENT and type(one) is type(other) and one == other


# -- the resource as a whole ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expected:
    """What the answer of an AWS operation must hold, in snake_case.

    `needs` are places that hold something; with `[*]` in each item of a list. `names` says which place of the answer repeats which member
    of the request, `looks` which text must fit which regular expression (XML knows texts only). `lists` are members that AWS may leave
    out where there is nothing in them, which no document says: an answer without one is asked for once more, and then believed.
    """

    needs: tuple[PathPattern, ...] = ()
    lists: tuple[Path, ...] = ()
    names: Mapping[Path, str] = field(default_factory=dict)
    looks: Mapping[Path, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deletion:
    """What a deletion loses: "all of its customer data", "at once and for good".

    `holds` says where in the outputs the counts of what is lost stand, by their unit. `guard` is the input that lets a deletion through
    although data is lost; "" where nothing guards the resource.
    """

    loses: str
    how: str
    holds: Mapping[str, Path]
    guard: str = ""


@dataclass(frozen=True)
class Bound:
    """How long to wait and how often to look, in seconds: at first every `poll_from_seconds`, later every `poll_to_seconds`."""

    seconds: float
    poll_from_seconds: float
    poll_to_seconds: float


@dataclass(frozen=True)
class Outcome:
    """Where AWS tells how a change of the input `of` went that it makes in the background: all are paths, `failed` is a value of `status`.

    `previous` is where the value from before the change stands, `reason` where AWS says why it failed.
    """

    of: Path
    status: Path
    failed: str
    previous: Path
    reason: Path


@dataclass(frozen=True)
class Condition:
    """What must be true of the value at a place: the name of an operator, and its operand."""

    at: Path
    operator: str
    operand: Any


@dataclass(frozen=True)
class Rule:
    """Advice as data: `text` is said `at` a place below each of the places `on`, where all conditions hold."""

    id: str
    on: tuple[PathPattern, ...]
    when: tuple[Condition, ...]
    at: Path
    text: str
    on_creation: bool = False


@dataclass(frozen=True)
class Permission:
    """What AWS asks for behind its own calls when a setting is used: `who` needs the `actions` on what. `source` says who says so."""

    setting: str
    who: str
    actions: tuple[str, ...]
    on: str
    source: str


@dataclass(frozen=True)
class ResourceLevel:
    """What the service's IAM actions can be restricted to: the pattern of an ARN. Actions in `exceptions` cannot be."""

    arn: str
    exceptions: tuple[str, ...]
    source: str
    unknown: str = ""


@dataclass(frozen=True)
class Move:
    """Another provider's resource that becomes ours. `spelled` are its names for our properties that are not ours in camelCase.

    `tags` is the form of its tags: a map, or a list of key and value.
    """

    token: str
    spelled: Mapping[str, str]
    tags: Literal["map", "list"] = "map"


@dataclass(frozen=True, eq=False)
class Schema(Property):
    """The contract of one resource: its root property, and what is said of the resource as a whole.

    `document` is the schema.json itself, with references resolved: for jsonschema alone. `permissions` are the service's own IAM actions
    by use (create, read, update, delete, list, tag). `identified_by` are the outputs that tell one resource from another of the same id;
    `versioned_by` is the output that grows with every change.
    """

    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    title: str = ""
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    resource_level: ResourceLevel | None = None
    behind: tuple[Permission, ...] = ()
    calls_per_second: Mapping[str, float] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    deletion: Deletion | None = None
    waits: Mapping[str, Bound] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    answers: Mapping[str, Expected] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    moves: tuple[Move, ...] = ()
    identified_by: tuple[str, ...] = ()
    versioned_by: str = ""

    @cached_property
    def short_noun(self) -> str:
        """What one of them is called where the service goes without saying: `domain`. The last word of the title."""
        return self.title.rpartition(" ")[2]

    @cached_property
    def name_input(self) -> str:
        """The input that names the resource, and may be left out for a name of the provider's; "" where there is none."""
        return next((name for name, each in self.inputs.items() if each.auto_name), "")

    @cached_property
    def tags_input(self) -> str:
        """The input that holds the resource's own tags; "" where it has none."""
        return self.members[self.tags_output].merged_from if self.tags_output else ""

    @cached_property
    def tags_output(self) -> str:
        """The property that holds all tags: the resource's own over the default tags; "" where there are no tags."""
        return next((name for name, each in self.members.items() if each.merged_from), "")

    @cached_property
    def outputs(self) -> Mapping[str, Property]:
        """What AWS computes, by name."""
        return {name: each for name, each in self.members.items() if each.read_only}

    def settle(self, path: Path) -> Path:
        """The same path, where all names that follow a map of plain values are one key of it.

        So `tags.cost.center` means what `tags["cost.center"]` means: nothing can lie within a tag's value.
        """
        for place in range(1, len(path) - 1):
            around, rest = self.at(path[:place]), [step for step in path[place:] if isinstance(step, str)]
            if around.kind == "map" and around.values is not None and around.values.kind == "string":
                return path.upto(place) / ".".join(rest) if len(rest) == len(path) - place else path
        return path


# -- through a document -----------------------------------------------------------------------------------------------

Steps = tuple[Step, ...]
"""The steps of a path, as `walk` and `transform` hand them out: to make a `Path` of each would take longer than the visit."""

Visit = Callable[[Steps, Property, Any], object]
"""What is made of one value: the value to go on with, or ABSENT to leave it out."""


def walk(schema: Property, document: object, steps: Steps = ()) -> Iterator[tuple[Steps, Property, object]]:
    """Every value in the document with its path and its property, from the outside in; the document itself comes first."""
    yield steps, schema, document
    if isinstance(document, Mapping):
        for key, item in document.items():
            yield from walk(schema.step(key), item, (*steps, key))
    elif isinstance(document, (list, tuple)):
        for position, item in enumerate(document):
            yield from walk(schema.step(position), item, (*steps, position))


def transform(
    schema: Property, document: object, before: Visit, after: Visit | None = None, steps: Steps = ()
) -> object:
    """A new document: each value is what `before` makes of it, then its members are transformed, then it is what `after` makes of it.

    A value that becomes ABSENT is left out of the map or list around it. The document that was given is left as it is.
    """
    value = before(steps, schema, document)
    if isinstance(value, dict):
        step = schema.step
        value = {
            key: made
            for key, item in value.items()
            if (made := transform(step(key), item, before, after, (*steps, key))) is not ABSENT
        }
    elif isinstance(value, (list, tuple)):
        of = schema.step(0)
        value = [
            made
            for position, item in enumerate(value)
            if (made := transform(of, item, before, after, (*steps, position))) is not ABSENT
        ]
    return value if after is None else after(steps, schema, value)
