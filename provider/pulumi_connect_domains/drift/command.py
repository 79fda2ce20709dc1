"""`connect-domains drift`: arguments in, reports out, exit code back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from ..registry import resource_types
from ..reporting import output
from ..reporting.formats import Out, Screen, write_report
from ..stacks.project import project_file
from ..stacks.sources import Export, from_file, from_folder, from_pulumi
from .formats import FORMATS
from .model import DRIFT
from .wording import summary

LONG_RUN_DOMAINS = 10  # with fewer the check is over before a bar could be read


@click.command()
@click.option(
    "--stack", "stacks", metavar="NAME", multiple=True, help="Ask the Pulumi CLI for this stack; may be repeated."
)
@click.option("--all", "every", is_flag=True, help="Ask the Pulumi CLI for every stack of its backend.")
@click.option(
    "--state", "files", metavar="FILE", multiple=True, help="Read an export (pulumi stack export); - is standard input."
)
@click.option(
    "--state-dir", "folders", metavar="DIR", multiple=True, help="Read every export in a folder, or a backend's copy."
)
@click.option("--cwd", metavar="DIR", default=".", help="Where the Pulumi CLI runs: the project's folder.")
@click.option(
    "--show-secrets",
    is_flag=True,
    help="Let the Pulumi CLI decrypt secrets, to compare them; reports mask them all the same.",
)
@click.option("--type", "types", type=click.Choice(list(resource_types())), multiple=True, help="Only this resource.")
@click.option(
    "--name", "names", metavar="PATTERN", multiple=True, help="Only domains whose resource name or id fits: 'prod-*'."
)
@click.option("--region", "regions", metavar="REGION", multiple=True, help="Only domains of this region.")
@click.option(
    "--unmanaged", is_flag=True, help="List domains of the accounts and regions that no checked stack declares."
)
@click.option(
    "--require",
    "required",
    metavar="PATH=VALUE",
    multiple=True,
    help="What must be true of live domains: matching.enabled=false.",
)
@click.option("--policy", "policies", metavar="FILE", multiple=True, help="Requirements from a file (YAML or JSON).")
@click.option(
    "--strict", is_flag=True, help="Unmanaged settings and domains are drift (2), what cannot be told is an error (1)."
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where there is drift; errors still exit with 1.")
@click.option(
    "--assume-role", metavar="ARN", default="", help="Assume this role: 'arn:aws:iam::{account}:role/NAME' for fleets."
)
@click.option(
    "--rate",
    "rates",
    metavar="[OPERATION=]N",
    multiple=True,
    help="Calls per second, account, region and operation; 0: no limit. [default: AWS's quotas]",
)
@click.option(
    "--workers", metavar="N", type=click.IntRange(1, 64), default=16, show_default=True, help="Calls at a time."
)
@FORMATS.options
@click.option(
    "--check-name",
    metavar="NAME",
    default="drift",
    show_default=True,
    help="This check's label in its metrics, where one machine runs several.",
)
@click.option("-v", "--verbose", is_flag=True, help="List the domains in sync too.")
def drift(**given: Any) -> int:
    """Check live domains against the state of one stack or many. Nothing is changed, and no lock is taken.

    \b
    Exit codes: 0 in sync; 2 drift, a missing domain or a broken requirement;
    1 something could not be told, or there was nothing to check (1 beats 2).
    """
    outs = FORMATS.outs(given["format_"], given["outs"])
    check = _check(given)  # mistakes in the arguments come up before anything is asked for
    exports = _exports(given)
    with _progress() as on_read:
        report = check.run(exports, on_read=on_read, on_bug=output.tell)
    if Out(FORMATS.named("text")) not in outs:  # which ends with the same line
        output.tell(summary(report))
    project = project_file(given["cwd"])
    write_report(report, outs, Screen(shows_all=given["verbose"], project_file=project, check_name=given["check_name"]))
    return 0 if given["exit_zero"] and report.exit_code == DRIFT else report.exit_code


def _check(given: dict[str, Any]) -> Any:
    from .check import Check
    from .policy import from_policy, from_text
    from .reading import Reader
    from .requirements import Filters

    requirements = [from_text(text) for text in given["required"]]
    requirements += [each for file in given["policies"] for each in from_policy(file)]
    return Check(
        reader=Reader(assume_role=given["assume_role"], rates=_rates(given["rates"]), workers=given["workers"]),
        filters=Filters(types=given["types"], names=given["names"], regions=given["regions"]),
        requirements=tuple(requirements),
        strict=given["strict"],
        lists_unmanaged=given["unmanaged"],
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


def _exports(given: dict[str, Any]) -> list[Export]:
    stacks, every = given["stacks"], given["every"]
    if not (stacks or every or given["files"] or given["folders"]):
        raise click.UsageError("what is to be checked? --stack NAME, --all, --state FILE or --state-dir DIR")
    exports = [from_file(name) for name in given["files"]]
    exports += [each for name in given["folders"] for each in from_folder(name)]
    if stacks or every:
        exports += from_pulumi(stacks, every=every, folder=given["cwd"], with_secrets=given["show_secrets"])
    return exports


@contextmanager
def _progress() -> Iterator[Any]:
    """Draws a bar on standard error while many domains are read, and removes it. Nothing is drawn where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading domains"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None, visible=False)
        yield lambda done, of: progress.update(task, completed=done, total=of, visible=of >= LONG_RUN_DOMAINS)
