"""Any programs, one after the other, and whatever goes wrong: state stays true, and in the end everything is as the program says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi_local_engine.deploy import journal

from .declared import Command, Drift, Fault, Kill, Program, Thing, tidied
from .histories import Step, histories
from .worlds import Broken, World

TRIES = 200


@pytest.fixture(scope="module", autouse=True)
def _no_waiting() -> Iterator[None]:
    """A save that fails is tried again at once, and once only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "SAVE_AGAIN_SECONDS", (0.0,))
        yield


def live_through(history: list[Step], vague: bool) -> None:
    """The history has happened, and all rules held. Raises Broken."""
    world = World(vague)
    for step in history:
        for command in step.commands:
            run(world, step.program, command)
    finish(world, history[-1].program)


def run(world: World, program: Program, command: Command) -> None:
    clean = not (world.uncertain or world.pending or command.drift or command.kill or command.full)
    outcome = world.run(program, command)
    plain = not (command.targets or command.excludes or command.replace or program.dies_after is not None)
    guarded = any(thing.protect for thing in program.things) or any(each.get("protect") for each in world.resources)
    if clean and plain and not guarded and not outcome.moment.hit:
        if outcome.result.failed:
            raise Broken(f"{command} failed: {outcome.messages}")
        if command.kind == "up" and not command.preview:
            world.check_made(program)


def finish(world: World, program: Program) -> None:
    """With nothing going wrong any more, everything becomes what the program says; then nothing is left. Raises Broken."""
    program = replace(program, dies_after=None, things=tuple(replace(thing, protect=False) for thing in program.things))
    world.unprotect()
    if world.uncertain or world.pending:
        succeed(world, program, Command("refresh", clear_pending_creates=True))
    succeed(world, program, Command())
    world.check_made(program)
    state = world.resources
    for command in (Command(preview=True), Command(), Command("refresh", preview=True), Command("refresh")):
        changes = succeed(world, program, command)
        if set(changes) - {"same"}:
            raise Broken(f"{command} still finds something to be done: {changes}")
        if list(map(_content, world.resources)) != list(map(_content, state)):
            raise Broken(f"{command} changed the state although there was nothing to be done")
    succeed(world, program, Command("destroy"))
    world.check_empty()


def succeed(world: World, program: Program, command: Command) -> dict[str, int]:
    outcome = world.run(program, command)
    if outcome.result.failed:
        raise Broken(f"{command} failed: {outcome.messages}")
    return dict(outcome.result.changes)


def _content(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource without what says nothing: times, and (a refresh drops them) inputs that depend on nothing."""
    needs = {key: urns for key, urns in resource.get("propertyDependencies", {}).items() if urns}
    return {**resource, "created": "", "modified": "", "propertyDependencies": needs}


def once(*commands: Command, **options: Any) -> Callable[..., Step]:
    """What makes a step of these commands from the things of its program."""
    return lambda *things: Step(tidied(things, **options), commands)


ONCE_WRONG = {
    "a refresh saves no resource whose parent is gone": [
        once(Command(), Command("refresh", drift=(Drift("a"),)))(Thing("a"), Thing("b", parent="a")),
    ],
    "a refresh saves no resource that depends on what is gone": [
        once(Command(), Command("refresh", drift=(Drift("a"),)))(Thing("a"), Thing("b", takes=("a",), within="a")),
    ],
    "what depends on something new that is excluded is not made": [
        once(Command(excludes=("a",)))(Thing("a"), Thing("b", keys=("a",), follows="a")),
    ],
    "what is within a protected thing is not forgotten": [
        once(Command(), Command("destroy"))(Thing("a", protect=True), Thing("b", within="a")),
        once(Command())(Thing("a", protect=True)),
    ],
    "what is replaced with another thing has its provider": [
        once(Command())(Thing("a"), Thing("p", "provider"), Thing("b", provider="p", follows="a")),
        once(Command())(Thing("a", shape=1, deletes_first=True), Thing("p", "provider"), Thing("b", provider="p", follows="a")),
    ],
    "what is only read from now on is in state until it is deleted": [once(Command())(Thing("a")), once(Command())(Thing("a", "got"))],
    "a replaced provider serves what it made until it is deleted": [
        once(Command())(Thing("p", "provider"), Thing("a", provider="p")),
        once(Command(replace=("p",), kill=Kill("save", 3, before=False)))(Thing("p", "provider")),
    ],
    "what is within a thing is deleted, when only one that it replaced goes": [
        once(Command())(Thing("a"), Thing("b", within="a")),
        once(Command(faults=(Fault("delete", "a"),)))(Thing("a", shape=1), Thing("b", within="a")),
        once(Command())(Thing("a", shape=1)),
    ],
    "what a thing that was skipped still needs is not deleted": [
        once(Command())(Thing("a"), Thing("b", takes=("a",))),
        once(Command(continue_on_error=True, faults=(Fault("create", "c"),)))(Thing("c"), Thing("b", takes=("c",))),
    ],
    "what needs something new goes in a destroy that reads and runs the program": [
        once(Command())(Thing("b"), Thing("d", base="b")),
        once(Command("destroy", refresh=True, run_program=True))(Thing("e"), Thing("d", base="e")),
    ],
    "what is kept because a protected thing needs it takes nothing along": [
        once(Command(), Command("destroy"))(Thing("a"), Thing("b", base="a", within="a"), Thing("d", base="a", protect=True)),
        once(Command())(Thing("d", protect=True)),
    ],
    "a destroy with the program does not delete what was only read": [
        once(Command())(Thing("a", "got")),
        once(Command("destroy", run_program=True))(Thing("a")),
    ],
    "a refresh with the program does not take over what was only read": [
        once(Command())(Thing("a", "got")),
        once(Command("refresh", run_program=True))(Thing("a")),
    ],
    "what was only read, and is no target, is not made": [
        once(Command())(Thing("a", "got")),
        once(Command(targets=("b",)))(Thing("a"), Thing("b")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("history", [pytest.param(steps, id=sentence) for sentence, steps in ONCE_WRONG.items()])
def test_what_once_went_wrong(history: list[Step]) -> None:
    live_through(history, vague=False)


@pytest.mark.parametrize(
    "tries", [pytest.param(TRIES, id=f"{TRIES} tries"), pytest.param(20_000, id="20000 tries", marks=pytest.mark.long)]
)
def test_state_stays_true_whatever_goes_wrong(tries: int) -> None:
    # The short run lives through the same histories each time, so that it never fails by chance; the long one through others each time.
    @settings(max_examples=tries, deadline=None, suppress_health_check=list(HealthCheck), derandomize=tries == TRIES)
    @given(history=histories(), vague=st.booleans())
    def holds(history: list[Step], vague: bool) -> None:
        live_through(history, vague)

    holds()
