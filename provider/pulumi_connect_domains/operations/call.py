"""What an operation has at hand: AWS, the clock, ways to show warnings and progress, and what its run has done before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
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

    A run is the life of one provider host. The engine starts a host for each command and each explicit Provider. Hosts cannot see each
    other's runs. Within a host the run is the same for all providers: state may hold another pickled text than the program gives.
    """

    claimed: ClassVar[set[str]] = set()
    held: ClassVar[set[str]] = set()

    @classmethod
    def begin(cls) -> None:
        """Forgets all resources, as in a host that has just started. For tests, which play many hosts in one process."""
        cls.claimed.clear()
        cls.held.clear()


@dataclass(frozen=True)
class Call:
    """What a resource type's functions may use: a `model.resource_type.Call` that reaches AWS.

    `known` are the known inputs and outputs of the resource. Their texts are masked in AWS's messages.
    """

    service: aws.Service
    type: ResourceType
    host: Host = field(default_factory=Host)
    configuration: Configuration = field(default_factory=Configuration)
    limiter: aws.Limiter = aws.UNLIMITED
    known: tuple[Json, ...] = ()
    urn: str = ""
    timeout_seconds: float | None = None

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

    def masked(self, message: str, *documents: Json) -> str:
        """AWS's message, in which each text of the resource is replaced by the name of its property."""
        return aws.masked(message, *documents, *self.known)

    def warn(self, notice: Notice) -> None:
        """The warning is shown under the resource, unless its rule is silenced."""
        if notice.rule not in self.configuration.silenced:
            self.host.warn(self.urn, notice)

    def progress(self, text: str) -> None:
        """The text is shown while the operation runs, and not kept."""
        self.host.progress(self.urn, text)

    def claim(self, arn: str) -> None:
        """From now on this run does not delete what has the ARN."""
        Run.claimed.add(arn)
