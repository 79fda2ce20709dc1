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

from ..model.stage import Stage, staged
from .faults import STS, Fault, Where, faults_of
from .scenarios import SCENARIOS
from .trial import Result, calls_of, tried

PRELOADED = Path(__file__).parent / "preloaded"


@dataclass(frozen=True)
class Cell:
    """One trial: a scenario's name, a fault, and the result."""

    scenario: str
    fault: Fault
    result: Result

    def __str__(self) -> str:
        return f"{self.scenario}/{self.fault.where}/{self.fault.kind}/{self.fault.position}"

    @staticmethod
    def named(text: str) -> tuple[str, Fault]:
        """The scenario's name and the fault of a trial, by the text that a cell is shown as. Raises ValueError for any other text."""
        scenario, call, kind, position = text.split("/")
        operation, _, number = call.partition(" ")
        service = "sts" if operation in STS else registry.resource_types()[SCENARIOS[scenario].type].service
        where = Where(service, operation, int(number or 1) - 1)
        found = [fault for fault in faults_of(where) if (fault.kind, fault.position) == (kind, position)]
        if not found:
            raise ValueError(f"{text}: there is no such trial")
        return scenario, found[0]


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


def cells(jobs: int, names: Sequence[str] = (), every: int = 1) -> Iterator[Cell]:
    """The cells of these scenarios, or of all, as they are worked out by so many processes. Of all trials every n-th."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_enter) as pool:
        names = names or list(SCENARIOS)
        counted = zip(names, pool.map(_counted, names), strict=True)
        wanted = [(name, fault) for name, found in counted for fault in found][::every]
        for (name, fault), result in zip(wanted, pool.map(_tried, wanted, chunksize=4), strict=True):
            yield Cell(name, fault, result)


_stage: Stage | None = None
_held = ExitStack()


def _enter() -> None:
    """This process has a stage, until it ends."""
    global _stage
    _stage = _held.enter_context(stage())


def _counted(name: str) -> list[Fault]:
    assert _stage is not None
    return [fault for where in calls_of(_stage, SCENARIOS[name]) for fault in faults_of(where)]


def _tried(wanted: tuple[str, Fault]) -> Result:
    assert _stage is not None
    return tried(_stage, SCENARIOS[wanted[0]], wanted[1])
