"""One life-cycle call: whom it talks to, what the host knows of it, and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .. import aws
from ..host.context import HostCall
from ..model.resource_type import ResourceSpec
from ..model.values import Json
from .configuration import Configuration
from .run import Run


@dataclass(frozen=True)
class Clock:
    """Time and sleeping, so that tests can inject both."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(timezone.utc))
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Call:
    """What an operation of a resource may use.

    `known` are the resource's inputs and outputs, as far as they are known: what AWS quotes of them in its messages is masked.
    """

    service: aws.Service
    spec: ResourceSpec
    host: HostCall = field(default_factory=HostCall)
    configuration: Configuration = field(default_factory=Configuration)
    clock: Clock = field(default_factory=Clock)
    known: tuple[Json, ...] = ()
    run: Run = field(default_factory=Run)

    @property
    def region(self) -> str:
        """The region that the call goes to."""
        return self.service.region

    def aws(self, operation: str, subject: str, **members: object) -> Json:
        """AWS's answer to one operation; `members` in snake_case.

        Raises: AwsError and its subclasses.
        """
        expected = aws.Expected.of(self.spec.schema, operation)
        return self.service.call(operation, subject, members, expected, self.known).document

    def masked(self, message: str, *documents: Json) -> str:
        """AWS's words about the resource, in which its own texts are replaced by the property they stand in."""
        return aws.masked(message, *documents, *self.known)
