"""What programs declare, what others do, and what a command meets, as small values: a history is a list of them that can be pasted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pulumi_connect_domains.local.aws import LocalAws

from ..unit.local_engine.declared import Short

Json = dict[str, Any]
REGIONS = ("us-east-1", "eu-west-2")
CP, VID = "customerprofiles", "voiceid"
IGNORED_PREFIX = "theirs:"
"""Tags whose keys begin so are left to others, where the program's `ignores_theirs` says so."""


@dataclass(frozen=True, repr=False)
class Domain(Short):
    """One resource of a program. `settings` are its arguments, `type` is the package that it comes from."""

    name: str
    type: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    ignores: tuple[str, ...] = ()
    """The option `ignore_changes`."""
    protect: bool = False
    former: tuple[str, ...] = ()
    """Names that it had before (the option `aliases`)."""

    @property
    def region(self) -> str:
        return str(self.settings.get("region", REGIONS[0]))

    @property
    def proposed_name(self) -> str:
        """The name in AWS, unless state has another one."""
        return str(self.settings.get({CP: "domain_name", VID: "name"}[self.type], f"{self.name}-0000000"))

    def set(self, **settings: Any) -> Domain:
        """The same with these settings; None takes one out."""
        kept = {name: value for name, value in {**self.settings, **settings}.items() if value is not None}
        return replace(self, settings=kept)


@dataclass(frozen=True, repr=False)
class Program(Short):
    """Domains in the order in which they are declared, and the stack's config."""

    domains: tuple[Domain, ...] = ()
    default_tags: Mapping[str, str] = field(default_factory=dict)
    ignores_theirs: bool = False
    config: Mapping[str, str] = field(default_factory=dict)
    """Further keys of the stack's config."""

    def __getitem__(self, name: str) -> Domain:
        return next(domain for domain in self.domains if domain.name == name)

    def __contains__(self, name: str) -> bool:
        return any(domain.name == name for domain in self.domains)

    def owns(self, key: str) -> bool:
        """Whether the program has a say about tags of this key."""
        return not (self.ignores_theirs and key.startswith(IGNORED_PREFIX))

    def tags(self, domain: Domain) -> dict[str, str]:
        """All tags that the domain shall have."""
        merged = {**self.default_tags, **domain.settings.get("tags", {})}
        return {key: value for key, value in merged.items() if self.owns(key)}


# -- what happens outside -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Outside(Short):
    """What somebody else does in AWS to the domain that the stack holds under this name. Nothing, where it holds none.

    changed: these settings are set · altered: they are so, and AWS does not say when that happened · tagged: these tags are set (None
    removes one) · deleted · remade: deleted, and somebody makes another of its name with these settings · filled: it holds profiles now.
    """

    how: Literal["changed", "altered", "tagged", "deleted", "remade", "filled"]
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class Foreign(Short):
    """Somebody else makes a Customer Profiles domain with these settings, its name among them."""

    settings: Mapping[str, Any]
    region: str = REGIONS[0]


# -- commands -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Fault(Short):
    """How calls of an operation fail. `times` None: every time."""

    operation: str
    how: Literal["throttled", "failed", "dropped before", "dropped after", "denied"]
    times: int | None = 1

    @property
    def is_overcome(self) -> bool:
        """Whether trying again is enough."""
        return self.times == 1 and self.how != "denied"

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables with which the hosts are started."""
        return {}

    def arm(self, aws: LocalAws) -> None:
        """From now on the calls fail."""
        if self.how.startswith("dropped"):
            aws.drop(self.operation, when="before" if self.how.endswith("before") else "after", times=self.times)
            return
        code = {
            "throttled": "ThrottlingException",
            "failed": "InternalServerException",
            "denied": "AccessDeniedException",
        }
        aws.fault(self.operation, code=code[self.how], times=self.times)


@dataclass(frozen=True, repr=False)
class Kill(Short):
    """What ends, and when: the provider's host at its n-th call of AWS, the engine at its n-th call of a provider or its n-th save.

    `before`: the call is not made, the save does not arrive.
    """

    at: Literal["aws", "call", "save"]
    number: int
    before: bool = True


@dataclass(frozen=True, repr=False)
class Run(Short):
    """One command, while the program is this. Targets are names."""

    program: Program = field(default_factory=Program)
    kind: Literal["up", "refresh", "destroy"] = "up"
    refresh: bool = False
    preview: bool = False
    targets: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    kill: Kill | None = None
    clear_pending_creates: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether nothing goes wrong in it that trying again does not overcome."""
        return not self.kill and all(fault.is_overcome for fault in self.faults)


@dataclass(frozen=True, repr=False)
class Import(Short):
    """`connect-domains import` of the Customer Profiles domain of this name, and `pulumi import` of what it wrote."""

    domain_name: str
    name: str
    region: str = REGIONS[0]


Step = Outside | Foreign | Run | Import
