"""`pulumi stack …`: stacks made, chosen, listed, shown, renamed and removed."""

from __future__ import annotations

import click

from ..model.passphrase import refuse_other_providers
from ..store.backend import BackendError
from ..store.state_file import empty_deployment, show_outputs, stack_outputs
from ..store.workspace import Workspace
from .printing import AS_JSON, SHOW_SECRETS, echo_json, milliseconds, table
from .shape import CommandError, Group, confirmed, options
from .surroundings import say


@click.group("stack", cls=Group, invoke_without_command=True)
@options(SHOW_SECRETS, click.option("--show-name", is_flag=True), click.option("-i", "--show-ids", is_flag=True))
@click.pass_context
def stack(context: click.Context, show_secrets: bool, show_name: bool, show_ids: bool) -> None:
    """Manage stacks; without a command: show the current one."""
    if context.invoked_subcommand:
        return
    workspace = Workspace.of(context)
    current = workspace.stack
    if show_name:
        say(current.name)
        return
    deployment = workspace.backend.load(current)["deployment"] or {}
    resources = deployment.get("resources") or []
    say(f"Current stack is {current.name}:")
    say(f"    Last updated: {deployment.get('manifest', {}).get('time', 'never')}")
    say(f"Current stack resources ({len(resources)}):")
    for resource in resources:
        ids = f"  {resource['id']}" if show_ids and resource.get("id") else ""
        say(f"    {resource['type']}  {resource['urn'].rpartition('::')[2]}{ids}")
    say()
    show_outputs(stack_outputs(workspace, current, show_secrets), show_secrets)


@stack.command()
@options(
    click.argument("name", required=False),
    click.option("--secrets-provider", default="passphrase", help="passphrase, which is all there is here."),
    click.option("--no-select", is_flag=True, help="Leave the selection as it is."),
)
@click.pass_context
def init(context: click.Context, name: str | None, secrets_provider: str, no_select: bool) -> None:
    """Create an empty stack and select it."""
    workspace = Workspace.of(context)
    wanted = name or workspace.wanted_stack
    if not wanted:
        raise CommandError("missing stack name")
    refuse_other_providers(secrets_provider)
    created = workspace.name_of(wanted)
    if workspace.backend.exists(created):
        raise BackendError(f"stack '{created.full}' already exists")
    secrets = workspace.secrets(created)
    workspace.backend.create(created, empty_deployment(secrets))
    if not no_select:
        workspace.select(created)
    say(f"Created stack '{created.name}'", err=True)


@stack.command()
@options(
    click.argument("name", required=False),
    click.option("-c", "--create", is_flag=True, help="Create it when there is none."),
    click.option("--secrets-provider", default="passphrase"),
)
@click.pass_context
def select(context: click.Context, name: str | None, create: bool, secrets_provider: str) -> None:
    """The stack that commands in this folder work on from now on."""
    workspace = Workspace.of(context)
    workspace.wanted_stack = name or workspace.wanted_stack
    if not workspace.wanted_stack:
        raise CommandError("missing stack name")
    if create and not workspace.backend.exists(workspace.name_of(workspace.wanted_stack)):
        context.invoke(init, name=workspace.wanted_stack, secrets_provider=secrets_provider)
    else:
        workspace.select(workspace.stack)


@stack.command()
@options(AS_JSON, click.option("-a", "--all", "all_projects", is_flag=True), click.option("-p", "--project"))
@click.pass_context
def ls(context: click.Context, as_json: bool, all_projects: bool, project: str | None) -> None:
    """List the project's stacks, or all."""
    workspace = Workspace.of(context)
    own = workspace.found_project.name if workspace.found_project else None
    chosen = project or (None if all_projects else own)
    selected = workspace.selected
    rows = []
    for found in workspace.backend.stacks(chosen):
        deployment = workspace.backend.load(found)["deployment"] or {}
        name = found.name if found.project == own else found.full
        updated = (deployment.get("manifest") or {}).get("time")
        rows.append((name, found == selected, updated, len(deployment.get("resources") or [])))
    if as_json:
        echo_json(
            [
                {
                    "name": name,
                    "current": current,
                    **({"lastUpdate": milliseconds(at)} if at else {}),
                    "resourceCount": count,
                }
                for name, current, at, count in rows
            ]
        )
        return
    table(
        [("NAME", "LAST UPDATE", "RESOURCE COUNT"), *((f"{n}{'*' * c}", at or "n/a", str(m)) for n, c, at, m in rows)]
    )


@stack.command()
@options(
    click.argument("name", required=False),
    click.option("-y", "--yes", is_flag=True, help="Do not ask."),
    click.option("-f", "--force", is_flag=True, help="Even when it has resources, which then nobody looks after."),
    click.option("--preserve-config", is_flag=True, help="Keep Pulumi.STACK.yaml."),
    click.option("--remove-backups", is_flag=True, help="The last state's copy too."),
)
@click.pass_context
def rm(
    context: click.Context, name: str | None, yes: bool, force: bool, preserve_config: bool, remove_backups: bool
) -> None:
    """Remove a stack."""
    workspace = Workspace.of(context)
    workspace.wanted_stack = name or workspace.wanted_stack
    removed, was_selected = workspace.stack, workspace.selected
    with workspace.backend.lock(removed):
        resources = (workspace.backend.load(removed)["deployment"] or {}).get("resources") or []
        if any(resource["type"] != "pulumi:pulumi:Stack" for resource in resources) and not force:
            raise CommandError(
                f"'{removed.name}' still has resources: `pulumi destroy` them, or give --force to forget them"
            )
        confirmed(context, yes, f"Remove stack '{removed.name}' for good?", "non-interactive mode requires --yes flag")
        workspace.backend.remove(removed, keep_copy=not remove_backups)
    if not preserve_config and workspace.found_project:
        workspace.stack_file(removed).path.unlink(missing_ok=True)
    if was_selected == removed:
        workspace.select(None)
    say(f"Stack '{removed.name}' has been removed!")


@stack.command()
@click.argument("name")
@click.pass_context
def rename(context: click.Context, name: str) -> None:
    """Give the stack another name; its URNs, history and settings follow."""
    workspace = Workspace.of(context)
    old, renamed = workspace.stack, workspace.name_of(name)
    selected = workspace.selected == old
    with workspace.backend.lock(old):
        workspace.backend.rename(old, renamed)
    settings = workspace.project.stack_path(old.name)
    if settings.exists():
        settings.rename(workspace.project.stack_path(renamed.name))
    if selected:
        workspace.select(renamed)
    say(f"Renamed {old.name} to {renamed.name}")
