"""A preview of one domain in a new stack beside one of an empty program, and what the difference is made of."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.runtime.proto import provider_pb2
from pulumi_connect_domains import customerprofiles

from .answering import answering
from .commands import Command
from .figures import Figure
from .measuring import in_turn, python, seconds, settled
from .peer import SmallestProvider
from .peers import OURS, THEIRS, engines
from .program import OURS as IMPORT_OURS
from .program import PULUMI as IMPORT_PULUMI
from .provider import DECLARED
from .surroundings import environment, properties, provider_host, urn_of

PROGRAMS = {"an empty program": "", "the smallest provider": THEIRS.format(number=1), "ours": OURS.format(number=1)}
IMPORTS = {"Python alone": "", "pulumi": IMPORT_PULUMI, "pulumi and this package": IMPORT_OURS}
PROVIDERS: dict[str, ResourceProvider] = {
    "the smallest provider": SmallestProvider(),
    "ours": customerprofiles.DomainProvider(),
}


def run() -> list[Figure]:
    """Milliseconds, on the Pulumi CLI where a suitable one is on PATH, else on the local engine."""
    return [*previews(), *imports(), *hosts()]


def previews() -> Iterator[Figure]:
    """A preview of each program, and how much longer that is than the one of the empty program."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        variables = environment(stack.enter_context(answering(0)))
        engine = engines()[0](folder / "engine")
        on = "the CLI" if engine.name == "cli" else "the local engine"
        ways = [
            Command.of(engine, folder / f"{place}", variables, program)
            for place, program in enumerate(PROGRAMS.values())
        ]
        stacks = [way.new_stack() for way in ways]
        rounds = rounds_of([partial(way.run, "preview", name) for way, name in zip(ways, stacks, strict=True)])
    for place, name in enumerate(PROGRAMS):
        yield Figure.of(f"preview of one domain on {on}: {name}", [each[place] for each in rounds], unit="ms")
    for place, name in list(enumerate(PROGRAMS))[1:]:
        added = [each[place] - each[0] for each in rounds]
        yield Figure.of(f"preview of one domain on {on}: {name}, more than the empty program", added, unit="ms")


def imports() -> Iterator[Figure]:
    """Whole processes that import."""
    rounds = rounds_of([partial(python, program) for program in IMPORTS.values()])
    for place, name in enumerate(IMPORTS):
        yield Figure.of(f"the program's imports: {name}", [each[place] for each in rounds], unit="ms")


def hosts() -> Iterator[Figure]:
    """From the start of a host to its first answers. A check imports what it needs, a creation makes the client and connects."""
    for name, provider in PROVIDERS.items():
        with answering(0) as address:
            variables = environment(address)
            found = settled(partial(_new_host, provider, variables), lambda _: 1.0, None)
        for place, what in enumerate(("host start", "first check", "later check", "first creation", "later creation")):
            yield Figure.of(f"{what}: {name}", [each[place] for each in found], unit="ms")


def rounds_of(ways: list[partial[object]]) -> list[list[float]]:
    """Rounds of the milliseconds of each way, from the first to the last and then back. A first round is left out."""
    turns = itertools.count()
    for way in ways:
        way()

    def one() -> list[float]:
        return [took * 1000 for took in in_turn([partial(seconds, way) for way in ways], next(turns))]

    return settled(one, lambda _: 1.0, None)


def _new_host(provider: ResourceProvider, variables: dict[str, str]) -> list[float]:
    urn, news = urn_of(provider), properties(provider, DECLARED)
    check = provider_pb2.CheckRequest(urn=urn, olds=Struct(), news=news)
    create = provider_pb2.CreateRequest(urn=urn, properties=news)
    started = time.perf_counter()
    with provider_host(variables) as stub:
        ready = time.perf_counter()
        return [
            (ready - started) * 1000,
            *(seconds(partial(call, request)) * 1000 for call, request in ((stub.Check, check),) * 2),
            *(seconds(partial(call, request)) * 1000 for call, request in ((stub.Create, create),) * 2),
        ]
