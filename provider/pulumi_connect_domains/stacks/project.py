"""Where a Pulumi project and its files are in their repository."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Project:
    """A Pulumi project: its name, and the runtime of its programs (`python`, `nodejs`, `go`, `yaml`, …); "" where nothing says."""

    name: str = ""
    runtime: str = ""

    @property
    def is_in_python(self) -> bool:
        """Whether its programs are in Python."""
        return self.runtime == "python"


def project(folder: str) -> Project:
    """The project of the folder, or of one around it; one without name and runtime where there is none, or its file cannot be read.

    Source: https://www.pulumi.com/docs/iac/concepts/projects/project-file/: `runtime` is a name, or a map with a `name`.
    """
    try:
        _, documents = around(Path(folder).resolve())
    except OSError:  # a circle of links
        return Project()
    document = documents[0] if len(documents) == 1 else None
    if not isinstance(document, dict):
        return Project()
    given, name = document.get("runtime"), document.get("name")
    given = given.get("name") if isinstance(given, dict) else given
    return Project(name if isinstance(name, str) else "", given if isinstance(given, str) else "")


def around(folder: Path) -> tuple[Path, list[Any]]:
    """The project's file, which is in the folder or in one around it, and the documents in it; none where it cannot be read.

    Where there is no such file, it is the one that would be in the folder.
    """
    from . import files  # a program's process needs none of them
    from .documents import text_of, yaml_of

    here = folder.absolute()
    places = (each / name for each in (here, *here.parents) for name in NAMES)
    try:
        file = next((each for each in places if each.is_file()), here / NAMES[0])
        return file, yaml_of(text_of(files.content(str(file))))
    except (OSError, ValueError, Unreadable):
        return here / NAMES[0], []


def python_project(folder: str) -> str:
    """The name of the project of the folder, where its programs are in Python; "" where they are not, or nothing says."""
    found = project(folder)
    return found.name if found.is_in_python else ""


def runtime(folder: str) -> str:
    """The language that the folder's programs are written in: `python`, `nodejs`, `yaml`; "" where nothing says."""
    return project(folder).runtime


def declared_at(entry: Mapping[str, Any]) -> str:
    """Where the program declares a resource, by its entry in a state or preview: `parts.py:4`, as seen from the folder of `Pulumi.yaml`.

    That is the innermost call that stands in the project itself; "" where the entry names none, as in programs in YAML.

    Source: states and previews of CLI 3.260.0: `stackTrace: [{"sourcePosition": "project:///parts.py#4"}, …]`, the innermost call first,
    of programs in Python, TypeScript (with a column) and Go; a call in none of the files is `{}`. Files outside of the project begin with
    `../`. The entry's own `sourcePosition` is the innermost call, so often a constructor that a package brings; older SDKs send it alone.
    """
    calls = entry.get("stackTrace")
    for call in calls if isinstance(calls, list) and calls else (entry,):
        position = call.get("sourcePosition") if isinstance(call, dict) else None
        found = _POSITION.fullmatch(position) if isinstance(position, str) else None
        if found and not _NOT_OWN.search(file := unquote(found["file"])):
            return f"{file}:{found['line']}"
    return ""


_POSITION = re.compile(r"project:///(?P<file>[^#]+)#(?P<line>[1-9]\d{0,8})(?:,\d+)?")
_NOT_OWN = re.compile(r"\A\.\./|\A/|(?:\A|/)(?:(?:site|dist)-packages|node_modules)/|\Asdks/|\Avendor/.*\.go\Z")
"""Outside of the project, or a library that was installed below it, as `pulumi package add` does into `sdks`."""


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
