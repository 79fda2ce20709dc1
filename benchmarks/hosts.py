"""The native host beside the dynamic one: the same programs and commands, in turn, where AWS answers at once.

AWS's own time would hide what the hosts cost, and the dynamic host waits for four answers at a time only.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from pulumi_connect_domains.testing import PulumiEngine
from pulumi_connect_domains.testing.native import name_in_project, write_executable

from .answering import answering
from .commands import Command
from .figures import FEWEST, Figure
from .measuring import Measured, children_cpu_seconds, ratio
from .peers import OURS, engines
from .surroundings import environment

NUMBERS = (1, 100)
"""Domains in a program."""
MOST = 4 * FEWEST  # pairs
TARGET, START_TARGET = 1.1, 1.2
NATIVE = OURS.replace("from pulumi_connect_domains", "from pulumi_connect_domains.native")

STARTS: Mapping[str, tuple[str, ...]] = {
    "native": ("-m", "pulumi_connect_domains.native"),
    "dynamic": ("-m", "pulumi.dynamic"),
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
"""What Python is told, so that a process serves and prints its port."""


def run() -> list[Figure]:
    """From the start of a process to its port; then commands on the Pulumi CLI where a suitable one is on PATH, and on the local engine."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        variables = environment(stack.enter_context(answering(0)))
        found = [*starts(variables)]
        for make in engines():
            engine = make(folder / "engine")
            for number in NUMBERS:
                found += commands(engine, folder / f"{engine.name}-{number}", variables, number)
    return found


# -- the process ------------------------------------------------------------------------------------------------------


def starts(variables: Mapping[str, str]) -> Iterator[Figure]:
    """The native host's start / the dynamic host's, which has the target, and / the least that a provider in Python can be."""
    kept = {name: value for name, value in variables.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ways = {name: partial(_start, words, kept) for name, words in STARTS.items()}
    for name in list(STARTS)[1:]:
        target = START_TARGET if name == "dynamic" else None
        yield ratio(f"process to port: native / {name}", ways["native"], ways[name], target, least=2 * FEWEST)


def _start(words: tuple[str, ...], variables: Mapping[str, str]) -> None:
    """A process has been started, has printed its port, and is gone."""
    command = [
        sys.executable,
        "-u",
        *words,
        "127.0.0.1:1",
    ]  # where no engine is, as the process finds out when it has something to say
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.kill()
    assert said.strip().isdecimal(), said


# -- whole commands ---------------------------------------------------------------------------------------------------


def commands(engine: PulumiEngine, folder: Path, variables: Mapping[str, str], number: int) -> Iterator[Figure]:
    """An `up` that creates the domains; then a preview and a refresh, which find nothing to do."""
    native, dynamic = (
        Command.of(engine, folder / name, variables, program.format(number=number))
        for name, program in (("native", NATIVE), ("dynamic", OURS))
    )
    name_in_project(native.project, write_executable(folder / "plugin"))
    of = f"of {number} domains" if number > 1 else "of 1 domain"
    on = f"on {'the CLI' if engine.name == 'cli' else 'the local engine'}: native / dynamic"
    yield ratio(f"up {of} {on}", native.up, dynamic.up, TARGET, _told, most=MOST)
    stacks = {way: way.new_stack() for way in (native, dynamic)}
    for way, name in stacks.items():
        way.run("up", name)
    for verb in ("preview", "refresh"):
        ours, other = (partial(way.run, verb, name) for way, name in stacks.items())
        yield ratio(f"{verb} {of} {on}", ours, other, TARGET, most=MOST)
        yield ratio(f"processor time of a {verb} {of} {on}", ours, other, cost=children_cpu_seconds)


def _told(up: Measured) -> float:
    """The seconds that it says it took: an `up` does not count the making of its stack."""
    took: float = up()
    return took
