"""The drift check: exports in, report out. Nothing is changed anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

from ..interrupts import workers
from ..model.errors import ConnectDomainsError, Unreadable
from ..model.resource_type import ResourceType
from ..model.values import Json
from ..operations import reading
from ..operations.call import Call
from ..operations.configuration import UNCONFIGURED
from ..operations.reading import Reading
from ..registry import resource_types
from ..stacks.sources import Export
from .judging import judge
from .model import DomainReport, Options, OtherDeclaration, Problem, Report, Resumed, UnmanagedDomain, listing
from .progress_file import ProgressFile
from .reading import Reader
from .requirements import Filters, Requirement
from .scratch import Scratch, place_of
from .shards import Shard
from .state import Expectation, read_state
from .stored import key_of


@dataclass(frozen=True)
class Check:
    """What to check and how. `strict`: unmanaged settings and domains are drift, and what cannot be told is an error.

    With a `shard`, only its part of the domains is checked; who else declares one of them is taken from all states all the same.
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
        progress: ProgressFile | None = None,
        show: Callable[[str, int, int], None] = lambda what, done, of: None,
        on_bug: Callable[[str], None] = lambda trace: None,
    ) -> Report:
        """The report. What the file of `progress` knows is not read again, and what is read is added to it.

        `show` is called with what is being done, how much of it is done, and how much there is; `on_bug` with the traceback of each
        mistake of this program.
        """
        from .. import __version__

        clock = self.reader.clock
        started, begin = clock.now(), clock.monotonic()
        scratch = Scratch()
        problems = list(self._expect(exports, scratch, progress))
        twice = scratch.declared_twice()
        bugs: dict[str, None] = {}

        def whole(one: Expectation, report: DomainReport) -> DomainReport:
            return replace(report, also_declared=_others(one, twice)) if twice else report

        def judged(one: Expectation, reading: Reading) -> DomainReport:
            if reading.bug:
                bugs[reading.bug] = None
            return whole(one, judge(one, reading, self.requirements, strict=self.strict))

        def done(one: Expectation, report: DomainReport) -> None:
            show("reading domains", next(number), len(scratch))
            if progress and report.status != "unreadable" and not one.holds_secret:
                progress.add(self._key(one), replace(report, also_declared=()))

        if twice:
            scratch.amend_known(whole)
        number = count(scratch.taken_over + 1)
        self.reader.read_all(scratch, judged, done, keeps_accounts=self.lists_unmanaged)
        for trace in bugs:
            on_bug(trace)
        unmanaged: tuple[UnmanagedDomain, ...] | None = None
        if self.lists_unmanaged:
            show("listing domains", 0, 0)
            unmanaged, more = self._unmanaged(scratch, on_bug)
            problems += more
        return Report(
            started_at=started.isoformat(timespec="seconds"),
            seconds=clock.monotonic() - begin,
            tool_version=__version__,
            stacks=tuple(scratch.stacks),
            domains=scratch.domains,
            unmanaged_domains=unmanaged,
            problems=tuple(problems),
            strict=self.strict,
            shard=self.shard,
            in_other_shards=scratch.in_other_shards,
            options=self.options,
            resumed=Resumed(scratch.taken_over, progress.started_at) if progress and scratch.taken_over else None,
        )

    @property
    def options(self) -> Options:
        """What the check was asked for, as its report says it."""
        of = self.filters
        asked = (of.types, of.names, of.regions, [each.in_full for each in self.requirements])
        return Options(*(tuple(sorted(set(each))) for each in asked))

    def _key(self, expected: Expectation) -> bytes:
        """What a report of this check on the domain is found by in the file of `--progress`."""
        tags = expected.configuration.tags  # of the configuration, a check uses nothing else
        ignored = repr((sorted(tags.ignored_keys), tags.ignored_prefixes))  # a set has another order in each process
        return key_of(*self._judges_by, expected.digest, ignored)

    @cached_property
    def _judges_by(self) -> tuple[str, ...]:
        """What the same domain may be judged differently by."""
        from .. import __version__

        return __version__, repr(self.requirements), str(self.strict)

    def _expect(self, exports: Iterable[Export], scratch: Scratch, progress: ProgressFile | None) -> Iterator[Problem]:
        """Stores what every state expects, one state after the other, and gives a problem for each that cannot be read.

        The same state twice counts once. Two states of one name are the same only if they hold the same: each organisation, backend and
        account can have a stack shop/dev.
        """
        for export in exports:
            try:
                state = read_state(export.content(), self.shard.has if self.shard else None)
            except Unreadable as error:
                yield Problem(export.origin, str(error))
                continue
            if not scratch.is_new(state):
                continue
            scratch.add_stack(export.origin, state)
            scratch.in_other_shards += sum(
                self.filters.let_through(each.type, each.names, each.region) for each in state.elsewhere
            )
            for each in state.expectations:
                if self.filters.let_through(each.type, each.names, each.region):
                    known = progress.known(self._key(each)) if progress and not each.holds_secret else None
                    scratch.add(each, known)
        scratch.end_of_states()

    def _unmanaged(
        self, scratch: Scratch, on_bug: Callable[[str], None]
    ) -> tuple[tuple[UnmanagedDomain, ...], list[Problem]]:
        """The domains in each account and Region that was read which no state declares, and a problem for each listing that failed."""
        places = [(resource_types()[each.type], each.account, each.region) for each in scratch.readable]
        with workers(max(1, min(len(places), self.reader.workers))) as pool:
            listings = list(pool.map(lambda place: self._listed(place, on_bug), places))
        problems = [each for each in listings if isinstance(each, Problem)]
        found = [domain for each in listings if not isinstance(each, Problem) for domain in each]
        strangers = [each for each in found if not scratch.is_declared((each.type, each.account, each.region, each.id))]
        return tuple(sorted(strangers, key=lambda each: each.order)), problems

    def _listed(
        self, place: tuple[ResourceType, str, str], on_bug: Callable[[str], None]
    ) -> list[UnmanagedDomain] | Problem:
        type, account, region = place

        def call(of: ResourceType) -> Call:
            return self.reader.calls.to(of, account, region, UNCONFIGURED)

        try:
            found = list(reading.listed(type, resource_types(), call))
        except ConnectDomainsError as error:
            return Problem(listing(type.noun, account, region), str(error))
        except Exception as error:  # noqa: BLE001 - a mistake in one listing does not stop the check
            failed = reading.of_bug(error)
            on_bug(failed.bug)
            return Problem(listing(type.noun, account, region), failed.told)
        return [_unmanaged_domain(type, each, account, region) for each in found]


def _others(
    one: Expectation, twice: Mapping[bytes, Sequence[tuple[str, OtherDeclaration]]]
) -> tuple[OtherDeclaration, ...]:
    """The other resources that declare the same domain."""
    declarations = twice.get(place_of(one), ())
    return tuple(other for owner, other in declarations if (owner, other.urn) != (one.owner, str(one.urn)))


def _unmanaged_domain(type: ResourceType, listed: Json, account: str, region: str) -> UnmanagedDomain:
    id = str(listed["id"])
    name = str(listed.get(type.schema.name_input) or id)
    created = str(listed.get(type.schema.created_output) or "")
    return UnmanagedDomain(type.key, type.noun, id, name, account, region, created)
