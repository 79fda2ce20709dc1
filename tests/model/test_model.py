"""Whatever programs, people and networks do: AWS becomes what the program says, nothing is lost, and nothing is written twice."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from .declared import Step
from .histories import ONCE_WRONG, PROTECTIONS
from .machine import Machine, live_through
from .stage import Stage

SHORT, LONG = 12, 200
STEPS, LONG_STEPS = 12, 40


def _table(histories: dict[str, list[Step]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "history", [pytest.param(steps, id=sentence) for sentence, steps in histories.items()]
    )


@_table(PROTECTIONS)
def test_protections(stage: Stage, history: list[Step]) -> None:
    live_through(stage, history, thoroughly=False)


@_table(ONCE_WRONG)
def test_what_once_went_wrong(stage: Stage, history: list[Step]) -> None:
    live_through(stage, history)


def test_nothing_is_lost(stage: Stage) -> None:
    """The same histories each time, so that it never fails by chance."""
    options = settings(
        max_examples=SHORT, stateful_step_count=STEPS, derandomize=True, database=None, phases=[Phase.generate],
    )  # fmt: skip
    _hold(stage, options)


@pytest.mark.long
def test_nothing_is_lost_in_other_histories_each_time(stage: Stage) -> None:
    """`MODEL_SEED=7 MODEL_HISTORIES=1000` asks for a seed, and for a number of histories; the seed is printed."""
    number = int(os.environ.get("MODEL_SEED") or random.randrange(2**32))
    count = int(os.environ.get("MODEL_HISTORIES") or LONG)
    print(f"MODEL_SEED={number} MODEL_HISTORIES={count}")
    options = settings(max_examples=count, stateful_step_count=LONG_STEPS, database=None, print_blob=True)
    _hold(stage, options, number)


def _hold(stage: Stage, options: settings, number: int | None = None) -> None:
    machine = type("StagedMachine", (Machine,), {"stage": stage})
    if number is not None:
        seed(number)(machine)
    options = settings(options, deadline=None, suppress_health_check=list(HealthCheck))
    get_state_machine_test(machine, settings=options)()
