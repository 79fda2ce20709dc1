"""Where a command works: the folder's project, the backend, the stack and its secrets, found as the CLI finds them."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ..deploy.removal import KeptError
from ..model.reading import DamagedError, json_of, reading
from ..model.resource import deployment_from_json
from ..model.secrets import Passphrase, SecretsError, read_passphrase, refuse_other_providers
from ..model.urn import STACK_TYPE
from .backend import BackendError, FileBackend, StackName, StackNotFoundError
from .locks import LockedError
from .settings import Project, StackFile, entry_json, full_key, merged
from .yaml_text import SettingsError

MISTAKES = (BackendError, DamagedError, KeptError, LockedError, SecretsError, SettingsError, OSError)
"""What the user can mend, a full disk and a missing permission too: shown as one line."""


class Workspace:
    """What one command line works on."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str], stack: str | None = None, config_file: str | None = None
    ) -> None:
        """`stack` and `config_file` are those that the command line names."""
        self.folder, self.environment, self._config_file = folder, environment, config_file
        self._wanted_stack = stack or environment.get("PULUMI_STACK")

    @cached_property
    def found_project(self) -> Project | None:
        return Project.find(self.folder)

    @property
    def project(self) -> Project:
        if self.found_project is None:
            raise SettingsError(f"no Pulumi.yaml project file found in {self.folder} or above")
        return self.found_project

    @cached_property
    def backend(self) -> FileBackend:
        """The folder that PULUMI_BACKEND_URL or else the project names. Where the CLI is logged in does not count."""
        of_project = self.found_project.backend_url if self.found_project else ""
        url = self.environment.get("PULUMI_BACKEND_URL") or of_project
        if not url:
            raise BackendError("no backend: set PULUMI_BACKEND_URL=file://FOLDER, or backend.url in Pulumi.yaml")
        return FileBackend(url, self.folder)

    @property
    def wanted(self) -> StackName:
        """The stack that the command line or PULUMI_STACK names, whether or not it exists. Raises BackendError when neither does."""
        if not self._wanted_stack:
            raise BackendError("missing stack name")
        return StackName.parse(self._wanted_stack, self.found_project.name if self.found_project else None)

    @property
    def selected(self) -> StackName | None:
        """The wanted stack, or else the one of the last `stack select` if it still exists; None when there is neither."""
        if self._wanted_stack:
            return self.wanted
        name = self._selections().get(self.backend.url) if self.found_project else None
        stack = StackName.parse(name, None) if name else None
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

    def select(self, stack: StackName) -> None:
        """This folder's commands work on the stack from now on, as long as it exists."""
        path = self._selections_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"stacks": {**self._selections(), self.backend.url: stack.full}}), "utf-8")

    def _selections_path(self) -> Path:
        """Below the only folder, besides the backend and the project, that the engine writes to: nothing of the CLI's is in it."""
        home = Path(self.environment.get("PULUMI_HOME") or Path.home() / ".pulumi") / "local-engine"
        place = hashlib.sha1(str(self.project.path).encode(), usedforsecurity=False).hexdigest()
        return home / "workspaces" / f"{self.project.name}-{place}-workspace.json"

    def _selections(self) -> dict[str, str]:
        path = self._selections_path()
        if not path.exists():
            return {}
        with reading(path, "a choice of stacks"):
            return dict(json_of(path, {"stacks?": {...: str}}).get("stacks") or {})

    def deployment(self, stack: StackName) -> dict[str, Any]:
        """What the state file holds below that key, secrets still encrypted. Raises StackNotFoundError."""
        return dict(self.backend.load(stack)["deployment"])

    def resources(self, stack: StackName) -> list[dict[str, Any]]:
        """The resources in the state file."""
        return self.deployment(stack).get("resources") or []

    def remove(self, stack: StackName, *, with_settings: bool = True) -> None:
        """The stack is gone, and, if this is a project's folder, its settings file too, unless that is to be kept."""
        self.backend.remove(stack)
        if with_settings and self.found_project:
            self.project.stack_path(stack.name).unlink(missing_ok=True)

    def outputs(self, stack: StackName, *, decrypted: bool) -> dict[str, Any]:
        """The outputs of the stack's last update, secret ones marked; only if `decrypted` the marks hold values."""
        roots = [resource for resource in self.resources(stack) if resource["type"] == STACK_TYPE]
        secrets = self.state_secrets(stack) if decrypted else None
        decrypt = secrets.decrypt if secrets else lambda ciphertext: "null"
        found = deployment_from_json({"deployment": {"resources": roots[:1]}}, decrypt).resources
        return dict(found[0].outputs) if found else {}

    def stack_file(self, stack: StackName) -> StackFile:
        return StackFile(self.folder / self._config_file if self._config_file else self.project.stack_path(stack.name))

    def secrets(self, stack: StackName) -> Passphrase:
        """The stack's secrets provider; when it has none yet, a new one, whose salt is then in the stack's settings."""
        provider, settings = self.state_secrets(stack) if self.backend.exists(stack) else None, self.stack_file(stack)
        refuse_other_providers(settings.secrets_provider)
        if settings.salt:
            return Passphrase(read_passphrase(self.environment), settings.salt)
        provider = provider or Passphrase.create(read_passphrase(self.environment))
        settings.write({("encryptionsalt",): provider.salt})
        return provider

    def state_secrets(self, stack: StackName) -> Passphrase | None:
        """The secrets provider that the stack's state was written with; None when it names none."""
        return Passphrase.of_state(self.deployment(stack), self.environment)

    def config(self, stack: StackName, *, validate: bool = False) -> dict[str, Any]:
        """The stack's values over the project's, secrets still encrypted, by full key."""
        return merged(self.project, stack.name, self.stack_file(stack).config, validate=validate)

    def set_config(self, stack: StackName, values: Mapping[str, str | None], *, secret: bool = False) -> None:
        """The stack's settings hold these values, encrypted if `secret`; those that are None are gone."""
        encrypt = self.secrets(stack).encrypt if secret else None  # before the file is read: this may write its salt
        file, project = self.stack_file(stack), self.project.name
        spelt = {full_key(key, project): key for key in file.config}  # people may leave the project's namespace out
        found = {full_key(key, project): value for key, value in values.items()}
        file.write({
            ("config", spelt.get(key, key)): {"secure": encrypt(value)} if encrypt and value is not None else value
            for key, value in found.items()
        })  # fmt: skip

    def config_json(self, config: Mapping[str, Any], secrets: Passphrase | None) -> dict[str, Any]:
        """The values as `--json` shows them, by full key; secret ones are left out when `secrets` is None."""
        return {key: entry_json(value, secrets.decrypt if secrets else None) for key, value in sorted(config.items())}
