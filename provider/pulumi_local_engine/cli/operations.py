"""`pulumi up`, `preview`, `refresh` and `destroy`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .perform import perform
from .request import Request
from .shape import Command, CommandError, Decorator, options

if TYPE_CHECKING:
    from ..deploy.options import Kind


def _many(*names: str, help_: str = "") -> Decorator:
    return click.option(*names, multiple=True, help=help_)


def _flag(*names: str, help_: str = "") -> Decorator:
    return click.option(*names, is_flag=True, help=help_)


COMMON = options(
    click.option("-m", "--message", default="", help="Kept in the history."),
    click.option("-p", "--parallel", type=int, default=16, help="How many operations run at once."),
    click.option("-j", "--json", "as_json", is_flag=True, help="A preview as the CLI's JSON document."),
    click.option("--config-file", help="Instead of Pulumi.STACK.yaml."),
    click.option("--client", help="The address of a program's own LanguageRuntime server."),
    click.option("--exec-kind", default="cli", hidden=True),
    click.option("--exec-agent", default="", hidden=True),
    click.option("--event-log", help="A file or tcp://ADDRESS that receives every event as JSON."),
    _flag("--diff", help_="Show every property that differs."),
    _flag("-d", "--debug", help_="Show debug messages too."),
    _flag("--show-sames", help_="List what does not change too."),
    _flag("--show-replacement-steps", help_="List the halves of a replacement."),
    _flag("--show-reads", "--show-full-output", "--suppress-permalink", help_="Accepted, without effect."),
    _flag("--suppress-outputs", help_="Leave the stack's outputs out."),
    _flag("--suppress-progress", help_="Leave out what operations say while they run."),
    _flag("--expect-no-changes", help_="Exit with 7 when anything changes."),
    _many("-t", "--target", help_="Only this URN; `*` and `**` are wildcards."),
    _flag("--target-dependents", help_="And what depends on it."),
    _many("--exclude", help_="All but this URN."),
    _flag("--exclude-dependents", help_="And but what depends on it."),
)
CHANGING = options(
    _flag("-y", "--yes", help_="Do not ask."),
    _flag("-f", "--skip-preview", help_="Do not show what would be done first."),
    _flag("--continue-on-error", help_="Go on with what does not depend on what failed."),
)
PLANNING = options(
    _flag("-r", "--refresh", help_="Read what exists first."),
    _many("-c", "--config", help_="KEY=VALUE, kept in Pulumi.STACK.yaml."),
    _flag("--config-path", help_="The keys are paths."),
    _many("--replace", help_="Replace this URN."),
    _many("--target-replace", help_="Replace this URN, and leave all others alone."),
)
RUN_PROGRAM = _flag(
    "--run-program", help_="Run the program when reading what exists, for its configuration and providers."
)
PREVIEW_ONLY = _flag("--preview-only", help_="Only show what would be done.")


def _request(kind: Kind, values: dict[str, Any]) -> Request:
    values.pop("show_reads")  # accepted, without effect
    return Request(kind=kind, **values)


@click.command("up", cls=Command)
@options(COMMON, CHANGING, PLANNING, RUN_PROGRAM)
@click.pass_context
def up(context: click.Context, /, **values: Any) -> int:
    """Create, update, replace and delete, until all is as the program says."""
    return perform(context, _request("up", values))


@click.command("preview", cls=Command)
@options(COMMON, PLANNING, RUN_PROGRAM)
@click.pass_context
def preview(context: click.Context, /, **values: Any) -> int:
    """Show what `up` would do."""
    return perform(context, _request("up", {**values, "preview_only": True}))


@click.command("refresh", cls=Command)
@options(
    COMMON, CHANGING, RUN_PROGRAM, PREVIEW_ONLY,
    _flag("--clear-pending-creates", help_="Forget creates that were begun and not heard of again."),
    _many("--import-pending-creates", help_="URN and ID of such a create that succeeded: two values."),
)  # fmt: skip
@click.pass_context
def refresh(context: click.Context, /, import_pending_creates: tuple[str, ...], **values: Any) -> int:
    """Read what exists and make it the state."""
    if len(import_pending_creates) % 2:
        raise CommandError("--import-pending-creates: a URN and an ID each were expected")
    pairs = dict(zip(import_pending_creates[::2], import_pending_creates[1::2], strict=True))
    return perform(context, _request("refresh", {**values, "import_pending_creates": pairs}))


@click.command("destroy", cls=Command)
@options(
    COMMON, CHANGING, RUN_PROGRAM, PREVIEW_ONLY,
    _flag("-r", "--refresh", help_="Read what exists first."),
    _flag("--exclude-protected", help_="Leave protected resources, and what they need."),
    _flag("--remove", help_="Remove the stack too."),
)  # fmt: skip
@click.pass_context
def destroy(context: click.Context, /, **values: Any) -> int:
    """Delete all resources of the stack."""
    return perform(context, _request("destroy", values))
