"""One call of an operation: whom it talks to in AWS, the clock, and how it tells people what is going on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .. import aws
from ..model.resource_type import ResourceType
from ..model.tags import TagPolicy
from ..model.values import Json
from ..model.warning import Notice
from .configuration import Configuration


@dataclass(frozen=True)
class Clock:
    """Time and sleeping, so that tests can inject both."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(timezone.utc))
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Host:
    """How operations are told the time, and tell people what is going on. Each of the last three is given a URN and what to say."""

    clock: Clock = field(default_factory=Clock)
    warn: Callable[[str, Notice], None] = lambda urn, notice: None
    progress: Callable[[str, str], None] = lambda urn, text: None


class Run:
    """One life of the provider host: the engine starts a host for each command and each explicit Provider. Thread-safe.

    Two hosts cannot see each other's runs.
    """

    def __init__(self) -> None:
        self._claimed: set[str] = set()
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def claim(self, arn: str) -> None:
        """A resource of this run is about to take the domain over, if it is there."""
        with self._lock:
            self._claimed.add(arn)

    def hold(self, arn: str) -> None:
        """A resource of this run has the domain now."""
        with self._lock:
            self._held.add(arn)

    def claims(self, arn: str) -> bool:
        """Whether a resource of this run was to take the domain over, whatever came of it."""
        with self._lock:
            return arn in self._claimed

    def holds(self, arn: str) -> bool:
        """Whether a resource of this run has created or adopted the domain."""
        with self._lock:
            return arn in self._held


_run = Run()


def current_run() -> Run:
    """The run of this process. It is one for all providers in it: the host makes a provider object for each pickled text that it meets,
    and a state may hold another text than the program gives (Pythons pickle differently)."""
    return _run


def begin_new_run() -> None:
    """From now on it is as in a host that has just started. For tests, which stand for many hosts in one process."""
    global _run
    _run = Run()


@dataclass(frozen=True)
class Call:
    """What an operation of a resource may use: `model.resource_type.Call`, with AWS behind it.

    `known` are the resource's inputs and outputs, as far as they are known: what AWS quotes of them in its messages is masked.
    """

    service: aws.Service
    type: ResourceType
    host: Host = field(default_factory=Host)
    configuration: Configuration = field(default_factory=Configuration)
    limiter: aws.Limiter = aws.UNLIMITED
    known: tuple[Json, ...] = ()
    run: Run = field(default_factory=Run)
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
        """The clock to go by."""
        return self.host.clock

    @property
    def tags(self) -> TagPolicy:
        """What the configuration says of tags."""
        return self.configuration.tags

    def aws(self, operation: str, subject: str, **members: object) -> Json:
        """AWS's answer to one operation; `members` in snake_case. It waits for its turn where the calls are limited.

        Raises: AwsError and its subclasses. KeyError for an operation that the schema says nothing of: no answer is taken unseen.
        """
        schema = self.type.schema
        if interval := self.limiter.rates.interval_seconds(schema.calls_per_second, operation):
            self.limiter.wait((self.service.name, self.account, self.region, operation), interval)
        return self.service.call(operation, subject, members, schema.answers[operation], self.known).document

    def masked(self, message: str, *documents: Json) -> str:
        """AWS's words about the resource, in which its own texts are replaced by the property they stand in."""
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
        self.run.claim(arn)
