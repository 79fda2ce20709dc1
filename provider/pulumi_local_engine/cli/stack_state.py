"""`pulumi stack export`, `import`, `output` and `history`: what a stack holds, and held."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from ..model.passphrase import Passphrase, read_passphrase, refuse_other_providers
from ..model.resource import deployment_from_json, deployment_json, transform_secrets
from ..model.values import blind, clear
from ..store.state_file import empty_deployment, provider_json, show_outputs, stack_outputs, with_plaintexts
from ..store.workspace import Workspace
from .printing import AS_JSON, SHOW_SECRETS, echo_json, plain_text
from .shape import Command, CommandError, options
from .surroundings import FilePath, say


@click.command(cls=Command)
@options(SHOW_SECRETS, click.option("--file", "path", type=FilePath()), click.option("--version", "number"))
@click.pass_context
def export(context: click.Context, show_secrets: bool, path: Path | None, number: str | None) -> None:
    """The stack's state as JSON."""
    if number:
        raise CommandError("a file backend cannot export earlier versions of the state")
    workspace = Workspace.of(context)
    found = workspace.backend.load(workspace.stack)
    if show_secrets:
        found = with_plaintexts(found, workspace.state_secrets(workspace.stack))
    text = json.dumps(found, indent=4, ensure_ascii=False)
    if path:
        path.write_text(f"{text}\n", "utf-8")
    else:
        say(text)


@click.command("import", cls=Command)
@options(click.option("--file", "path", type=FilePath()), click.option("-f", "--force", is_flag=True))
@click.pass_context
def import_(context: click.Context, path: Path | None, force: bool) -> None:
    """Make an exported state the stack's own; secrets in clear are encrypted on the way."""
    workspace = Workspace.of(context)
    target = workspace.stack
    found = json.loads(path.read_text("utf-8") if path else sys.stdin.read())
    if found.get("version") != 3:
        raise CommandError(f"state of version {found.get('version')} is not supported, only 3")
    body = found.get("deployment") or {}
    others = [r["urn"] for r in body.get("resources") or () if not r["urn"].startswith(f"urn:pulumi:{target.name}::")]
    if others and not force:
        raise CommandError(f"{others[0]} belongs to another stack; --force imports it all the same")
    secrets = workspace.secrets(target)
    source = secrets
    if (body.get("secrets_providers") or {}).get("type"):
        refuse_other_providers(body["secrets_providers"]["type"])
        source = Passphrase(read_passphrase(workspace.environment), body["secrets_providers"]["state"]["salt"])
    in_clear: list[dict[str, Any]] = []
    transform_secrets(body, lambda secret: in_clear.append(secret) if "plaintext" in secret else None)
    if source.salt != secrets.salt or in_clear:
        found = deployment_json(deployment_from_json(found, source.decrypt), secrets.encrypt, provider_json(secrets))
    with workspace.backend.lock(target):
        workspace.backend.save(target, {**empty_deployment(secrets), **found.get("deployment", {})})
    say("Import complete.")


@click.command(cls=Command)
@options(click.argument("name", required=False), AS_JSON, SHOW_SECRETS)
@click.pass_context
def output(context: click.Context, name: str | None, as_json: bool, show_secrets: bool) -> None:
    """The stack's outputs, or one of them."""
    workspace = Workspace.of(context)
    found = stack_outputs(workspace, workspace.stack, show_secrets)
    shown = clear(found) if show_secrets else blind(found)
    if name is not None:
        if name not in shown:
            raise CommandError(f"current stack does not have output property '{name}'")
        value = shown[name]
        say(json.dumps(value, indent=2, ensure_ascii=False) if as_json else plain_text(value))
    elif as_json:
        echo_json(shown)
    else:
        show_outputs(found, show_secrets)


@click.command(cls=Command)
@options(
    AS_JSON, SHOW_SECRETS,
    click.option("--page-size", type=int, default=10),
    click.option("--page", type=int, default=1),
    click.option("--full-dates", is_flag=True),
)  # fmt: skip
@click.pass_context
def history(
    context: click.Context, as_json: bool, show_secrets: bool, page_size: int, page: int, full_dates: bool
) -> None:
    """The stack's past updates, latest first."""
    workspace = Workspace.of(context)
    found = workspace.backend.history(workspace.stack)
    if page_size > 0:
        found = found[(max(page, 1) - 1) * page_size :][:page_size]
    secrets = workspace.secrets(workspace.stack) if show_secrets else None
    rows = [_update_json(workspace, update, secrets) for update in found]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        for title, key in (
            ("UpdateKind", "kind"),
            ("Status", "result"),
            ("Message", "message"),
            ("Updated", "endTime"),
        ):
            say(f"{title}: {row[key]}")
        say("    " + " ".join(f"{op}: {count}" for op, count in row["resourceChanges"].items()) + "\n")
    if not rows:
        say("Stack has never been updated")


def _update_json(workspace: Workspace, update: Mapping[str, Any], secrets: Passphrase | None) -> dict[str, Any]:
    times = {
        key: datetime.fromtimestamp(update[key], timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        for key in ("startTime", "endTime")
    }
    return {
        "version": update.get("version", 0), "kind": update["kind"], "startTime": times["startTime"],
        "message": update.get("message") or "", "environment": update.get("environment") or {},
        "config": workspace.config_json(update.get("config") or {}, secrets),
        "result": update["result"], "endTime": times["endTime"], "resourceChanges": update.get("resourceChanges") or {},
    }  # fmt: skip
