"""The contract of a resource, typed: a tree of properties, and facts about the resource as a whole.

`loading` reads it once, from schema.json; it never changes. A property answers one question: given one step of a path, which property is
next? `walk` and `transform` use that to go through a document. All code that looks at every value of a document calls one of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any, Literal

from .path import ANY, Path, PathPattern, Step
from .records import record
from .values import ABSENT
from .wording import camel_case

CALLER = "the caller"
"""In `Permission.who`: whoever calls AWS. Any other is a service principal."""

Kind = Literal["object", "map", "array", "string", "integer", "number", "boolean", ""]
"""`object` has members with names of their own, `map` any keys. "" is a value that the schema does not describe."""


@record(frozen=True, eq=False)
class Limits:
    """The limits of a value: of a number, of the characters of a text, of the items of a list, of the keys of a map. None: no limit."""

    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    max_properties: int | None = None


@record(frozen=True, eq=False)
class Removal:
    """What happens to an optional setting that is taken out of the program.

    `send` is what AWS is sent in place of its value. `keep` says why AWS keeps the setting. Neither is given for a setting that is simply
    left out of the request (a description), nor for tags, which are removed one by one.
    """

    send: object = ABSENT
    keep: str = ""


@record(frozen=True, eq=False)
class Property:
    """One property, at any depth."""

    kind: Kind = ""
    description: str = ""
    """What the property does, in whole sentences."""
    page: str = ""
    """The URL of AWS's page about it. A member has the page of the structure around it, unless it has one of its own."""
    example: object = ABSENT
    """A valid value."""
    limits: Limits = field(default_factory=Limits)
    enum: tuple[str, ...] = ()
    enum_says: Mapping[str, str] = field(default_factory=dict)
    """What each word of the enum means, in whole sentences."""
    pattern: str = ""
    pattern_says: str = ""
    reserved_prefix: str = ""
    """What no key of a map may begin with, in any case of letters."""
    format: str = ""
    units: str = ""
    item_noun: str = ""
    members: Mapping[str, Property] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    items: Property | None = None
    keys: Property | None = None
    values: Property | None = None
    default: object = ABSENT
    default_says: str = ""
    """What holds while a program has never set the property, in whole sentences; "" where AWS does not document it."""
    removal: Removal | None = None
    taken_out: str = ""
    """What taking it out of the program does, in whole sentences; "" where `removal` and `means` say it."""
    means: Mapping[str, str] = field(default_factory=dict)
    """What a change means, in words: by the kind of the change, or by the new value."""
    source: Path | None = None
    """The path of an output in AWS's answer, if that is not its own name."""
    merged_from: str = ""
    """The input that this property is merged from: `tags`, for `tags_all`."""
    repeats: str = ""
    """The input whose value this output may hold, as it is. It is secret where the input is."""
    quotes: str = ""
    """The input whose value may stand within this text. It is secret where the input is."""
    refers_to: str = ""
    """What of AWS the value names, which has to be there: `kms-key`, `sqs-queue` or `s3-bucket`."""
    gone_when: tuple[str, ...] = ()
    """The values which show that the resource is as good as deleted."""
    is_made_here: bool = False
    create_only: bool = False
    read_only: bool = False
    provider_only: bool = False
    sensitive: bool = False
    stable: bool = False
    always: bool = False
    """An output, or a member of one, that every resource of the type has. What AWS may leave out has no value then."""
    auto_name: bool = False
    unordered: bool = False
    switch: bool = False
    """The boolean that turns the whole block around it on and off."""

    @property
    def is_time(self) -> bool:
        """True for a text that names a point in time."""
        return self.format == "date-time"

    @property
    def is_declared(self) -> bool:
        """False for a value that the schema does not describe, so for UNDECLARED."""
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
        """True when the setting is off: it has no value, or the value that AWS is sent when the program no longer has the setting.

        Stricter than "its switch is false": a block that holds other members beside its switch is not equal to what AWS is sent.
        """
        return value is ABSENT or (self.removal is not None and _is_same(self.removal.send, value))

    def switch_of(self, value: object) -> object:
        """The value of the switch in a block (`enabled`); ABSENT where it does not stand there, and for a value that is no such block."""
        return value.get(self._switch, ABSENT) if self._switch and isinstance(value, dict) else ABSENT

    @cached_property
    def _switch(self) -> str:
        return next((name for name, each in self.members.items() if each.switch), "")

    def place(self, member: str) -> tuple[int, str]:
        """A sort key: the member's position in the schema, then its name. Members that the schema does not have come last."""
        return self._places.get(member, len(self.members)), member

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.members)}

    @cached_property
    def camel_names(self) -> Mapping[str, str]:
        """The members' names in camelCase, by their own names."""
        return {name: camel_case(name) for name in self.members}

    @cached_property
    def snake_names(self) -> Mapping[str, str]:
        """The members' own names, by their names in camelCase."""
        return {camel: name for name, camel in self.camel_names.items()}

    @cached_property
    def inputs(self) -> Mapping[str, Property]:
        """The members that a program may set, by name."""
        return {name: each for name, each in self.members.items() if not each.read_only}


UNDECLARED = Property()
"""Stands for every property that a schema does not have."""


def _is_same(one: object, other: object) -> bool:
    return one is not ABSENT and type(one) is type(other) and one == other


# -- through a schema -------------------------------------------------------------------------------------------------


def places_of(
    schema: Property, around: PathPattern | tuple[()] = (), *, settable: bool = False
) -> Iterator[tuple[PathPattern, Property]]:
    """Every place that the schema describes, from the outside in, with its property; `settable`: only what a program may set.

    Shape: `rule_based_matching`, `rule_based_matching.matching_rules`, `rule_based_matching.matching_rules[*]`, ….
    """
    for name, member in (schema.inputs if settable else schema.members).items():
        place = PathPattern((*around, name))
        yield place, member
        yield from places_of(member, place, settable=settable)
    if schema.items:
        place = PathPattern((*around, ANY))
        yield place, schema.items
        yield from places_of(schema.items, place, settable=settable)


def _holds_numbers(of: Property) -> bool:
    inner = (*of.members.values(), of.items, of.values)
    return of.kind in ("integer", "number", "") or any(each is not None and _holds_numbers(each) for each in inner)


# -- through a document -----------------------------------------------------------------------------------------------

Steps = tuple[Step, ...]
"""The steps of a path, as `walk` and `transform` give them. Not a `Path`: to make one for each value would take longer than the visit."""

Visit = Callable[[Steps, Property, Any], object]
"""Returns the value that takes the place of a value, or ABSENT to leave it out."""


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
    """A new document: `before` replaces each value, then the members of the result are transformed, then `after` replaces the result.

    A value that becomes ABSENT is left out of the map or list around it. The given document is not changed.
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


# -- the resource as a whole ------------------------------------------------------------------------------------------


@record(frozen=True, eq=False)
class Expected:
    """What the answer of an AWS operation must hold, in snake_case.

    `needs` are places that must hold a value; with `[*]`, in each item of a list. `names` maps a place of the answer to the member of the
    request that it must repeat. `looks` maps a place to the regular expression that its text must match (XML knows texts only). `lists`
    are lists that AWS may leave out when they are empty. No document says whether it does, so after an answer without such a list the
    call is made once more, and then the answer counts.
    """

    needs: tuple[PathPattern, ...] = ()
    lists: tuple[Path, ...] = ()
    names: Mapping[Path, str] = field(default_factory=dict)
    looks: Mapping[Path, str] = field(default_factory=dict)


@record(frozen=True, eq=False)
class Deletion:
    """What a deletion loses (`loses`: "all of its customer data"), and how (`how`: "at once and for good").

    `holds` are the paths of the outputs that count what is lost, by unit. `guard` is the input that allows a deletion that loses data; ""
    where the provider allows every deletion.
    """

    loses: str
    how: str
    holds: Mapping[str, Path] = field(default_factory=dict)
    guard: str = ""


@record(frozen=True, eq=True)
class Bound:
    """How long to wait and how often to look, in seconds: at first every `poll_from_seconds`, later every `poll_to_seconds`."""

    seconds: float
    poll_from_seconds: float
    poll_to_seconds: float


@record(frozen=True, eq=False)
class Outcome:
    """Where AWS reports on a change of the input `of` that it makes in the background.

    The change has failed when the value at the path `status` is `failed`. Then `previous` is the path of the value before the change, and
    `reason` the path of AWS's reason.
    """

    of: Path
    status: Path
    failed: str
    previous: Path
    reason: Path


@record(frozen=True, eq=False)
class Rule:
    """Advice as data: a warning with this text for each of the places `on` where all conditions hold.

    `when` are the conditions: by the path from there to a value, operators with their operands. `at` is the path from there to the value
    that the warning is about. `on_creation`: only for a resource that is about to be created.
    """

    id: str
    on: tuple[PathPattern, ...]
    when: Mapping[Path, Mapping[str, Any]]
    text: str
    says: str = ""
    at: Path = Path()
    on_creation: bool = False


@record(frozen=True, eq=False)
class Permission:
    """IAM actions that AWS also checks when a setting is used: `who` needs them `on` what. `source` is the document that says so.

    `refers_to` is what the setting names, as in the setting's own; "" where nobody looks at that. `customer_managed`: AWS documents that a
    key has to be customer managed.
    """

    setting: str
    who: str
    actions: tuple[str, ...]
    on: str
    source: str
    refers_to: str = ""
    customer_managed: bool = False

    @property
    def is_the_callers(self) -> bool:
        """Whether whoever calls AWS needs them, by IAM policies; otherwise a service does, by the policy of what it uses."""
        return self.who == CALLER


@record(frozen=True, eq=False)
class ResourceLevel:
    """The ARN pattern that the service's IAM actions can be restricted to; actions in `exceptions` cannot be restricted.

    `unknown` says what AWS does not document about that, or is "".
    """

    arn: str
    exceptions: tuple[str, ...]
    source: str
    unknown: str = ""


@record(frozen=True, eq=False)
class Move:
    """How the resources of another provider's type become ours.

    It names properties as we do, in camelCase, except for those in `spelled`: its name for each of our paths. `tags` is the form of its
    tags: a map, or a list of key and value.
    """

    spelled: Mapping[str, str] = field(default_factory=dict)
    tags: Literal["map", "list"] = "map"


@record(frozen=True, eq=False)
class Schema(Property):
    """The contract of one resource type: its root property, and facts about the resource as a whole.

    Two names are the same in every resource type, so code may spell them: `region`, an input that each has, and `arn`, the output that
    each type with ARNs has. All other names of properties are the resource type's own.
    """

    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The schema.json itself, with references resolved. Only `validation.keywords` reads it, to hand it to jsonschema."""
    title: str = ""
    """What one of them is called in full: `Amazon Connect Customer Profiles domain`."""
    about: tuple[str, ...] = ()
    """What else people should know before they declare one: one paragraph each."""
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The service's own IAM actions by use: create, read, update, delete, list, tag."""
    resource_level: ResourceLevel | None = None
    behind: tuple[Permission, ...] = ()
    """Further permissions that settings need."""
    calls_per_second: Mapping[str, float] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    deletion: Deletion | None = None
    waits: Mapping[str, Bound] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    answers: Mapping[str, Expected] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    moves_from: Mapping[str, Move] = field(default_factory=dict)
    identified_by: tuple[str, ...] = ()
    """The outputs that tell a resource from another one with the same id."""
    versioned_by: str = ""
    """The output that grows with every change; "" where there is none."""
    created_output: str = ""
    """The output that says when the resource was created; "" where there is none."""
    id_property: str = ""
    """The property whose value is the resource's id; "" where there is none."""

    @cached_property
    def short_noun(self) -> str:
        """The last word of the title, `domain`: for messages that have named the service already."""
        return self.title.rpartition(" ")[2]

    @cached_property
    def name_input(self) -> str:
        """The input that names the resource and for which the provider can propose a name; "" where there is none."""
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

    @cached_property
    def numeric(self) -> tuple[str, ...]:
        """The names of the properties that are numbers, or hold some at any depth."""
        return tuple(name for name, each in self.members.items() if _holds_numbers(each))

    def merged_from_place(self, path: Path) -> Path | None:
        """For a place in a property that is merged from another, the same place in that other: `tags.team` for `tags_all.team`."""
        source = self.at(path[:1]).merged_from
        return Path((source, *path[1:])) if source else None

    def settle(self, path: Path) -> Path:
        """The path, in which all names that follow a map of texts are joined to one key of it.

        So `tags.cost.center` means `tags["cost.center"]`: a tag's value has no members.
        """
        for place in range(1, len(path) - 1):
            around, rest = self.at(path[:place]), [step for step in path[place:] if isinstance(step, str)]
            if around.kind == "map" and around.values is not None and around.values.kind == "string":
                return path.upto(place) / ".".join(rest) if len(rest) == len(path) - place else path
        return path
