"""`pulumi`: the commands together, and those that concern neither a stack's state nor its configuration."""

from __future__ import annotations

import getpass

import click

from ..version import VERSION
from . import config, operations, stack
from .grammar import AS_JSON, NAME, YES, Group, options
from .surroundings import say, say_json, workspace


@click.group("pulumi", cls=Group)
def root() -> None:
    """The local engine: runs Pulumi programs with Python dynamic providers, without the Pulumi CLI, state in a folder.

    It stands in for the CLI in tests, demos and on laptops, and refuses by name what it does not do.
    """


@root.command()
def version() -> None:
    """The CLI version whose behaviour this is, `+local`."""
    say(VERSION)


@root.command()
@AS_JSON
def whoami(as_json: bool) -> None:
    """The operating system's user; a folder of stacks knows no others."""
    if as_json:
        say_json({"user": getpass.getuser(), "url": workspace().backend.url})
    else:
        say(getpass.getuser())


@root.command()
@options(NAME, YES)
def cancel(name: str | None, yes: bool) -> None:
    """Remove the lock that an update holds, also one that was killed. The update itself is not stopped, and nothing is asked."""
    space = workspace(name)
    space.backend.unlock(space.stack)
    say(f"The currently running update for '{space.stack.name}' has been canceled!")


for command in (*operations.ALL, stack.stack, stack.state, config.config):
    root.add_command(command)
