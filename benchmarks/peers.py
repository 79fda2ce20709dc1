"""Whole commands beside those of the smallest provider, and beside boto3 alone in as many threads as the host has.

In one run, in turn: a stack of ours is made, previewed, refreshed and destroyed, then one of theirs, then the other way round.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from pulumi_connect_domains.testing import PulumiEngine, find_cli, local_engine

from .answering import answering
from .commands import Command, Costs
from .figures import Figure
from .measuring import Pair, in_turn, python, seconds, settled
from .surroundings import environment, talking_to

AT_ONCE = 4  # the host has four threads
USUAL = ((100, 0.1),)
"""Domains, and latency in seconds."""
LARGE = tuple(itertools.product((1, 10, 100, 1_000), (0.0, 0.1)))
TARGETS: Mapping[str, float | None] = {"up": 1.05, "preview": 1.10, "refresh": 1.05, "destroy": None}
"""By command, in the order in which they run. Ours asks AWS once more for each domain that it destroys: whether it holds data."""
WATCHED = ("up", "preview")  # of the others, the parts would say little more

OURS = """
from pulumi_connect_domains import customerprofiles

for place in range({number}):
    name = f"crm-{{place}}"
    customerprofiles.Domain(name, domain_name=name, region="us-east-1", default_expiration_days=365, tags={{"team": "crm"}})
"""
THEIRS = """
from benchmarks.peer import declare

declare({number})
"""
PROGRAM_ALONE = """
import sys, time
import pulumi
from pulumi.runtime import mocks

class Answering(mocks.Mocks):
    def call(self, args):
        return {}

    def new_resource(self, args):
        return args.name, args.inputs

mocks.set_mocks(Answering())

@pulumi.runtime.test
def program():
    exec(sys.argv[1], {})

started = time.process_time()
program()
print(time.process_time() - started)
"""


_turns = itertools.count()
Round: TypeAlias = Mapping[str, Pair]
"""The seconds of each command, ours and theirs."""


def run() -> list[Figure]:
    """A hundred domains at AWS's usual pace, on the Pulumi CLI where a suitable one is on PATH, else on the local engine."""
    return list(beside_peers(engines()[:1], USUAL))


def run_large() -> list[Figure]:
    """All sizes on all engines that are there, also where AWS answers at once."""
    left = [each for each in LARGE if each not in USUAL]
    first, *others = engines()
    return [*beside_peers([first], left), *beside_peers(others, (*USUAL, *left))]


def engines() -> list[Callable[[Path], PulumiEngine]]:
    """The engines, the one that users have first; each is set up in a folder."""
    found = find_cli()
    return [local_engine] if isinstance(found, str) else [lambda _: found, local_engine]


def beside_peers(
    made: Sequence[Callable[[Path], PulumiEngine]], sizes: Sequence[tuple[int, float]]
) -> Iterator[Figure]:
    """The figures of each size on each engine, and how they grow."""
    for make in made:
        medians: dict[tuple[int, float], Round] = {}
        for number, latency_seconds in sizes:
            with Stand(make, number, latency_seconds) as stand:
                rounds = stand.rounds()
                yield from stand.ratios(rounds)
                yield from stand.parts()
                medians[number, latency_seconds] = stand.medians(rounds)
                engine = stand.engine
        yield from growth(medians, engine)


class Stand:
    """Ours and theirs in projects of their own, on one engine, with one server for AWS."""

    def __init__(self, make: Callable[[Path], PulumiEngine], number: int, latency_seconds: float) -> None:
        self._make, self.number, self._latency_seconds = make, number, latency_seconds
        self._open = ExitStack()
        self._turns = itertools.count()

    def __enter__(self) -> Stand:
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        self._address = self._open.enter_context(answering(self._latency_seconds))
        engine = self._make(folder / "engine")
        self.engine = "the CLI" if engine.name == "cli" else "the local engine"
        variables = environment(self._address)
        self._ours, self._theirs = (
            Command.of(engine, folder / name, variables, program.format(number=self.number))
            for name, program in (("ours", OURS), ("theirs", THEIRS))
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def size(self) -> str:
        domains = f"{self.number} domains" if self.number > 1 else "1 domain"
        return f"{domains} at {self._latency_seconds * 1000:.0f} ms on {self.engine}"

    def rounds(self) -> list[Round]:
        """Each command of ours beside theirs, in turn."""

        def one() -> Round:
            ways = [partial(_seconds_of_commands, way) for way in (self._ours, self._theirs)]
            ours, theirs = in_turn(ways, next(self._turns))
            return {verb: Pair(ours[verb], theirs[verb]) for verb in TARGETS}

        return settled(one, lambda _: 1.0, None)

    def ratios(self, rounds: list[Round]) -> Iterator[Figure]:
        for verb, target in TARGETS.items():
            pairs = [each[verb] for each in rounds]
            name = f"{verb} of {self.size}"
            yield Figure.of(f"{name} / the smallest provider's", [pair.ratio for pair in pairs], target)
            yield Figure.of(f"{name}", [pair.ours for pair in pairs], unit="s")

    def medians(self, rounds: list[Round]) -> Round:
        """The median seconds of each command."""
        return {
            verb: Pair(
                Figure.of("", [each[verb].ours for each in rounds]).value,
                Figure.of("", [each[verb].other for each in rounds]).value,
            )
            for verb in TARGETS
        }

    def parts(self) -> Iterator[Figure]:
        """Where the time and the memory of each side go, from one further run of each, and what boto3 alone takes."""
        for who, way, program in (("ours", self._ours, OURS), ("the smallest", self._theirs, THEIRS)):
            stack = way.new_stack()
            for verb in TARGETS:
                costs = way.watched(verb, stack)
                if verb in WATCHED:
                    yield from _of_costs(f"{verb} of {self.size}, {who}", costs)
            alone = float(python(PROGRAM_ALONE, program.format(number=self.number), environment=dict(way.variables)))
            yield Figure(f"the program of {self.size} on mocks, {who}: processor time", alone, unit="s")
        yield from self._bare()

    def _bare(self) -> Iterator[Figure]:
        import boto3

        with talking_to(self._address):
            client = boto3.client("customer-profiles", region_name="us-east-1")

            def create(name: str) -> None:
                client.create_domain(DomainName=name, DefaultExpirationDays=365, Tags={"team": "crm"})

            def read(name: str) -> None:
                client.get_domain(DomainName=name)

            def destroy(name: str) -> None:
                read(name)
                client.delete_domain(DomainName=name)

            client.get_domain(DomainName="warm")
            for verb, call in (("up", create), ("refresh", read), ("destroy", destroy)):
                took = settled(lambda call=call: seconds(partial(_all_at_once, call, self.number)), float, None)  # type: ignore[misc]
                yield Figure.of(f"{verb} of {self.size}: the same calls by boto3 in {AT_ONCE} threads", took, unit="s")
                calls = self.number * (2 if verb == "destroy" else 1)
                yield Figure(
                    f"{verb} of {self.size}: AWS's own time", calls * self._latency_seconds / AT_ONCE, unit="s"
                )


def growth(medians: Mapping[tuple[int, float], Round], engine: str) -> Iterator[Figure]:
    """What each further domain costs, between the two largest sizes of each latency."""
    for latency_seconds in sorted({latency for _, latency in medians}):
        sizes = sorted(number for number, latency in medians if latency == latency_seconds)
        for few, many in list(itertools.pairwise(sizes))[-1:]:
            for verb in TARGETS:
                small, large = medians[few, latency_seconds][verb], medians[many, latency_seconds][verb]
                for who, place in (("ours", 0), ("the smallest", 1)):
                    each = (large[place] - small[place]) / (many - few) * 1000
                    name = f"{verb}, each further domain from {few} to {many} at {latency_seconds * 1000:.0f} ms on {engine}, {who}"
                    yield Figure(name, each, unit="ms")


def _seconds_of_commands(way: Command) -> dict[str, float]:
    stack = way.new_stack()
    return {verb: seconds(partial(way.run, verb, stack)) for verb in TARGETS}


def _of_costs(name: str, costs: Costs) -> Iterator[Figure]:
    for part, used in sorted(costs.cpu_seconds.items()):
        yield Figure(f"{name}: {part}'s processor time", used, unit="s")
    for part, peak in sorted(costs.peak_mib.items()):
        yield Figure(f"{name}: {part}'s most memory", peak, unit="MiB")


def _all_at_once(call: Callable[[str], Any], number: int) -> None:
    """Each time with new names, since what was deleted cannot be read again."""
    turn = next(_turns)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda place: call(f"bare-{turn}-{place}"), range(number)))
