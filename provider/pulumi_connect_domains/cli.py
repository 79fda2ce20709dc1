"""The command `connect-domains`.

Each command has its own module, which is loaded only when the command runs. Only this module turns errors into exit codes. 0: done. 1: a
mistake, an error, or "could not tell". 2: drift or data loss, which the commands themselves return.
"""

from __future__ import annotations

import sys
from difflib import get_close_matches
from importlib import import_module
from io import StringIO

import click

from . import interrupts
from .local.extra import missing
from .model.errors import ConnectDomainsError
from .reporting import output

COMMANDS = {
    "drift": ("drift.command:drift", "Check live domains against the state of one stack or many."),
    "iam-policy": ("iam_policy:iam_policy", "Print the least-privilege IAM policy for what a stack does."),
    "import": ("adopt.command:import_", "Bring existing domains under Pulumi: an import file and the program."),
    "local": ("cli:local", "A local AWS and a local engine, for tests, demos and laptops."),
    "review": ("review.command:review", "Turn a preview's JSON into a pull-request comment."),
    "validate": ("validate:validate", "Check documents of inputs without Pulumi."),
}
LOCAL_COMMANDS = {
    "pulumi": ("local.command:pulumi", "The local engine, in the Pulumi CLI's clothes, against a local AWS."),
    "start": ("local.aws.command:start", "Start a local AWS in this terminal and print the variables to export."),
    "status": ("local.command:status", "Print the variables that lead to the local AWS of this folder's stacks."),
    "stop": ("local.command:stop", "Stop the local AWS that `local pulumi` started for this folder's stacks."),
}


class _Lazy(click.Group):
    """A group whose commands are imported when they run; listing them needs no import."""

    def __init__(self, *args: object, table: dict[str, tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # click's own arguments, passed on
        self._table = table

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(self._table)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self._table:
            return None
        module, _, attribute = self._table[name][0].partition(":")
        command: click.Command = getattr(import_module(f"{__package__}.{module}"), attribute)
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click. Raises: UsageError for an unknown command, which names the closest one.

        click itself would look for that among the commands that are loaded.
        """
        name = arguments[0]
        if name not in self._table and not name.startswith("-"):
            close = "".join(f" Did you mean {each!r}?" for each in get_close_matches(name, self._table, n=1))
            context.fail(f"No such command {name!r}.{close}")
        return super().resolve_command(context, arguments)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._table[name][1]) for name in self.list_commands(context)])


@click.group(cls=_Lazy, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-connect-domains", prog_name="connect-domains")
def cli() -> None:
    """Amazon Connect domains under Pulumi: drift, reviews, imports, validation, and a local AWS."""


@click.group(cls=_Lazy, table=LOCAL_COMMANDS, invoke_without_command=True)
@click.pass_context
def local(context: click.Context) -> None:
    """All that runs without a cloud (needs the extra [local]). Without a command: start a local AWS."""
    if sentence := missing():
        raise click.ClickException(sentence)
    if context.invoked_subcommand is None:
        start = context.command.get_command(context, "start")  # type: ignore[attr-defined]  # the group itself
        context.invoke(start)


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    output.spell_out()
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
