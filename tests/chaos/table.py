"""All trials, worked out by several processes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest
from pulumi_connect_domains import registry
from pulumi_local_engine.deploy import journal

from ..model.hosts import HOSTS, HostName
from ..model.stage import Stage, staged
from .faults import STS, Fault, Where, faults_of
from .scenarios import SCENARIOS
from .trial import Result, calls_of, tried

Wanted = tuple[HostName, str, Fault]
"""A trial: the host, the scenario's name, the fault."""
PRELOADED = Path(__file__).parent / "preloaded"


@dataclass(frozen=True)
class Cell:
    """One trial: a host, a scenario's name, a fault, and the result."""

    host: HostName
    scenario: str
    fault: Fault
    result: Result

    def __str__(self) -> str:
        suffix = "" if self.host == "dynamic" else f"/{self.host}"
        return f"{self.scenario}/{self.fault.where}/{self.fault.kind}/{self.fault.position}{suffix}"

    @staticmethod
    def named(text: str) -> Wanted:
        """The trial, by the text that a cell is shown as. Raises ValueError for any other text."""
        scenario, call, kind, position, *of = text.split("/")
        host = next((each for each in HOSTS if [each] == (of or ["dynamic"])), None)
        where = Cell.where(scenario, call)
        found = [fault for fault in faults_of(where) if (fault.kind, fault.position) == (kind, position)]
        if not (found and host):
            raise ValueError(f"{text}: there is no such trial")
        return host, scenario, found[0]

    @staticmethod
    def where(scenario: str, call: str) -> Where:
        """The call of AWS, by its heading on the page."""
        operation, _, number = call.partition(" ")
        service = "sts" if operation in STS else registry.resource_types()[SCENARIOS[scenario].type].service
        return Where(service, operation, int(number or 1) - 1)


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage whose hosts meet trouble soon, and whose engine does not wait before it saves again."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as folder,
        staged(Path(folder), PRELOADED) as made,
    ):
        patch.setattr(journal, "SAVE_AGAIN_SECONDS", (0.0,))
        yield made


def cells(jobs: int, names: Sequence[str] = (), every: int = 1, hosts: Sequence[HostName] = HOSTS) -> Iterator[Cell]:
    """The cells of these scenarios and hosts, or of all, as they are worked out by so many processes. Of all trials every n-th."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_enter) as pool:
        places = [(host, name) for host in hosts for name in names or SCENARIOS]
        counted = zip(places, pool.map(_counted, places), strict=True)
        wanted = [(host, name, fault) for (host, name), found in counted for fault in found][::every]
        for trial, result in zip(wanted, pool.map(_tried, wanted, chunksize=4), strict=True):
            yield Cell(*trial, result)


_stage: Stage | None = None
_held = ExitStack()


def _enter() -> None:
    """This process has a stage, until it ends."""
    global _stage
    _stage = _held.enter_context(stage())


def _counted(place: tuple[HostName, str]) -> list[Fault]:
    assert _stage is not None
    host, name = place
    return [fault for where in calls_of(_stage, SCENARIOS[name], host) for fault in faults_of(where)]


def _tried(wanted: Wanted) -> Result:
    assert _stage is not None
    host, name, fault = wanted
    return tried(_stage, SCENARIOS[name], fault, host)
