"""`pulumi config …`: a stack's configuration, secrets included."""

from __future__ import annotations

import click

from ..model.mask import HIDDEN
from ..store.settings import ciphertexts, entry_json, full_key, opened, text_of
from .grammar import AS_JSON, SHOW_SECRETS, Group, flag, options, pairs
from .surroundings import CommandError, say, say_json, say_table, workspace


@click.group("config", cls=Group, invoke_without_command=True)
@options(AS_JSON, SHOW_SECRETS, click.pass_context)
def config(context: click.Context, as_json: bool, show_secrets: bool) -> None:
    """Manage the stack's configuration; without a command: show it."""
    if context.invoked_subcommand:
        return
    space = workspace()
    found = space.config(space.stack)
    secrets = space.secrets(space.stack) if show_secrets else None
    if as_json:
        say_json(space.config_json(found, secrets))
        return
    opener = secrets.decrypt if secrets else lambda _: HIDDEN
    texts = {key.removeprefix(f"{space.project.name}:"): text_of(opened(value, opener)) for key, value in found.items()}
    say_table(("KEY", "VALUE"), *sorted(texts.items()))


@config.command()
@options(click.argument("key"), AS_JSON)
def get(key: str, as_json: bool) -> None:
    """One value, in clear."""
    space = workspace()
    found = space.config(space.stack)
    full = full_key(key, space.project.name)
    if full not in found:
        raise CommandError(f"configuration key '{key}' not found for stack '{space.stack.name}'")
    decrypt = space.secrets(space.stack).decrypt if ciphertexts(found[full]) else None
    entry = entry_json(found[full], decrypt)
    if as_json:
        say_json(entry)
    else:
        say(entry["value"])


@config.command("set")
@options(
    click.argument("key"), click.argument("value"),
    flag("--secret", help_="Encrypt the value."), flag("--plaintext", help_="Keep the value in clear."),
)  # fmt: skip
def set_(key: str, value: str, secret: bool, plaintext: bool) -> None:
    """Set one value."""
    if secret and plaintext:
        raise CommandError("--secret and --plaintext exclude each other")
    space = workspace()
    space.set_config(space.stack, {key: value}, secret=secret)


@config.command()
@options(
    click.option("--secret", "secrets", multiple=True, callback=pairs, help="KEY=VALUE, encrypted."),
    click.option("--plaintext", "plaintexts", multiple=True, callback=pairs, help="KEY=VALUE, in clear."),
)
def set_all(secrets: dict[str, str], plaintexts: dict[str, str]) -> None:
    """Set many values at once."""
    space = workspace()
    space.set_config(space.stack, plaintexts)
    if secrets:
        space.set_config(space.stack, secrets, secret=True)


@config.command()
@click.argument("keys", nargs=-1, required=True)
def rm(keys: tuple[str, ...]) -> None:
    """Remove values."""
    space = workspace()
    space.set_config(space.stack, dict.fromkeys(keys))


config.add_command(rm, "rm-all")
