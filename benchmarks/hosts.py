"""The native host beside the dynamic one: the same programs and commands, in turn, where AWS answers at once.

AWS's own time would hide what the hosts cost, and the dynamic host waits for four answers at a time only.
"""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TypeAlias

from pulumi_connect_domains.testing import PulumiEngine
from pulumi_connect_domains.testing.native import name_in_project, write_executable

from .answering import answering
from .commands import Command
from .figures import FEWEST, Figure
from .measuring import Measured, Pair, children_cpu_seconds, in_turn, seconds, settled
from .peers import OURS, engines
from .surroundings import environment

NUMBERS = (1, 100)
"""Domains in a program."""
MOST = 2 * FEWEST  # pairs of a command
Costs: TypeAlias = Callable[[], tuple[float, float]]
TARGET, START_TARGET = 1.1, 1.2
NATIVE = OURS.replace("from pulumi_connect_domains", "from pulumi_connect_domains.native")

PROCESSES: Mapping[str, tuple[str, ...]] = {
    "native": ("-m", "pulumi_connect_domains.native"),
    "dynamic": ("-m", "pulumi.dynamic"),
    "native with all of Pulumi's SDK and Python's own end": (
        "-c",
        "import os, sys, pulumi\nos._exit = sys.exit\nfrom pulumi_connect_domains.native.__main__ import main\nmain()",
    ),
    "a provider of Pulumi's SDK that does nothing": (
        "-c",
        "import sys\nfrom pulumi.provider import Provider, main\nmain(Provider('1.0.0'), sys.argv[1:])",
    ),
    "a gRPC server that serves nothing": (
        "-c",
        "from concurrent.futures import ThreadPoolExecutor\nimport grpc\n"
        "server = grpc.server(ThreadPoolExecutor())\nport = server.add_insecure_port('127.0.0.1:0')\n"
        "server.start()\nprint(port, flush=True)\nserver.wait_for_termination()",
    ),
}
"""What Python is told, so that a process serves and prints its port. The third is the native host without its two savings."""


def run() -> list[Figure]:
    """From the start of a process to its port; then commands on the Pulumi CLI where a suitable one is on PATH, and on the local engine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        variables = environment(stack.enter_context(answering(0)))
        found = [*processes(variables)]
        for make in engines():
            engine = make(folder / "engine")
            for number in NUMBERS:
                found += commands(engine, folder / f"{engine.name}-{number}", variables, number)
    return found


# -- the process ------------------------------------------------------------------------------------------------------


def processes(variables: Mapping[str, str]) -> Iterator[Figure]:
    """The native host's process beside the dynamic host's, which sets the targets, and beside the least that a provider in Python can be.

    The engine waits for the start of a provider, and for its end after it has interrupted it.
    """
    kept = {name: value for name, value in variables.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ways = {name: partial(_life, words, kept) for name, words in PROCESSES.items()}
    for way in ways.values():
        way()
    native, dynamic, without, *least = ways
    for ours, other in ((native, dynamic), (without, dynamic), *((native, each) for each in least)):
        target = START_TARGET if (ours, other) == (native, dynamic) else None
        found = pairs(ways[ours], ways[other], target, least=2 * FEWEST)
        for what, each, at_most in zip(("process to port", "interrupt to end"), found, (target, None), strict=True):
            yield Figure.of(f"{what}: {ours} / {other}", [pair.ratio for pair in each], at_most)


def _life(words: tuple[str, ...], variables: Mapping[str, str]) -> tuple[float, float]:
    """The seconds until a new process has printed its port, and those from its interrupt to its end."""
    # No engine is at this address, which a provider finds out when it has something to say.
    command = [sys.executable, "-u", *words, "127.0.0.1:1"]
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        ready = time.perf_counter()
        process.send_signal(signal.SIGINT)
        process.wait()
    assert said.strip().isdecimal(), said
    return ready - began, time.perf_counter() - ready


# -- whole commands ---------------------------------------------------------------------------------------------------


def commands(engine: PulumiEngine, folder: Path, variables: Mapping[str, str], number: int) -> Iterator[Figure]:
    """An `up` that creates the domains; a preview and a refresh, which find nothing to do."""
    native, dynamic = (
        Command.of(engine, folder / name, variables, program.format(number=number))
        for name, program in (("native", NATIVE), ("dynamic", OURS))
    )
    name_in_project(native.project, write_executable(folder / "plugin"))
    stacks = [way.new_stack() for way in (native, dynamic)]
    for way, name in zip((native, dynamic), stacks, strict=True):
        way.run("up", name)  # so that every module is compiled, and there is something to preview and to refresh
    of = f"of {number} domains" if number > 1 else "of 1 domain"
    on = "on the CLI" if engine.name == "cli" else "on the local engine"
    yield from compared(
        f"up {of} {on}",
        lambda: partial(native.run, "up", native.new_stack()),
        lambda: partial(dynamic.run, "up", dynamic.new_stack()),
    )
    for verb in ("preview", "refresh"):
        ours, other = (
            partial(partial, way.run, verb, name) for way, name in zip((native, dynamic), stacks, strict=True)
        )
        yield from compared(f"{verb} {of} {on}", ours, other)


def compared(name: str, ours: Callable[[], Measured], other: Callable[[], Measured]) -> Iterator[Figure]:
    """The time of a command, and the processor time of all its processes. Each of the two gets the command ready, and returns it."""
    whole, processor = pairs(partial(_spent, ours), partial(_spent, other), TARGET)
    yield Figure.of(f"{name}: native / dynamic", [pair.ratio for pair in whole], TARGET)
    yield Figure.of(f"{name}, processor time: native / dynamic", [pair.ratio for pair in processor])


def _spent(ready: Callable[[], Measured]) -> tuple[float, float]:
    """The seconds of the command, and those of processors."""
    command, took = ready(), [0.0]
    processor = children_cpu_seconds(lambda: took.append(seconds(command)))
    return took[-1], processor


def pairs(ours: Costs, other: Costs, target: float | None, least: int = FEWEST) -> tuple[list[Pair], list[Pair]]:
    """Two costs of each, in turn; the target is the first one's. What is compared has been done before."""
    turns = itertools.count()

    def one() -> tuple[Pair, Pair]:
        mine, its = in_turn([ours, other], next(turns))
        return Pair(mine[0], its[0]), Pair(mine[1], its[1])

    found = settled(one, lambda each: each[0].ratio, target, least, max(least, MOST))
    return [first for first, _ in found], [second for _, second in found]
