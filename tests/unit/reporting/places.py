"""What every command's reports are made from, with a text of others in every place that can hold one.

`put` gives the text for a place. A member of a model that no text of others can reach stands in NOT_OF_OTHERS, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from pulumi_connect_domains.adopt.adoption import identifiers
from pulumi_connect_domains.adopt.model import Adopted, Former, Found
from pulumi_connect_domains.aws.surroundings import Sight
from pulumi_connect_domains.doctor.model import Check
from pulumi_connect_domains.doctor.model import Report as Examination
from pulumi_connect_domains.drift.model import (
    Compared,
    DomainReport,
    Earlier,
    Finding,
    Options,
    OtherDeclaration,
    Problem,
    Report,
    Setting,
    UnmanagedDomain,
)
from pulumi_connect_domains.drift.requirements import Broken
from pulumi_connect_domains.drift.shards import Shard
from pulumi_connect_domains.model.deletion import Holding
from pulumi_connect_domains.model.path import Path
from pulumi_connect_domains.model.validation import Failure
from pulumi_connect_domains.model.values import ABSENT
from pulumi_connect_domains.model.warning import Notice
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.review.model import DomainReview, Loss, Message, Other, Review, Row, StackReview, Unread
from pulumi_connect_domains.stacks.urn import Urn
from pulumi_connect_domains.validate.verdicts import Verdict

Put = Callable[[str], str]


def tag(text: str) -> str:
    """The path of a tag with that key."""
    return str(Path(("tags", text)))


PROFILES = resource_types()["customerprofiles"]
RULE = min(rule.id for rule in PROFILES.schema.rules)
NOUN = "Customer Profiles domain"
TOKEN = "pulumi-python:dynamic/customerprofiles:Domain"
STARTED = "2026-11-22T06:30:00+00:00"

NOT_OF_OTHERS = {
    "Report.started_at": "our own clock",
    "Report.tool_version": "our own version",
    "Report.python_project": "no format writes it",
    "DomainReport.status": "one of ours",
    "DomainReport.type": "a key of the registry",
    "DomainReport.noun": "a word of the schema",
    "DomainReport.since": "one of ours",
    "Finding.since": "one of ours",
    "Broken.since": "one of ours",
    "OtherDeclaration.since": "one of ours",
    "UnmanagedDomain.since": "one of ours",
    "Compared.started_at": "our own clock; reading a report checks it",
    "Earlier.kind": "one of ours",
    "Earlier.type": "a key of the registry; reading a report checks it",
    "Earlier.noun": "a word of the schema; reading a report checks it",
    "DomainReview.action": "one of ours",
    "DomainReview.noun": "a word of the schema",
    "DomainReview.type": "a key of the registry",
    "UnmanagedDomain.type": "a key of the registry",
    "UnmanagedDomain.noun": "a word of the schema",
    "Loss.source": "one of ours",
    "Loss.loses": "words of the schema",
    "Other.action": "one of ours",
    "Holding.counts": "words of the schema",
    "Check.name": "one of ours",
    "Check.status": "one of ours",
    "Verdict.resource": "a key of the registry",
    "Notice.rule": "a rule of the schema",
    "Sight.kind": "a word of the schema",
    "Sight.status": "one of ours",
    "Sight.permission": "an IAM action of ours, or one that a regular expression found",
    "Found.account": "twelve digits of an ARN",
    "ResourceType.package": "the name of one of our packages",
}


def drift(put: Put) -> Report:
    """A drift report."""

    def domain(status: Any, place: str, **members: Any) -> DomainReport:
        about = {each: put(place + each) for each in ("stack", "project", "name", "id", "arn", "account", "region")}
        since = "new" if status != "unreadable" else None
        urn = f"urn:pulumi:dev::shop::{TOKEN}::{put(f'{place}urn')}"
        return DomainReport(
            status,
            **{
                **about,
                "type": "customerprofiles",
                "noun": NOUN,
                "urn": urn,
                "declared_at": f"{put(f'{place}file')}:4",
                "since": since,
            },
            **members,
        )

    def earlier(kind: str, place: str, **members: str) -> Earlier:
        about = {each: put(place + each) for each in ("id", "name", "account", "region", "stack")}
        urn = f"urn:pulumi:dev::shop::{TOKEN}::{put(f'{place}urn')}"
        return Earlier(kind, "customerprofiles", NOUN, **about, urn=urn, **members)

    return Report(
        started_at=STARTED,
        seconds=1.0,
        tool_version="1.2.3",
        stacks=(put("stacks"),),
        domains=(
            domain(
                "drifted",
                "a",
                findings=(
                    Finding(
                        tag(put("tagkey")), {put("mapkey"): put("mapvalue")}, put("live"), put("summary"), since="new"
                    ),
                ),
                broken_requirements=(
                    Broken(
                        f"{tag(put('path'))} = {put('wanted')}", tag(put("path")), put("broken"), put("because"), "new"
                    ),
                ),
            ),
            domain("missing", "b", reason=put("reason"), notes=(put("note"),)),
            domain(
                "in_sync",
                "c",
                unmanaged_settings=(Setting(tag(put("setting")), [put("item")]),),
                ignored=(
                    Finding(tag(put("ignored")), put("ignoreddeclared"), put("ignoredlive"), put("ignoredsummary")),
                ),
                cannot_tell=(tag(put("secret")),),
                also_declared=(
                    OtherDeclaration(
                        put("otherstack"),
                        put("otherorigin"),
                        f"urn:pulumi:dev::shop::{TOKEN}::{put('othername')}",
                        "lasting",
                    ),
                ),
            ),
            domain("unreadable", "d", reason=put("message"), error_code=put("code")),
        ),
        unmanaged_domains=(
            UnmanagedDomain(
                "customerprofiles",
                NOUN,
                *map(put, ("byhandid", "byhand", "byhandaccount", "byhandregion", "created")),
                since="lasting",
            ),
        ),
        problems=(Problem(put("origin"), put("problem")),),
        shard=Shard(2, 3),
        in_other_shards=7,
        options=Options(*((put(each),) for each in ("asktype", "askname", "askregion", "askrequirement"))),
        notes=(put("remark"),),
        compared=Compared(
            STARTED,
            new=3,
            lasting=2,
            mended=(
                earlier("drifted", "e", path=tag(put("epath"))),
                earlier("requirement", "f", path=tag(put("fpath")), words=f"{tag(put('fpath'))} = {put('fwanted')}"),
                earlier("unmanaged", "g"),
            ),
            could_not_tell=(earlier("declared_twice", "h", words=put("hwords")),),
            left_out=1,
        ),
    )


def review(put: Put) -> Review:
    """A review of two previews, and of a file that cannot be read."""

    def domain(place: str, action: Any, **members: Any) -> DomainReview:
        name, called, region = (put(f"{place}{each}") for each in ("name", "domain", "region"))
        at = {"urn": f"urn:pulumi:dev::shop::{TOKEN}::{put(f'{place}urn')}", "declared_at": f"{put(f'{place}file')}:4"}
        return DomainReview(action, NOUN, name, called, region, **at, **members)

    changed = domain(
        "changed",
        "update",
        rows=(
            Row(tag(put("tagkey")), put("before"), put("after"), put("meaning")),
            Row("tags", {put("mapkey"): put("mapvalue")}, [put("item")], put("othermeaning"), is_replacing=True),
        ),
        notes=(f"{put('note')} [{RULE}]",),
    )
    made = domain("made", "create", rows=(Row(tag(put("madekey")), ABSENT, put("made"), put("mademeaning")),))
    lost = domain(
        "lost",
        "replace",
        why=put("why"),
        loss=Loss(Holding({"profiles": None}), "state", "its data", guard=put("guard"), remark=put("remark")),
    )
    return Review(
        (
            StackReview(
                source=put("source"),
                stack=put("stack"),
                domains=(changed, made, lost),
                others=(Other("create", put("othertype"), put("othername"), (put("property"),)),),
                unchanged=1,
                errors=(Message(put("error"), put("erroron")), Message(put("plainerror"))),
                warnings=(Message(put("warning"), put("warningon")),),
            ),
            StackReview(source=put("emptysource"), stack="", domains=(), others=(), unchanged=0),
        ),
        (Unread(put("unread"), put("unreadreason")),),
    )


def doctor(put: Put) -> Examination:
    """The doctor's report."""
    found = [
        Check("account", "ok", put("found")),
        Check("region", "failed", put("failed"), put("advice")),
        Check("clock", "skipped", put("skipped")),
    ]
    return Examination(STARTED, 1.0, "1.2.3", tuple(found))


def validate(put: Put) -> list[Verdict]:
    """Verdicts on a document that is read, and on one that is not."""
    return [
        Verdict(
            put("file"),
            "customerprofiles",
            (Failure(put("path"), put("failure")),),
            (Notice(RULE, put("warnedpath"), put("warning")),),
            {put("path"): 3},
            (
                Sight(put("seenpath"), "kms-key", "failed", put("seen")),
                Sight(put("unseenpath"), "sqs-queue", "cannot tell", put("unseen")),
            ),
            is_live=True,
        ),
        Verdict(put("otherfile"), "", (Failure("", put("otherfailure")),)),
    ]


def adopted(put: Put) -> list[Adopted]:
    """A domain to import whose every name, id and value is of others; and the entry that holds it so far."""
    urn = Urn(put("stack"), put("project"), f"aws:customerprofiles/domain:{put('type')}", put("former"))
    document = {
        "domain_name": put("domain"),
        "default_expiration_days": 30,
        "tags": {put("tagkey"): put("tagvalue")},
        "dead_letter_queue_url": put("url"),
    }
    former = Former(urn, {"domain_name": put("declared")}, is_protected=True, notes=(put("note"),))
    found = Found(PROFILES, "123456789012", put("region"), put("id"), document, former)
    (variable,) = identifiers([put("name")])
    return [
        Adopted(
            found,
            put("name"),
            variable,
            document,
            {**document, "region": put("region")},
            {**document, "arn": put("arn")},
        )
    ]


def texts(model: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the model, with the class and member that it stands in: `("Finding.summary", "removed")`."""
    if isinstance(model, str):
        yield name, model
    elif is_dataclass(model):
        for each in fields(model):
            yield from texts(getattr(model, each.name), f"{type(model).__name__}.{each.name}")
    elif isinstance(model, dict):
        for key, item in model.items():
            yield from texts(key, name)
            yield from texts(item, name)
    elif isinstance(model, (list, tuple)):
        for item in model:
            yield from texts(item, name)
