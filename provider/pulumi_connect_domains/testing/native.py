"""The native provider for the stacks of tests: an executable that starts this very package, and projects that name it."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

EXECUTABLE = "pulumi-resource-connect-domains"


def write_executable(folder: Path, python: str = sys.executable, module: str = "pulumi_connect_domains.native") -> Path:
    """The folder, in which the executable runs the native provider of that Python's package, which the `module` starts."""
    folder.mkdir(parents=True, exist_ok=True)
    run = f"-m {module}"
    if os.name == "nt":
        path, text = folder / f"{EXECUTABLE}.cmd", f'@"{python}" {run} %*\r\n'
    else:
        path, text = folder / EXECUTABLE, f'#!/bin/sh\nexec {shlex.quote(python)} {run} "$@"\n'
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return folder


def name_in_project(project: Path, folder: Path) -> None:
    """The project's file names the folder's executable under `plugins.providers`, unless it names one for the package already."""
    import yaml

    from ..model.resource_type import PACKAGE
    from ..stacks.project import NAMES

    file = next(found for name in NAMES if (found := project / name).is_file())
    document = yaml.safe_load(file.read_text("utf-8"))
    providers = document.setdefault("plugins", {}).setdefault("providers", [])
    if not any(each.get("name") == PACKAGE for each in providers):
        providers.append({"name": PACKAGE, "path": str(folder)})
        file.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
