"""`connect-domains validate`: the command."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import Any

import click

from ..aws import surroundings
from ..aws.surroundings import Sight
from ..model.errors import ConfigurationError, Refused
from ..model.path import top_of
from ..model.resource_type import ResourceType
from ..model.validation import Failure
from ..operations.command_calls import CommandCalls
from ..operations.configuration import Configuration
from ..operations.destination import resolve_region
from ..operations.forms import REGION
from ..registry import resource_types
from ..reporting.command_line import FILE, Choice, Command, Example, cwd
from ..reporting.formats import write_report
from ..stacks.project import python_project
from ..stacks.sources import from_file, from_pulumi
from .formats import FORMATS
from .verdicts import Judge, Look


@click.command(
    cls=Command,
    exit_codes={
        0: "No document has a mistake. There may be warnings, and things that could not be told.",
        1: "A document has a mistake, a file could not be read, or --live found something missing, or closed to the service.",
    },
    examples=[
        Example("One file", "connect-domains validate crm.yaml"),
        Example("Several files, for a program", "connect-domains validate crm.yaml calls.json --format json"),
        Example("Standard input", "cat crm.yaml | connect-domains validate -"),
        Example("What a stack declares, and what it names at AWS", "connect-domains validate --stack dev --live"),
    ],
)
@click.argument("names", metavar="[FILE]...", type=FILE, nargs=-1)
@click.option("--stack", "stacks", metavar="NAME", multiple=True, help="A stack, by the Pulumi CLI; may be repeated.")
@click.option(
    "--state",
    "states",
    metavar="FILE",
    type=FILE,
    multiple=True,
    help="An export (`pulumi stack export`); may be repeated.",
)
@cwd
@click.option(
    "--resource",
    type=Choice(list(resource_types())),
    help="The type of the domains.  [default: as the keys of each document suggest]",
)
@click.option("--silence", metavar="RULE", multiple=True, help="Leave out the warnings of this rule; may be repeated.")
@click.option(
    "--live", is_flag=True, help="Ask AWS too: do the keys, queues and buckets exist, and let the service in?"
)
@click.option(
    "--region",
    metavar="REGION",
    default="",
    help="With --live: for documents that name no Region.  [default: AWS_REGION]",
)
@click.option("--assume-role", metavar="ARN", default="", help="With --live: look as this role.")
@FORMATS.options
def validate(**given: Any) -> None:
    """Check the inputs of domains as a preview would, and print every mistake at once.

    A FILE is JSON or YAML, and may hold several YAML documents; - is standard input. Only --live asks AWS anything, and it changes nothing.
    """
    places = FORMATS.outs(given["format_"], given["outs"])
    if not (given["names"] or given["stacks"] or given["states"]):
        raise click.UsageError("what is to be checked? FILES, --stack NAME or --state FILE")
    look = partial(_look, CommandCalls(given["assume_role"]), Configuration(region=given["region"]))
    judge = Judge(
        given["resource"] or "",
        frozenset(given["silence"]),
        look if given["live"] else None,
        python_project(given["cwd"]),
    )
    verdicts = [verdict for name in given["names"] for verdict in judge.on_file(name)]
    exports = [from_file(name) for name in given["states"]]
    if given["stacks"]:
        exports.append(from_pulumi(given["stacks"], folder=given["cwd"], with_secrets=False))
    verdicts += [verdict for export in chain.from_iterable(exports) for verdict in judge.on_export(export)]
    write_report(verdicts, places)
    if any(verdict.has_failed for verdict in verdicts):
        raise click.exceptions.Exit(1)


def _look(calls: CommandCalls, configuration: Configuration, account: str) -> Look:
    return partial(_seen, calls, configuration, account)


def _seen(
    calls: CommandCalls,
    configuration: Configuration,
    account: str,
    type: ResourceType,
    inputs: object,
    mistakes: Sequence[Failure],
) -> tuple[Sight, ...]:
    """What is seen at AWS, in the account, of the settings that have no mistake; nothing where the whole or the Region has one.

    Raises: AwsError, and ConfigurationError without a Region.
    """
    wrong = {each.path for each in mistakes}
    if not isinstance(inputs, dict) or wrong & {"", "region"}:
        return ()
    inputs = {name: item for name, item in inputs.items() if not any(top_of(each) == name for each in wrong)}
    if not any(surroundings.named(type.schema, inputs)):
        return ()
    own = inputs.get("region")
    region = resolve_region(own if isinstance(own, str) else "", configuration)
    if region is None:
        raise ConfigurationError("--live: in which Region? --region REGION, or AWS_REGION")
    if not REGION.fullmatch(region.name):
        raise ConfigurationError(f"{region.name!r} is not the name of a region")
    try:
        near = calls.to(type, account, region.name, configuration).service
    except Refused as error:
        return tuple(surroundings.unseen(type.schema, inputs, str(error)))
    return tuple(surroundings.look(near, type.schema, inputs))
