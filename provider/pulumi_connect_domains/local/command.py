"""`connect-domains local pulumi | status | stop`: the local engine together with the local AWS that its programs and providers talk to."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..aws.access import NOWHERE, VARIABLE, is_local
from ..reporting.command_line import Command, Example
from .aws.client import LocalAws, LocalAwsError
from .aws.isolation import isolated

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

PLACE = "local-aws"
"""The folder of a backend's local AWS, below the backend's own."""
OPTIONS = f"""Before the command: --aws URL (a local AWS that runs already; or the variable {VARIABLE}), or
--real-aws (talk to the real AWS, with this shell's credentials). Without either, a local AWS is started when one is needed.
"""
REAL = "AWS: the real one, with this shell's credentials (--real-aws)"


def _commands(context: click.Context, _of: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The commands of the local engine that begin so, below those that the words in front name."""
    from pulumi_local_engine.cli.root import root

    found: click.Command = root
    for word in context.params.get("arguments") or ():
        inner = found.get_command(click.Context(found), word) if isinstance(found, click.Group) else None
        found = inner or found
    return found.shell_complete(click.Context(found, info_name=found.name, resilient_parsing=True), incomplete)


@click.command(
    cls=Command,
    exit_codes={
        0: "The command did what it was asked for.",
        1: "It failed, or the local engine does not have it.",
        6: "There is no such stack.",
        7: "There are changes, and --expect-no-changes was given.",
        8: "It was stopped.",
    },
    examples=[
        Example(
            "Deploy the stack of this folder's project to a local AWS",
            "connect-domains local pulumi up --stack dev --yes",
        ),
        Example("Preview it", "connect-domains local pulumi preview --stack dev"),
    ],
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []},
    options_metavar="[--aws URL | --real-aws]",
)
@click.option("--aws", "url", metavar="URL", help=f"A local AWS that runs already (or {VARIABLE}).")
@click.option("--real-aws", "real", is_flag=True, help="Talk to the real AWS, with this shell's credentials.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, shell_complete=_commands)
def pulumi(url: str | None, real: bool, arguments: tuple[str, ...]) -> int:
    """Run a Pulumi command on the local engine, against a local AWS (`pulumi --help` lists the commands)."""
    from pulumi_local_engine.cli import main
    from pulumi_local_engine.cli.surroundings import Surroundings

    if arguments in ((), ("--help",)):
        click.echo(OPTIONS)
    world = World(url or os.environ.get(VARIABLE, "").strip(), real)
    return main(arguments, Surroundings(for_programs=world.environment))


class World:
    """The AWS of one command: named, or the background one of the backend; `real` is the real one."""

    def __init__(self, named: str, real: bool) -> None:
        if real and named:
            raise click.ClickException(
                f"--real-aws, and yet a local AWS is named: leave out --aws, and unset {VARIABLE}"
            )
        if named and named != NOWHERE and not is_local(named):
            raise click.ClickException(f"{named} is not on this machine; a local AWS is, such as http://127.0.0.1:4599")
        self._named, self._real = named, real
        self._said: set[str] = set()

    def environment(self, surrounding: Mapping[str, str], backend: Path) -> dict[str, str]:
        """The variables of programs and providers. Raises ClickException when the local AWS cannot be had."""
        if self._real:
            self._say(REAL)
            return dict(surrounding)
        if self._named == NOWHERE:
            return isolated(surrounding, None)
        try:
            aws = LocalAws.connect(self._named) if self._named else self._of(backend)
        except LocalAwsError as error:
            raise click.ClickException(f"{error}\n{self._advice}") from None
        self._say(f"AWS: the local one at {aws.endpoint}")
        return isolated(surrounding, aws.endpoint)

    @property
    def _advice(self) -> str:
        if self._named:
            return "`connect-domains local start` starts one there; without --aws and its variable one is started by itself"
        return "`connect-domains local start` shows why"

    def _of(self, backend: Path) -> LocalAws:
        from .aws import background

        found = background.ensure(backend / PLACE)
        if found.lost:
            self._say(
                f"warning: the local AWS that was started for these stacks at {found.lost} has ended, and its domains with it.\n"
                "A new one was started, with nothing in it; `refresh`, or `up --refresh`, brings state in line with that."
            )
        elif found.started:
            self._say(
                "A local AWS was started for these stacks. It runs until `connect-domains local stop`, or a day without a call."
            )
        return found.aws

    def _say(self, text: str) -> None:
        """The text is on standard error, once in a command: a preview and the run after it both ask for variables."""
        if text not in self._said:
            print(text, file=sys.stderr, flush=True)
        self._said.add(text)


@click.command(
    cls=Command,
    exit_codes={0: "A local AWS runs, and the variables were printed.", 1: "None runs for the stacks of this folder."},
    examples=[Example("Let this shell talk to it", 'eval "$(connect-domains local status)"')],
)
def status() -> None:
    """Print the variables that lead to the local AWS of this folder's stacks, for a shell."""
    from .aws import background
    from .aws.command import rendered

    found = background.running(_place())
    if found is None:
        raise click.ClickException("no local AWS runs for these stacks; `connect-domains local pulumi up` starts one")
    click.echo(rendered(found.environment(), "shell"))


@click.command(
    cls=Command,
    exit_codes={0: "No local AWS runs any more.", 1: "It could not be stopped."},
    examples=[Example("Stop it", "connect-domains local stop")],
)
def stop() -> None:
    """Stop the local AWS that `local pulumi` started for this folder's stacks. All domains in it are gone then."""
    from .aws import background

    try:
        stopped = background.stop(_place())
    except LocalAwsError as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        "The local AWS has ended, and all that was in it." if stopped else "No local AWS runs for these stacks.",
        err=True,
    )


def _place() -> Path:
    from pulumi_local_engine.store.workspace import MISTAKES, Workspace

    try:
        return Workspace(Path.cwd(), os.environ).backend.root / PLACE
    except MISTAKES as mistake:
        raise click.ClickException(str(mistake)) from None
