"""The lock of one stack: a folder in which everybody who changes the stack puts a file of their own.

The CLI reads and writes these files, so a library's lock, which the operating system holds, cannot take their place.

**Shape** of a file: `{"pid": 1, "username": "…", "hostname": "…", "timestamp": "2026-01-01T00:00:00Z"}`. The CLI names it by a UUID.
"""

import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..model.resource import now

OWN_NAME = "local-engine.json"
"""All local engines make this one file, so of many who try at once exactly one gets the lock."""


class LockedError(Exception):
    """Somebody else changes the stack."""

    def __init__(self, files: list[Path]) -> None:
        # Pulumi's Automation API knows a concurrent update by the first words.
        start = f"the stack is currently locked by {len(files)} lock(s); `pulumi cancel` removes them:"
        super().__init__("\n  ".join([start, *map(_holder, files)]))


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """The lock is held meanwhile. Raises LockedError when somebody else has it.

    The CLI looks, writes its file, and looks again; so a file that is there before the second look keeps it out, as its file does here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / OWN_NAME
    holder = {"pid": os.getpid(), "username": getpass.getuser(), "hostname": socket.gethostname(), "timestamp": now()}
    content = json.dumps(holder)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise LockedError([path]) from None
    try:
        if others := [found for found in sorted(folder.glob("*.json")) if found != path]:
            raise LockedError(others)
        yield
    finally:
        # Somebody may have removed it (`pulumi cancel`), and another have taken the lock since.
        with suppress(FileNotFoundError):
            if path.read_text("utf-8") == content:
                path.unlink()


def _holder(path: Path) -> str:
    """Who holds the lock, as far as its file says: it may be half written, or gone since."""
    try:
        lock = json.loads(path.read_text("utf-8"))
        return f"{path}: {lock['username']}@{lock['hostname']}, process {lock['pid']}, since {lock['timestamp']}"
    except (OSError, ValueError, LookupError, TypeError):
        return f"{path}"
