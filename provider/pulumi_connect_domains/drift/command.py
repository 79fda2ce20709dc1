"""`connect-domains drift`: arguments in, reports out, exit code back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from typing import Any

import click
from click.core import ParameterSource

from ..registry import resource_types
from ..reporting import output, progress
from ..reporting.command_line import FILE, FOLDER, Choice, Example, Group, cwd
from . import origins, saying
from .merge_command import merge


@click.group(
    cls=Group,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
    exit_codes={
        0: "Every domain is in sync, or all domains are in other shards.",
        1: "Something could not be read or compared, or there was nothing to check. It also wins over 2.",
        2: "A domain drifted or is missing, two stacks declare it, or a requirement is broken.",
    },
    examples=[
        Example("A stack of the project in this folder", "connect-domains drift --stack dev"),
        Example("A file, without the Pulumi CLI", "connect-domains drift --state state.json"),
        Example(
            "Every stack of a backend in a bucket, without the Pulumi CLI",
            "connect-domains drift --state 's3://states/acme?region=eu-west-2'",
        ),
        Example(
            "Every stack, with a report for people and one for programs",
            "connect-domains drift --all --out markdown=drift.md --out json=drift.json",
        ),
        Example("Domains that nobody declares are drift, too", "connect-domains drift --all --unmanaged --strict"),
        Example(
            "What must be true of every domain", "connect-domains drift --stack dev --require matching.enabled=false"
        ),
        Example(
            "Many accounts, with a role in each",
            "connect-domains drift --all \\\n  --assume-role 'arn:aws:iam::{account}:role/Drift'",
        ),
        Example(
            "The first of 16 jobs that share a fleet",
            "connect-domains drift --all --shard 1/16 --out json=shard-1.json",
        ),
        Example(
            "What is new since yesterday", "connect-domains drift --all --since yesterday.json --out json=today.json"
        ),
    ],
)
@click.option(
    "--stack", "stacks", metavar="NAME", multiple=True, help="Ask the Pulumi CLI for this stack; may be repeated."
)
@click.option("--all", "every", is_flag=True, help="Ask the Pulumi CLI for every stack of its backend.")
@click.option(
    "--org",
    "organizations",
    metavar="NAME",
    multiple=True,
    help="Ask the Pulumi CLI for every stack of this organization in Pulumi Cloud (tested against a stand-in of it only); may be repeated.",
)
@click.option(
    "--state",
    "files",
    metavar="FILE_OR_URL",
    type=FILE,
    multiple=True,
    help="Read what `pulumi stack export` wrote (- is standard input), or every stack of a backend by the URL that `pulumi login` "
    "takes: `s3://…` or `file://…`; may be repeated.",
)
@click.option(
    "--state-dir",
    "folders",
    metavar="DIR",
    type=FOLDER,
    multiple=True,
    help="Read every export in a folder, or a backend's copy; may be repeated.",
)
@cwd
@click.option(
    "--show-secrets",
    is_flag=True,
    help="Let the Pulumi CLI decrypt secrets, to compare them; reports mask them all the same.",
)
@click.option(
    "--type",
    "types",
    type=Choice(list(resource_types())),
    multiple=True,
    help="Check only domains of this type; may be repeated.",
)
@click.option(
    "--name",
    "names",
    metavar="PATTERN",
    multiple=True,
    help="Check only domains whose resource name or id fits, such as 'prod-*'; may be repeated.",
)
@click.option(
    "--region", "regions", metavar="REGION", multiple=True, help="Check only domains in this Region; may be repeated."
)
@click.option(
    "--shard",
    metavar="INDEX/NUMBER",
    help="Check only a part of the domains, by account and Region, such as 3/16; "
    "auto and auto/16 take the index from AWS Batch, Kubernetes or GitLab.",
)
@click.option(
    "--unmanaged",
    is_flag=True,
    help="Also list the domains in these accounts and Regions that no checked stack declares.",
)
@click.option(
    "--require",
    "required",
    metavar="PATH=VALUE",
    multiple=True,
    help="What must be true of every live domain, such as matching.enabled=false; may be repeated.",
)
@click.option(
    "--policy",
    "policies",
    metavar="FILE",
    type=FILE,
    multiple=True,
    help="Read requirements from a YAML or JSON file; may be repeated.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 2 for unmanaged settings and domains, with 1 for what cannot be compared.",
)
@click.option(
    "--assume-role",
    metavar="ARN",
    default="",
    help="Read with this role. {account} in it stands for the account of each domain.",
)
@click.option(
    "--rate",
    "rates",
    metavar="[OPERATION=]N",
    multiple=True,
    help="Calls a second, for each account, Region and operation; 0 is no limit; may be repeated.  [default: AWS's quotas]",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1, 64),
    default=16,
    show_default=True,
    help="Domains that are read at a time.",
)
@click.option(
    "--progress",
    "progress_file",
    metavar="FILE",
    type=FILE,
    help="Keep in this file what is read, for --resume after a kill. It is removed when the reports are written.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with the check that --progress FILE is of: read only what it has not read. It must have begun in the last 12 hours.",
)
@saying.options
@click.pass_context
def drift(context: click.Context, /, **given: Any) -> int:
    """Compare live domains with the state of one stack or many. Nothing is changed, and no lock is taken.

    At least one of --stack, --all, --org, --state and --state-dir says what to check. `drift merge` makes one report of those of all
    shards.
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return 0
    said = saying.by_options(given)
    check = _check(given)  # mistakes in the arguments come up before anything is asked for
    bugs: list[str] = []
    with ExitStack() as stack:
        with progress.shown() as show:
            exports = origins.exports(given, show)
            # After what can be wrong with the origins: it may forget an earlier check.
            kept = stack.enter_context(_kept(given))
            report = check.run(exports, progress=kept, show=show, on_bug=bugs.append)
        for trace in bugs:
            output.tell(trace)
        return said.say(report)


drift.add_command(merge)


def _refuse_options(context: click.Context) -> None:
    """Raises: UsageError where options stand before the name of a command, which has options of its own."""
    for each in context.command.params:
        if context.get_parameter_source(str(each.name)) is not ParameterSource.DEFAULT:
            name = max(each.opts, key=len)
            raise click.UsageError(
                f"{name} stands before {context.invoked_subcommand}: write its options after its name"
            )


@contextmanager
def _kept(given: dict[str, Any]) -> Iterator[Any]:
    """The file of `--progress`, or None. Where all ends well, it is removed; else it holds what was read."""
    from .progress_file import ProgressFile

    if not given["progress_file"]:
        if given["resume"]:
            raise click.UsageError("--resume goes on with what --progress FILE holds: say which file")
        yield None
        return
    kept = ProgressFile(given["progress_file"], resumes=given["resume"], now=datetime.now(timezone.utc))
    try:
        yield kept
        kept.remove()
    finally:
        kept.close()


def _check(given: dict[str, Any]) -> Any:
    from .check import Check
    from .policy import from_policy, from_text
    from .reading import Reader
    from .requirements import Filters
    from .shards import from_option

    requirements = [from_text(text) for text in given["required"]]
    requirements += [each for file in given["policies"] for each in from_policy(file)]
    return Check(
        reader=Reader(assume_role=given["assume_role"], rates=_rates(given["rates"]), workers=given["workers"]),
        filters=Filters(types=given["types"], names=given["names"], regions=given["regions"]),
        requirements=tuple(requirements),
        strict=given["strict"],
        lists_unmanaged=given["unmanaged"],
        shard=None if given["shard"] is None else from_option(given["shard"], os.environ),
    )


def _rates(texts: tuple[str, ...]) -> Any:
    from ..aws import Rates

    everywhere: float | None = None
    of_operation: dict[str, float] = {}
    for text in texts:
        operation, _, number = text.rpartition("=")
        try:
            rate = float(number)
        except ValueError:
            rate = -1.0
        if not 0 <= rate < float("inf"):
            raise click.UsageError(
                f"--rate {text}: calls per second were expected (--rate 10, --rate GetDomain=10, --rate 0 for no limit)"
            )
        if operation:
            of_operation[operation] = rate
        else:
            everywhere = rate
    return Rates(everywhere, of_operation)
