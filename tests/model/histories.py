"""Histories told by hand: one for each protection, and each that once broke a rule."""

from __future__ import annotations

from typing import Any

from .declared import CP, VID, Domain, Fault, Foreign, Import, Kill, Outside, Program, Run, Step


def crm(**settings: Any) -> Domain:
    """The resource `a`, a Customer Profiles domain called d1."""
    return Domain("a", CP, {"domain_name": "d1", "default_expiration_days": 30, **settings})


def calls(**settings: Any) -> Domain:
    """The resource `v`, a Voice ID domain called d2."""
    return Domain("v", VID, {"name": "d2", "server_side_encryption_configuration": {"kms_key_id": "k"}, **settings})


def up(*domains: Domain, **options: Any) -> Run:
    """An `up` of the domains; options are those of the command, or of the program."""
    own = {name: options.pop(name) for name in ("default_tags", "ignores_theirs") if name in options}
    return Run(Program(domains, **own), **options)


def destroy(*domains: Domain, **options: Any) -> Run:
    return up(*domains, kind="destroy", **options)


def refresh(*domains: Domain, **options: Any) -> Run:
    return up(*domains, kind="refresh", **options)


MATCHING = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}}
MATCHING_AGAIN = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "09:05"}}
TAGS = {"team": "1", "cost": "1"}
KEY = {"server_side_encryption_configuration": {"kms_key_id": "another"}}

PROTECTIONS: dict[str, list[Step]] = {
    "an update sends only what changed": [
        up(crm(default_encryption_key="k", dead_letter_queue_url="q", tags=TAGS)),
        up(crm(default_encryption_key="k", dead_letter_queue_url="r", tags=TAGS)),
    ],
    "a time that is written in another way is no change": [up(crm(matching=MATCHING)), up(crm(matching=MATCHING_AGAIN))],
    "tags that are taken out are removed": [
        up(crm(tags=TAGS), calls(tags=TAGS)),
        up(crm(tags={"team": "2"}), calls(tags={"cost": "1"})),
        up(crm(), calls()),
    ],
    "only a tag that changed is sent": [
        up(crm(tags=TAGS), calls(tags=TAGS)),
        up(crm(tags={**TAGS, "team": "2"}), calls(tags={**TAGS, "team": "2"})),
    ],
    "tags that others set are removed once the program begins to own the tags": [
        up(crm(), calls()),
        Outside("tagged", "a", {"stage": "1", "team": "2"}),
        Outside("tagged", "v", {"stage": "1", "team": "2"}),
        up(crm(tags=TAGS), calls(tags=TAGS), refresh=True),
    ],
    "tags that others set are removed, where the program owns the tags": [
        up(crm(tags=TAGS), calls(tags=TAGS)),
        Outside("tagged", "a", {"stage": "1", "team": None}),
        Outside("tagged", "v", {"stage": "1", "team": None}),
        up(crm(tags=TAGS), calls(tags=TAGS), refresh=True),
    ],
    "ignored tags of others stay": [
        up(crm(tags=TAGS), calls(tags=TAGS), ignores_theirs=True),
        Outside("tagged", "a", {"theirs:x": "1"}),
        Outside("tagged", "v", {"theirs:x": "1"}),
        up(crm(tags=TAGS), calls(tags=TAGS), ignores_theirs=True, refresh=True),
        up(crm(), calls(), ignores_theirs=True, refresh=True),
    ],
    "default tags come and go": [
        up(crm(), calls(tags={"team": "2"}), default_tags=TAGS),
        up(crm(), calls(tags={"team": "2"}), default_tags={"team": "1"}),
        up(crm(), calls(tags={"team": "2"})),
    ],
    "access denied is never gone": [
        up(crm(), calls()),
        refresh(crm(), calls(), faults=(Fault("GetDomain", "denied", None),)),
        refresh(crm(), calls(), faults=(Fault("DescribeDomain", "denied", None),)),
        up(crm(), calls(), refresh=True, faults=(Fault("*", "denied", None),)),
    ],
    "what others change is put back": [
        up(crm(default_encryption_key="k", matching=MATCHING), calls(description="x")),
        Outside("changed", "a", {"default_encryption_key": "other", "matching": {"enabled": False}}),
        Outside("changed", "v", {"description": "other"}),
        up(crm(default_encryption_key="k", matching=MATCHING), calls(description="x"), refresh=True),
    ],
    "what others set, and nobody declares, stays": [
        up(crm(), calls()),
        Outside("changed", "a", {"dead_letter_queue_url": "q", "matching": MATCHING}),
        Outside("changed", "v", {"description": "x"}),
        Outside("tagged", "v", {"team": "1"}),
        up(crm(default_expiration_days=31), calls(name="d3"), refresh=True),
    ],
    "a creation whose answer is lost is found again": [
        up(crm(tags=TAGS), calls(tags=TAGS), faults=(Fault("CreateDomain", "dropped after"),)),
        up(crm(tags=TAGS), calls(tags=TAGS)),
    ],
    "every call may fail once": [
        up(crm(tags=TAGS), calls(tags=TAGS), faults=(Fault("CreateDomain", "failed"), Fault("GetCallerIdentity", "dropped before"))),
        up(
            crm(tags={"team": "2"}, default_expiration_days=31), calls(tags={"team": "2"}, name="d3"),
            faults=(Fault("UpdateDomain", "dropped after"), Fault("TagResource", "dropped after"), Fault("UntagResource", "dropped after")),
        ),
        destroy(faults=(Fault("DeleteDomain", "dropped after"), Fault("GetDomain", "throttled"))),
    ],
    "what is gone is made again": [
        up(crm(tags=TAGS), calls(tags=TAGS)),
        Outside("deleted", "a"),
        Outside("deleted", "v"),
        up(crm(tags=TAGS), calls(tags=TAGS), refresh=True),
    ],
    "a domain that holds data is not deleted": [
        up(crm()),
        Outside("filled", "a"),
        destroy(crm()),
        up(),
        up(crm(domain_name="d9")),
        up(crm(region="eu-west-2")),
        up(crm(force_destroy=True)),
        up(crm(force_destroy=True, domain_name="d9")),
    ],
    "another domain of the same name is not deleted": [
        up(crm()),
        Outside("remade", "a", {"default_expiration_days": 7}),
        destroy(crm()),
        up(),
    ],
    "a protected domain is not deleted": [
        up(Domain("a", CP, crm().settings, protect=True), Domain("v", VID, calls().settings, protect=True)),
        destroy(),
        up(),
    ],
    "a setting that is taken out is turned off": [
        up(crm(matching=MATCHING, default_encryption_key="k", data_store={"enabled": True}), calls(description="x")),
        up(crm(), calls()),
    ],
    "a change under ignore_changes is left alone": [
        up(crm(default_encryption_key="k")),
        Outside("changed", "a", {"default_encryption_key": "other"}),
        up(Domain("a", CP, crm(default_encryption_key="l").settings, ignores=("default_encryption_key",)), refresh=True),
    ],
    "a rename with an alias changes nothing": [
        up(crm(tags=TAGS), calls(tags=TAGS)),
        up(Domain("b", CP, crm(tags=TAGS).settings, former=("a",)), Domain("w", VID, calls(tags=TAGS).settings, former=("v",))),
    ],
    "a move to another Region replaces": [up(crm(), calls()), up(crm(region="eu-west-2"), calls(region="eu-west-2"))],
    "a name that somebody else has is not taken over": [
        Foreign({"domain_name": "d1", "default_expiration_days": 7, "tags": {"team": "2"}}),
        up(crm()),
        up(),
    ],
    "a domain is adopted where the program says so": [
        Foreign({"domain_name": "d1", "default_expiration_days": 7, "dead_letter_queue_url": "q", "tags": {"team": "2"}}),
        up(crm(adopt_existing=True, tags=TAGS)),
    ],
    "a domain that is imported is as it was": [
        Foreign({"domain_name": "d1", "default_expiration_days": 7, "matching": MATCHING, "tags": {"team": "2"}}),
        Import("d1", "a"),
    ],
    "a preview writes nothing": [
        up(crm(tags=TAGS), calls()),
        up(crm(tags={"team": "2"}, domain_name="d9"), calls(**KEY), refresh=True, preview=True),
        destroy(preview=True),
    ],
    "only the target is touched": [
        up(crm(), calls()),
        up(crm(default_expiration_days=31), calls(name="d3"), targets=("v",)),
    ],
    "a host that is killed loses nothing": [
        up(crm(tags=TAGS), kill=Kill("aws", 2)),
        up(crm(tags=TAGS), kill=Kill("aws", 2, before=False)),
    ],
    "an engine that is killed loses nothing": [
        up(crm(tags=TAGS), kill=Kill("save", 4)),
        up(crm(tags=TAGS), refresh=True),
        up(crm(tags={"team": "2"}), kill=Kill("call", 3, before=False)),
    ],
}  # fmt: skip

ONCE_WRONG: dict[str, list[Step]] = {
    "a description that somebody else set, and nobody declares, stays": [
        up(calls()),
        Outside("changed", "v", {"description": "x"}),
        up(calls(name="d3"), refresh=True),
    ],
}
"""Each was found by the machine, or in the making of it, and then mended."""
