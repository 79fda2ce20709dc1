"""`pulumi config …`: a stack's configuration, secrets included."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from ..store.config import (
    Path,
    coerced,
    entry_json,
    full_key,
    get_at,
    is_secret,
    key_path,
    opened,
    remove_at,
    set_at,
    text_of,
)
from ..store.settings import SettingsError, StackFile
from ..store.workspace import Workspace
from .printing import AS_JSON, SHOW_SECRETS, echo_json, table
from .shape import CommandError, Group, confirmed, options
from .surroundings import say

BY_PATH = click.option("--path", "by_path", is_flag=True, help="Keys are paths: `list[0]`, `map.key`.")
SECRET = click.option("--secret", is_flag=True, help="Encrypt the value.")
PLAINTEXT = click.option("--plaintext", is_flag=True, help="Keep the value in clear.")


class Editor:
    """The configuration in one stack's settings file, which `save` writes."""

    def __init__(self, context: click.Context, config_file: str | None = None) -> None:
        self.workspace = Workspace.of(context)
        self.workspace.config_file = config_file or context.meta.get("config_file")
        self.stack = self.workspace.stack
        self.file: StackFile = self.workspace.stack_file(self.stack)

    def locate(self, key: str, by_path: bool) -> tuple[str, Path]:
        project = self.workspace.project.name
        return key_path(key, project) if by_path else (full_key(key, project), [])

    def set(self, key: str, value: Any, *, secret: bool, by_path: bool) -> None:
        top, path = self.locate(key, by_path)
        if secret:
            ciphertext = self.workspace.secrets(self.stack).encrypt(text_of(value))
            if not self.file.salt:  # the line above may just have written one
                self.file = self.workspace.stack_file(self.stack)
            value = {"secure": ciphertext}
        elif path and isinstance(value, str):
            value = coerced(value)
        self._store(top, set_at(self.file.config.get(self._spelling(top)), path, value))

    def remove(self, key: str, *, by_path: bool) -> None:
        top, path = self.locate(key, by_path)
        if path:
            self._store(top, remove_at(self.file.config.get(self._spelling(top)), path))
        elif self._spelling(top) in self.file.config:
            self.file.remove("config", self._spelling(top))

    def _store(self, top: str, value: Any) -> None:
        self.file.set(value, "config", self._spelling(top))

    def _spelling(self, top: str) -> str:
        """The key as the file has it: people leave the project's namespace out."""
        return next((k for k in self.file.config if full_key(k, self.workspace.project.name) == top), top)


@click.group("config", cls=Group, invoke_without_command=True)
@options(AS_JSON, SHOW_SECRETS, click.option("--config-file", help="Instead of Pulumi.STACK.yaml."))
@click.pass_context
def config(context: click.Context, as_json: bool, show_secrets: bool, config_file: str | None) -> None:
    """Manage the stack's configuration; without a command: show it."""
    if config_file:
        context.meta["config_file"] = config_file
    if context.invoked_subcommand:
        return
    workspace = Workspace.of(context)
    workspace.config_file = config_file
    found = workspace.config(workspace.stack)
    secrets = workspace.secrets(workspace.stack) if show_secrets else None
    if as_json:
        echo_json(workspace.config_json(found, secrets))
        return
    rows = []
    for key, value in sorted(found.items()):
        shown = opened(value, secrets.decrypt if secrets else lambda ciphertext: "[secret]")
        rows.append((key.removeprefix(f"{workspace.project.name}:"), text_of(shown)))
    table([("KEY", "VALUE"), *rows])


@config.command()
@options(click.argument("key"), AS_JSON, BY_PATH, click.option("--open", is_flag=True, hidden=True))
@click.pass_context
def get(context: click.Context, key: str, as_json: bool, by_path: bool, open: bool) -> None:
    """One value, in clear."""
    editor = Editor(context)
    top, path = editor.locate(key, by_path)
    try:
        value = get_at(editor.workspace.config(editor.stack)[top], path)
    except KeyError:
        raise CommandError(f"configuration key '{key}' not found for stack '{editor.stack.name}'") from None
    secrets = editor.workspace.secrets(editor.stack) if is_secret(value) else None
    found = entry_json(value, secrets.decrypt if secrets else lambda ciphertext: ciphertext)
    if as_json:
        echo_json(found)
    else:
        say(found["value"])


@config.command("set")
@options(
    click.argument("key"), click.argument("value", required=False), BY_PATH, SECRET, PLAINTEXT,
    click.option("--type", "type_", type=click.Choice(["string", "int", "bool", "float"])),
)  # fmt: skip
@click.pass_context
def set_(
    context: click.Context, key: str, value: str | None, by_path: bool, secret: bool, plaintext: bool, type_: str | None
) -> None:
    """Set one value; without one, standard input is read."""
    if secret and plaintext:
        raise CommandError("--secret and --plaintext exclude each other")
    text = sys.stdin.read().rstrip("\n") if value is None else value
    editor = Editor(context)
    converters: dict[str | None, Callable[[str], Any]] = {
        "int": int,
        "float": float,
        "bool": {"true": True, "false": False}.__getitem__,
    }
    try:
        typed = converters.get(type_, str)(text)
    except (ValueError, KeyError):
        raise CommandError(f"'{text}' is not of type {type_}") from None
    editor.set(key, typed, secret=secret, by_path=by_path)
    editor.file.save()


@config.command()
@options(
    click.option("--secret", "secrets", multiple=True, help="KEY=VALUE, encrypted."),
    click.option("--plaintext", "plaintexts", multiple=True, help="KEY=VALUE, in clear."),
    click.option("--json", "as_json", help="What `config --json` prints."),
    BY_PATH,
)
@click.pass_context
def set_all(
    context: click.Context, secrets: tuple[str, ...], plaintexts: tuple[str, ...], as_json: str | None, by_path: bool
) -> None:
    """Set many values at once."""
    editor = Editor(context)
    for pairs, secret in ((plaintexts, False), (secrets, True)):
        for pair in pairs:
            key, equals, value = pair.partition("=")
            if not equals:
                raise CommandError(f"'{key}': KEY=VALUE was expected")
            editor.set(key, value, secret=secret, by_path=by_path)
    for key, entry in (json.loads(as_json) if as_json else {}).items():
        if "value" not in entry and "objectValue" not in entry:
            raise SettingsError(f"'{key}' has no value: secret ones are printed by `config --json --show-secrets` only")
        value = entry.get("objectValue", entry.get("value"))
        editor.set(key, value, secret=entry.get("secret", False), by_path=False)
    editor.file.save()


@config.command()
@options(click.argument("key"), BY_PATH)
@click.pass_context
def rm(context: click.Context, key: str, by_path: bool) -> None:
    """Remove one value."""
    editor = Editor(context)
    editor.remove(key, by_path=by_path)
    editor.file.save()


@config.command()
@options(click.argument("keys", nargs=-1), BY_PATH)
@click.pass_context
def rm_all(context: click.Context, keys: tuple[str, ...], by_path: bool) -> None:
    """Remove many values."""
    editor = Editor(context)
    for key in keys:
        editor.remove(key, by_path=by_path)
    editor.file.save()


@config.command()
@click.option("-f", "--force", is_flag=True, help="Overwrite the file without asking.")
@click.pass_context
def refresh(context: click.Context, force: bool) -> None:
    """Bring back the configuration of the last update."""
    editor = Editor(context)
    past = editor.workspace.backend.history(editor.stack)
    if not past:
        raise CommandError("getting latest configuration: no previous deployment")
    path = editor.file.path
    confirmed(
        context, force or not path.exists(), f"Overwrite the configuration in {path}?", f"{path} exists: give --force"
    )
    if editor.file.config:
        editor.file.remove("config")
    for key, value in past[0]["config"].items():
        editor.file.set(value, "config", key)
    editor.file.save()
