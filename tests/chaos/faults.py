"""What goes wrong with a call of AWS, and with which of its attempts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pulumi_connect_domains import registry
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.garbling import PAGE
from pulumi_connect_domains.local.aws.service import READS

from .preloaded.troubled import READ_TIMEOUT, REFUSED

ATTEMPTS = 3
"""How many times a request is sent at most: `aws:maxRetries` of all scenarios."""
READ_TIMEOUT_SECONDS = 0.5
LATE_SECONDS = 3 * READ_TIMEOUT_SECONDS
SLOW_SECONDS = 2 * READ_TIMEOUT_SECONDS
"""Longer than the time limit, which is for each part of an answer."""

Position = Literal["first", "last", "every"]


class Where(NamedTuple):
    """A call of AWS that a command makes: the n-th of this operation, from 0."""

    service: str
    operation: str
    number: int

    def __str__(self) -> str:
        return self.operation if self.number == 0 else f"{self.operation} {self.number + 1}"


Arm = Callable[[LocalAws, Where, int, "int | None"], None]


@dataclass(frozen=True)
class Kind:
    """A kind of fault. `arm` makes so many attempts fail, once so many have passed."""

    arm: Arm
    positions: tuple[Position, ...] = ("first", "last", "every")
    is_for: Callable[[Where], bool] = lambda where: True
    is_passing: bool = True
    """Whether the product or botocore tries the call again, so that one attempt that fails is enough to go on."""
    is_timed: bool = False
    """Whether answers have a short time limit."""
    lasts: int | None = None
    """How many attempts fail in the position `every`. None: all, until the command ends."""


def _error(code: str, status: int, message: str, sts: str = "") -> Arm:
    """AWS's error. STS has another name for some."""

    def arm(aws: LocalAws, where: Where, after: int, times: int | None) -> None:
        named = sts if sts and where.service == "sts" else code
        aws.fault(where.operation, code=named, status=status, message=message, after=after, times=times)

    return arm


def _no_error(status: int, body: str | None) -> Arm:
    return lambda aws, where, after, times: aws.fault(
        where.operation, code=None, status=status, body=body, after=after, times=times
    )


def _by(method: str, **how: Any) -> Arm:
    return lambda aws, where, after, times: getattr(aws, method)(where.operation, after=after, times=times, **how)


def _reads_domains(where: Where) -> bool:
    return where.service != "sts" and where.operation.startswith(READS)


THROTTLED = _error("ThrottlingException", 429, "Rate exceeded", sts="Throttling")
FAILED = _error("InternalServerException", 500, "an internal error", sts="InternalFailure")
REFUSED_CONNECTION = "connection refused"

KINDS: dict[str, Kind] = {
    "throttled once": Kind(THROTTLED, ("first", "last")),
    "throttled for ever": Kind(THROTTLED, ("every",)),
    "500": Kind(FAILED),
    "502 without a body": Kind(_no_error(502, "")),
    "503 with a page": Kind(_no_error(503, PAGE.decode())),
    "no answer in time": Kind(_by("delay", seconds=LATE_SECONDS), is_timed=True),
    REFUSED_CONNECTION: Kind(lambda aws, where, after, times: None),  # the host itself sends it to a closed port
    "reset before": Kind(_by("drop", when="before")),
    "dropped after": Kind(_by("drop", when="after")),
    "access denied": Kind(
        _error("AccessDeniedException", 403, "User: arn:aws:sts::123456789012:assumed-role/deploy/x is not authorized", "AccessDenied"),
        is_passing=False,
    ),
    "expired token": Kind(
        _error("ExpiredTokenException", 403, "The security token included in the request is expired", "ExpiredToken"),
        is_passing=False,
    ),
    "malformed answer": Kind(_by("garble", how="half")),
    "truncated answer": Kind(_by("garble", how="cut")),
    "wrong content type": Kind(_by("garble", how="mislabelled")),
    "slow bytes": Kind(_by("delay", seconds=SLOW_SECONDS, bytewise=True), is_timed=True),
    "clock skew": Kind(
        _error(
            "InvalidSignatureException", 403, "Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z", "SignatureDoesNotMatch",
        ),
        is_passing=False,
    ),
    # What is stale for ever is the truth. So many answers in a row are stale as a request has attempts.
    "stale read": Kind(_by("stale"), is_for=_reads_domains, lasts=ATTEMPTS),
}  # fmt: skip
"""Every kind of fault, by its name in the table."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault at one call of a command, in its first attempt, in its last one (the others are throttled), or from then on in every one."""

    where: Where
    kind: str
    position: Position

    @property
    def is_overcome(self) -> bool:
        """Whether the command must succeed all the same."""
        return self.position == "first" and KINDS[self.kind].is_passing

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables with which the hosts are started."""
        if KINDS[self.kind].is_timed:
            return {READ_TIMEOUT: str(READ_TIMEOUT_SECONDS)}
        if self.kind != REFUSED_CONNECTION:
            return {}
        return {REFUSED: json.dumps({"operation": self.where.operation, "after": self._after, "times": self._times})}

    def arm(self, aws: LocalAws) -> None:
        """From now on the call fails."""
        if self.position == "last":
            other = FAILED if KINDS[self.kind].arm is THROTTLED else THROTTLED
            other(aws, self.where, self.where.number, ATTEMPTS - 1)
        after = self.where.number if self.position == "last" else self._after  # the rule before it has taken its attempts
        KINDS[self.kind].arm(aws, self.where, after, self._times)

    @property
    def _after(self) -> int:
        return self.where.number + (ATTEMPTS - 1 if self.position == "last" else 0)

    @property
    def _times(self) -> int | None:
        return KINDS[self.kind].lasts if self.position == "every" else 1


def faults_of(where: Where) -> list[Fault]:
    """Every fault that the call can have."""
    return [
        Fault(where, name, position) for name, kind in KINDS.items() if kind.is_for(where) for position in kind.positions
    ]


SERVICES = (*(each.service for each in registry.resource_types().values()), "sts")
"""The services whose calls are counted."""
