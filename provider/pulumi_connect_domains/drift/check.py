"""The drift check: exports in, report out. Nothing is changed anywhere."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..interrupts import workers
from ..model.errors import ConnectDomainsError, Unreadable
from ..model.resource_type import ResourceType
from ..model.values import Json
from ..operations import reading
from ..operations.call import Call
from ..operations.configuration import Configuration
from ..operations.reading import Reading
from ..registry import resource_types
from ..stacks.sources import Export
from ..stacks.urn import Urn
from .judging import judge
from .model import DomainReport, Options, OtherDeclaration, Problem, Report, UnmanagedDomain, listing
from .reading import Reader
from .requirements import Filters, Requirement
from .shards import Shard
from .state import Expectation, State, read_state


@dataclass(frozen=True)
class Check:
    """What to check and how. `strict`: unmanaged settings and domains are drift, and what cannot be told is an error.

    With a `shard`, only its part of the domains is checked; who declares what is taken from all states all the same.
    """

    reader: Reader = field(default_factory=Reader)
    filters: Filters = field(default_factory=Filters)
    requirements: tuple[Requirement, ...] = ()
    strict: bool = False
    lists_unmanaged: bool = False
    shard: Shard | None = None

    def run(
        self,
        exports: Iterable[Export],
        *,
        show: Callable[[str, int, int], None] = lambda what, done, of: None,
        on_bug: Callable[[str], None] = lambda trace: None,
    ) -> Report:
        """The report.

        `show` is called with what is being done, how much of it is done, and how much there is; `on_bug` with the traceback of each
        mistake of this program.
        """
        from .. import __version__

        clock = self.reader.clock
        started, begin = clock.now(), clock.monotonic()
        found, problems = _states(exports)
        states = [state for _, state in found]
        everything = [each for state in states for each in state.expectations]
        declarations = _declarations(found)
        meant = [each for each in everything if self.filters.let_through(each.type, each.names, each.region)]
        expected = [each for each in meant if self.shard is None or self.shard.has(each.account, each.region)]
        bugs: dict[str, None] = {}

        def judged(one: Expectation, reading: Reading) -> DomainReport:
            if reading.bug:
                bugs[reading.bug] = None
            report = judge(one, reading, self.requirements, strict=self.strict)
            return replace(report, also_declared=_others(one, declarations[one.place]))

        domains = self.reader.read_all(expected, judged, lambda done: show("reading domains", done, len(expected)))
        for trace in bugs:
            on_bug(trace)
        unmanaged: tuple[UnmanagedDomain, ...] | None = None
        if self.lists_unmanaged:
            show("listing domains", 0, 0)
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
            shard=self.shard,
            in_other_shards=len(meant) - len(expected),
            options=self.options,
        )

    @property
    def options(self) -> Options:
        """What the check was asked for, as its report says it."""
        of = self.filters
        asked = (of.types, of.names, of.regions, [each.in_full for each in self.requirements])
        return Options(*(tuple(sorted(set(each))) for each in asked))

    def _unmanaged(
        self, states: Sequence[State], expected: Sequence[Expectation], domains: Sequence[DomainReport]
    ) -> tuple[tuple[UnmanagedDomain, ...], list[Problem]]:
        """The domains in each account and Region that was read which no state declares, and a problem for each listing that failed."""
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
        return tuple(sorted(strangers, key=lambda each: each.order)), problems

    def _listed(self, place: tuple[ResourceType, str, str]) -> list[UnmanagedDomain] | Problem:
        type, account, region = place

        def call(of: ResourceType) -> Call:
            return self.reader.calls.to(of, account, region, Configuration())

        try:
            found = list(reading.listed(type, resource_types(), call))
        except ConnectDomainsError as error:
            return Problem(listing(type.noun, account, region), str(error))
        return [_unmanaged_domain(type, each, account, region) for each in found]


def _states(exports: Iterable[Export]) -> tuple[list[tuple[str, State]], list[Problem]]:
    """Every state that could be read, with its origin, and a problem for each other export. The same state twice counts once.

    Two states of one name are the same only if they hold the same: each organisation, backend and account can have a stack shop/dev.
    """
    states: list[tuple[str, State]] = []
    marks: set[Hashable] = set()
    problems: list[Problem] = []
    for export in exports:
        try:
            state = read_state(export.content())
        except Unreadable as error:
            problems.append(Problem(export.origin, str(error)))
            continue
        if state.mark not in marks:
            marks.add(state.mark)
            states.append((export.origin, state))
    return states, problems


def _stacks(states: Sequence[State]) -> list[str]:
    """The names of the stacks that declare domains; of all stacks where none does. A name that two stacks have is listed twice."""
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
    """The other resources that declare the same domain."""
    return tuple(other for key, other in declarations.items() if key != (one.owner, one.urn))


def _unmanaged_domain(type: ResourceType, listed: Json, account: str, region: str) -> UnmanagedDomain:
    id = str(listed["id"])
    name = str(listed.get(type.schema.name_input) or id)
    created = str(listed.get(type.schema.created_output) or "")
    return UnmanagedDomain(type.key, type.noun, id, name, account, region, created)
