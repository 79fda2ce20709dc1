"""`pulumi stack …` and `pulumi state …`: stacks made, chosen, listed and removed; what a stack holds and held; what it is to forget."""

import json
from difflib import get_close_matches
from typing import Any

import click

from ..deploy.removal import forget
from ..model.reading import expect, json_of, reading
from ..model.resource import (
    DEPLOYMENT,
    Resource,
    deployment_from_json,
    deployment_json,
    refuse_unreadable_secrets,
    resource_from_json,
    transform_secrets,
)
from ..model.secrets import Passphrase, refuse_other_providers, shown
from ..model.urn import STACK_TYPE
from ..model.values import SECRET_SIGNATURE, SIGNATURE, clear
from .grammar import AS_JSON, CONSENT, NAME, SHOW_SECRETS, Group, flag, options
from .surroundings import CommandError, here, say, say_json, say_table, workspace


@click.group("stack", cls=Group, invoke_without_command=True)
@options(flag("--show-name", help_="Without effect: it is shown anyhow."), click.pass_context)
def stack(context: click.Context, show_name: bool) -> None:
    """Manage stacks; without a command: show the name of the current one."""
    if not context.invoked_subcommand:
        say(workspace().stack.name)


@stack.command()
@options(NAME, click.option("--secrets-provider", default="passphrase", help="passphrase, which is all there is here."))
def init(name: str | None, secrets_provider: str) -> None:
    """Create an empty stack and select it."""
    space = workspace(name)
    created = space.wanted
    refuse_other_providers(secrets_provider)
    space.backend.create(created, {"secrets_providers": space.secrets(created).state_json, "metadata": {}})
    space.select(created)
    say(f"Created stack '{created.name}'", err=True)


@stack.command()
@NAME
def select(name: str | None) -> None:
    """The stack that commands in this folder work on from now on."""
    space = workspace(name)
    space.select(space.stack)


@stack.command()
@options(AS_JSON, flag("-a", "--all", "all_projects", help_="Those of all projects."))
def ls(as_json: bool, all_projects: bool) -> None:
    """List the project's stacks, or all."""
    space = workspace()
    own = space.found_project.name if space.found_project else None
    rows: list[dict[str, Any]] = []
    for found in space.backend.stacks(None if all_projects else own):
        updated = (space.deployment(found).get("manifest") or {}).get("time")
        rows.append({
            "name": found.name if found.project == own else found.full, "current": found == space.selected,
            **({"lastUpdate": _milliseconds(updated)} if updated else {}),
            "resourceCount": len(space.resources(found)),
        })  # fmt: skip
    if as_json:
        say_json(rows)
    else:
        cells = ((f"{r['name']}{'*' * r['current']}", r.get("lastUpdate", ""), str(r["resourceCount"])) for r in rows)
        say_table(("NAME", "LAST UPDATE", "RESOURCE COUNT"), *cells)


@stack.command()
@options(
    NAME, CONSENT, flag("-f", "--force", help_="Even when it has resources, which then nobody looks after."),
    flag("--preserve-config", help_="Keep Pulumi.STACK.yaml."),
)  # fmt: skip
def rm(name: str | None, force: bool, preserve_config: bool) -> None:
    """Remove a stack."""
    space = workspace(name)
    removed = space.stack
    with space.backend.lock(removed):
        if not force and any(resource["type"] != STACK_TYPE for resource in space.resources(removed)):
            raise CommandError(f"'{removed.name}' still has resources: `pulumi destroy` them, or give --force")
        space.remove(removed, with_settings=not preserve_config)
    say(f"Stack '{removed.name}' has been removed!")


@stack.command()
@SHOW_SECRETS
def export(show_secrets: bool) -> None:
    """The stack's state as JSON."""
    space = workspace()
    found = space.backend.load(space.stack)
    if secrets := show_secrets and space.state_secrets(space.stack):
        marked = {SIGNATURE: SECRET_SIGNATURE}
        found = transform_secrets(
            found,
            lambda each: each if "plaintext" in each else {**marked, "plaintext": secrets.decrypt(each["ciphertext"])},
        )
    say(json.dumps(found, indent=4, ensure_ascii=False))


@stack.command("import")
@click.option("--file", required=True, help="Where from.")
def import_(file: str) -> None:
    """Make an exported state the stack's own; its secrets are encrypted as the stack's, those in clear too."""
    space = workspace()
    target, secrets = space.stack, space.secrets(space.stack)
    with reading(f"the state cannot be read: {file}", "a state"):
        found = json_of(here().folder / file, {"version": int})
        if found["version"] != 3:
            raise CommandError(f"state of version {found['version']} is not supported, only 3")
        expect(found, {"deployment": DEPLOYMENT})
        refuse_unreadable_secrets(found)
        source = Passphrase.of_state(found["deployment"], here().environment) or secrets
        deployment = deployment_from_json(found, source.decrypt)
    others = [r.urn for r in deployment.resources if not r.urn.startswith(f"urn:pulumi:{target.name}::")]
    if others:
        raise CommandError(f"{others[0]} belongs to another stack")
    with space.backend.lock(target):
        written = deployment_json(deployment, secrets.encrypt, secrets.state_json)
        space.backend.save(target, written["deployment"])
    say("Import complete.")


@stack.command()
@options(NAME, AS_JSON, SHOW_SECRETS)
def output(name: str | None, as_json: bool, show_secrets: bool) -> None:
    """The stack's outputs, or one of them, as JSON; one that is a text as it is."""
    space = workspace()
    found = space.outputs(space.stack, decrypted=show_secrets)
    outputs: dict[str, Any] = clear(found) if show_secrets else shown(found)
    if name is not None and name not in outputs:
        raise CommandError(f"current stack does not have output property '{name}'")
    found = outputs if name is None else outputs[name]
    if isinstance(found, str) and not as_json:
        say(found)
    else:
        say_json(found)


@stack.command()
@options(
    AS_JSON, SHOW_SECRETS,
    click.option("--page-size", type=int, default=10, help="How many; 0: all."),
    click.option("--page", type=click.IntRange(min=1, clamp=True), default=1, help="Which of the pages; 1 is the latest."),
)  # fmt: skip
def history(as_json: bool, show_secrets: bool, page_size: int, page: int) -> None:
    """The stack's past updates, latest first; as JSON only."""
    if not as_json:
        raise CommandError("the local engine shows the history as JSON only: give --json")
    space = workspace()
    found = space.backend.history(space.stack)
    found = found[(page - 1) * page_size : page * page_size] if page_size > 0 else found
    secrets = space.secrets(space.stack) if show_secrets else None
    defaults = {"version": 0, "message": "", "environment": {}, "resourceChanges": {}}
    configs = (space.config_json(update.get("config") or {}, secrets) for update in found)
    say_json([{**defaults, **update, "config": config} for update, config in zip(found, configs, strict=True)])


@click.group("state", cls=Group)
def state() -> None:
    """Edit the stack's state; what exists is left as it is."""


@state.command()
@options(
    click.argument("urns", nargs=-1, required=True, metavar="URN..."), CONSENT,
    flag("--force", help_="Protected resources too."), flag("--target-dependents", help_="And what depends on them."),
)  # fmt: skip
def delete(urns: tuple[str, ...], force: bool, target_dependents: bool) -> None:
    """Forget resources: they go from state, and stay where they are. Refused while others depend on them, or they are protected."""
    space = workspace()
    name = space.stack
    with space.backend.lock(name):
        deployment = space.deployment(name)
        documents = deployment.get("resources") or []
        resources = [resource_from_json(document, lambda ciphertext: "null") for document in documents]
        condemned = [_find(resources, urn) for urn in dict.fromkeys(urns)]
        unprotect = _warn_of_protection if force else None
        left = forget(resources, condemned, dependents_too=target_dependents, unprotect=unprotect)
        kept = {id(resource) for resource in left}
        # The documents themselves are kept: what this engine does not read of them stays as it was.
        pairs = zip(documents, resources, strict=True)
        space.backend.save(name, {**deployment, "resources": [found for found, read in pairs if id(read) in kept]})
    say("Resource deleted" if len(condemned) == 1 else f"{len(condemned)} resources deleted")


def _find(resources: list[Resource], urn: str) -> Resource:
    """The one resource of that URN. Raises CommandError when there is none, or more than one."""
    found = [resource for resource in resources if resource.urn == urn]
    if len(found) > 1:
        raise CommandError(f"the state holds {len(found)} resources '{urn}': {', '.join(each.id for each in found)}")
    if not found:
        near = get_close_matches(urn, [resource.urn for resource in resources])
        hint = "\n  ".join(["\nDid you mean:", *near]) if near else ""
        raise CommandError(f"No such resource '{urn}' exists in the current state{hint}")
    return found[0]


def _warn_of_protection(resource: Resource) -> None:
    say(f"warning: deleting protected resource {resource.urn} due to presence of --force", err=True)


def _milliseconds(time: str) -> str:
    """A time of the state file with three digits after the second, as `--json` has it."""
    whole, _, fraction = time.removesuffix("Z").partition(".")
    return f"{whole}.{(fraction + '000')[:3]}Z"
