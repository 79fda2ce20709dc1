"""The two files of a project, Pulumi.yaml and Pulumi.STACK.yaml, and the configuration values in them.

**Shape** of a value: a text, number, boolean, list or map, and `{"secure": CIPHERTEXT}` wherever it is secret.
"""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..model.reading import expect, reading
from ..model.values import inside
from .yaml_text import Changes, SettingsError, edit, read_yaml

_PROJECT = {
    "name": str, "runtime": {"name": str, "options?": {"toolchain?": str, "virtualenv?": str}}, "main?": str,
    "config?": dict, "stackConfigDir?": str, "backend?": {"url?": str},
    "plugins?": {"providers?": [{"name": str, "path": str}]},
}  # fmt: skip
_SETTINGS = {"encryptionsalt?": str, "secretsprovider?": str, "config?": dict}


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
    plugins: Mapping[str, Path] = field(default_factory=dict)
    """The folders of providers' executables, by package."""

    @property
    def folder(self) -> Path:
        return self.path.parent

    def stack_path(self, stack: str) -> Path:
        """Where the stack's settings stand, whether or not the file exists."""
        return self.folder / self.stack_config_dir / f"Pulumi.{stack}.yaml"

    @classmethod
    def find(cls, folder: Path) -> "Project | None":
        """The project whose folder this is, or lies above; None when there is none. Raises SettingsError."""
        files = (place / name for place in (folder, *folder.parents) for name in ("Pulumi.yaml", "Pulumi.yml"))
        return next((cls.read(file) for file in files if file.is_file()), None)

    @classmethod
    def read(cls, path: Path) -> "Project":
        with reading(path, "a project"):
            found = read_yaml(path.read_text("utf-8"), path)
            if not isinstance(found.get("name"), str):
                raise SettingsError(f"{path}: project is missing a 'name' attribute")
            runtime = found.get("runtime") or "python"
            found["runtime"] = runtime = {"name": runtime} if isinstance(runtime, str) else runtime
            expect(found, _PROJECT)
        plugins = (found.get("plugins") or {}).get("providers") or ()
        return cls(
            path, found["name"], runtime["name"], runtime.get("options") or {}, found.get("main") or "",
            found.get("config") or {}, found.get("stackConfigDir") or "", (found.get("backend") or {}).get("url") or "",
            {plugin["name"]: path.parent / plugin["path"] for plugin in plugins},
        )  # fmt: skip

    def python(self, environment: Mapping[str, str]) -> str:
        """The Python of program and providers: the project's virtual environment, PULUMI_PYTHON_CMD, or this one.

        The CLI's own last resort is `python3` on PATH; this one is sure to have the SDK. Raises SettingsError when it is not there.
        """
        kind = (self.runtime, self.runtime_options.get("toolchain", "pip"))
        if kind != ("python", "pip"):
            raise SettingsError(f"{self.path}: the local engine has no runtime '{kind[0]}' with toolchain '{kind[1]}'")
        if folder := environment.get("PULUMI_RUNTIME_VIRTUALENV") or self.runtime_options.get("virtualenv"):
            place = self.folder / folder
            found = next((path for path in (place / "bin/python", place / "Scripts/python.exe") if path.exists()), None)
            if found is None:
                raise SettingsError(f"{self.path}: there is no Python in the virtual environment {place}")
            return str(found)
        wanted = environment.get("PULUMI_PYTHON_CMD")
        if wanted and not shutil.which(wanted):
            raise SettingsError(f"PULUMI_PYTHON_CMD: there is no '{wanted}'")
        return wanted or sys.executable


class StackFile:
    """Pulumi.STACK.yaml, whether or not it exists: the salt of its secrets and its configuration, as written."""

    def __init__(self, path: Path) -> None:
        with reading(path, "a stack's settings"):
            self._path, self._text = path, path.read_text("utf-8") if path.exists() else ""
            found = expect(read_yaml(self._text, path), _SETTINGS)
        self.salt: str = found.get("encryptionsalt") or ""
        self.secrets_provider: str = found.get("secretsprovider") or ""
        self.config: dict[str, Any] = found.get("config") or {}
        if found.get("environment"):
            raise SettingsError(f"{path}: the local engine has no 'environment': it needs the Pulumi Cloud")

    def write(self, changes: Changes) -> None:
        """The file has these entries, and all others as before."""
        text = edit(self._text, changes, self._path)
        if text or self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(text, "utf-8")


def full_key(key: str, project: str) -> str:
    """The key with its namespace; without one it is the project's. Raises SettingsError when it is no key."""
    namespace, colon, name = key.replace(":config:", ":", 1).partition(":")
    full = f"{namespace}:{name}" if colon else f"{project}:{key}"
    if full.count(":") != 1 or not all(full.split(":")):
        raise SettingsError(f"could not parse {key} as a configuration key: NAME or NAMESPACE:NAME was expected")
    return full


def opened(value: Any, open_secret: Callable[[str], Any]) -> Any:
    """The value with every ciphertext replaced by what the function makes of it."""
    if isinstance(value, dict) and list(value) == ["secure"] and isinstance(value["secure"], str):
        return open_secret(value["secure"])
    return inside(value, lambda item: opened(item, open_secret))


def ciphertexts(value: Any) -> list[str]:
    """Every ciphertext inside, at any depth; none when nothing in the value is secret."""
    found: list[str] = []
    opened(value, found.append)
    return found


def text_of(value: Any) -> str:
    """The value as programs get it: a text; booleans, lists and maps as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def entry_json(value: Any, decrypt: Callable[[str], str] | None) -> dict[str, Any]:
    """One value as `--json` shows it; without `decrypt` a secret one is not shown."""
    secret = bool(ciphertexts(value))
    if secret and decrypt is None:
        return {"secret": True}
    clear = opened(value, decrypt) if decrypt else value
    parsed = {"objectValue": clear} if isinstance(clear, list | dict) else {}
    return {"value": text_of(clear), **parsed, "secret": secret}


def merged(project: Project, stack: str, config: Mapping[str, Any], *, validate: bool) -> dict[str, Any]:
    """The stack's configuration and, below it, the project's values and defaults. Declared types are not checked.

    **Raises** SettingsError, if validating, for a declared value that is missing, or in clear though it is declared secret.
    """
    found = {full_key(key, project.name): value for key, value in config.items()}
    for key, declared in sorted(project.config.items()):
        full, declaration = full_key(key, project.name), declared if isinstance(declared, dict) else {"value": declared}
        value = declaration.get("default", declaration.get("value"))
        if full not in found and value is not None:
            found[full] = value if isinstance(value, list | dict) else text_of(value)
        elif full not in found and ":" not in key and validate:
            raise SettingsError(f"Stack '{stack}' is missing configuration of '{key}': `pulumi config set` sets it")
        elif full in found and validate and declaration.get("secret") and not ciphertexts(found[full]):
            raise SettingsError(f"Stack '{stack}': '{key}' is declared secret: it must be set with --secret")
    return found
