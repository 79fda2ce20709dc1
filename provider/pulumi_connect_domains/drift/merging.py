"""One report out of the reports of all shards of one check.

The shards read the same states at different moments, so what they say of the whole is put together: stacks are united, and a problem that
several report alike is one. Domains are in the order in which a check has them, by stack; within a stack shard by shard, each as it came.
The check began when the first shard began, and took until the last one ended, whether they ran side by side or one after the other.

Shards are one check only where each was asked for the same, and each is there once. So this is refused, with the names of the files:

    a shard that is missing, or there twice        domains would be left out, or counted twice
    shards of different numbers                    the same
    reports that are no shards                     they are of different checks; one alone is taken as it is
    other filters or requirements, or --strict     each shard answered another question
    --unmanaged in some of them only               the list would be of some places only
    versions that differ in their first or second number
                                                   the later one may find what the earlier one does not; a third number only mends
    a domain that two shards have                  they are no shards of one check, whatever they say
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import count

from ..model.errors import ConfigurationError
from ..model.values import SECRET
from ..model.wording import counted, plural
from . import since
from .model import DomainReport, Problem, Report, Resumed, Totals
from .report_file import Keep
from .scratch import Domains, database, told
from .stored import key_of, line_of, of_line

MOST_NAMES = 5
"""Of files or shards in a message."""

_HOURS_APART = 24


Read = Callable[[Keep], Report]
"""Reads the report of a shard."""


def merged(shards: Iterable[tuple[str, Read]]) -> Report:
    """The report of the whole check, from the reports of its shards, each with the name of its file. They are read one at a time.

    Raises: ConfigurationError.
    """
    given: list[_Given] = []
    whole, domains = _Whole(), _Domains()
    for name, read in shards:
        report = read(partial(domains.keep, len(given)))
        whole.add(report)
        given.append(_Given(name, report, domains.numbers[-1]))
    if len(given) > 1 or given[0].report.shard is not None:
        _refuse_what_is_no_check(given)
        domains.refuse_doubles(given)
    return whole.report(given, domains.in_order([each.index for each in given]))


class _Given:
    """A report without what all shards say alike, and without its domains; it knows how many the states had for all shards."""

    def __init__(self, name: str, report: Report, domains: int) -> None:
        self.name = name
        self.report = replace(since.without(report), domains=(), stacks=(), problems=(), notes=())
        self.is_compared = report.compared is not None
        self.in_states = domains + report.in_other_shards
        self.stacks = key_of(*report.stacks)
        self.index = report.shard.index if report.shard else 0


class _Whole:
    """What all shards say, each thing once."""

    def __init__(self) -> None:
        self._stacks: Counter[str] = Counter()
        self._problems: dict[Problem, None] = {}
        self._notes: dict[str, None] = {}

    def add(self, report: Report) -> None:
        """Takes what the report of a shard says."""
        self._stacks |= Counter(report.stacks)  # a name that two stacks have is there twice in each of them
        self._problems |= dict.fromkeys(report.problems)
        self._notes |= dict.fromkeys(report.notes)

    def report(self, given: Sequence[_Given], domains: Collection[DomainReport]) -> Report:
        """The report of the whole check."""
        from .. import __version__

        reports = [each.report for each in given]
        begin = min(map(_moment, reports))
        end = max(_moment(each) + each.seconds for each in reports)
        resumed = [each.resumed for each in reports if each.resumed]
        lists = [each.unmanaged_domains for each in reports if each.unmanaged_domains is not None]
        return Report(
            started_at=min(reports, key=_moment).started_at,
            seconds=round(end - begin, 3),
            tool_version=__version__,
            stacks=tuple(sorted(self._stacks.elements())),
            domains=domains,
            unmanaged_domains=tuple(sorted((each for some in lists for each in some), key=lambda each: each.order))
            if lists
            else None,
            problems=tuple(self._problems),
            strict=reports[0].strict,
            options=reports[0].options,
            resumed=Resumed(sum(each.domains for each in resumed), min(each.started_at for each in resumed))
            if resumed
            else None,
            notes=(*self._notes, *_remarks(given)),
        )


def _moment(report: Report) -> float:
    """When the check began, in seconds since 1970."""
    return datetime.fromisoformat(report.started_at).timestamp()


def _remarks(given: Sequence[_Given]) -> list[str]:
    """What a reader of the merged report should know of its shards."""
    remarks = []
    first, *_, last = sorted((each.report for each in given), key=_moment) * 2
    if (hours := (_moment(last) - _moment(first)) / 3600) > _HOURS_APART:
        times = f"from {first.started_at} to {last.started_at}"
        remarks.append(f"the shards began {hours:.0f} hours apart, {times}: is one of them of an earlier check?")
    found = sorted({each.in_states for each in given})
    if len(found) > 1:
        remarks.append(
            f"the states changed while the shards were checked: they found from {found[0]:,} to {counted(found[-1], 'domain')} in them"
        )
    elif len({each.stacks for each in given}) > 1:
        remarks.append(
            "the shards name different stacks: did the states change meanwhile, or was a shard given other states?"
        )
    if any(each.is_compared for each in given):
        remarks.append("what the shards told of an earlier report is left out: give --since to the merge")
    return remarks


_TABLES = """
CREATE TABLE domains (position INTEGER PRIMARY KEY, file INTEGER, key BLOB, stack TEXT, line TEXT);
CREATE TABLE files (file INTEGER PRIMARY KEY, shard INTEGER);
"""
_DOUBLES = """
SELECT min(position) AS first, min(file), max(file) FROM domains GROUP BY key HAVING min(file) < max(file) ORDER BY first
"""
_IN_ORDER = """
CREATE TABLE in_order AS SELECT position FROM domains JOIN files USING (file) ORDER BY stack, shard, position
"""


class _Domains:
    """The domains of all shards, on disk. In memory are those that need attention."""

    def __init__(self) -> None:
        self._db = database(_TABLES)
        self._totals = Totals()
        self._urgent: list[tuple[str, int, int]] = []
        """The stack, the file and the position of each domain that needs attention."""
        self._position = count()
        self.numbers: list[int] = []
        """How many domains each file has."""

    def keep(self, file: int, domains: Iterable[DomainReport]) -> tuple[DomainReport, ...]:
        """Keeps the domains of the file of that number, and lets its report hold none."""
        before = len(self)
        with told():
            self._db.execute("BEGIN")
            rows = (self._row(file, since.unmarked(each)) for each in domains)
            self._db.executemany("INSERT INTO domains VALUES (?, ?, ?, ?, ?)", rows)
            self._db.execute("COMMIT")
        self.numbers.append(len(self) - before)
        return ()

    def _row(self, file: int, domain: DomainReport) -> tuple[int, int, bytes, str, str]:
        """What is kept of the domain, which is counted now."""
        position = next(self._position)
        self._totals.add(domain)
        if domain.needs_attention:
            self._urgent.append((domain.project_and_stack, file, position))
        return position, file, _known_by(domain), domain.project_and_stack, line_of(domain)

    def __len__(self) -> int:
        return self._totals.statuses.total()

    def refuse_doubles(self, given: Sequence[_Given]) -> None:
        """Raises: ConfigurationError where a domain is in two shards."""
        with told():
            doubles = self._db.execute(_DOUBLES)
            position, one, other = doubles.fetchone() or (None, 0, 0)
            if position is None:
                return
            others = sum(1 for _ in doubles)
            (line,) = self._db.execute("SELECT line FROM domains WHERE position = ?", (position,)).fetchone()
        domain = of_line(line)
        more = f" (and {counted(others, 'other domain')})" if others else ""
        about = f"{domain.noun} {domain.id} in {domain.region}{more}"
        raise _refusal(f"{about} is in two shards", [given[one], given[other]])

    def in_order(self, shards: Sequence[int]) -> Collection[DomainReport]:
        """All of them: by stack, and within one by the shard of their file and as they came."""
        with told():
            self._db.executemany("INSERT INTO files VALUES (?, ?)", enumerate(shards))
            self._db.execute(_IN_ORDER)
        query = "SELECT line FROM in_order CROSS JOIN domains USING (position) ORDER BY in_order.rowid"
        found = Domains(self._db, len(self), query)
        in_order = sorted(
            zip(self._urgent, self._totals.attention, strict=True),
            key=lambda each: (each[0][0], shards[each[0][1]], each[0][2]),
        )
        found.totals = replace(self._totals, attention=[domain for _, domain in in_order])
        return found


def _known_by(domain: DomainReport) -> bytes:
    """What only this domain has. Where its Region is secret, its place does not tell it from one of another Region, so the URN must."""
    about = (*domain.place, domain.urn if domain.region == SECRET else "")
    return key_of(*about)


# -- what is refused --------------------------------------------------------------------------------------------------


def _refuse_what_is_no_check(given: Sequence[_Given]) -> None:
    """Raises: ConfigurationError where the reports are not all shards of one check."""
    if whole := [each for each in given if each.report.shard is None]:
        are = f"{counted(len(whole), 'report')} {plural(len(whole), 'is', 'are')}"
        raise _refusal(f"{are} of no shard (--shard)", whole)
    _refuse_different(given, "the number of shards", lambda report: report.shard and report.shard.of)
    by_index: dict[int, list[_Given]] = defaultdict(list)
    for each in given:
        assert each.report.shard
        by_index[each.report.shard.index].append(each)
    for some in by_index.values():
        if len(some) > 1:
            raise _refusal(f"shard {some[0].report.shard} is there {len(some)} times", some)
    assert given[0].report.shard
    number = given[0].report.shard.of
    if missing := [str(index) for index in range(1, number + 1) if index not in by_index]:
        raise _refusal(
            f"{plural(len(missing), 'shard')} {_some(missing)} of {number} {plural(len(missing), 'is', 'are')} missing",
            given,
        )
    _refuse_different(given, "the version of connect-domains", lambda report: _release(report.tool_version))
    _refuse_different(given, "--strict", lambda report: report.strict)
    _refuse_different(given, "--unmanaged", lambda report: report.unmanaged_domains is not None)
    _refuse_different(given, "filters or requirements", lambda report: report.options)


def _refuse_different(given: Sequence[_Given], what: str, of: Callable[[Report], Hashable]) -> None:
    kinds: dict[Hashable, list[_Given]] = defaultdict(list)
    for each in given:
        kinds[of(each.report)].append(each)
    if len(kinds) > 1:
        one, other, *_ = kinds.values()
        raise _refusal(f"the shards differ in {what}", [one[0], other[0]])


def _release(version: str) -> str:
    """The first two numbers of the version, or all of it where it has none."""
    found = re.match(r"\d+\.\d+", version, re.ASCII)
    return found[0] if found else version


def _refusal(words: str, about: Sequence[_Given]) -> ConfigurationError:
    return ConfigurationError(f"the reports cannot be merged: {words}: {_some([each.name for each in about])}")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
