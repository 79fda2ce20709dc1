"""Where a command works: the folder's project, the backend, the stack and its secrets, found as the CLI finds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from ..cli.surroundings import Surroundings, here
from ..model.passphrase import Passphrase, SecretsError, read_passphrase, refuse_other_providers
from .backend import BackendError, FileBackend, StackName, StackNotFoundError
from .config import entry_json, is_secret, merged, opened, text_of
from .settings import Project, SettingsError, StackFile

MISTAKES = (BackendError, SecretsError, SettingsError, OSError)
"""What the user can mend, a full disk and a missing permission too: shown as one line."""


class Workspace:
    """What one command line works on; the options `--stack` and `--config-file` have a say."""

    def __init__(self, surroundings: Surroundings, stack: str | None = None) -> None:
        self.surroundings, self.environment = surroundings, surroundings.environment
        self.wanted_stack = stack or self.environment.get("PULUMI_STACK")
        self.config_file: str | None = None

    @classmethod
    def of(cls, context: click.Context) -> Workspace:
        return cls(here(context), context.meta.get("stack"))

    @cached_property
    def found_project(self) -> Project | None:
        return Project.find(self.surroundings.folder)

    @property
    def project(self) -> Project:
        if self.found_project is None:
            raise SettingsError(f"no Pulumi.yaml project file found in {self.surroundings.folder} or above")
        return self.found_project

    @property
    def home(self) -> Path:
        """The only folder, besides the backend and the project, that the engine writes to: nothing of the CLI's is in it."""
        return Path(self.environment.get("PULUMI_HOME") or Path.home() / ".pulumi") / "local-engine"

    @cached_property
    def backend(self) -> FileBackend:
        """The folder that PULUMI_BACKEND_URL or else the project names. Where the CLI is logged in does not count."""
        url = self.environment.get("PULUMI_BACKEND_URL") or (
            self.found_project.backend_url if self.found_project else ""
        )
        if not url:
            raise BackendError(
                "no backend: set PULUMI_BACKEND_URL=file://FOLDER, or `backend: {url: file://FOLDER}` in Pulumi.yaml"
            )
        return FileBackend(url, self.surroundings.folder)

    def for_programs(self) -> dict[str, str]:
        """The variables of programs and providers."""
        change = self.surroundings.for_programs
        return dict(change(self.environment, self.backend.root) if change else self.environment)

    # -- the stack ---------------------------------------------------------------------------------------------------

    def name_of(self, text: str) -> StackName:
        return StackName.parse(text, self.found_project.name if self.found_project else None)

    @property
    def selected(self) -> StackName | None:
        """The stack that --stack, PULUMI_STACK or the last `stack select` names; None when nothing does."""
        if self.wanted_stack:
            return self.name_of(self.wanted_stack)
        name = self._selections().get(self.backend.url) if self.found_project else None
        stack = self.name_of(name) if name else None
        return stack if stack and self.backend.exists(stack) else None

    @property
    def stack(self) -> StackName:
        """The selected stack, which exists. Raises StackNotFoundError, or BackendError when none is selected."""
        stack = self.selected
        if stack is None:
            raise BackendError("no stack selected; please use `pulumi stack select` to choose one")
        if not self.backend.exists(stack):
            raise StackNotFoundError(f"no stack named '{stack.name}' found")
        return stack

    def select(self, stack: StackName | None) -> None:
        """This folder's commands work on the stack from now on (None: on none)."""
        if self.found_project is None:
            return
        selections = {**self._selections(), self.backend.url: stack.full if stack else ""}
        self._selections_path().parent.mkdir(parents=True, exist_ok=True)
        kept = {url: name for url, name in selections.items() if name}
        self._selections_path().write_text(json.dumps({"stacks": kept}, indent=4), "utf-8")

    def _selections_path(self) -> Path:
        place = hashlib.sha1(str(self.project.path).encode(), usedforsecurity=False).hexdigest()
        return self.home / "workspaces" / f"{self.project.name}-{place}-workspace.json"

    def _selections(self) -> dict[str, str]:
        path = self._selections_path()
        return dict(json.loads(path.read_text("utf-8")).get("stacks") or {}) if path.exists() else {}

    # -- settings and secrets ----------------------------------------------------------------------------------------

    def stack_file(self, stack: StackName) -> StackFile:
        return StackFile(
            self.surroundings.folder / self.config_file if self.config_file else self.project.stack_path(stack.name)
        )

    def secrets(self, stack: StackName) -> Passphrase:
        """The stack's secrets provider; when it has none yet, a new one, whose salt is then in the stack's settings."""
        provider = self.state_secrets(stack) if self.backend.exists(stack) else None
        if self.found_project is None:
            return provider or Passphrase.create(read_passphrase(self.environment))
        settings = self.stack_file(stack)
        refuse_other_providers(settings.secrets_provider)
        if settings.salt:
            return Passphrase(read_passphrase(self.environment), settings.salt)
        provider = provider or Passphrase.create(read_passphrase(self.environment))
        settings.set(provider.salt, "encryptionsalt")
        settings.save()
        return provider

    def state_secrets(self, stack: StackName) -> Passphrase | None:
        """The secrets provider that the stack's state was written with; None when it names none."""
        providers = (self.backend.load(stack)["deployment"] or {}).get("secrets_providers") or {}
        if not providers.get("type"):
            return None
        refuse_other_providers(providers["type"])
        return Passphrase(read_passphrase(self.environment), providers["state"]["salt"])

    # -- configuration -----------------------------------------------------------------------------------------------

    def config(self, stack: StackName, *, validate: bool = False) -> dict[str, Any]:
        """The stack's values over the project's, secrets still encrypted, by full key."""
        return merged(self.project, stack.name, self.stack_file(stack).config, validate=validate)

    def clear_config(self, config: Mapping[str, Any], secrets: Passphrase) -> tuple[dict[str, str], frozenset[str]]:
        """The texts that programs and providers get, and the keys of the secret ones."""
        texts = {key: text_of(opened(value, secrets.decrypt)) for key, value in config.items()}
        return texts, frozenset(key for key, value in config.items() if is_secret(value))

    def config_json(self, config: Mapping[str, Any], secrets: Passphrase | None) -> dict[str, Any]:
        """The values as `--json` shows them, by full key; secret ones are left out when `secrets` is None."""
        return {key: entry_json(value, secrets.decrypt if secrets else None) for key, value in sorted(config.items())}
