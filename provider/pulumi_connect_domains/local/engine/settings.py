"""The two files of a project: Pulumi.yaml, which is only read, and Pulumi.STACK.yaml, whose entries are set and removed.

Reading follows YAML 1.2's core rules, as the CLI does: `9:05`, `yes` and `2024-01-01` are texts. Writing changes the lines
of one entry and leaves every other line, comments included, as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

NAMES = ("Pulumi.yaml", "Pulumi.yml")


class SettingsError(Exception):
    """A settings file is missing or wrong; the text says which and how."""


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
        self.text = edit(self.text, keys, value)
        self._read()

    def remove(self, *keys: str) -> None:
        """There is no such entry."""
        self.text = edit(self.text, keys, None)
        self._read()

    def save(self) -> None:
        if self.text.strip() or self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(self.text, "utf-8")

    def _read(self) -> None:
        found = read_yaml(self.text, self.path)
        self.salt: str = found.get("encryptionsalt") or ""
        self.secrets_provider: str = found.get("secretsprovider") or ""
        self.config: dict[str, Any] = found.get("config") or {}
        if found.get("environment"):
            raise SettingsError(
                f"{self.path}: 'environment' needs the Pulumi Cloud; the local engine does not support it"
            )


# -- YAML ------------------------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  PyYAML's own way to say it


for tag, pattern, first in (
    ("null", r"(?:~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)\Z", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?\Z", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # list items stand deeper than their key


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # What is not printable, line ends of every kind included, is safe only when it is escaped.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isprintable() else '"')


_Dumper.add_representer(str, _represent_text)


def read_yaml(text: str, path: Path) -> dict[str, Any]:
    """The mapping in the text, empty for an empty one. Raises SettingsError, naming the file and the line."""
    try:
        found = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: {error}") from None
    if not isinstance(found, dict | None):
        raise SettingsError(f"{path}: a mapping was expected, not {type(found).__name__}")
    return found or {}


def edit(text: str, keys: tuple[str, ...], value: Any) -> str:
    """The YAML text with the entry below one or two keys set, or removed (None); all other lines are kept."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    mapping = yaml.compose(text, _Loader)
    column = 0
    if len(keys) == 2:
        inner = _find(mapping, keys[0])
        if inner is None or not isinstance(inner[1], yaml.MappingNode) or inner[1].flow_style:
            old = (read_yaml(text, Path()).get(keys[0]) or {}) if inner else {}
            changed = {k: v for k, v in {**old, keys[1]: value}.items() if v is not None}
            return edit(text, keys[:1], changed or None)
        mapping = inner[1]
        if value is None and [key.value for key, _ in mapping.value] == [keys[1]]:
            return edit(text, keys[:1], None)
        column = mapping.value[0][0].start_mark.column
    entry = [] if value is None else _lines({keys[-1]: value}, column)
    found = _find(mapping, keys[-1])
    if found:
        start, end = found[0].start_mark.line, _last_line(found[1]) + 1
    else:
        start = end = _last_line(mapping) + 1 if mapping else len(lines)
    return "".join(lines[:start] + entry + lines[end:])


def _find(mapping: Any, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next(((k, v) for k, v in mapping.value if k.value == key), None) if mapping else None


def _last_line(node: yaml.Node) -> int:
    """The number of the last line with content of the node, trailing comments excluded."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    end: yaml.Mark = node.end_mark
    return end.line - 1 if end.column == 0 and end.line > node.start_mark.line else end.line


def _lines(entry: Mapping[str, Any], column: int) -> list[str]:
    dumped = yaml.dump(entry, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**20)
    return [" " * column + line for line in dumped.splitlines(keepends=True)]
