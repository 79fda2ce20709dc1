"""`pulumi stack tag …`: words that a stack carries."""

from __future__ import annotations

import click

from ..store.workspace import Workspace
from .printing import AS_JSON, echo_json, table
from .shape import CommandError, Group
from .surroundings import say


@click.group("tag", cls=Group)
def tag() -> None:
    """Manage the stack's tags."""


@tag.command("ls")
@AS_JSON
@click.pass_context
def list_tags(context: click.Context, as_json: bool) -> None:
    """All tags."""
    workspace = Workspace.of(context)
    found = workspace.backend.tags(workspace.stack)
    if as_json:
        echo_json(dict(sorted(found.items())))
    else:
        table([("NAME", "VALUE"), *sorted(found.items())])


@tag.command("get")
@click.argument("name")
@click.pass_context
def get_tag(context: click.Context, name: str) -> None:
    """One tag's value."""
    workspace = Workspace.of(context)
    found = workspace.backend.tags(workspace.stack)
    if name not in found:
        raise CommandError(f"stack tag '{name}' not found for stack '{workspace.stack.name}'")
    say(found[name])


@tag.command("set")
@click.argument("name")
@click.argument("value")
@click.pass_context
def set_tag(context: click.Context, name: str, value: str) -> None:
    """The tag has the value."""
    workspace = Workspace.of(context)
    workspace.backend.save_tags(workspace.stack, {**workspace.backend.tags(workspace.stack), name: value})


@tag.command("rm")
@click.argument("name")
@click.pass_context
def remove_tag(context: click.Context, name: str) -> None:
    """There is no such tag."""
    workspace = Workspace.of(context)
    left = {key: value for key, value in workspace.backend.tags(workspace.stack).items() if key != name}
    workspace.backend.save_tags(workspace.stack, left)
