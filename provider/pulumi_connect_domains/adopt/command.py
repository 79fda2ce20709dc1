"""`connect-domains import`: arguments in, files and remarks out, exit code back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import click

from ..model.errors import ConfigurationError
from ..operations.command_calls import CommandCalls
from ..registry import chosen, resource_types
from ..reporting import output, progress
from ..reporting.command_line import FILE, FOLDER, Choice, Command, Example, cwd
from ..stacks.deployment import Deployment
from ..stacks.project import runtime
from ..stacks.sources import Export, from_file, from_folder, from_pulumi
from . import adoption, files, moves, scope, state
from .files import IMPORT_FILE, PROGRAM
from .model import Adopted, FoundDomains, Remarks
from .scope import Scope
from .search import Search, Selection
from .sequence import Takeover
from .state import declared_elsewhere


@click.command(
    "import",
    cls=Command,
    exit_codes={
        0: "All chosen domains are in the files; with --yes in the stack, too.",
        1: "Not all chosen domains are: one was not found or not read, or, with --yes, the import or the preview after it failed.",
    },
    examples=[
        Example("Two domains by their names", "connect-domains import --name crm --name calls --out imported"),
        Example("All domains of a Region", "connect-domains import --all --region eu-west-2 --out imported"),
        Example("All that have a tag", "connect-domains import --tag team=crm --out imported"),
        Example(
            "From pulumi-aws or aws-native, in the same stack",
            "connect-domains import --from-stack --stack dev --out moved",
        ),
        Example(
            "And then import them into the stack as well",
            "connect-domains import --name crm --stack dev --out imported --yes",
        ),
    ],
)
@click.option(
    "--name",
    "names",
    metavar="PATTERN",
    multiple=True,
    help="Choose domains whose name or id fits, such as crm or 'crm-*'; may be repeated.",
)
@click.option(
    "--tag", "tags", metavar="KEY[=VALUE]", multiple=True, help="Choose domains that have this tag; may be repeated."
)
@click.option("--all", "every", is_flag=True, help="Choose all domains of the accounts and Regions.")
@click.option(
    "--from-stack",
    is_flag=True,
    help="Choose the domains that pulumi-aws or aws-native manages in the stack of --stack or --state.",
)
@click.option(
    "--type",
    "types",
    type=Choice(list(resource_types())),
    multiple=True,
    help="Look for domains of this type; may be repeated.  [default: the types that AWS has in the Region]",
)
@click.option(
    "--region",
    "regions",
    metavar="REGION",
    multiple=True,
    help="Look in this Region; may be repeated.  [default: the stack's, or AWS_REGION]",
)
@click.option(
    "--profile", "profiles", metavar="NAME", multiple=True, help="Look with this AWS profile; may be repeated."
)
@click.option(
    "--assume-role",
    "roles",
    metavar="ARN",
    multiple=True,
    help="Look with this role; may be repeated, for several accounts.",
)
@click.option(
    "--state",
    "file",
    metavar="FILE",
    type=FILE,
    help="The stack, as `pulumi stack export` wrote it. What it manages already is left out.",
)
@click.option(
    "--stack", metavar="NAME", help="The stack, in place of --state. The Pulumi CLI is asked for its state and config."
)
@click.option(
    "--check-state",
    "other_files",
    metavar="FILE",
    type=FILE,
    multiple=True,
    help="An export of another stack. If it declares a chosen domain, a warning says so; may be repeated.",
)
@click.option(
    "--check-state-dir",
    "other_folders",
    metavar="DIR",
    type=FOLDER,
    multiple=True,
    help="The same for every export in a folder; may be repeated.",
)
@click.option(
    "--check-all/--no-check-all",
    "checks_all",
    default=None,
    help="The same for every stack of the Pulumi CLI's backend.  [default: with --yes]",
)
@click.option(
    "--host",
    type=Choice(list(scope.HOSTS)),
    help="Which provider is to manage them.  [default: that of the stack's domains, else dynamic in a project in Python, native in others]",
)
@cwd
@click.option(
    "--out",
    metavar="DIR",
    type=FOLDER,
    required=True,
    help=f"The folder that {IMPORT_FILE} and {PROGRAM} are written to.",
)
@click.option("--overwrite", is_flag=True, help="Replace files there that have another content.")
@click.option(
    "--protect/--no-protect", default=True, show_default=True, help="Protect the domains from deletion in Pulumi."
)
@click.option(
    "--yes",
    is_flag=True,
    help="Import the domains into --stack as well, and preview it, which must find nothing to change.",
)
def import_(**given: Any) -> int:
    """Write an import file for domains that exist already, and the program that declares them. AWS is only read.

    At least one of --name, --tag, --all and --from-stack chooses the domains.
    """
    _refuse(given)
    within = _scope(given)
    calls = CommandCalls()
    with progress.shown() as show:
        found = _from_stack(given, within, calls) if given["from_stack"] else _from_aws(given, within, calls, show)
    adopted, refused = adoption.adopt(
        found.domains, within.configuration, state.taken_names(within.state), is_native=within.is_native
    )
    if within.stack and len({each.found.account for each in adopted}) > 1:
        raise click.UsageError("--stack: the domains are of several accounts, and a stack is of one")
    remarks = found.remarks + refused
    with progress.shown() as show:
        elsewhere = declared_elsewhere(adopted, _others(given, show) if adopted else ())
    _say(remarks + elsewhere)
    texts = adoption.texts(adopted, Path(given["out"]), protect=given["protect"], is_python=_is_python(given))
    files.write(texts, overwrite=given["overwrite"])
    if adopted:
        output.print_lines(files.written(adopted, list(texts)))
        _go_on(given, within, adopted, list(texts), _obstacle(remarks, elsewhere))
    return 1 if remarks.problems or elsewhere.problems or (given["yes"] and elsewhere.warnings) else 0


def _others(given: dict[str, Any], show: progress.Show) -> Iterator[Export]:
    """The exports of the stacks that may declare the domains already."""
    exports = [from_file(name) for name in given["other_files"]]
    exports += [from_folder(name, "--check-state-dir") for name in given["other_folders"]]
    if given["yes"] if given["checks_all"] is None else given["checks_all"]:
        exports.append(_of_backend(given["cwd"], show))
    return chain.from_iterable(exports)


def _refuse(given: dict[str, Any]) -> None:
    """Raises: UsageError for arguments that do not fit together."""
    chosen = given["names"] or given["tags"] or given["every"]
    if not chosen and not given["from_stack"]:
        raise click.UsageError("which domains? --name PATTERN, --tag KEY=VALUE, --all or --from-stack")
    if given["from_stack"] and (chosen or given["types"]):
        raise click.UsageError("--from-stack takes all domains of the stack: without --name, --tag, --all and --type")
    if given["from_stack"] and not (given["stack"] or given["file"]):
        raise click.UsageError("--from-stack: of which stack? --stack NAME, or --state FILE")
    if given["stack"] and given["file"]:
        raise click.UsageError("--stack and --state name two stacks; one of them is meant")
    if given["yes"] and not given["stack"]:
        raise click.UsageError("--yes: on which stack? --stack NAME")
    if not _is_python(given):
        if given["host"] == "dynamic":
            raise click.UsageError(
                "--host dynamic: the project is in another language, and dynamic providers serve Python"
            )
        if given["yes"]:
            raise click.UsageError(
                "--yes: the project is in another language than Python; leave it out, and do the steps that are printed"
            )


def _is_python(given: dict[str, Any]) -> bool:
    """Whether the program is written in Python; so is one of which nothing says."""
    return runtime(given["cwd"]) in ("", "python")


def _scope(given: dict[str, Any]) -> Scope:
    which = partial(scope.is_native, given["host"] or "", runtime(given["cwd"]))
    if given["stack"]:
        return scope.of_stack(given["stack"], given["cwd"], which)
    return scope.of_export(given["file"], which) if given["file"] else Scope(is_native=which(Deployment()))


def _from_stack(given: dict[str, Any], within: Scope, calls: CommandCalls) -> FoundDomains:
    access, *others = within.accesses(given["profiles"], given["roles"])
    if others:
        raise click.UsageError("--from-stack: a stack is of one account, so one --profile or --assume-role at most")
    region = next(iter(within.regions(given["regions"])), "")
    return moves.find(within.state, within.managed, replace(within.configuration, access=access), region, calls)


def _from_aws(given: dict[str, Any], within: Scope, calls: CommandCalls, show: progress.Show) -> FoundDomains:
    regions = within.regions(given["regions"])
    if not regions:
        raise ConfigurationError("where are the domains? --region REGION, or AWS_REGION")
    tags = tuple((key, value if sign else None) for key, sign, value in (text.partition("=") for text in given["tags"]))
    return Search(
        selection=Selection(given["names"], tags),
        accesses=within.accesses(given["profiles"], given["roles"]),
        regions=regions,
        types=tuple(chosen(given["types"])),
        managed=within.managed,
        everywhere=bool(given["types"]),
        configuration=within.configuration,
    ).run(calls, lambda done, of: show("reading domains" if of else "listing domains", done, of))


def _say(remarks: Remarks) -> None:
    for note in remarks.notes:
        output.tell(f"note: {note}")
    for warning in remarks.warnings:
        output.tell(f"warning: {warning}")
    for problem in remarks.problems:
        output.tell(f"error: {problem}")


def _of_backend(folder: str, show: progress.Show) -> Iterator[Export]:
    """Every stack of the backend; one export with an error where they cannot be listed."""
    try:
        return from_pulumi(
            (),
            every=True,
            folder=folder,
            with_secrets=False,
            option="--check-all",
            on_export=lambda done, of: show("exporting the other stacks", done, of),
        )
    except ConfigurationError as error:
        return iter([Export("the backend's stacks", error=str(error))])


def _obstacle(remarks: Remarks, elsewhere: Remarks) -> str:
    """Why nothing can be imported into a stack, or ""."""
    if remarks.problems:
        return "not all that was chosen can be"
    if elsewhere.problems:
        return "it cannot be told whether another stack declares what was chosen; --no-check-all does without"
    return "another stack declares what was chosen" if elsewhere.warnings else ""


def _go_on(
    given: dict[str, Any], within: Scope, adopted: Sequence[Adopted], paths: Sequence[Path], obstacle: str
) -> None:
    """The remaining steps are printed; with `--yes` they are done, unless there is an obstacle."""
    if not (given["yes"] and within.stack):
        output.print_lines(files.next_steps(adopted, paths, protect=given["protect"]))
    elif obstacle:
        output.tell(f"error: nothing was imported into stack {within.stack.name}, since {obstacle}")
    else:
        folder = Path(given["out"])
        takeover = Takeover(within.stack, adopted, folder / IMPORT_FILE, folder / PROGRAM, protect=given["protect"])
        takeover.run(lambda step: output.tell(f"{step} …"))
        output.print_lines([f"stack {within.stack.name} manages them now, and its preview is empty"])
