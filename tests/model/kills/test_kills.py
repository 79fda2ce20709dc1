"""Nothing is lost, doubled or damaged whichever process of a command is killed, by whichever signal, at whichever moment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_connect_domains import registry

from ...unit.local_engine.worlds import Broken
from ..declared import CP, VID
from ..stage import Stage
from .blows import SIGNALS, VICTIMS, Blow, Victim
from .lives import Life, blows, counted, live
from .scenarios import BOTH, SCENARIOS, Scenario
from .table import keep, markdown, row, rows_in

KILL, TERM, INT = SIGNALS
CHOSEN: dict[str, tuple[str, str, bool, Victim, signal.Signals, bool, str]] = {
    "a host that dies with the creation sent: the domain is named, and how it is taken over": (
        f"{CP} create", "CreateDomain", False, "host", KILL, True, "refused"),
    "a host that dies with the creation sent, which has no name that could be taken": (
        f"{VID} create", "CreateDomain", False, "host", KILL, True, "succeeded"),
    "an engine that dies: its host finishes what it has begun, and the domain is named": (
        f"{CP} create", "GetCallerIdentity", True, "engine", KILL, True, "refused"),
    "an engine that is asked to end waits for the creation, and notes it": (
        f"{CP} create", "CreateDomain", True, "engine", TERM, True, "succeeded"),
    "an engine that is asked to end when all is done leaves no lock": (
        f"{VID} create", "the history", True, "engine", TERM, True, "succeeded"),
    "Ctrl-C in the engine": (f"{VID} create", "CreateDomain", False, "engine", INT, True, "succeeded"),
    "a program that dies: what it has not declared yet is not deleted": (
        BOTH, "UpdateDomain", True, "program", KILL, True, "succeeded"),
    "a program that is interrupted": (f"{CP} update", "UpdateDomain", True, "program", INT, True, "succeeded"),
    "a host that is interrupted while it starts": (f"{CP} create", "the state", True, "host", INT, True, "succeeded"),
    "a host that dies between two changes of tags": (f"{VID} update", "TagResource", False, "host", KILL, True, "succeeded"),
    "an engine that dies before the state is written": (f"{VID} replacement", "the state", True, "engine", KILL, True, "succeeded"),
    "an engine that dies with the former domain deleted, and the one in its place under way": (
        f"{CP} replacement", "CreateDomain", False, "engine", KILL, True, "refused"),
    "a host that dies with the deletion sent": (f"{CP} destroy", "DeleteDomain", False, "host", TERM, True, "succeeded"),
    "an engine that dies while it writes the history": (f"{VID} destroy", "the history", True, "engine", KILL, True, "succeeded"),
}  # fmt: skip
"""One for each protection: the command, the first moment of this kind, the process and the signal; whether the command fails then, and how
it ends when it is given again."""


@pytest.mark.parametrize(
    ("command", "what", "before", "victim", "sign", "failed", "again"),
    [pytest.param(*chosen, id=sentence) for sentence, chosen in CHOSEN.items()],
)
def test_protections(
    stage: Stage, command: str, what: str, before: bool, victim: Victim, sign: signal.Signals, failed: bool, again: str
) -> None:
    found = (
        each for each in counted(stage, SCENARIOS[command]) if each.moment.what == what and each.moment.before == before
    )
    blow = next(blow for each in found for blow in each.blows(victim, sign))
    assert live(stage, SCENARIOS[command], blow) == Life(failed, again)


def test_every_resource_type_and_command_is_struck() -> None:
    names = ("create", "update", "replacement", "destroy")
    assert list(SCENARIOS) == [*(f"{type} {name}" for type in registry.resource_types() for name in names), BOTH]


def test_a_blow_without_its_moment_is_no_test(stage: Stage) -> None:
    with pytest.raises(Broken, match="has no such moment"):
        live(stage, SCENARIOS[f"{CP} update"], Blow("aws", 99))


def _aims() -> Iterator[pytest.ParameterSet]:
    for scenario in SCENARIOS.values():
        for victim in VICTIMS:
            for sign in SIGNALS:
                if not (victim == "program" and scenario.name == "destroy"):  # no program runs then
                    yield pytest.param(scenario, victim, sign, id=f"{scenario} {victim} {sign.name}")


def _lived(stage: Stage, scenario: Scenario, blow: Blow) -> Life | Broken:
    """What came of the blow, or the rule that did not hold: the other blows are dealt all the same."""
    try:
        return live(stage, scenario, blow)
    except Broken as error:
        return error


@pytest.mark.long
@pytest.mark.parametrize(("scenario", "victim", "sign"), [*_aims()])
def test_every_moment(stage: Stage, scenario: Scenario, victim: Victim, sign: signal.Signals) -> None:
    """`KILLS_RESULTS=FOLDER` keeps what came of it; `python -m tests.model.kills.table FOLDER` shows it."""
    lives = [(blow, _lived(stage, scenario, blow)) for blow in blows(stage, scenario, victim, sign)]
    wrong = [f"{scenario}, {blow}:\n{life}" for blow, life in lives if isinstance(life, Broken)]
    assert not wrong, "\n\n".join(wrong)
    found = [(blow, life) for blow, life in lives if isinstance(life, Life)]
    assert found
    if folder := os.environ.get("KILLS_RESULTS"):
        keep(row(scenario, found), Path(folder))


def test_the_table(tmp_path: Path) -> None:
    scenario = SCENARIOS[f"{CP} create"]
    lives = [(Blow("aws", 1), Life(True, "refused")), (Blow("write", 1, False), Life(False, "succeeded"))]
    keep(row(scenario, lives), tmp_path)
    (found,) = rows_in(tmp_path)
    assert found == row(scenario, lives)
    line = f"| {CP} | create | engine | SIGKILL | 1 | 1 | 2 | 1 | 1 |"
    assert line in markdown([found])
    assert "2 kills, before and after each call and write; after 1 of them" in markdown([found])
