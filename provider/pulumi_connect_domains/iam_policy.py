"""`connect-domains iam-policy`: the least-privilege policy for what a stack does, from what the schemas say of permissions.

The policy goes to standard output, ready for a file; what AWS asks for behind the calls, and who says so, to standard error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import click

from .core.schema import schema_of
from .registry import PACKAGES

READING = ("read", "list")  # what a refresh, a drift check and an import do
CALLER = "the caller"


@click.command("iam-policy")
@click.option("--read-only", is_flag=True, help="Only what refresh, drift checks and imports need.")
@click.option(
    "--resource",
    "resources",
    multiple=True,
    type=click.Choice(PACKAGES),
    help="A kind of resource that the stack has; may be repeated. Left out: all.",
)
@click.option(
    "--key", "keys", multiple=True, metavar="ARN", help="A KMS key that the stack's domains use; may be repeated."
)
def iam_policy(read_only: bool, resources: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Print the least-privilege IAM policy for what a stack does.

    The policy goes to standard output. Standard error tells what AWS asks for behind the calls: KMS keys, SQS queues, S3 buckets.
    """
    chosen = resources or PACKAGES
    click.echo(json.dumps(policy(chosen, read_only, keys), indent=2))
    click.echo("\n".join(notes(chosen, read_only)), err=True)


def policy(packages: Sequence[str], read_only: bool = False, keys: Sequence[str] = ()) -> dict[str, Any]:
    """The policy document: a statement for each kind of resource, and one for the keys if there are any.

    Shape: `{"Version": "2012-10-17", "Statement": [{"Sid": "CustomerProfilesDomains", "Effect": "Allow", …}]}`.
    """
    statements = [
        _statement(f"{_words(package)}Domains", api_actions(package, read_only), ["*"]) for package in packages
    ]
    if keys and not read_only:
        asked = {action for each in _behind(packages) if each["who"] == CALLER for action in each["actions"]}
        statements.append(_statement("KeysOfDomains", sorted(asked), list(keys)))
    return {"Version": "2012-10-17", "Statement": statements}


def api_actions(package: str, read_only: bool = False) -> list[str]:
    """The actions of the service itself that managing, or only reading, such resources needs, sorted."""
    permissions = schema_of(package)["permissions"]
    return sorted({action for use in (READING if read_only else permissions) for action in permissions[use]})


def notes(packages: Sequence[str], read_only: bool = False) -> list[str]:
    """What the policy itself cannot say, line by line."""
    lines = [
        "Resource is * because listing, and creating what does not exist yet, cannot name a domain.",
        "sts:GetCallerIdentity, asked once in a run, needs no permission; roles to assume need sts:AssumeRole.",
    ]
    if read_only:
        return lines
    lines.append("What AWS asks for behind the calls, where a setting is used (--key ARN adds the caller's part):")
    for each in _behind(packages):
        lines.append(f"  {each['setting']}: {each['who']} needs {', '.join(each['actions'])} on {each['on']}")
        lines.append(f"    source: {each['source']}")
    return lines


def _behind(packages: Sequence[str]) -> Iterator[dict[str, Any]]:
    for package in packages:
        yield from schema_of(package).get("behind", ())


def _statement(sid: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions,
        "Resource": resources[0] if len(resources) == 1 else resources,
    }


def _words(package: str) -> str:
    """The service's name as a statement id may have it: `CustomerProfiles`. Taken from the schema's title."""
    title = str(schema_of(package)["title"]).removeprefix("Amazon Connect ").removesuffix(" domain")
    return "".join(letter for letter in title.title() if letter.isalnum())
