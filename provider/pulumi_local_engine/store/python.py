"""Which Python runs the program and the providers."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from .settings import Project, SettingsError


def interpreter(project: Project, environment: Mapping[str, str]) -> str:
    """The Python of program and providers: the project's virtual environment, PULUMI_PYTHON_CMD, or this one.

    The CLI's own last resort is `python3` on PATH; this one is sure to have the SDK.
    """
    options = project.runtime_options
    if options.get("toolchain") == "poetry":
        raise SettingsError(f"{project.path}: the local engine does not support the toolchain 'poetry'")
    folder = environment.get("PULUMI_RUNTIME_VIRTUALENV") or options.get("virtualenv")
    if not folder and options.get("toolchain") == "uv":
        folder = ".venv"
    if folder:
        place = project.folder / Path(folder)
        found = next((p for p in (place / "bin/python", place / "Scripts/python.exe") if p.exists()), None)
        if found is None:
            raise SettingsError(f"{project.path}: there is no Python in the virtual environment {place}")
        return str(found)
    wanted = environment.get("PULUMI_PYTHON_CMD")
    if wanted and not shutil.which(wanted):
        raise SettingsError(f"PULUMI_PYTHON_CMD: there is no '{wanted}'")
    return wanted or sys.executable
