"""What goes wrong with a call of AWS, and with which of its attempts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pulumi_connect_domains import registry
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.garbling import PAGE
from pulumi_connect_domains.local.aws.service import READS

from .preloaded.troubled import MET, READ_TIMEOUT, REFUSED
from .scenarios import ATTEMPTS, EXTERNAL_ID, KEY, TAGS

READ_TIMEOUT_SECONDS = 1.0  # on a busy machine, shorter ones end answers that nobody has slowed down
LATE_SECONDS = 3 * READ_TIMEOUT_SECONDS
SLOW_SECONDS = 1.5 * READ_TIMEOUT_SECONDS
"""Longer than the time limit, which is for each part of an answer."""

Position = Literal["first", "last", "every"]


class Where(NamedTuple):
    """A call of AWS that a command makes: the n-th of this operation, from 0."""

    service: str
    operation: str
    number: int

    def __str__(self) -> str:
        return self.operation if self.number == 0 else f"{self.operation} {self.number + 1}"


REPEATED = {"AssumeRole": EXTERNAL_ID, "GetCallerIdentity": ""}
"""The texts of its request that STS may repeat in an error. The others repeat those of the domain."""
Arm = Callable[[LocalAws, Where, int, "int | None"], None]


@dataclass(frozen=True)
class Kind:
    """A kind of fault: `what` happens to an attempt. `arm` makes so many attempts fail, once so many have passed."""

    what: str
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
    """AWS's error, with texts of the request in it. STS has another name for some."""

    def arm(aws: LocalAws, where: Where, after: int, times: int | None) -> None:
        named = sts if sts and where.service == "sts" else code
        text = f"{message}: {REPEATED.get(where.operation, f'{KEY} {TAGS}')}"
        aws.fault(where.operation, code=named, status=status, message=text, after=after, times=times)

    return arm


def _no_error(status: int, body: str | None) -> Arm:
    return lambda aws, where, after, times: aws.fault(
        where.operation, code=None, status=status, body=body, after=after, times=times
    )


def _by(method: str, **how: Any) -> Arm:
    return lambda aws, where, after, times: getattr(aws, method)(where.operation, after=after, times=times, **how)


def _nothing(aws: LocalAws, where: Where, after: int, times: int | None) -> None:
    """The local AWS behaves well."""


def _reads_domains(where: Where) -> bool:
    return where.service != "sts" and where.operation.startswith(READS)


THROTTLED = _error("ThrottlingException", 429, "Rate exceeded", sts="Throttling")
FAILED = _error("InternalServerException", 500, "an internal error", sts="InternalFailure")
DENIED = _error("AccessDeniedException", 403, "not authorized", sts="AccessDenied")
EXPIRED = _error(
    "ExpiredTokenException", 403, "The security token included in the request is expired", sts="ExpiredToken"
)
SKEWED = _error(
    "InvalidSignatureException", 403, "Signature expired: it is now earlier than", sts="SignatureDoesNotMatch"
)
REFUSED_CONNECTION = "connection refused"

KINDS: dict[str, Kind] = {
    "throttled once": Kind("AWS answers 429, and does nothing", THROTTLED, ("first", "last")),
    "throttled for ever": Kind("the same, until the command ends", THROTTLED, ("every",)),
    "500": Kind("AWS answers with a fault on its side, and does nothing", FAILED),
    "502 without a body": Kind("a gateway answers, and nothing is done", _no_error(502, "")),
    "503 with a page": Kind("a proxy answers with a page in HTML, and nothing is done", _no_error(503, PAGE.decode())),
    "no answer in time": Kind(
        "AWS does it, and its answer comes after the time limit; six times in a row at most",
        _by("delay", seconds=LATE_SECONDS), is_timed=True, lasts=2 * ATTEMPTS,
    ),
    REFUSED_CONNECTION: Kind("nobody listens at the address", _nothing),  # the host itself sends it elsewhere
    "reset before": Kind("the connection is cut before AWS does anything", _by("drop", when="before")),
    "dropped after": Kind("AWS does it, and the connection is cut before the answer", _by("drop", when="after")),
    "access denied": Kind("AWS refuses: a permission is missing", DENIED, is_passing=False),
    "expired token": Kind("AWS refuses: the credentials have expired", EXPIRED, is_passing=False),
    "malformed answer": Kind("AWS does it, and half of the answer's text comes", _by("garble", how="half")),
    "truncated answer": Kind(
        "AWS does it, and the connection is cut in the middle of the answer", _by("garble", how="cut")
    ),
    "wrong content type": Kind("AWS does it, and the answer says that it is HTML", _by("garble", how="mislabelled")),
    "slow bytes": Kind(
        "AWS does it, and the answer comes byte by byte, for longer than the time limit",
        _by("delay", seconds=SLOW_SECONDS, bytewise=True), is_timed=True,
    ),
    "clock skew": Kind("AWS refuses: by its clock, the request's signature has expired", SKEWED, is_passing=False),
    "stale read": Kind(  # what is stale for ever is the truth
        "a read answers with what was before the last change; three times in a row at most",
        _by("stale"), is_for=_reads_domains, lasts=ATTEMPTS,
    ),
}  # fmt: skip
"""Every kind of fault, by its name in the table."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault at one call of a command: in its first attempt, in its last one (after others that are throttled), or in every
    attempt from then on."""

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
        after = self.where.number + (ATTEMPTS - 1 if self.position == "last" else 0)
        return {REFUSED: json.dumps({"operation": self.where.operation, "after": after, "times": self._times})}

    def arm(self, aws: LocalAws) -> None:
        """From now on the call fails."""
        if self.position == "last":
            other = FAILED if KINDS[self.kind].arm is THROTTLED else THROTTLED
            other(aws, self.where, self.where.number, ATTEMPTS - 1)
        KINDS[self.kind].arm(aws, self.where, self.where.number, self._times)  # what fails by another rule passes none

    def is_met(self, folder: Path, unmet: Sequence[str]) -> bool:
        """Whether the call has failed so, in a host of this folder. `unmet` are the operations that the local AWS has not failed yet."""
        refused = folder / MET
        is_refused = refused.exists()
        refused.unlink(missing_ok=True)
        return self.where.operation not in unmet and is_refused == (self.kind == REFUSED_CONNECTION)

    @property
    def _times(self) -> int | None:
        return KINDS[self.kind].lasts if self.position == "every" else 1


def faults_of(where: Where) -> list[Fault]:
    """Every fault that the call can have."""
    return [
        Fault(where, name, position)
        for name, kind in KINDS.items()
        if kind.is_for(where)
        for position in kind.positions
    ]


STS = ("AssumeRole", "GetCallerIdentity")
"""The operations of STS that commands use."""
SERVICES = (*(each.service for each in registry.resource_types().values()), "sts")
"""The services whose calls are counted."""
