"""The token that the test controls ask for: random for each server, in a file that only the user who started it can read.

**Place**: `/tmp/connect-domains-<user id>/local-aws-<port>.token`. The folder has mode 0700, the file 0600. It does not depend on TMPDIR,
which may differ between two terminals of one user. On Windows it is in the user's own folder for temporary files.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path


class NotPrivate(Exception):
    """The folder of the tokens belongs to another user, or others may look into it."""


class Token:
    """The token of the server at a port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._text = secrets.token_urlsafe(32)

    def fits(self, given: str) -> bool:
        """Whether it is this token. How long the answer takes does not tell how much of it is right."""
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._text.encode())

    def keep(self) -> None:
        """The token's file is there. Raises NotPrivate."""
        if read(self._port) == self._text:
            return
        place = path_of(self._port)
        with suppress(FileExistsError):
            place.parent.mkdir(mode=0o700)
        _require_private(place.parent)
        fresh = place.with_suffix(f".{os.getpid()}.new")
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(self._text)
        os.replace(fresh, place)

    def forget(self) -> None:
        """The token's file is gone, if it still is this server's."""
        if read(self._port) == self._text:
            path_of(self._port).unlink(missing_ok=True)


def read(port: int) -> str:
    """The token of this user's server at that port, or "" where there is none."""
    place = path_of(port)
    with suppress(OSError, UnicodeError, NotPrivate):
        _require_private(place.parent)
        return place.read_text("ascii")
    return ""


def path_of(port: int) -> Path:
    """The file with the token of this user's server at that port."""
    if sys.platform == "win32":
        return Path(tempfile.gettempdir()) / "connect-domains" / f"local-aws-{port}.token"
    return Path(f"/tmp/connect-domains-{os.getuid()}") / f"local-aws-{port}.token"


def _require_private(folder: Path) -> None:
    """Raises NotPrivate: where everybody may make folders, another user may have made this one first. Raises OSError when there is none."""
    if sys.platform == "win32":
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise NotPrivate(f"{folder} is not a folder of yours that is closed to others: remove it, or `chmod 700` it")
