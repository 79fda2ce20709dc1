"""`pulumi state …`: edits of a stack's state. What exists is not touched."""

from __future__ import annotations

import difflib
from typing import Any

import click

from ..deploy.removal import KeptError, forget
from ..model.resource import Resource, resource_from_json
from ..store.workspace import Workspace
from .shape import CommandError, Group, interactive, options
from .surroundings import say


@click.group("state", cls=Group)
def state() -> None:
    """Edit the stack's state; what exists is left as it is."""


@state.command()
@options(
    click.argument("urns", nargs=-1, metavar="[URN]..."),
    click.option("--all", "all_", is_flag=True, help="All resources of the stack."),
    click.option("--force", is_flag=True, help="Protected resources too."),
    click.option("--target-dependents", is_flag=True, help="And what depends on them."),
    click.option("-y", "--yes", is_flag=True, help="Do not ask."),
)
@click.pass_context
def delete(
    context: click.Context, urns: tuple[str, ...], all_: bool, force: bool, target_dependents: bool, yes: bool
) -> None:
    """Forget resources: they go from state, and stay where they are. Refused while others depend on them, or they are protected."""
    if all_ and urns:
        raise CommandError("cannot specify a resource URN when deleting all resources")
    if not (all_ or urns):
        raise CommandError("Must supply <resource URN>, or --all")
    workspace = Workspace.of(context)
    name = workspace.stack
    with workspace.backend.lock(name):
        deployment = dict(workspace.backend.load(name)["deployment"] or {})
        documents = deployment.get("resources") or []
        resources = [_read(document) for document in documents]
        condemned = resources if all_ else [_find(resources, urn) for urn in dict.fromkeys(urns)]
        if interactive(context) and not yes:
            click.confirm("This command will edit your stack's state directly. Confirm?", err=True, abort=True)
        try:
            left = forget(
                resources, condemned, dependents_too=target_dependents, unprotect=_warn_of_protection if force else None
            )
        except KeptError as error:
            raise CommandError(str(error)) from None
        kept = {id(resource) for resource in left}
        deployment["resources"] = [
            document for document, resource in zip(documents, resources, strict=True) if id(resource) in kept
        ]
        workspace.backend.save(name, deployment)
    count = len(condemned)
    say("Resources deleted" if all_ else "Resource deleted" if count == 1 else f"{count} resources deleted")


for alias in ("rm", "remove"):
    state.add_command(delete, alias)


def _read(document: dict[str, Any]) -> Resource:
    try:
        return resource_from_json(document, lambda ciphertext: "null")
    except ValueError as error:
        raise CommandError(str(error)) from None


def _find(resources: list[Resource], urn: str) -> Resource:
    """The one resource of that URN. Raises CommandError when there is none, or more than one."""
    if not urn.startswith("urn:pulumi:") or urn.count("::") < 3:
        raise CommandError(f"'{urn}' is not a valid resource URN: `pulumi stack export` lists them")
    found = [resource for resource in resources if resource.urn == urn]
    if len(found) > 1:
        ids = "".join(f"\n  {resource.id}" for resource in found)
        raise CommandError(f"Resource URN ambiguously referred to multiple resources. Did you mean:{ids}")
    if not found:
        near = difflib.get_close_matches(urn, [resource.urn for resource in resources], 3)
        hint = "\nDid you mean:\n" + "\n".join(f"  {other}" for other in near) if near else ""
        raise CommandError(f"No such resource '{urn}' exists in the current state{hint}")
    return found[0]


def _warn_of_protection(resource: Resource) -> None:
    say(f"warning: deleting protected resource {resource.urn} due to presence of --force", err=True)
