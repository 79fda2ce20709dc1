"""Voice ID's api against the local AWS over HTTP, with a clock that only moves when something sleeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws.access import Access
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.resource_type import Clock
from pulumi_connect_domains.operations.call import Call, Host
from pulumi_connect_domains.voiceid import DomainProvider

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001"


@dataclass
class Heard:
    """What the host was told, and what it says of the call."""

    urn: str = "urn:pulumi:dev::app::pulumi-python:dynamic/voiceid:Domain::calls"
    bound_seconds: float | None = None
    warnings: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


@dataclass
class Time:
    """Seconds that pass only in `sleep`."""

    passed: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.passed += seconds

    def clock(self) -> Clock:
        start = datetime(2026, 11, 1, tzinfo=timezone.utc)
        return Clock(lambda: start + timedelta(seconds=self.passed), lambda: self.passed, self.sleep)


@dataclass
class Fixture:
    """A cloud, and the parts of one call to it."""

    cloud: LocalAws
    host: Heard = field(default_factory=Heard)
    time: Time = field(default_factory=Time)
    max_attempts: int = 3

    @property
    def call(self) -> Call:
        service = aws.Service("voice-id", "us-east-1", Access(max_attempts=self.max_attempts))
        heard = self.host
        host = Host(
            self.time.clock(),
            warn=lambda urn, notice: heard.warnings.append(str(notice)),
            progress=lambda urn, text: heard.shown.append(text),
        )
        return Call(service, DomainProvider.type, host, urn=heard.urn, timeout_seconds=heard.bound_seconds)

    def operations(self) -> list[str]:
        return [each.operation for each in self.cloud.calls()]

    def domain(self, id: str) -> dict[str, Any]:
        """The domain as the cloud has it."""
        return self.cloud.domains("voice-id")[id]


@pytest.fixture
def voice(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Fixture:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    return Fixture(local_aws)


def inputs(**others: Any) -> dict[str, Any]:
    """Checked inputs of a domain."""
    return {
        "name": "calls",
        "server_side_encryption_configuration": {"kms_key_id": KEY},
        "region": "us-east-1",
        **others,
    }
