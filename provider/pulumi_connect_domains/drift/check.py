"""The drift check: exports in, report out. Nothing is changed anywhere."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from .. import __version__
from ..interrupts import workers
from ..model.errors import ConnectDomainsError
from ..model.resource_type import ResourceType
from ..model.values import Json
from ..operations import reading
from ..operations.call import Call
from ..operations.configuration import Configuration
from ..registry import resource_types
from ..stacks.deployment import NotAState
from ..stacks.sources import Export
from ..stacks.urn import Urn
from .judging import judge
from .model import DomainReport, OtherDeclaration, Problem, Report, UnmanagedDomain
from .reading import Reader, Reading
from .requirements import Requirement
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
            (not self.types or expected.type.key in self.types)
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
        found, problems = _states(exports)
        states = [state for _, state in found]
        everything = [each for state in states for each in state.expectations]
        declarations = _declarations(found)
        expected = [each for each in everything if self.filters.let_through(each)]
        bugs: dict[str, None] = {}

        def judged(one: Expectation, reading: Reading) -> DomainReport:
            if reading.bug:
                bugs[reading.bug] = None
            report = judge(one, reading, self.requirements, strict=self.strict)
            return replace(report, also_declared=_others(one, declarations[one.place]))

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
            stacks=tuple(_stacks(states)),
            domains=tuple(domains),
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
            (each.type, each.account, each.region): None
            for each, domain in zip(expected, domains, strict=True)
            if domain.status != "unreadable"
        }
        with workers(max(1, min(len(places), self.reader.workers))) as pool:
            listings = list(pool.map(self._listed, places))
        problems = [each for each in listings if isinstance(each, Problem)]
        found = [domain for each in listings if not isinstance(each, Problem) for domain in each]
        strangers = [each for each in found if (each.type, each.account, each.region, each.id) not in known]
        return tuple(sorted(strangers, key=lambda each: (each.account, each.region, each.type, each.name))), problems

    def _listed(self, place: tuple[ResourceType, str, str]) -> list[UnmanagedDomain] | Problem:
        type, account, region = place

        def call(of: ResourceType) -> Call:
            return self.reader.call(of, account, region, Configuration())

        try:
            found = list(reading.listed(type, resource_types(), call))
        except ConnectDomainsError as error:
            return Problem(f"the {type.noun}s of account {account} in {region}", str(error))
        return [_unmanaged_domain(type, each, account, region) for each in found]


def _states(exports: Iterable[Export]) -> tuple[list[tuple[str, State]], list[Problem]]:
    """Every state that could be read, with where it came from, and why others could not. What comes twice is there once.

    Two states of one name are the same only if they hold the same: organisations, backends and accounts can each have a shop/dev.
    """
    states: list[tuple[str, State]] = []
    marks: set[Hashable] = set()
    problems: list[Problem] = []
    for export in exports:
        if export.error:
            problems.append(Problem(export.origin, export.error))
            continue
        try:
            state = read_state(export.text)
        except NotAState as error:
            problems.append(Problem(export.origin, str(error)))
            continue
        if state.mark not in marks:
            marks.add(state.mark)
            states.append((export.origin, state))
    return states, problems


def _stacks(states: Sequence[State]) -> list[str]:
    """The stacks with domains, or all of them where none has any; a name comes twice where two stacks have it."""
    declaring = {(each.owner, each.urn.project_and_stack) for state in states for each in state.expectations}
    return sorted(name for _, name in declaring) or sorted({state.stack for state in states})


_Declarations = dict[tuple[Hashable, Urn], OtherDeclaration]
"""Who declares one domain: by the stack's identity and the URN."""


def _declarations(states: Sequence[tuple[str, State]]) -> Mapping[tuple[str, ...], _Declarations]:
    """Who declares each domain, by its place."""
    found: dict[tuple[str, ...], _Declarations] = {}
    for origin, state in states:
        for each in state.expectations:
            at_place = found.setdefault(each.place, {})
            at_place.setdefault(
                (each.owner, each.urn), OtherDeclaration(each.urn.project_and_stack, origin, str(each.urn))
            )
    return found


def _others(one: Expectation, declarations: _Declarations) -> tuple[OtherDeclaration, ...]:
    """The other resources that hold the domain: each undoes what the others do."""
    return tuple(other for key, other in declarations.items() if key != (one.owner, one.urn))


def _unmanaged_domain(type: ResourceType, listed: Json, account: str, region: str) -> UnmanagedDomain:
    id = str(listed["id"])
    name = str(listed.get(type.schema.name_input) or id)
    return UnmanagedDomain(type.key, type.noun, id, name, account, region, str(listed.get("created_at") or ""))
