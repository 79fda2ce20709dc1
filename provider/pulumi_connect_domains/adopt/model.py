"""A domain on its way under Pulumi, as it was found and as it will be declared, and the remarks for people.

Messages call each resource a domain, of whatever type it is, and so do the names here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model.resource_type import ResourceType
from ..model.values import Json
from ..stacks.urn import Urn

Place = tuple[str, str, str, str]
"""What identifies a domain in AWS: type, account, Region and id."""


@dataclass(frozen=True)
class Former:
    """The resource of another provider that holds the domain in the stack so far. `declared` are its inputs, in our words."""

    urn: Urn
    declared: Json
    is_protected: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A domain that is there, as AWS describes it."""

    type: ResourceType
    account: str
    region: str
    id: str
    live: Json
    former: Former | None = None

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.type.key, self.account, self.region, self.id

    @property
    def name(self) -> str:
        """The domain's own name."""
        return str(self.live.get(self.type.schema.name_input) or self.id)

    @property
    def text(self) -> str:
        """`Customer Profiles domain 'crm' in eu-west-2`."""
        return f"{self.type.noun} {self.id!r} in {self.region}"


@dataclass(frozen=True)
class Adopted:
    """A domain as the program will declare it.

    `declared` are the arguments to write; `inputs` and `outputs` are what state will hold, as a creation would have left them.
    """

    found: Found
    resource_name: str
    variable: str
    declared: Json
    inputs: Json
    outputs: Json
    is_native: bool = False
    """Whether the native host will manage it."""

    @property
    def token(self) -> str:
        """The type that its entry in the state will have."""
        return self.type.native_token if self.is_native else self.type.type_token

    @property
    def type(self) -> ResourceType:
        """The resource type that it becomes."""
        return self.found.type


@dataclass(frozen=True)
class Remarks:
    """What people are told of the domains. `problems` are chosen domains that cannot be imported; `notes` are for information.

    `warnings` are domains that another stack declares too: they can be imported, but should not be.
    """

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __add__(self, other: Remarks) -> Remarks:
        return Remarks(self.problems + other.problems, self.notes + other.notes, self.warnings + other.warnings)


@dataclass(frozen=True)
class FoundDomains:
    """The domains that were found, and the remarks on the search."""

    domains: tuple[Found, ...] = ()
    remarks: Remarks = field(default_factory=Remarks)
