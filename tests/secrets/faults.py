"""All that the local AWS can do wrong, with all secrets in each answer: AWS repeats what it was sent, and so do machines in between."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.garbling import WAYS
from pulumi_connect_domains.model.errors import CLASS_OF_CODE


@dataclass(frozen=True)
class Fault:
    """`arm(aws, operation, said)`: the next call of the operation fails, and `said` stands in the answer wherever there is room."""

    name: str
    arm: Callable[[LocalAws, str, str], None]


def _errors() -> Iterable[Fault]:
    """One code of each class of errors, one that nobody knows, and AWS's own way to say that a name is taken."""
    codes = {kind: code for code, kind in reversed(CLASS_OF_CODE.items())}
    for code in (*codes.values(), "NobodyKnowsException"):
        yield Fault(
            code, lambda aws, operation, said, code=code: aws.fault(operation, code=code, message=said, times=None)
        )  # type: ignore[misc]
    forms = {
        "already exists": "Domain {} already exists",
        "no policy": "User: arn:aws:sts::123456789012:assumed-role/r/{0} is not authorized to perform: profile:{0} on resource: {0} "
        "because no identity-based policy allows {0} on {0}",
        "canonical request": "The signature does not match. The Canonical String was\n'POST\nx-amz-security-token:{}'",
        "in lines": "one\n{}\ntwo",
    }
    kinds = {
        "already exists": "BadRequestException",
        "no policy": "AccessDeniedException",
        "canonical request": "SomeSignatureException",
    }
    for name, form in forms.items():
        yield Fault(name, lambda aws, operation, said, name=name, form=form: aws.fault(  # type: ignore[misc]
            operation, code=kinds.get(name, "ValidationException"), message=form.format(said), times=None,
            members={"ResourceType": said, "ConflictType": said, "Reason": said},
        ))  # fmt: skip


def _bodies() -> Iterable[Fault]:
    """What is not AWS answers: with what it was asked for."""
    pages = {
        "a page": (200, "text/html", "<html><title>{0}</title><p>{0}</p></html>"),
        "a page of a gateway": (502, "text/html", "<html>bad gateway: {0}</html>"),
        "a page of a proxy": (407, "text/plain", "{0}"),
        "another JSON": (200, "application/json", json.dumps({"echo": "{0}"}).replace("{", "{{", 1)[:-1] + "}}"),
        "an error without a code": (
            400,
            "application/json",
            json.dumps({"message": "{0}"}).replace("{", "{{", 1)[:-1] + "}}",
        ),
        "XML of a bucket": (403, "application/xml", "<Error><Code>AccessDenied</Code><Message>{0}</Message></Error>"),
        "a redirect": (302, "text/html", "moved to http://127.0.0.1:9/{0}"),
    }
    for name, (status, type, form) in pages.items():
        yield Fault(name, lambda aws, operation, said, status=status, type=type, form=form: aws.fault(  # type: ignore[misc]
            operation, status=status, body=form.format(json.dumps(said)[1:-1]), content_type=type, times=None
        ))  # fmt: skip


def _dropped() -> Iterable[Fault]:
    for when in ("before", "after"):
        yield Fault(
            f"dropped {when}", lambda aws, operation, said, when=when: aws.drop(operation, when=when, times=None)
        )  # type: ignore[misc]


def _garbled() -> Iterable[Fault]:
    """The answer holds the secrets anyhow; it is spoiled in each way, but for the one that is 30 MB."""
    for how in sorted(WAYS.keys() - {"huge"}):
        yield Fault(f"garbled: {how}", lambda aws, operation, said, how=how: aws.garble(operation, how=how, times=None))  # type: ignore[misc]


KINDS: dict[str, Callable[[], Iterable[Fault]]] = {
    "code": _errors,
    "body": _bodies,
    "drop": _dropped,
    "garbled": _garbled,
}
"""The faults by the field of the local AWS's `Failure` that asks for them."""

DETAILS = {"status", "message", "members", "content_type"}
"""The fields of `Failure` that say more of an error or a body."""

SILENT = {
    "late": "the answer is the same, only later",
    "slow": "the answer is the same, only byte by byte",
    "stale": "the answer is one of a moment ago",
    "latency": "the answer is the same, only later",
    "throttle": "answers ThrottlingException with words of its own; that code is among the errors here",
    "behaviour": "the service's own rules; what it says about a failed change of the key has a test of its own",
}
"""The fields and verbs that say nothing of what was asked, and why they need no case."""

NO_FAULTS = {
    "fault",
    "unmet",
    "server",
    "calls",
    "forget_calls",
    "reset",
    "reset_faults",
    "domains",
    "seed",
    "change",
    "remove",
}

FAULTS = [fault for faults in KINDS.values() for fault in faults()]
