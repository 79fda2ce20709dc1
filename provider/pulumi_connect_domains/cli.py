"""The command `connect-domains`.

Each command has its own module, which is loaded only when the command runs. Only this module turns errors into exit codes. 0: done. 1: a
mistake, an error, or "could not tell". 2: drift or data loss, which the commands themselves return.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING

import click

from . import interrupts
from .local.extra import missing
from .model.errors import ConnectDomainsError
from .reporting import output
from .reporting.command_line import Example, Group

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "completion": ("completion:completion", "Print a script for bash, zsh or fish that completes commands."),
    "doctor": ("doctor.command:doctor", "Check versions, credentials, Region and AWS from this machine."),
    "drift": ("drift.command:drift", "Compare live domains with the state of one stack or many."),
    "iam-policy": ("iam_policy:iam_policy", "Print the least-privilege IAM policy for a stack."),
    "import": ("adopt.command:import_", "Write import file and program for domains that exist."),
    "local": ("cli:local", "Run a local AWS, or a stack without AWS and Pulumi CLI."),
    "plugin": ("cli:plugin", "Install the provider plugin for TypeScript, YAML and Go."),
    "review": ("review.command:review", "Turn a preview's JSON into a pull-request comment."),
    "validate": ("validate.command:validate", "Check inputs in JSON or YAML files, without Pulumi."),
}
LOCAL_COMMANDS = {
    "pulumi": ("local.command:pulumi", "Run a Pulumi command on the local engine, with a local AWS."),
    "start": ("local.aws.command:start", "Start a local AWS here, and print the variables for it."),
    "status": ("local.command:status", "Print the variables for the local AWS of this folder."),
    "stop": ("local.command:stop", "Stop the local AWS of this folder."),
}
PLUGIN_COMMANDS = {
    "install": ("plugin.command:install", "Put a launcher where Pulumi looks for plugins."),
}


class Lazy(Group):
    """A group whose commands are imported when they run; listing and completing their names needs no import."""

    def __init__(self, *args: object, table: dict[str, tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # click's own arguments, passed on
        self._table = table

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names of commands and options that begin so. click itself would load every command for its help."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(each, help=words) for each, (_, words) in self._table.items() if each.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(self._table)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self._table:
            return None
        module, _, attribute = self._table[name][0].partition(":")
        command: click.Command = getattr(import_module(f"{__package__}.{module}"), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._table[name][1]) for name in self.list_commands(context)])


@click.group(
    cls=Lazy,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    examples=[
        Example("Is everything in place on this machine?", "connect-domains doctor"),
        Example("Has anybody changed the domains of a stack?", "connect-domains drift --stack dev"),
        Example("Try a program without AWS and without the Pulumi CLI", "connect-domains local pulumi up"),
    ],
)
@click.version_option(package_name="pulumi-connect-domains", prog_name="connect-domains")
def cli() -> None:
    """Amazon Connect domains under Pulumi: drift, reviews, imports, validation, and a local AWS.

    `connect-domains COMMAND --help` explains a command.
    """


@click.group(
    cls=Lazy,
    table=LOCAL_COMMANDS,
    subcommand_metavar="[COMMAND] [ARGS]...",  # which older versions of click write without the first brackets
    invoke_without_command=True,
    exit_codes={0: "The local AWS was stopped.", 1: "It could not be started, or the extra [local] is missing."},
    examples=[
        Example("A local AWS in this terminal, until Ctrl-C", "connect-domains local"),
        Example("A stack on the local engine; it starts a local AWS", "connect-domains local pulumi up --stack dev"),
    ],
)
@click.pass_context
def local(context: click.Context) -> None:
    """Run a local AWS, or whole stacks on a local engine: without a cloud, and without the Pulumi CLI.

    This needs the extra [local]. Without a command, a local AWS is started.
    """
    if sentence := missing():
        raise click.ClickException(sentence)
    if context.invoked_subcommand is None:
        start = context.command.get_command(context, "start")  # type: ignore[attr-defined]  # the group itself
        context.invoke(start)


@click.group(
    cls=Lazy,
    table=PLUGIN_COMMANDS,
    exit_codes={0: "The command did what it was asked for.", 1: "It did not."},
    examples=[Example("Let programs in every language find the provider", "connect-domains plugin install")],
)
def plugin() -> None:
    """Install the native provider as a plugin of the Pulumi CLI, or remove it.

    Programs in Python need no plugin, unless they use pulumi_connect_domains.native.
    """


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    output.spell_out()
    # Or gRPC tells, now and then, that a provider's process closed its connection. Nothing has loaded gRPC yet.
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    arguments = sys.argv[1:]
    if arguments[:1] == ["local"]:  # servers and the local engine handle Ctrl-C themselves
        sys.exit(run(arguments))
    interrupts.end_surely()
    code = run(arguments)
    if code == interrupts.INTERRUPTED:
        interrupts.leave()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Runs the command line; returns its exit code. Errors are printed on standard error, in a few lines; our own bugs are raised."""
    try:
        code = cli.main(arguments, prog_name="connect-domains", standalone_mode=False)
    except click.ClickException as mistake:
        said = StringIO()
        mistake.show(said)
        output.tell(said.getvalue())
        return 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return interrupts.INTERRUPTED
    except ConnectDomainsError as error:
        output.tell(f"error: {error}")
        return 1
    return code if isinstance(code, int) else 0
