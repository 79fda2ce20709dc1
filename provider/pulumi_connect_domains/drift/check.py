"""The drift check: exports in, report out. Nothing is changed anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from .. import __version__
from ..core import comparison
from ..core.configuration import Configuration
from ..core.errors import ConnectDomainsError
from ..core.spec import ResourceSpec
from ..core.wire import Json
from ..exports import NotAState
from .judging import judge
from .model import DomainReport, Problem, Report, UnmanagedDomain
from .reading import Reader, Reading
from .requirements import Requirement
from .sources import Export
from .state import Expectation, State, read_state


@dataclass(frozen=True)
class Filters:
    """Which domains are checked: all when empty. Names are patterns of resource names, domain names and ids."""

    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    def let_through(self, expected: Expectation) -> bool:
        """Whether the domain is to be checked."""
        return (
            (not self.types or expected.spec.package in self.types)
            and (not self.regions or expected.region in self.regions)
            and (not self.names or any(fnmatchcase(name, each) for name in expected.names for each in self.names))
        )


@dataclass(frozen=True)
class Check:
    """What to check and how. `strict`: unmanaged settings and domains are drift, and what cannot be told is an error."""

    reader: Reader = field(default_factory=Reader)
    filters: Filters = field(default_factory=Filters)
    requirements: tuple[Requirement, ...] = ()
    strict: bool = False
    lists_unmanaged: bool = False

    def run(
        self,
        exports: Iterable[Export],
        *,
        on_read: Callable[[int, int], None] = lambda done, of: None,
        on_bug: Callable[[str], None] = lambda trace: None,
    ) -> Report:
        """The report. `on_read` is told how many domains are read, of how many; `on_bug` the traceback of a mistake of ours."""
        clock = self.reader.clock
        started, begin = clock.now(), clock.monotonic()
        states, problems = _states(exports)
        everything = [each for state in states for each in state.expectations]
        expected = [each for each in everything if self.filters.let_through(each)]
        bugs: dict[str, None] = {}

        def judged(one: Expectation, reading: Reading) -> DomainReport:
            if reading.bug:
                bugs[reading.bug] = None
            return judge(one, reading, self.requirements, strict=self.strict)

        domains = self.reader.read_all(expected, judged, lambda done: on_read(done, len(expected)))
        for trace in bugs:
            on_bug(trace)
        unmanaged: tuple[UnmanagedDomain, ...] | None = None
        if self.lists_unmanaged:
            unmanaged, more = self._unmanaged(states, expected, domains)
            problems += more
        return Report(
            started_at=started.isoformat(timespec="seconds"),
            seconds=clock.monotonic() - begin,
            tool_version=__version__,
            stacks=tuple(
                sorted({f"{one.project}/{one.stack}" for one in everything} or {state.stack for state in states})
            ),
            domains=tuple(_with_second_owners(domains)),
            unmanaged_domains=unmanaged,
            problems=tuple(problems),
            strict=self.strict,
        )

    def _unmanaged(
        self, states: Sequence[State], expected: Sequence[Expectation], domains: Sequence[DomainReport]
    ) -> tuple[tuple[UnmanagedDomain, ...], list[Problem]]:
        """The domains of every account and region that was read, less those of any of the states; and what could not be listed."""
        known = {each.place for state in states for each in (*state.expectations, *state.leaving)}
        places = {
            (each.spec, each.account, each.region): None
            for each, domain in zip(expected, domains, strict=True)
            if domain.status != "unreadable"
        }
        with ThreadPoolExecutor(max(1, min(len(places), self.reader.workers))) as pool:
            listings = list(pool.map(self._listed, places))
        problems = [each for each in listings if isinstance(each, Problem)]
        found = [domain for each in listings if not isinstance(each, Problem) for domain in each]
        strangers = [each for each in found if (each.type, each.account, each.region, each.id) not in known]
        return tuple(sorted(strangers, key=lambda each: (each.account, each.region, each.type, each.name))), problems

    def _listed(self, place: tuple[ResourceSpec, str, str]) -> list[UnmanagedDomain] | Problem:
        spec, account, region = place
        try:
            call = self.reader.call(spec, account, region, Configuration())
            return [_unmanaged_domain(spec, each, account, region) for each in spec.api.list(call)]
        except ConnectDomainsError as error:
            return Problem(f"the {spec.noun}s of account {account} in {region}", str(error))


def _states(exports: Iterable[Export]) -> tuple[list[State], list[Problem]]:
    """Every state that could be read, each stack once, and why others could not."""
    states: dict[object, State] = {}
    problems: list[Problem] = []
    for export in exports:
        if export.error:
            problems.append(Problem(export.origin, export.error))
            continue
        try:
            state = read_state(export.text)
        except NotAState as error:
            problems.append(Problem(export.origin, str(error)))
        else:
            states.setdefault(tuple(each.urn for each in state.expectations) or export.origin, state)
    return list(states.values()), problems


def _with_second_owners(domains: Sequence[DomainReport]) -> Iterator[DomainReport]:
    """The domains; one that several resources hold says so, since each undoes what the other does."""
    owners: dict[tuple[str, ...], list[str]] = {}
    for each in domains:
        owners.setdefault((each.type, each.account, each.region, each.id), []).append(each.urn)
    for each in domains:
        others = [urn for urn in owners[each.type, each.account, each.region, each.id] if urn != each.urn]
        notes = tuple(f"also declared as {urn}" for urn in others)
        yield replace(each, notes=each.notes + notes) if notes else each


def _unmanaged_domain(spec: ResourceSpec, listed: Json, account: str, region: str) -> UnmanagedDomain:
    name_key = next(name for name, node in comparison.input_properties(spec.schema).items() if node.get("autoName"))
    id = str(listed["id"])
    return UnmanagedDomain(
        spec.package,
        spec.noun,
        id,
        str(listed.get(name_key) or id),
        account,
        region,
        str(listed.get("created_at") or ""),
    )
