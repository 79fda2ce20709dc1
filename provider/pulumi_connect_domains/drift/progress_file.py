"""The file of `--progress`: what a check has read so far, so that `--resume` can go on with it after a kill.

It is an SQLite database, which a killed process leaves as it was after its last whole second. It holds the reports on domains, in which
secrets are masked, and nothing else of the states. What could not be read is not in it, nor a domain whose state shows a secret in clear.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import suppress
from datetime import datetime, timedelta

from ..model.errors import ConfigurationError, Unreadable
from ..stacks.documents import json_of
from ..stacks.files import called
from . import report_reading, stored
from .model import DomainReport

APPLICATION_ID = 0x43446F6D  # "CDom": a database that is none of ours is left alone
VERSION = 1
MOST_AGE = timedelta(hours=12)
"""A check that began earlier is not resumed: what it read may not be true any more."""

COMMITS_EVERY_SECONDS = 1.0
_HEADER = b"SQLite format 3\0"
_ID_AT = 68  # source: sqlite.org/fileformat.html, "The Database Header"


class ProgressFile:
    """The reports of a check that has not ended, by what was expected of the domain and how it was judged. For one thread at a time."""

    def __init__(self, name: str, *, resumes: bool, now: datetime) -> None:
        """Opens or makes the file. What is in it is forgotten, unless it `resumes` a check that began lately.

        A file of ours that is damaged is made anew: it only saves time, and would stop every later check of a schedule.
        Raises: ConfigurationError.
        """
        self._name, self._called = os.path.realpath(name), called(name)
        _require_ours(name)
        try:
            self._open()
            try:
                self._begin(resumes, now)
            except (sqlite3.DatabaseError, TypeError, ValueError) as error:
                self._db.close()
                if not _is_damage(error):
                    raise
                for each in (self._name, f"{self._name}-journal"):
                    with suppress(FileNotFoundError):
                        os.unlink(each)
                self._open()
                self._begin(False, now)
        except (sqlite3.Error, OSError) as error:
            raise self._told(error) from None
        self._committed = time.monotonic()

    def _open(self) -> None:
        self._db = sqlite3.connect(self._name, isolation_level=None, timeout=0, check_same_thread=False)

    def _begin(self, resumes: bool, now: datetime) -> None:
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.execute("BEGIN EXCLUSIVE")
        (found,) = self._db.execute("PRAGMA user_version").fetchone()
        if not (resumes and found == VERSION and now - self._began() < MOST_AGE):
            self._db.execute("DROP TABLE IF EXISTS reports")
            self._db.execute("DROP TABLE IF EXISTS checks")
            self._db.execute("CREATE TABLE reports (key BLOB PRIMARY KEY, line TEXT) WITHOUT ROWID")
            self._db.execute("CREATE TABLE checks (started_at TEXT)")
            self._db.execute("INSERT INTO checks VALUES (?)", (now.isoformat(timespec="seconds"),))
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {VERSION}")
        elif self._db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("it is damaged")
        self.started_at = self._began().isoformat(timespec="seconds")
        self._db.execute("COMMIT")
        self._db.execute("BEGIN EXCLUSIVE")

    def _began(self) -> datetime:
        (began,) = self._db.execute("SELECT CAST(started_at AS BLOB) FROM checks").fetchone()
        return datetime.fromisoformat(began.decode())

    def known(self, key: bytes) -> DomainReport | None:
        """The report on the domain, or None, also where it was damaged: then it is read again. Raises: ConfigurationError."""
        try:
            row = self._db.execute("SELECT CAST(line AS BLOB) FROM reports WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._told(error) from None
        try:
            return report_reading.domain(json_of(row[0].decode())) if row and row[0] else None
        except (Unreadable, UnicodeDecodeError):
            return None

    def add(self, key: bytes, report: DomainReport) -> None:
        """The report is in the file within a second. Raises: ConfigurationError."""
        line = stored.line_of(report)
        try:
            self._db.execute("INSERT OR REPLACE INTO reports VALUES (?, ?)", (key, line))
            if time.monotonic() >= self._committed + COMMITS_EVERY_SECONDS:
                self._db.execute("COMMIT")
                self._db.execute("BEGIN EXCLUSIVE")
                self._committed = time.monotonic()
        except sqlite3.Error as error:
            raise self._told(error) from None

    def close(self) -> None:
        """All that was added is in the file."""
        with suppress(sqlite3.Error):
            self._db.execute("COMMIT")
        self._db.close()

    def remove(self) -> None:
        """The file is gone: the check has ended, and the next one reads everything anew."""
        self.close()
        with suppress(OSError):
            os.unlink(self._name)

    def _told(self, error: Exception) -> ConfigurationError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return ConfigurationError(f"--progress {self._called}: another check is using it")
        reason = (error.strerror if isinstance(error, OSError) else "") or error
        return ConfigurationError(f"--progress {self._called}: cannot be used: {reason}")


def _is_damage(error: Exception) -> bool:
    """Whether it is about what the file holds. A file that is locked, or cannot be written, is an error of a class of its own."""
    return not isinstance(error, sqlite3.Error) or type(error) is sqlite3.DatabaseError


def _require_ours(name: str) -> None:
    """Raises: ConfigurationError for a file that holds something else, which is left as it is."""
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):  # opening a pipe would wait for who writes to it
            raise ConfigurationError(f"--progress {called(name)}: is not a file")
        with open(name, "rb") as file:
            head = file.read(_ID_AT + 4)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigurationError(f"--progress {called(name)}: cannot be opened: {error.strerror or error}") from None
    is_ours = head.startswith(_HEADER) and head[_ID_AT:] == APPLICATION_ID.to_bytes(4, "big")
    if head and not is_ours:
        raise ConfigurationError(f"--progress {called(name)}: is not the progress of a check, so it is left as it is")
