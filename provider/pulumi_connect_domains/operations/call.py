"""What an operation has at hand: AWS, the clock, ways to show warnings and progress, and what its run has done before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import ClassVar

from .. import aws
from ..model.resource_type import Clock, ResourceType
from ..model.tags import TagPolicy
from ..model.values import Json
from ..model.warning import Notice
from .configuration import Configuration


@dataclass(frozen=True)
class Host:
    """What the host provides: the clock, and two functions that show something under the resource of a URN. By default they do nothing."""

    clock: Clock = field(default_factory=Clock)
    warn: Callable[[str, Notice], None] = lambda urn, notice: None
    progress: Callable[[str, str], None] = lambda urn, text: None


class Run:
    """The resources that this process has created or taken over (`held`), or is about to take over (`claimed`), and so does not delete.

    `entries` are those that state holds, by URN, as far as the engine's calls have told; an empty set where state holds one under the URN
    and no call has said which. A creation under that URN is a replacement. `declared` are those that the program declares in this run and
    that stay, by URN; "" until it is known which one.

    A run is the life of one provider host. The engine starts a host for each command and each explicit Provider. Hosts cannot see each
    other's runs. Within a host the run is the same for all providers: state may hold another pickled text than the program gives.
    """

    claimed: ClassVar[set[str]] = set()
    held: ClassVar[set[str]] = set()
    entries: ClassVar[dict[str, set[str]]] = {}
    declared: ClassVar[dict[str, str]] = {}

    @classmethod
    def in_state(cls, urn: str, *identities: str) -> None:
        """State holds a resource under the URN: the one of this identity, if a call has said so."""
        if urn:
            cls.entries.setdefault(urn, set()).update(identities)

    @classmethod
    def checks(cls, urn: str, is_in_state: bool) -> None:
        """The program declares what has the URN, which state holds; or if not, it is new, or about to be replaced."""
        if is_in_state:
            cls.in_state(urn)
            cls.declared.setdefault(urn, "")
        else:
            cls.declared.pop(urn, None)

    @classmethod
    def compares(cls, urn: str, identity: str, replaces: bool) -> None:
        """State holds the resource under the URN. It stays if the program declares it, unless the difference `replaces` it."""
        cls.in_state(urn, identity)
        if urn and urn in cls.declared:
            cls.declared[urn] = "" if replaces else identity

    @classmethod
    def is_kept(cls, identity: str) -> bool:
        """Whether an entry that the program declares in this run holds the resource."""
        return identity in cls.held or identity in [*cls.declared.values()]

    @classmethod
    def begin(cls) -> None:
        """Forgets all resources, as in a host that has just started. For tests, which play many hosts in one process."""
        cls.claimed.clear()
        cls.held.clear()
        cls.entries.clear()
        cls.declared.clear()


@dataclass(frozen=True)
class Call:
    """What a resource type's functions may use: a `model.resource_type.Call` that reaches AWS.

    `known` gives the known inputs and outputs of the resource. Their texts are masked in AWS's messages.
    """

    service: aws.Service
    type: ResourceType
    host: Host = field(default_factory=Host)
    configuration: Configuration = field(default_factory=Configuration)
    limiter: aws.Limiter = aws.UNLIMITED
    known: aws.Known = tuple
    urn: str = ""
    timeout_seconds: float | None = None
    parts: list[tuple[Json, Json]] = field(default_factory=list)
    """The parts of an update that are done: inputs, and AWS's answer."""

    @property
    def region(self) -> str:
        """The Region that the call goes to."""
        return self.service.region

    @property
    def account(self) -> str:
        """The account of the credentials. Raises: AwsError when AWS cannot say whose they are."""
        return self.service.caller.account

    @property
    def partition(self) -> str:
        """The partition of the credentials. Raises: AwsError when AWS cannot say whose they are."""
        return self.service.caller.partition

    @property
    def clock(self) -> Clock:
        """The clock to use."""
        return self.host.clock

    @property
    def tags(self) -> TagPolicy:
        """What the configuration says about tags."""
        return self.configuration.tags

    def aws(self, operation: str, subject: str, **members: object) -> Json:
        """AWS's answer to one operation; `members` in snake_case. Where calls are limited, it waits for its turn first.

        Raises: AwsError and its subclasses. KeyError for an operation that the schema's `answers` lack, since every answer is checked.
        """
        schema = self.type.schema
        if interval := self.limiter.rates.interval_seconds(schema.calls_per_second, operation):
            self.limiter.wait((self.service.name, self.account, self.region, operation), interval)
        return self.service.call(operation, subject, members, schema.answers[operation], self.known)

    def did(self, inputs: Json, live: Json | None = None) -> None:
        """A part of an update is done: AWS has these inputs now (ABSENT where one is removed). `live` is its answer."""
        self.parts.append((inputs, live or {}))

    def masked(self, message: str, *documents: Json) -> str:
        """AWS's message, in which each text of the resource is replaced by the name of its property."""
        return aws.masked(message, *documents, *self.known())

    def warn(self, notice: Notice) -> None:
        """The warning is shown under the resource, unless its rule is silenced."""
        if notice.rule not in self.configuration.silenced:
            self.host.warn(self.urn, notice)

    def progress(self, text: str) -> None:
        """The text is shown while the operation runs, and not kept."""
        self.host.progress(self.urn, text)

    @property
    def began(self) -> datetime | None:
        """When the latest call of this thread began that AWS answered, by AWS's clock; None if AWS did not say."""
        began = self.service.began
        return None if began is None else datetime.fromtimestamp(began, timezone.utc)

    @property
    def replaced(self) -> frozenset[str] | None:
        """The ARNs of what state holds under the URN while this creates another one: a creation must not answer with these.

        Empty if state holds a resource that is not known; None if state holds none, as far as this run knows.
        """
        entries = Run.entries.get(self.urn)
        return None if entries is None else frozenset(entries)

    def claim(self, arn: str) -> None:
        """From now on this run does not delete what has the ARN."""
        Run.claimed.add(arn)
