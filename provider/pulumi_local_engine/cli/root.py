"""`pulumi`: the commands together, those of the configuration, and those that concern no stack's state."""

import click

from ..model.secrets import HIDDEN
from ..store.settings import ciphertexts, entry_json, full_key, opened, text_of
from ..version import VERSION
from . import operations, stack
from .grammar import AS_JSON, CONSENT, NAME, SHOW_SECRETS, Group, flag, options
from .surroundings import CommandError, say, say_json, say_table, workspace


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
@options(NAME, CONSENT)
def cancel(name: str | None) -> None:
    """Remove the lock that an update holds, also one that was killed. The update itself is not stopped."""
    space = workspace(name)
    space.backend.unlock(space.stack)
    say(f"The currently running update for '{space.stack.name}' has been canceled!")


@root.group(cls=Group, invoke_without_command=True)
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
@click.argument("keys", nargs=-1, required=True)
def rm(keys: tuple[str, ...]) -> None:
    """Remove values."""
    space = workspace()
    space.set_config(space.stack, dict.fromkeys(keys))


for command in (*operations.ALL, stack.stack, stack.state):
    root.add_command(command)
