"""The two files of a project: Pulumi.yaml, which is only read, and Pulumi.STACK.yaml, whose entries are set and removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .yaml_values import SettingsError, read_yaml

__all__ = ["Project", "SettingsError", "StackFile"]
NAMES = ("Pulumi.yaml", "Pulumi.yml")


@dataclass(frozen=True)
class Project:
    """What Pulumi.yaml says."""

    path: Path
    name: str
    runtime: str = "python"
    runtime_options: Mapping[str, Any] = field(default_factory=dict)
    main: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Values and declarations, as written: `{"aws:region": "eu-west-1", "size": {"type": "integer", "default": 1}}`."""
    stack_config_dir: str = ""
    backend_url: str = ""

    @property
    def folder(self) -> Path:
        return self.path.parent

    def stack_path(self, stack: str) -> Path:
        """Where the stack's settings stand, whether or not the file exists."""
        return self.folder / self.stack_config_dir / f"Pulumi.{stack}.yaml"

    @classmethod
    def find(cls, folder: Path) -> Project | None:
        """The project whose folder this is, or lies above; None when there is none. Raises SettingsError."""
        for place in (folder, *folder.parents):
            for name in NAMES:
                if (place / name).is_file():
                    return cls.read(place / name)
        return None

    @classmethod
    def read(cls, path: Path) -> Project:
        found = read_yaml(path.read_text("utf-8"), path)
        if not isinstance(found.get("name"), str):
            raise SettingsError(f"{path}: project is missing a 'name' attribute")
        runtime = found.get("runtime") or "python"
        name, options = (
            (runtime, {}) if isinstance(runtime, str) else (runtime.get("name"), runtime.get("options") or {})
        )
        config = found.get("config") or {}
        # An old form of the file: `config: FOLDER` said where the stack files are.
        folder = config if isinstance(config, str) else found.get("stackConfigDir") or ""
        return cls(
            path,
            found["name"],
            runtime=str(name),
            runtime_options=options,
            main=found.get("main") or "",
            config=config if isinstance(config, dict) else {},
            stack_config_dir=folder,
            backend_url=(found.get("backend") or {}).get("url") or "",
        )


class StackFile:
    """Pulumi.STACK.yaml: the salt of its secrets and its configuration, as written. Nothing is on disk before `save`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text("utf-8") if path.exists() else ""
        self._read()

    def set(self, value: Any, *keys: str) -> None:
        """The entry below these keys (`"encryptionsalt"`, or `"config", "aws:region"`) has the value."""
        self._edit(value, keys)

    def remove(self, *keys: str) -> None:
        """There is no such entry."""
        self._edit(None, keys)

    def save(self) -> None:
        if self.text.strip() or self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(self.text, "utf-8")

    def _edit(self, value: Any, keys: tuple[str, ...]) -> None:
        from .yaml_edits import edit  # most commands only read

        self.text = edit(self.text, keys, value, self.path)
        self._read()

    def _read(self) -> None:
        found = read_yaml(self.text, self.path)
        self.salt: str = found.get("encryptionsalt") or ""
        self.secrets_provider: str = found.get("secretsprovider") or ""
        self.config: dict[str, Any] = found.get("config") or {}
        if found.get("environment"):
            raise SettingsError(
                f"{self.path}: 'environment' needs the Pulumi Cloud; the local engine does not support it"
            )
