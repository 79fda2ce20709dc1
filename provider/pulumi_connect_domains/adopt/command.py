"""`connect-domains import`: arguments in, files and an account out, exit code back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ..registry import PACKAGES
from .files import IMPORT_FILE, PROGRAM


@click.command("import")
@click.option(
    "--name",
    "names",
    metavar="PATTERN",
    multiple=True,
    help="Domains whose name or id fits: crm, 'crm-*'; may be repeated.",
)
@click.option(
    "--tag", "tags", metavar="KEY[=VALUE]", multiple=True, help="Only domains that have this tag; may be repeated."
)
@click.option("--all", "every", is_flag=True, help="All domains of the accounts and regions.")
@click.option(
    "--from-stack",
    is_flag=True,
    help="Instead: the domains that the stack of --stack or --state holds as pulumi-aws's or aws-native's resources.",
)
@click.option(
    "--type",
    "types",
    type=click.Choice(PACKAGES),
    multiple=True,
    help="Only this resource. [default: those of the region]",
)
@click.option(
    "--region",
    "regions",
    metavar="REGION",
    multiple=True,
    help="Where to look; may be repeated. [default: the stack's, or AWS_REGION]",
)
@click.option(
    "--profile", "profiles", metavar="NAME", multiple=True, help="Look with this AWS profile; may be repeated."
)
@click.option("--assume-role", "roles", metavar="ARN", multiple=True, help="Look as this role: one for each account.")
@click.option(
    "--state",
    "file",
    metavar="FILE",
    help="An export (pulumi stack export): leave out what that stack manages already.",
)
@click.option(
    "--stack", metavar="NAME", help="Ask the Pulumi CLI for this stack's state and config, in place of --state."
)
@click.option("--cwd", metavar="DIR", default=".", help="Where the Pulumi CLI runs: the project's folder.")
@click.option("--out", metavar="FOLDER", required=True, help=f"Where {IMPORT_FILE} and {PROGRAM} are written.")
@click.option("--overwrite", is_flag=True, help="Replace files there that hold something else.")
@click.option(
    "--protect/--no-protect", default=True, show_default=True, help="Protect the domains from deletion in Pulumi."
)
@click.option(
    "--yes", is_flag=True, help="Go the whole way on --stack: import, then preview, which must find nothing to do."
)
def import_(**given: Any) -> int:
    """Bring existing domains under Pulumi: write an import file and the program that declares them. AWS is only read.

    \b
    Exit codes: 0 all chosen domains are in the files (and, with --yes, in the stack);
    1 a chosen domain was not found or could not be read, or the preview afterwards is not empty.
    """
    _refuse(given)
    from . import adoption, files
    from .model import Account

    stack, state, configuration = _stack(given)
    findings = _find(given, state, configuration)
    adopted, account = adoption.adopt(findings.domains, configuration, state.names)
    told: Account = findings.account + account
    if stack and len({each.found.account for each in adopted}) > 1:
        raise click.UsageError("--stack: the domains are of several accounts, and a stack is of one")
    texts = adoption.texts(adopted, Path(given["out"]), protect=given["protect"])
    files.write(texts, overwrite=given["overwrite"])
    for note in told.notes:
        click.echo(f"note: {note}", err=True)
    for problem in told.problems:
        click.echo(f"error: {problem}", err=True)
    if adopted:
        _tell(adopted, list(texts))
        if not (given["yes"] and stack):
            _tell_next(given, adopted, list(texts))
        elif not told.problems:
            _take_over(given, stack, adopted)
        else:
            click.echo(
                f"error: nothing was imported into stack {stack.name}, since not all that was chosen can be", err=True
            )
    return 1 if told.problems else 0


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


def _stack(given: dict[str, Any]) -> tuple[Any, Any, Any]:
    """The stack to ask, or None; what its state holds; its configuration."""
    from ..core.errors import ConfigurationError
    from ..core.settings import from_config
    from . import state
    from .stack import Stack

    if given["stack"]:
        stack = Stack(given["stack"], given["cwd"])
        return stack, state.read(stack.export()), from_config(stack.config())
    if not given["file"]:
        return None, state.State(), from_config({})
    try:
        found = state.read(Path(given["file"]).read_bytes())
    except OSError as error:
        raise ConfigurationError(f"--state {given['file']}: cannot be read: {error.strerror}") from None
    except state.NotAState as error:
        raise ConfigurationError(f"--state {given['file']} {error}") from None
    kept = {
        key: value for key, value in found.config.items() if key in ("aws:region", "aws:defaultTags", "aws:ignoreTags")
    }
    return None, found, from_config(kept)


def _find(given: dict[str, Any], state: Any, configuration: Any) -> Any:
    from ..core.destination import resolve_region
    from ..core.errors import ConfigurationError
    from ..registry import specs
    from . import moves
    from .search import Search, Selection

    region = resolve_region("", configuration)
    regions = given["regions"] or ((region.name,) if region else ())
    accesses = _accesses(given, configuration.access)
    if given["from_stack"]:
        return moves.find(state, replace(configuration, access=accesses[0]), next(iter(regions), ""))
    if not regions:
        raise ConfigurationError("where are the domains? --region REGION, or AWS_REGION")
    tags = tuple((key, value if sign else None) for key, sign, value in (text.partition("=") for text in given["tags"]))
    return Search(
        selection=Selection(given["names"], tags),
        accesses=accesses,
        regions=tuple(dict.fromkeys(regions)),
        specs=tuple(spec for spec in specs().values() if spec.package in (given["types"] or PACKAGES)),
        managed=state.managed,
        everywhere=bool(given["types"]),
        configuration=configuration,
    ).run()


def _accesses(given: dict[str, Any], own: Any) -> tuple[Any, ...]:
    """As whom to look: with each profile, and from each as every role."""
    from ..core.configuration import Role

    bases = [replace(own, profile=name) for name in given["profiles"]] or [own]
    roles = [Role(arn) for arn in given["roles"]]
    return tuple(replace(base, roles=(*base.roles, role)) for base in bases for role in roles) or tuple(bases)


def _take_over(given: dict[str, Any], stack: Any, adopted: Sequence[Any]) -> None:
    from .sequence import Takeover

    folder = Path(given["out"])
    takeover = Takeover(stack, adopted, folder / IMPORT_FILE, folder / PROGRAM, protect=given["protect"])
    takeover.run(lambda step: click.echo(f"{step} …", err=True))
    click.echo(f"stack {stack.name} manages them now, and its preview is empty")


def _tell(adopted: Sequence[Any], paths: Sequence[Path]) -> None:
    width = max(len(each.variable) for each in adopted)
    for each in adopted:
        click.echo(f"{each.variable:<{width}}  {each.found.text}")
    click.echo(f"\nwritten: {', '.join(map(str, paths))}")


def _tell_next(given: dict[str, Any], adopted: Sequence[Any], paths: Sequence[Path]) -> None:
    """The steps that are left to do, as commands."""
    protect = "" if given["protect"] else " --protect=false"
    formers = [each.found.former.urn for each in adopted if each.found.former]
    in_place = ", and take the old declarations out of it" if formers else ""
    for path in (each for each in paths if each.name == IMPORT_FILE):
        click.echo(f"\nnext, for the stack that they are to belong to:\n  put {path.with_name(PROGRAM)} in place as its program, or its "
                   f"declarations into the one that is there{in_place}")  # fmt: skip
        click.echo(f"  pulumi import --file {path} --generate-code=false{protect}")
        for urn in formers:
            click.echo(f"  pulumi state delete '{urn}'   # only the entry goes, the domain stays; before any pulumi up")
        click.echo("  pulumi preview --expect-no-changes")
