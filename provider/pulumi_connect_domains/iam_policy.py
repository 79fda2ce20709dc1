"""`connect-domains iam-policy`: the least-privilege policy for what a stack does, from the permissions in the schemas.

The policy goes to standard output. The permissions that AWS checks behind the calls, with their sources, go to standard error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import click

from .aws import surroundings
from .aws.objects import PERMISSIONS
from .model.resource_type import ResourceType
from .model.schema import Permission, ResourceLevel
from .registry import chosen, resource_types
from .reporting.command_line import Choice, Command, Example
from .stacks.layout import STACKS
from .stacks.locations import BucketLocation, location

MANAGING = ("create", "read", "update", "delete", "tag")  # what `pulumi up` and `destroy` do
READING = ("read",)  # what a refresh and a drift check do
LISTING = ("list",)  # what looks for domains does: `drift --unmanaged` and `import`
KEYS = "kms-key"  # the kind that --key names
LIVE_NOTE = (
    "validate --live only reads. Write the ARNs of your queues and buckets for * to allow less; --key does so for keys."
)
STATES_NOTE = (
    "The statements on states are for the role or user that runs `drift --state s3://…`, not for one that --assume-role names. If your own "
    "KMS key encrypts the bucket, that needs kms:Decrypt on the key, too."
)
KEY = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9*-]+:(\d{12}|\*):key/[A-Za-z0-9*-]+")
"""A KMS key's ARN, or a pattern of one. A policy cannot name keys by alias. Source: KMS developer guide, key ARNs in IAM policies."""

_SPECIAL = re.compile(r"[*?$]")
"""What means something in a pattern of a policy: `${*}` is the character itself. Source: IAM user guide, "Specifying special characters".

In a condition with StringEquals `$` alone means something.
"""


def _check_keys(context: click.Context, option: click.Parameter, keys: tuple[str, ...]) -> tuple[str, ...]:
    for key in keys:
        if not KEY.fullmatch(key):
            alias = (
                "; a policy names keys by their id, not by an alias"
                if ":alias/" in key or key.startswith("alias/")
                else ""
            )
            raise click.BadParameter(f"{key!r} is not the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID{alias}")
    return keys


@click.command(
    "iam-policy",
    cls=Command,
    exit_codes={0: "The policy was printed.", 1: "An argument is wrong."},
    examples=[
        Example("For `pulumi up` and `pulumi destroy`", "connect-domains iam-policy > deploy.json"),
        Example("For drift checks", "connect-domains iam-policy --read-only > drift.json"),
        Example(
            "For drift checks of a backend in a bucket",
            "connect-domains iam-policy --read-only --state s3://states > p.json",
        ),
        Example(
            "For domains with a KMS key of yours",
            "connect-domains iam-policy --key 'arn:aws:kms:*:123456789012:key/*'",
        ),
    ],
)
@click.option("--read-only", is_flag=True, help="Allow only what refresh, drift checks and imports need.")
@click.option("--validate-live", is_flag=True, help="Allow only what `validate --live` needs; with --read-only both.")
@click.option(
    "--resource",
    "resources",
    multiple=True,
    type=Choice(list(resource_types())),
    help="A type of domain that the stack has; may be repeated.  [default: all]",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="ARN",
    callback=_check_keys,
    help="The KMS key of a domain; may be repeated.",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="URL",
    help="Also allow `drift --state` to read the backend at this `s3://…` URL; may be repeated.",
)
def iam_policy(
    read_only: bool, validate_live: bool, resources: tuple[str, ...], keys: tuple[str, ...], states: tuple[str, ...]
) -> None:
    """Print the least-privilege IAM policy for a stack.

    The policy goes to standard output. Notes on what AWS asks for besides (KMS keys, SQS queues, S3 buckets) go to standard error.
    """
    types, buckets = chosen(resources), [_bucket(url) for url in states]
    found, said = policy(types, read_only, keys), notes(types, read_only)
    if validate_live:
        live = live_policy(types, keys)
        found["Statement"] = [*(policy(types, read_only)["Statement"] if read_only else ()), *live["Statement"]]
        said = [*(said if read_only else ()), LIVE_NOTE]
    found["Statement"] += state_statements(buckets)
    said += [STATES_NOTE] if buckets else []
    click.echo(json.dumps(found, indent=2))
    click.echo("\n".join(said), err=True)


def _bucket(url: str) -> BucketLocation:
    place = location(url)
    if not isinstance(place, BucketLocation):
        raise click.UsageError("--state: the URL of a bucket was expected, such as s3://states/acme")
    return place


def policy(types: Sequence[ResourceType], read_only: bool = False, keys: Sequence[str] = ()) -> dict[str, Any]:
    """The policy document: statements for each kind of resource, and one for the keys if there are any.

    Actions that cannot be restricted to single resources, and those that only look for resources, have statements of their own.
    Shape: `{"Version": "2012-10-17", "Statement": [{"Sid": "CustomerProfilesDomains", "Effect": "Allow", …}]}`.
    """
    statements: dict[str, dict[str, Any]] = {}

    def allow(sid: str, actions: Sequence[str], resources: Sequence[str]) -> None:
        """The statement of that id allows the actions too. Ids are unique in a policy, so types of one service may share a statement."""
        actions = sorted({*actions, *statements.get(sid, {}).get("Action", ())})
        if actions:
            statements[sid] = _statement(sid, actions, list(resources))

    for type in types:
        level, words = _level(type), _words(type)
        actions = api_actions(type, READING if read_only else MANAGING)
        allow(f"{words}{type.name}s", [action for action in actions if action not in level.exceptions], [level.arn])
        allow(f"{words}InGeneral", [action for action in actions if action in level.exceptions], ["*"])
        if read_only:
            allow(f"{words}Listing", api_actions(type, LISTING), ["*"])
    if keys and not read_only:
        asked = {action for each in _behind(types) if each.is_the_callers for action in each.actions}
        allow("KeysOfDomains", sorted(asked), keys)
    return {"Version": "2012-10-17", "Statement": list(statements.values())}


def state_statements(buckets: Sequence[BucketLocation]) -> list[dict[str, Any]]:
    """What lets a check list and read the states of backends, and nothing else in their buckets: two statements for each."""
    found: list[dict[str, Any]] = []
    for place, number in zip(dict.fromkeys(buckets), count(1), strict=False):
        bucket, folder = f"arn:aws:s3:::{place.bucket}", f"{place.prefix}{STACKS}"
        objects = f"{bucket}/{_SPECIAL.sub(lambda each: f'${{{each[0]}}}', folder)}*"
        listing, reading = (
            _statement(f"{verb}States{number}", [action], [on])
            for verb, action, on in zip(("List", "Read"), PERMISSIONS, (bucket, objects), strict=True)
        )
        found += [{**listing, "Condition": {"StringEquals": {"s3:prefix": folder.replace("$", "${$}")}}}, reading]
    return found


def live_policy(types: Sequence[ResourceType], keys: Sequence[str] = ()) -> dict[str, Any]:
    """The policy document for `validate --live`: one statement for each kind of thing that settings of the types name.

    Keys may be restricted to those given. For queues and buckets write their ARNs in place of `*`.
    """
    kinds = sorted({kind for type in types for kind in surroundings.kinds(type.schema)})
    statements = [
        _statement(
            f"LookAt{kind.title().replace('-', '')}s",
            list(surroundings.READS[kind]),
            list(keys) if keys and kind == KEYS else ["*"],
        )
        for kind in kinds
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def api_actions(type: ResourceType, uses: Sequence[str]) -> list[str]:
    """The actions of the service itself that such uses need (`MANAGING`, `READING`, `LISTING`), sorted."""
    return sorted({action for use in uses for action in type.schema.permissions.get(use, ())})


def notes(types: Sequence[ResourceType], read_only: bool = False) -> list[str]:
    """What the policy itself cannot say, line by line."""
    lines = [
        "The ARN patterns fit every domain in the partition aws. Write a region, an account or a name for * to allow less, "
        "and another partition for aws where you need one.",
    ]
    for type in types:
        lines.extend(_notes_on_resources(type, read_only))
    lines.append(
        "sts:GetCallerIdentity, asked once in a run, needs no permission; roles to assume need sts:AssumeRole."
    )
    if read_only:
        return lines
    lines.append("What AWS asks for behind the calls, where a setting is used (--key ARN adds the caller's part):")
    for each in _behind(types):
        lines.append(f"  {each.setting}: {each.who} needs {', '.join(each.actions)} on {each.on}")
        lines.append(f"    source: {each.source}")
    return lines


def _notes_on_resources(type: ResourceType, read_only: bool) -> Iterator[str]:
    level = _level(type)
    used = set(api_actions(type, (*READING, *LISTING) if read_only else MANAGING))
    if general := [action for action in level.exceptions if action in used]:
        yield f"AWS has no resource-level permission for {', '.join(general)}, so its resource is *."
    listing = ", ".join(api_actions(type, LISTING))
    if read_only and listing:
        yield f"Only `drift --unmanaged` and `import` need {listing}; without them, leave out {_words(type)}Listing."
    elif level.unknown and not read_only:
        yield level.unknown
    if level.source:
        yield f"  source: {level.source}"


def _level(type: ResourceType) -> ResourceLevel:
    """What the type's actions can be restricted to. Where its schema does not say, they can only be allowed on `*`."""
    every = tuple(dict.fromkeys(action for actions in type.schema.permissions.values() for action in actions))
    return type.schema.resource_level or ResourceLevel("*", every, "")


def _behind(types: Sequence[ResourceType]) -> Iterator[Permission]:
    for type in types:
        yield from type.schema.behind


def _statement(sid: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions,
        "Resource": resources[0] if len(resources) == 1 else resources,
    }


def _words(type: ResourceType) -> str:
    """The service's name without spaces, for statement ids: `CustomerProfiles`, of the noun "Customer Profiles domain"."""
    return "".join(letter for letter in type.noun.removesuffix(type.schema.short_noun).title() if letter.isalnum())
