"""A folder with an executable `pulumi` that is the local engine: put on PATH, everything that runs the CLI runs this."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

MARK = "# pulumi_local_engine"
FORMER_MARK = "# pulumi_connect_domains.local.engine"
"""The mark of launchers of version 0.1: they are no CLI either."""


def write_launcher(folder: Path, python: str = sys.executable) -> Path:
    """The folder, in which `pulumi` (on Windows `pulumi.cmd`) runs this engine in that Python, written if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "nt":
        path, text = folder / "pulumi.cmd", f'@rem {MARK}\r\n@"{python}" -m {__package__} %*\r\n'
    else:
        path, text = folder / "pulumi", f'#!/bin/sh\n{MARK}\nexec {shlex.quote(python)} -m {__package__} "$@"\n'
    if not path.exists() or path.read_text("utf-8") != text:
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_text(text, "utf-8")
        fresh.chmod(0o755)
        os.replace(fresh, path)
    return folder


def is_launcher(path: str | os.PathLike[str]) -> bool:
    """True when this `pulumi` is a launcher of the local engine and not the CLI."""
    with open(path, "rb") as file:
        start = file.read(400)
    return any(mark.encode() in start for mark in (MARK, FORMER_MARK))
