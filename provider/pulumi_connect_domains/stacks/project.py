"""Where a Pulumi project and its files are in their repository."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..model.errors import Unreadable

NAMES = ("Pulumi.yaml", "Pulumi.yml")


def project_file(folder: str) -> str:
    """The project's file as seen from the root of its repository, with slashes: `infra/Pulumi.yaml`.

    As the Pulumi CLI does, it looks in the folder and then in those around it, up to the root. Where there is no such file, it is the one
    that would be in the folder; outside of the root, `Pulumi.yaml`.
    """
    try:
        here = Path(folder).resolve()
        root = _root(here)
        within = [each for each in (here, *here.parents) if each.is_relative_to(root)]
        files = (each / name for each in within for name in NAMES)
        found = next((each for each in files if each.is_file()), here / NAMES[0])
    except OSError:
        return NAMES[0]
    return found.relative_to(root).as_posix() if found.is_relative_to(root) else NAMES[0]


def declared_at(entry: Mapping[str, Any]) -> str:
    """Where the program declares a resource, by its entry in a state or preview: `parts.py:4`, as seen from the folder of `Pulumi.yaml`.

    That is the innermost call that stands in the project itself; "" where the entry names none.

    Source: states and previews of CLI 3.260.0: `stackTrace: [{"sourcePosition": "project:///parts.py#4"}, …]`, the innermost call first.
    Files outside of the project begin with `../`. The entry's own `sourcePosition` is in the constructor that this package brings.
    """
    calls = entry.get("stackTrace")
    for call in calls if isinstance(calls, list) else ():
        position = call.get("sourcePosition") if isinstance(call, dict) else None
        found = _POSITION.fullmatch(position) if isinstance(position, str) else None
        if found and not _NOT_OWN.search(file := unquote(found["file"])):
            return f"{file}:{found['line']}"
    return ""


_POSITION = re.compile(r"project:///(?P<file>[^#]+)#(?P<line>[1-9]\d{0,8})(?:,\d+)?")
_NOT_OWN = re.compile(r"\A\.\./|\A/|(?:\A|/)(?:site|dist)-packages/")
"""Outside of the project, or a library that was installed below it."""


def seen_from_root(file: str) -> str:
    """The file as seen from the root of its repository, with slashes; as it was given where it lies outside."""
    try:
        place = Path(file).resolve()
        root = _root(place.parent)
    except (OSError, ValueError):
        return file
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else file


def _root(folder: Path) -> Path:
    """The repository around the folder; outside of one, the current folder."""
    around = (folder, *folder.parents)
    return next((each for each in around if (each / ".git").exists()), Path.cwd().resolve())


def runtime(folder: str) -> str:
    """The language that the project's programs are written in, as its file says: `python`, `nodejs`, `yaml`; "" where none is found.

    It looks in the folder and then in those around it. Source: Pulumi.yaml, `runtime: nodejs` or `runtime: {name: nodejs}`.
    """
    from .documents import yaml_of  # a program's process needs none of it

    try:
        here = Path(folder).resolve()
        found = next((each / name for each in (here, *here.parents) for name in NAMES if (each / name).is_file()), None)
        documents = yaml_of(found.read_text(encoding="utf-8")) if found else []
    except (OSError, ValueError, Unreadable):
        return ""
    given = documents[0].get("runtime") if documents and isinstance(documents[0], Mapping) else None
    name = given.get("name") if isinstance(given, Mapping) else given
    return name if isinstance(name, str) else ""
