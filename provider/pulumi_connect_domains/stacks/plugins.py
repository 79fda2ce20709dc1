"""Where the Pulumi CLI looks for the native provider's plugin, and what is there. Nothing is changed.

It looks at `plugins.providers` in the project's file, then on PATH, then in the folder `plugins` of its home; the first one counts.

Source: pulumi/pulumi 3.260.0, sdk/go/common/workspace/plugins.go (getPluginInfoAndPath, tryPlugin, getCandidateExtensions), its
util/pulumihome, and resource/plugin/host.go (resolvePluginPath).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..model.errors import Unreadable
from ..model.resource_type import PACKAGE
from . import files
from .documents import json_of
from .project import around

EXECUTABLE = f"pulumi-resource-{PACKAGE}"
RECORD = "launcher.json"
WRITER = "connect-domains plugin install"
_FOLDER = re.compile(rf"resource-{re.escape(PACKAGE)}-v(?P<version>.+)")
_ENDINGS = (".exe", ".cmd") if sys.platform == "win32" else ("",)


@dataclass(frozen=True)
class Launcher:
    """What the record beside a launcher of ours says: the Python that it starts, and the version of the package when it was written."""

    python: str
    version: str

    @classmethod
    def of(cls, folder: Path) -> Launcher | None:
        """The folder's launcher; None where the folder is not of our making."""
        try:
            record = json_of(files.content(str(folder / RECORD)))
        except Unreadable:
            return None
        if not isinstance(record, dict) or record.get("written_by") != WRITER:
            return None
        return cls(str(record.get("python", "")), str(record.get("version", "")))

    @property
    def text(self) -> str:
        """The record."""
        return json.dumps({"written_by": WRITER, "python": self.python, "version": self.version}, indent=2) + "\n"


@dataclass(frozen=True)
class Plugin:
    """A plugin that Pulumi finds: `where`, and the executable's folder. `version` is what the place calls it, "" where it says none."""

    where: Literal["project", "PATH", "home"]
    folder: Path
    version: str = ""

    @property
    def executable(self) -> Path:
        """What Pulumi starts."""
        there = (self.folder / f"{EXECUTABLE}{ending}" for ending in _ENDINGS)
        return next((each for each in there if each.is_file()), self.folder / EXECUTABLE)

    @property
    def is_there(self) -> bool:
        """Whether the folder holds the executable."""
        return self.executable.is_file()


def home() -> Path:
    """Pulumi's home. It is named by a variable; otherwise it is in the user's home, as the system has it, whatever $HOME says."""
    named = os.environ.get("PULUMI_HOME", "")
    if named:
        return Path(named).absolute()
    try:
        from pwd import getpwuid

        return Path(getpwuid(os.getuid()).pw_dir) / ".pulumi"
    except (ImportError, KeyError):  # Windows; a user without an entry, as in a container
        return Path.home() / ".pulumi"


def folder_of(version: str) -> Path:
    """Where the plugin of that version belongs."""
    return home() / "plugins" / f"resource-{PACKAGE}-v{version}"


def installed() -> list[Plugin]:
    """Those in Pulumi's home, of any version and of anybody's making, by the names of their folders."""
    try:
        there = sorted((home() / "plugins").iterdir())
    except OSError:
        return []
    named = [(each, _FOLDER.fullmatch(each.name)) for each in there]
    return [Plugin("home", each, found["version"]) for each, found in named if found and each.is_dir()]


def found(folder: str) -> list[Plugin]:
    """What a program in the folder can get, in Pulumi's order. The first counts; of those at home, a program's SDK may want a version."""
    on_path = shutil.which(EXECUTABLE)
    first = [*_of_project(Path(folder))]
    ambient = [Plugin("PATH", Path(on_path).parent)] if on_path and not _ignores_path() else []
    return [*first, *ambient, *installed()]


def _ignores_path() -> bool:
    return os.environ.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "").lower() in ("1", "true")


def _of_project(folder: Path) -> Iterator[Plugin]:
    file, documents = around(folder)  # if it cannot be read, Pulumi says what is wrong with it
    node: Any = documents[0] if documents else None
    for key in ("plugins", "providers"):
        node = node.get(key) if isinstance(node, dict) else None
    for each in node if isinstance(node, list) else ():
        if isinstance(each, dict) and each.get("name") == PACKAGE and isinstance(each.get("path"), str):
            yield Plugin("project", file.parent / each["path"], str(each.get("version") or ""))
