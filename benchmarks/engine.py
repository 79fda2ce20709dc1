"""What the local engine costs: an `up` of one domain as a command and in a test's own process, beside the Pulumi CLI's command."""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pulumi_connect_domains import customerprofiles
from pulumi_connect_domains.testing import PulumiEngine, find_cli, local_engine
from pulumi_local_engine.program.memory import MemoryStack
from pulumi_local_engine.provider.hosts import Hosts

from .answering import answering
from .figures import Figure
from .measuring import python, seconds
from .program import PULUMI
from .surroundings import environment

ROUNDS = 5
PROJECT = "name: bench\nruntime: python\n"
PROGRAM = """
from pulumi_connect_domains import customerprofiles

customerprofiles.Domain("crm", default_expiration_days=365)
"""
_names = itertools.count()


def declare() -> None:
    """The same program as a function."""
    customerprofiles.Domain("crm", default_expiration_days=365)


def run() -> list[Figure]:
    """Against the CLI where a suitable one is on PATH, otherwise beside the mere import of Pulumi, without a target."""
    found = find_cli()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        variables = environment(stack.enter_context(answering(0)))
        hosts = stack.enter_context(Hosts(sys.executable, folder, variables, project="bench", keep_warm=True))
        local = Command.of(local_engine(folder / "engine"), folder, variables)
        cli = None if isinstance(found, str) else Command.of(found, folder, variables)
        in_process(hosts)  # the host has started
        rounds = [
            (cli.up() if cli else seconds(lambda: python(PULUMI)), local.up(), seconds(lambda: in_process(hosts)))
            for _ in range(ROUNDS)
        ]
    return list(compared(rounds, is_cli=cli is not None))


def compared(rounds: list[tuple[float, float, float]], is_cli: bool) -> Iterator[Figure]:
    """The medians of the rounds' ratios."""
    other = "the Pulumi CLI's" if is_cli else "import of pulumi and pulumi.dynamic (no suitable CLI is on PATH)"
    for place, name, target in ((1, "as a command", 0.5), (2, "in a test's process", 0.1)):
        ratio = statistics.median(each[place] / each[0] for each in rounds)
        yield Figure(f"up of one domain on the local engine, {name} / {other}", ratio, target if is_cli else None)


def in_process(hosts: Hosts) -> None:
    """An `up` of a new stack, as a test with an inline program does it."""
    outcome = MemoryStack(hosts, project="bench").up(declare)
    assert not outcome.failed, outcome.messages


@dataclass(frozen=True)
class Command:
    """A `pulumi` with a project and a folder of stacks."""

    path: Path
    project: Path
    variables: Mapping[str, str]

    @classmethod
    def of(cls, engine: PulumiEngine, folder: Path, variables: Mapping[str, str]) -> Command:
        """The engine's command, with a project of its own below the folder."""
        home = folder / engine.name
        (project := home / "project").mkdir(parents=True)
        (state := home / "state").mkdir()
        (project / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
        (project / "__main__.py").write_text(PROGRAM, encoding="utf-8")
        own = {
            "PATH": f"{engine.path.parent}{os.pathsep}{variables['PATH']}",
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_HOME": str(home / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_PYTHON_CMD": sys.executable,
        }
        return cls(engine.path, project, {**variables, **own})

    def up(self) -> float:
        """The seconds of an `up` that creates the domain in a new stack."""
        stack = f"bench{next(_names)}"
        self._run("stack", "init", stack)
        return seconds(lambda: self._run("up", "--stack", stack, "--yes", "--skip-preview"))

    def _run(self, *arguments: str) -> None:
        command = [str(self.path), *arguments, "--non-interactive"]
        done = subprocess.run(command, cwd=self.project, env=self.variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
