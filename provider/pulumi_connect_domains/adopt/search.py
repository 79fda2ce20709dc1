"""Finds domains in AWS: lists them, chooses, and reads the chosen ones. Nothing is changed.

Types, accounts and Regions are searched in parallel. Within one of them the domains are read one after the other, so that AWS's quotas are
hardly ever reached.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from .. import aws
from ..aws.access import Access
from ..interrupts import workers
from ..model import documents
from ..model.errors import AwsError
from ..model.resource_type import ResourceType
from ..model.values import Json, members
from ..operations import reading
from ..operations.call import Call
from ..operations.command_calls import CommandCalls
from ..operations.configuration import Configuration
from ..registry import resource_types
from .model import Found, FoundDomains, Remarks
from .state import Managed, manager

WORKERS = 8


@dataclass(frozen=True)
class Selection:
    """Which domains are meant: those whose name or id fits one of `names`, and that have all of the `tags`.

    Shape: `Selection(("crm-*",), (("team", "crm"), ("owner", None)))`; None stands for any value, no names for any name.
    """

    names: tuple[str, ...] = ()
    tags: tuple[tuple[str, str | None], ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether all names are full names, not patterns."""
        return bool(self.names) and not any(set(name) & set("*?[") for name in self.names)

    def fits_name(self, type: ResourceType, summary: Json) -> bool:
        """Whether its name or id fits, by what the list operation returns."""
        return not self.names or any(fits(pattern, type, summary) for pattern in self.names)

    def may_have_tags(self, type: ResourceType, summary: Json) -> bool:
        """Whether it can have the tags. A summary without tags does not say, so it can."""
        return type.schema.tags_input not in summary or self.has_tags(type, summary)

    def has_tags(self, type: ResourceType, live: Json) -> bool:
        """Whether it has the tags."""
        tags = members(live.get(type.schema.tags_input))
        return all(key in tags and value in (None, tags[key]) for key, value in self.tags)


def fits(pattern: str, type: ResourceType, summary: Json) -> bool:
    """Whether the pattern (`crm-*`) fits the domain's name or its id."""
    words = {str(summary["id"]), str(summary.get(type.schema.name_input, ""))}
    return any(fnmatchcase(word, pattern) for word in words)


@dataclass(frozen=True)
class Search:
    """Where to look, with which credentials, and for what. Domains in `managed` are left out, with a note.

    Each type is searched only in the Regions that its schema lists. All types are searched in a Region that none of them lists, and in
    every Region if `everywhere` is set.
    """

    selection: Selection
    accesses: tuple[Access, ...]
    regions: tuple[str, ...]
    types: tuple[ResourceType, ...]
    managed: Managed
    everywhere: bool = False
    configuration: Configuration = field(default_factory=Configuration)

    def run(self, calls: CommandCalls, on_read: Callable[[int, int], None] = lambda done, of: None) -> FoundDomains:
        """The chosen domains, always in the same order, and the remarks on them.

        `on_read` is called with the number of domains read so far, and of those to read as far as they are listed: 0 before the first list.
        Raises: AwsError where AWS cannot say which account the credentials belong to.
        """
        by_account = {self._account(access): access for access in self.accesses}
        tally = _Tally(on_read)
        searches = [
            _SearchOfType(self, type, account, region, replace(self.configuration, access=access), calls, tally)
            for account, access in by_account.items()
            for region in self.regions
            for type in self._types(region)
        ]
        with workers(min(WORKERS, len(searches))) as pool:
            seen = list(pool.map(_SearchOfType.run, searches))
        domains = [each for one in seen for each in one.domains]
        places = " and ".join(f"account {account}" for account in by_account)
        where = f"{', '.join(self.regions)}, {places}"
        return FoundDomains(tuple(domains), self._told(seen, where))

    def _types(self, region: str) -> tuple[ResourceType, ...]:
        known = tuple(type for type in self.types if not type.schema.regions or region in type.schema.regions)
        return self.types if self.everywhere or not known else known

    def _account(self, access: Access) -> str:
        return aws.service(self.types[0].service, self.regions[0], access).caller.account

    def _told(self, seen: Sequence[_Seen], where: str) -> Remarks:
        matched = {name for one in seen for name in one.matched}
        missing = [name for name in self.selection.names if name not in matched]
        problems = [f"{name!r}: there is no such domain in {where}" for name in missing]
        blind = [text for one in seen for text in one.unlisted]
        is_settled = self.selection.is_exact and not missing  # all domains that were named have been found elsewhere
        problems += [] if is_settled else blind
        problems += [text for one in seen for text in one.problems]
        notes = [text for one in seen for text in one.notes] + (blind if is_settled else [])
        if not problems and not any(one.domains or one.notes for one in seen):
            notes.append(f"no domain to import in {where}")
        return Remarks(tuple(problems), tuple(notes))


@dataclass(frozen=True)
class _Seen:
    """What was found of one type in one account and Region.

    `matched` are the patterns that fit a domain, `unlisted` is why nothing could be listed.
    """

    domains: tuple[Found, ...] = ()
    matched: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()


class _Tally:
    """Counts the domains to read, and those that are read, of all searches together."""

    def __init__(self, on_read: Callable[[int, int], None]) -> None:
        self._on_read = on_read
        self._lock = threading.Lock()
        self._done = self._of = 0
        on_read(0, 0)

    def counted(self, wanted: Sequence[Json]) -> Iterator[Json]:
        """The domains one by one; each counts as read when the next one is taken."""
        self._add(of=len(wanted))
        for each in wanted:
            yield each
            self._add(done=1)

    def _add(self, *, done: int = 0, of: int = 0) -> None:
        with self._lock:
            self._done, self._of = self._done + done, self._of + of
            self._on_read(self._done, self._of)


@dataclass(frozen=True)
class _SearchOfType:
    """The search for one type in one account and Region. `configuration` has the credentials."""

    search: Search
    type: ResourceType
    account: str
    region: str
    configuration: Configuration
    calls: CommandCalls
    tally: _Tally

    def run(self) -> _Seen:
        try:
            listed = list(reading.listed(self.type, resource_types(), self._call))
        except AwsError as error:
            others = [f"--type {each.key}" for each in self.search.types if each is not self.type]
            hint = [f"{' '.join(others)} leaves the {self.type.noun}s out"] if others else []
            return _Seen(unlisted=("\n".join([str(error), *hint]),))
        chosen = self.search.selection
        named = [each for each in listed if chosen.fits_name(self.type, each)]
        matched = frozenset(name for name in chosen.names if any(fits(name, self.type, each) for each in named))
        wanted = [each for each in named if chosen.may_have_tags(self.type, each)]
        return self._read_all(sorted(wanted, key=lambda each: str(each["id"])), matched)

    def _call(self, type: ResourceType) -> Call:
        return self.calls.to(type, self.account, self.region, self.configuration)

    def _read_all(self, wanted: Sequence[Json], matched: frozenset[str]) -> _Seen:
        """The wanted domains, without those that are managed already, and those that turn out not to have the tags."""
        found, problems, notes = [], [], []
        for summary in self.tally.counted(wanted):
            place = (self.type.key, self.account, self.region, str(summary["id"]))
            if urn := manager(self.search.managed, place):
                notes.append(f"{self._subject(summary)} is managed by the stack already, as {urn}")
                continue
            read = self._read(summary)
            if isinstance(read, str):
                problems.append(read)
            elif self.search.selection.has_tags(self.type, read.live):
                found.append(read)
        return _Seen(tuple(found), matched, tuple(problems), tuple(notes))

    def _read(self, summary: Json) -> Found | str:
        """The domain, or why there is none. What the list said of it is known, so an answer that lacks it or is older is not believed."""
        id = str(summary["id"])
        said = documents.inputs_of(self.type.schema, summary)
        try:
            live = reading.live(self._call(self.type), id, summary, said)
        except AwsError as error:
            return str(error)
        if live is None:
            return f"{self._subject(summary)} vanished while it was read: somebody has just deleted it"
        return Found(self.type, self.account, self.region, id, live)

    def _subject(self, summary: Json) -> str:
        return f"{self.type.noun} {summary['id']!r} in {self.region}"
