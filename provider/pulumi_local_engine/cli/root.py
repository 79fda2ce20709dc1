"""`pulumi`: the commands together, and those that concern neither a stack's state nor its configuration."""

from __future__ import annotations

import getpass
import platform
import sys

import click

from ..store.workspace import MISTAKES, Workspace
from ..version import VERSION
from . import config, imports, operations, stack, stack_state, state, tags
from .printing import AS_JSON, echo_json
from .shape import CommandError, Group, confirmed, options, run_safely
from .surroundings import Surroundings, say


def run(arguments: list[str], surroundings: Surroundings | None = None) -> int:
    """The exit code of the command line."""
    return run_safely(root, arguments, MISTAKES, surroundings or Surroundings())


@click.group("pulumi", cls=Group, invoke_without_command=True)
@click.option("--version", "show_version", is_flag=True, help="The version.")
@click.pass_context
def root(context: click.Context, show_version: bool) -> None:
    """The local engine: runs Pulumi programs with Python dynamic providers, without the Pulumi CLI, state in a folder.

    It stands in for the CLI in tests, demos and on laptops, and refuses by name what it does not do.
    """
    if show_version:
        say(VERSION)
    elif not context.invoked_subcommand:
        say(context.get_help())


@root.command()
def version() -> None:
    """The CLI version whose behaviour this is, `+local`."""
    say(VERSION)


@root.command()
@options(AS_JSON, click.option("-v", "--verbose", "wordy", is_flag=True))
@click.pass_context
def whoami(context: click.Context, as_json: bool, wordy: bool) -> None:
    """The operating system's user; a folder of stacks knows no others."""
    user, url = getpass.getuser(), Workspace.of(context).backend.url
    if as_json:
        echo_json({"user": user, "url": url})
    elif wordy:
        say(f"User: {user}\nOrganizations: \nBackend URL: {url}")
    else:
        say(user)


@root.command()
@options(click.argument("name", required=False), click.option("-y", "--yes", is_flag=True))
@click.pass_context
def cancel(context: click.Context, name: str | None, yes: bool) -> None:
    """Remove the lock that an update holds, also one that was killed. The update itself is not stopped."""
    workspace = Workspace.of(context)
    workspace.wanted_stack = name or workspace.wanted_stack
    held = workspace.stack
    confirmed(context, yes or "PULUMI_AUTOMATION_API" in workspace.environment,
              f"Remove the lock of '{held.name}'?", "non-interactive mode requires --yes flag")  # fmt: skip
    workspace.backend.unlock(held)
    say(f"The currently running update for '{held.name}' has been canceled!")


@root.command()
@AS_JSON
@click.pass_context
def about(context: click.Context, as_json: bool) -> None:
    """What a bug report should say."""
    workspace = Workspace.of(context)
    facts = {
        "cliAbout": {"version": VERSION.removeprefix("v")},
        "host": {"os": platform.system().lower(), "version": platform.release(), "arch": platform.machine()},
        "backend": {"name": platform.node(), "url": workspace.backend.url, "user": getpass.getuser()},
        "runtime": {"language": "python", "executable": sys.executable, "version": platform.python_version()},
        "plugins": [],
    }
    if as_json:
        echo_json(facts)
        return
    for part, values in facts.items():
        say(f"{part}: " + (", ".join(f"{k} {v}" for k, v in values.items()) if isinstance(values, dict) else "none"))


@root.group(cls=Group)
def plugin() -> None:
    """There are no plugins: the provider is Python's dynamic one, which comes with the SDK."""


@plugin.command("ls")
@AS_JSON
def list_plugins(as_json: bool) -> None:
    """Nothing, always."""
    if as_json:
        echo_json([])
    else:
        say("NAME  KIND  VERSION  SIZE  INSTALLED  LAST USED")


@plugin.command("install", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def install_plugin(words: tuple[str, ...]) -> None:
    """Refused: plugins of other packages do not run here."""
    raise CommandError(f"the local engine has no plugins, so '{' '.join(words[:3])}' cannot be installed")


@plugin.command("rm", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def remove_plugin(words: tuple[str, ...]) -> None:
    """Nothing to do."""


for command in (stack_state.export, stack_state.import_, stack_state.output, stack_state.history, tags.tag):
    stack.stack.add_command(command)
for command in (stack.stack, state.state, config.config, imports.import_):
    root.add_command(command)
for command in (operations.up, operations.preview, operations.refresh, operations.destroy):
    root.add_command(command)
root.add_command(operations.up, "update")
