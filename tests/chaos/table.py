"""All outcomes: worked out by several processes, kept as JSON, shown as the page in the docs."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest
from pulumi_local_engine.deploy import journal

from ..model.stage import Stage, staged
from .faults import KINDS, Fault, Position, Where, faults_of
from .scenarios import SCENARIOS
from .trial import Result, calls_of, tried

PRELOADED = Path(__file__).parent / "preloaded"


@dataclass(frozen=True)
class Cell:
    """One trial: a scenario's name, a fault, and the result."""

    scenario: str
    fault: Fault
    result: Result


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


def cells(jobs: int, chosen: Sequence[str] = (), every: int = 1, offset: int = 0) -> Iterator[Cell]:
    """The cells of the scenarios, as they are worked out by so many processes. Of all faults every n-th, from the offset on."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_enter) as pool:
        names = [name for name in SCENARIOS if not chosen or name in chosen]
        counted = dict(zip(names, pool.map(_counted, names), strict=True))
        wanted = sampled([(name, fault) for name, found in counted.items() for fault in found], every, offset)
        for (name, fault), result in zip(wanted, pool.map(_tried, wanted, chunksize=4), strict=True):
            yield Cell(name, fault, result)


def sampled(wanted: list[tuple[str, Fault]], every: int, offset: int) -> list[tuple[str, Fault]]:
    """Every n-th, from the offset on."""
    return wanted[offset % every :: every]


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
