"""What a check has to remember of every domain: on disk, in a file that nobody else can open and that is gone when the process ends.

So the memory of a check does not grow with the stacks that are read or the domains that are in sync. A domain of which the state shows a
secret in clear (`--show-secrets`) is kept in memory alone.

Source: SQLite makes such a file for a database without a name, in the folder that TMPDIR names, and writes to it what its cache does not
hold (sqlite.org/inmemorydb.html, "Temporary Databases").
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..model.errors import ConfigurationError
from ..operations.configuration import Configuration
from . import stored
from .model import DomainReport, OtherDeclaration, Totals
from .packed import packed, unpacked
from .state import Expectation, State

TOGETHER, PAGE = 256, 32
"""How many reports are written, and how many expectations of a bucket are read, at a time."""

_SETTINGS = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1024"  # KiB

MOST_DECLARATIONS = 20
"""Of one domain, that a report names. Each domain lists the others, so without a limit a small state could fill memory and disk."""

_TABLES = """
CREATE TABLE states (mark TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE stacks (owner TEXT, name TEXT, declares INTEGER, PRIMARY KEY (owner, name, declares)) WITHOUT ROWID;
CREATE TABLE places (place BLOB, owner TEXT, urn TEXT, stack TEXT, origin TEXT);
CREATE TABLE expected (position INTEGER PRIMARY KEY, bucket INTEGER, is_known INTEGER, configuration INTEGER, content TEXT);
CREATE TABLE reports (position INTEGER PRIMARY KEY, bucket INTEGER, stack TEXT, is_readable INTEGER, line TEXT);
"""
_INDEXES = """
CREATE INDEX places_by_place ON places (place);
CREATE INDEX expected_by_bucket ON expected (bucket, position);
"""


@dataclass(frozen=True)
class Bucket:
    """The domains of one resource type in one account and Region, whose calls AWS limits by themselves. `number` identifies it."""

    number: int
    type: str
    account: str
    region: str
    size: int = 0


class Scratch:
    """The states that were read, what is expected of each domain, and the report on each. For one thread."""

    def __init__(self) -> None:
        self._db = database(_TABLES)
        self._waiting: list[Row] = []
        self._configurations: list[Configuration] = []
        self._alike: dict[str, list[int]] = {}
        self._latest: tuple[Configuration | None, int] = (None, 0)
        self._in_memory: dict[int, Expectation] = {}
        self._buckets: dict[tuple[str, str, str], list[int]] = {}
        self._size = 0
        self.taken_over = 0
        """Of how many domains the report was known already."""
        self.in_other_shards = 0
        """How many domains are left to other shards."""

    # -- states ---------------------------------------------------------------------------------------------------------

    def is_new(self, state: State) -> bool:
        """Whether no state with the same mark was asked about before."""
        with told():
            return self._db.execute("INSERT OR IGNORE INTO states VALUES (?)", (state.mark,)).rowcount == 1

    def add_stack(self, origin: str, state: State) -> None:
        """Notes the stack and the places of all of its domains, whoever else declares them."""
        declaring = [(state.owner, name) for name in state.declaring]
        with told():
            if state.stack:  # a new stack has no resource that says its name
                self._db.execute("INSERT OR IGNORE INTO stacks VALUES (?, ?, 0)", ("", state.stack))
            self._db.executemany("INSERT OR IGNORE INTO stacks VALUES (?, ?, 1)", declaring)
            declared = (
                (place_of(each), each.owner, str(each.urn), each.urn.project_and_stack, origin)
                for each in state.expectations
            )
            self._db.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?)", declared)
            leaving = ((place_of(each),) for each in state.leaving)
            self._db.executemany("INSERT INTO places (place) VALUES (?)", leaving)

    @property
    def stacks(self) -> list[str]:
        """The names of the stacks that declare domains; of all stacks where none does. A name that two stacks have is listed twice."""
        with told():
            found = self._db.execute("SELECT name FROM stacks WHERE declares = 1 ORDER BY name").fetchall()
            found = found or self._db.execute("SELECT name FROM stacks ORDER BY name").fetchall()
        return [name for (name,) in found]

    # -- what is expected -----------------------------------------------------------------------------------------------

    def add(self, expected: Expectation, known: DomainReport | None = None) -> None:
        """Stores the domain, which is to be checked, or whose report is `known` already."""
        position, self._size = self._size, self._size + 1
        bucket = self._buckets.setdefault(expected.place[:3], [len(self._buckets), 0])
        bucket[1] += not known
        self.taken_over += bool(known)
        content = ""
        if expected.holds_secret:
            self._in_memory[position] = expected
        else:
            content = packed(expected)
        with told():
            self._db.execute(
                "INSERT INTO expected VALUES (?, ?, ?, ?, ?)",
                (position, bucket[0], bool(known), self._number_of(expected.configuration), content),
            )
        if known:
            self.report(position, bucket[0], known)

    def end_of_states(self) -> None:
        """All states have been read: what follows looks things up."""
        with told():
            self._db.executescript(_INDEXES)

    def __len__(self) -> int:
        """How many domains are to be checked."""
        return self._size

    @property
    def buckets(self) -> list[Bucket]:
        """The buckets of all domains that are to be checked."""
        return [Bucket(number, *key, size) for key, (number, size) in self._buckets.items()]

    def of_bucket(self, bucket: Bucket) -> Iterator[tuple[int, Expectation]]:
        """The domains of the bucket, each with its position, in the order in which they were added."""
        last = -1
        while rows := self._after(bucket, last):
            for last, configuration, content in rows:
                yield last, self._expectation(last, configuration, content)

    def _after(self, bucket: Bucket, position: int) -> list[tuple[int, int, str]]:
        with told():
            return self._db.execute(
                "SELECT position, configuration, content FROM expected"
                " WHERE bucket = ? AND position > ? AND NOT is_known ORDER BY position LIMIT ?",
                (bucket.number, position, PAGE),
            ).fetchall()

    def _expectation(self, position: int, configuration: int, content: str) -> Expectation:
        found = self._in_memory.get(position)
        return found or unpacked(content, self._configurations[configuration])

    def _number_of(self, configuration: Configuration) -> int:
        """Where the configuration is kept. Nearly all have the same; where each is another, it is not compared with all of them."""
        if configuration is self._latest[0]:
            return self._latest[1]
        alike = self._alike.setdefault(repr(configuration), [])  # it shows no secret, so it may be that of others, too
        number = next((each for each in alike if self._configurations[each] == configuration), -1)
        if number < 0:
            number = len(self._configurations)
            alike.append(number)
            self._configurations.append(configuration)
        self._latest = (configuration, number)
        return number

    # -- who declares what ----------------------------------------------------------------------------------------------

    def declared_twice(self) -> dict[bytes, list[tuple[str, OtherDeclaration]]]:
        """Every place that several resources declare: the first of them, each with the owner of its stack."""
        found: dict[bytes, list[tuple[str, OtherDeclaration]]] = {}
        with told():
            rows = self._db.execute(
                "SELECT place, owner, stack, urn, origin, min(rowid) FROM places WHERE urn IS NOT NULL AND place IN"
                " (SELECT place FROM places WHERE urn IS NOT NULL GROUP BY place HAVING count(*) > 1)"
                " GROUP BY place, owner, urn ORDER BY min(rowid)"  # the other columns are those of that row
            )
            for place, owner, stack, urn, origin, _ in rows:
                declarations = found.setdefault(place, [])
                if len(declarations) < MOST_DECLARATIONS:
                    declarations.append((owner, OtherDeclaration(stack, origin, urn)))
        return found

    def is_declared(self, place: tuple[str, str, str, str]) -> bool:
        """Whether a state holds a domain at this place, to keep or to delete."""
        with told():
            return (
                self._db.execute("SELECT 1 FROM places WHERE place = ?", (stored.key_of(*place),)).fetchone()
                is not None
            )

    # -- reports --------------------------------------------------------------------------------------------------------

    def report(self, position: int, bucket: int, report: DomainReport) -> None:
        """Keeps the report on the domain at the position."""
        self._waiting.append(_row(position, bucket, report))
        if len(self._waiting) >= TOGETHER:
            self._write()

    def _write(self) -> None:
        """Writes the reports that wait. They are written together: each write lets other threads go first."""
        with told():
            self._db.execute("BEGIN")
            self._db.executemany(_INSERT, self._waiting)
            self._db.execute("COMMIT")
        self._waiting.clear()

    def amend_known(self, amended: Callable[[Expectation, DomainReport], DomainReport]) -> None:
        """Replaces each report that was known already by what `amended` makes of it."""
        self._write()
        last = -1
        while rows := self._known_after(last):
            for last, configuration, content, line in rows:
                report = amended(self._expectation(last, configuration, content), stored.of_line(line))
                with told():
                    self._db.execute("UPDATE reports SET line = ? WHERE position = ?", (stored.line_of(report), last))

    def _known_after(self, position: int) -> list[tuple[int, int, str, str]]:
        with told():
            return self._db.execute(
                "SELECT position, configuration, content, line FROM expected JOIN reports USING (position)"
                " WHERE is_known AND position > ? ORDER BY position LIMIT ?",
                (position, TOGETHER),
            ).fetchall()

    @property
    def readable(self) -> list[Bucket]:
        """The buckets in which at least one domain could be read."""
        self._write()
        with told():
            rows = self._db.execute("SELECT DISTINCT bucket FROM reports WHERE is_readable").fetchall()
        numbers = {number for (number,) in rows}
        return [each for each in self.buckets if each.number in numbers]

    @property
    def domains(self) -> Domains:
        """The reports on all domains."""
        self._write()
        with told():
            self._db.execute("CREATE INDEX reports_by_stack ON reports (stack, position)")
            (number,) = self._db.execute("SELECT count(*) FROM reports").fetchone()
        return Domains(self._db, number, "SELECT line FROM reports ORDER BY stack, position")


class Domains:
    """The reports on domains, read from disk each time they are gone through: by stack, and within one in the order of its state."""

    def __init__(self, db: sqlite3.Connection, number: int, query: str) -> None:
        """The query gives the line of each, in that order."""
        self._db, self._number, self._query = db, number, query
        self.totals: Totals | None = None
        """What can be told of all of them, where somebody has counted it already."""

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[DomainReport]:
        return map(stored.of_line, self.lines())

    def __contains__(self, domain: object) -> bool:
        return any(each == domain for each in self)

    def lines(self) -> Iterator[str]:
        """Each as a line of JSON."""
        with told():
            for (line,) in self._db.execute(self._query):
                yield line


Row = tuple[int, int, str, bool, str]
_INSERT = "INSERT INTO reports VALUES (?, ?, ?, ?, ?)"


def _row(position: int, bucket: int, report: DomainReport) -> Row:
    return position, bucket, report.project_and_stack, report.status != "unreadable", stored.line_of(report)


def place_of(expected: Expectation) -> bytes:
    """What `Scratch.declared_twice` knows the domain's place by."""
    return stored.key_of(*expected.place)


def database(tables: str) -> sqlite3.Connection:
    """A database that lies in a file without a name, with these tables. It is used within `told()`."""
    db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    db.executescript(f"{_SETTINGS};{tables}")
    return db


@contextmanager
def told() -> Iterator[None]:
    """Within it, a disk that is full is told as our error."""
    try:
        yield
    except sqlite3.Error as error:
        raise ConfigurationError(
            f"the check cannot store what it has read: {error}\nset TMPDIR to a folder on a disk with more room"
        ) from None
