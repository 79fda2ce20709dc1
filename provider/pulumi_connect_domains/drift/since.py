"""What became of the drift of an earlier report: what is new, what lasts, and what was mended. Pure.

A thing that is wrong is known by its domain (type, account, Region, id, and URN, in which the host does not count) and by what it is:

    a finding           its path. Values do not count: a property that has drifted further is lasting
    missing, suspended  the status
    a requirement       its text
    declared twice      the stack and the URN of the other resource
    an unmanaged domain the domain alone

The differences within an ordered list are put together at the path that they share, and that may be another one in the next check. So a
finding is lasting also where its path lies within an earlier one's, or around it.

*New* is what the earlier report does not have, also where it could not read the domain. *Lasting* is in both. *Mended* was wrong, and the
domain is there now, was read, and is right in this. What else was wrong is neither. The check *could not tell* where the domain cannot be
read now, or has gone, or a secret is encrypted now. Everything else is *left out*: the domain is not in this report (taken out of its
stack, not asked for, or in another shard), or nobody asks for this any more (the requirement was taken away, the path is ignored now).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from itertools import islice

from ..stacks.hosts import identity_of
from . import stored
from .model import Compared, DomainReport, Earlier, OtherDeclaration, Report, UnmanagedDomain, listing
from .requirements import FILTERED, Since

Key = tuple[str, ...]
_MOST_STEPS = 100
"""Of a path. Source: a state has at most so many levels (stacks.documents)."""

MOST_NAMES = 5
"""That a remark lists."""

_GONE = ("missing", "suspended")


def wrong(domains: Iterable[DomainReport]) -> tuple[DomainReport, ...]:
    """Those with which something is wrong: all that `compared` needs of the domains of an earlier report."""
    return tuple(each for each in domains if each.is_wrong)


def compared(report: Report, earlier: Report) -> Report:
    """The report, in which each thing that is wrong is marked new or lasting, and with what became of the others."""
    known = _Known(earlier)
    domains = Marked(report, known.marked)
    unmanaged = report.unmanaged_domains and tuple(map(known.marked_unmanaged, report.unmanaged_domains))
    outcomes = _outcomes(report, known)
    marks = Counter(mark for domain in domains.totals.attention for mark in _marks(domain))
    marks.update(each.since for each in unmanaged or ())
    return replace(
        report,
        domains=domains,
        unmanaged_domains=unmanaged,
        notes=(*report.notes, *_differences(report, earlier)),
        compared=Compared(
            earlier.started_at,
            marks["new"],
            marks["lasting"],
            tuple(outcomes[_Outcome.MENDED]),
            tuple(outcomes[_Outcome.COULD_NOT_TELL]),
            len(outcomes[_Outcome.LEFT_OUT]),
        ),
    )


def without(report: Report) -> Report:
    """The report, compared with none."""
    if report.compared is None:
        return report
    unmanaged = report.unmanaged_domains and tuple(replace(each, since=None) for each in report.unmanaged_domains)
    return replace(report, domains=Marked(report, unmarked), unmanaged_domains=unmanaged, compared=None)


def unmarked(domain: DomainReport) -> DomainReport:
    """The domain, compared with none."""
    return _with(domain, lambda *_: None) if domain.is_wrong else domain


class Marked(Collection[DomainReport]):
    """The domains of a report, each marked when it is gone through. Nothing is copied, so there may be any number.

    `mark` changes nothing of a domain that is right. What is counted of all of them stays as it was.
    """

    def __init__(self, report: Report, mark: Callable[[DomainReport], DomainReport]) -> None:
        self._domains, self._mark = report.domains, mark
        self.totals = replace(report.totals, attention=list(map(mark, report.attention)))

    def __len__(self) -> int:
        return len(self._domains)

    def lines(self) -> Iterator[str]:
        """Each as a line of JSON."""
        for line in stored.lines_of(self._domains):
            yield line if stored.is_right(line) else stored.line_of(self._mark(stored.of_line(line)))

    def __iter__(self) -> Iterator[DomainReport]:
        return map(self._mark, self._domains)

    def __contains__(self, domain: object) -> bool:
        return any(each == domain for each in self)


def _marks(domain: DomainReport) -> Iterator[Since | None]:
    """The mark of each thing that is wrong with the domain."""
    if domain.status in _GONE:
        yield domain.since
    yield from (each.since for each in domain.findings)
    yield from (each.since for each in domain.broken_requirements)
    yield from (each.since for each in domain.also_declared)


def _with(domain: DomainReport, mark: Callable[[str, str], Since | None]) -> DomainReport:
    """The domain with the mark of each thing that is wrong, which `mark` makes of its kind and what it is known by."""
    marked = replace(
        domain,
        since=None,
        findings=tuple(replace(each, since=mark("drifted", each.path)) for each in domain.findings),
        broken_requirements=tuple(
            replace(each, since=mark("requirement", each.requirement)) for each in domain.broken_requirements
        ),
        also_declared=tuple(
            replace(each, since=mark("declared_twice", _other_known_by(_of_other(each))))
            for each in domain.also_declared
        ),
    )
    if domain.status in _GONE:
        return replace(marked, since=mark(domain.status, ""))
    marks = set(_marks(marked))
    return replace(marked, since="lasting" if "lasting" in marks else "new" if "new" in marks else None)


# -- the earlier report -----------------------------------------------------------------------------------------------


def _key(domain: DomainReport) -> Key:
    return (*domain.place, identity_of(domain.urn))


def _of_other(other: OtherDeclaration) -> str:
    return f"{other.stack} {other.urn}"


def _wrong(domain: DomainReport) -> Iterator[Earlier]:
    """Each thing that is wrong with the domain, as it is kept for the next report."""

    def known(kind: str, path: str = "", words: str = "") -> Earlier:
        about = (domain.type, domain.noun, domain.id, domain.name, domain.account, domain.region, domain.urn)
        return Earlier(kind, *about, domain.project_and_stack, path, words)

    if domain.status in _GONE:
        yield known(domain.status)
    yield from (known("drifted", each.path) for each in domain.findings)
    yield from (known("requirement", each.path, each.requirement) for each in domain.broken_requirements)
    yield from (known("declared_twice", words=_of_other(each)) for each in domain.also_declared)


def _wrong_unmanaged(domain: UnmanagedDomain) -> Earlier:
    about = (domain.type, domain.noun, domain.id, domain.name, domain.account, domain.region)
    return Earlier("unmanaged", *about)


def _known_by(thing: Earlier) -> tuple[str, str]:
    if thing.kind == "drifted":
        return thing.kind, thing.path
    return thing.kind, _other_known_by(thing.words) if thing.kind == "declared_twice" else thing.words


def _other_known_by(words: str) -> str:
    """What another declaration is known by, whichever host manages the resource."""
    stack, _, urn = words.partition(" ")
    return f"{stack} {identity_of(urn)}"


class _Known:
    """What was wrong in an earlier report, by domain. Of the domains that were in sync nothing is kept."""

    def __init__(self, earlier: Report) -> None:
        self.of_domains: dict[Key, dict[tuple[str, str], Earlier]] = {}
        for domain in wrong(earlier.domains):
            things = self.of_domains.setdefault(_key(domain), {})
            things.update((_known_by(each), each) for each in _wrong(domain))
        self.unmanaged = {each.place: _wrong_unmanaged(each) for each in earlier.unmanaged_domains or ()}

    def marked(self, domain: DomainReport) -> DomainReport:
        """The domain, each thing that is wrong with it new or lasting."""
        if not domain.is_wrong:
            return domain
        things = self.of_domains.get(_key(domain), {})
        paths = _Paths(path for kind, path in things if kind == "drifted")

        def mark(kind: str, known_by: str) -> Since:
            was_there = (kind, known_by) in things or (kind == "drifted" and paths.meet(known_by))
            return "lasting" if was_there else "new"

        return _with(domain, mark)

    def marked_unmanaged(self, domain: UnmanagedDomain) -> UnmanagedDomain:
        """The domain, new or lasting."""
        return replace(domain, since="lasting" if domain.place in self.unmanaged else "new")


class _Paths:
    """Some paths, to be asked whether another one is one of them, lies within one, or around one."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = set(paths)
        self._around = {each for path in self._paths for each in _around(path)}

    def meet(self, path: str) -> bool:
        """Whether one of them has something to do with the path."""
        return path in self._paths or path in self._around or any(each in self._paths for each in _around(path))


def _around(path: str) -> Iterator[str]:
    """The paths that the path lies within. Shape: `a.b[1]` lies within `a` and `a.b`."""
    ends = (place for place, letter in enumerate(path) if letter in ".[")
    return (path[:end] for end in islice(ends, _MOST_STEPS))


# -- what became of it ------------------------------------------------------------------------------------------------


class _Outcome(IntEnum):
    """What became of something. Where two entries of a report are about one domain, the higher one counts."""

    MENDED = 0
    LEFT_OUT = 1
    COULD_NOT_TELL = 2
    LASTING = 3


def _outcomes(report: Report, known: _Known) -> dict[_Outcome, list[Earlier]]:
    """Everything that was wrong, by what became of it, domain by domain as the earlier report has them."""
    found: dict[tuple[Key, tuple[str, str]], _Outcome] = {}
    listed: dict[tuple[str, str, str], bool] = {}
    for domain in report.domains:
        place = domain.place[:3]
        listed[place] = listed.get(place, False) or domain.status != "unreadable"
        if things := known.of_domains.get(_key(domain)):
            now = _Now(domain, report)
            for known_by, thing in things.items():
                outcome = now.outcome(thing)
                found[_key(domain), known_by] = max(outcome, found.get((_key(domain), known_by), outcome))
    outcomes: dict[_Outcome, list[Earlier]] = {each: [] for each in _Outcome}
    for key, things in known.of_domains.items():
        for known_by, thing in things.items():
            outcomes[found.get((key, known_by), _Outcome.LEFT_OUT)].append(thing)
    there = {each.place for each in report.unmanaged_domains or ()}
    failed = {each.origin for each in report.problems}
    for whole_place, thing in known.unmanaged.items():
        outcomes[_of_unmanaged(thing, report, whole_place in there, listed.get(whole_place[:3]), failed)].append(thing)
    return outcomes


class _Now:
    """A domain of the report, to be asked what became of something that was wrong with it."""

    def __init__(self, domain: DomainReport, report: Report) -> None:
        self._domain, self._report = domain, report
        self._wrong = {_known_by(each) for each in _wrong(domain)}
        self._drifted = _Paths(path for kind, path in self._wrong if kind == "drifted")
        self._encrypted = _Paths(domain.cannot_tell)
        self._not_counted = _Paths(
            [*(each.path for each in domain.ignored), *(each.path for each in domain.unmanaged_settings)]
        )

    def outcome(self, thing: Earlier) -> _Outcome:
        """What became of it."""
        if _known_by(thing) in self._wrong or (thing.kind == "drifted" and self._drifted.meet(thing.path)):
            return _Outcome.LASTING
        if thing.kind == "declared_twice":
            if self._report.problems:  # the state of the other stack may be the one that could not be read
                return _Outcome.COULD_NOT_TELL
            return _Outcome.MENDED if thing.words.partition(" ")[0] in self._report.stacks else _Outcome.LEFT_OUT
        if self._domain.status == "unreadable":
            return _Outcome.COULD_NOT_TELL
        if self._domain.status in _GONE:
            return _Outcome.LEFT_OUT if thing.kind in _GONE else _Outcome.COULD_NOT_TELL
        if thing.kind == "drifted" and self._encrypted.meet(thing.path):
            return _Outcome.COULD_NOT_TELL
        if thing.kind == "drifted" and self._not_counted.meet(thing.path):
            return _Outcome.LEFT_OUT
        if thing.kind == "requirement" and not _is_asked(thing.words, self._report):
            return _Outcome.LEFT_OUT
        return _Outcome.MENDED


def _is_asked(requirement: str, report: Report) -> bool:
    """Whether the requirement was asked for; True where the report does not say."""
    if report.options is None:
        return True
    return any(each == requirement or each.startswith(requirement + FILTERED) for each in report.options.requirements)


def _of_unmanaged(
    thing: Earlier, report: Report, is_there: bool, was_listed: bool | None, failed: set[str]
) -> _Outcome:
    if is_there:
        return _Outcome.LASTING
    if report.unmanaged_domains is None or was_listed is None:
        return _Outcome.LEFT_OUT
    has_failed = listing(thing.noun, thing.account, thing.region) in failed
    return _Outcome.MENDED if was_listed and not has_failed else _Outcome.COULD_NOT_TELL


# -- other circumstances ----------------------------------------------------------------------------------------------


def _differences(report: Report, earlier: Report) -> Iterator[str]:
    """A sentence for each way in which the earlier report was not made as this one."""
    about = f"the earlier report of {earlier.started_at}"
    if earlier.shard is not None and earlier.shard != report.shard:
        yield f"{about} is of shard {earlier.shard} alone"
    if report.options and earlier.options:
        then, now = vars(earlier.options), vars(report.options)
        if others := [name for name in now if then[name] != now[name]]:
            said = "; ".join(f"{name}: {_listed(then[name])} then, {_listed(now[name])} now" for name in others)
            yield f"{about} was made with other filters or requirements: {said}"
    if earlier.strict != report.strict:
        yield f"{about} was made {_with_or_without(earlier.strict)} --strict, and this one {_with_or_without(report.strict)}"
    then_asked, now_asked = (each.unmanaged_domains is not None for each in (earlier, report))
    if then_asked != now_asked:
        yield f"{about} was made {_with_or_without(then_asked)} --unmanaged, and this one {_with_or_without(now_asked)}"
    only_then, only_now = (
        sorted(set(a) - set(b)) for a, b in ((earlier.stacks, report.stacks), (report.stacks, earlier.stacks))
    )
    if only_then or only_now:
        yield f"{about} is of other stacks: {_listed(only_then)} only then, {_listed(only_now)} only now"


def _with_or_without(is_with: bool) -> str:
    return "with" if is_with else "without"


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more if names else "none"
