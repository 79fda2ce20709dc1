"""Histories for property-based tests: programs, each a change of the one before, and commands with all that can go wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from .declared import Command, Drift, Fault, Kill, Program, Thing, tidied

NAMES = "abcdef"
GROUPS = "gh"
PROVIDERS = "pq"
EVERY_NAME = [*NAMES, *GROUPS, *PROVIDERS]


@dataclass(frozen=True)
class Step:
    """A program, and the commands that run while it is the program."""

    program: Program
    commands: tuple[Command, ...]


def _some(strategy: st.SearchStrategy[Any], default: Any, one_in: int = 4) -> st.SearchStrategy[Any]:
    """Mostly the default."""
    return st.integers(1, one_in).flatmap(lambda number: strategy if number == one_in else st.just(default))


def _few(names: str, at_most: int = 2, at_least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), min_size=at_least, max_size=at_most, unique=True).map(tuple)


def _things(name: str) -> st.SearchStrategy[Thing]:
    if name in GROUPS:
        return st.builds(Thing, st.just(name), st.just("group"), parent=_some(st.sampled_from(GROUPS), ""))
    if name in PROVIDERS:
        return st.builds(Thing, st.just(name), st.just("provider"), size=st.integers(0, 1))
    return st.builds(
        Thing, st.just(name), _some(st.just("got"), "thing", 8), size=st.integers(0, 2), shape=st.integers(0, 1),
        word=st.integers(0, 1), parent=_some(st.sampled_from(NAMES + GROUPS), "", 3), takes=_few(NAMES), keys=_few(NAMES, 1),
        base=_some(st.sampled_from(NAMES), "", 3), after=_few(NAMES, 1), provider=_some(st.sampled_from(PROVIDERS), "", 3),
        within=_some(st.sampled_from(NAMES), ""), follows=_some(st.sampled_from(NAMES), "", 6), protect=_some(st.just(True), False, 8),
        retain=_some(st.just(True), False, 8), deletes_first=st.sampled_from([None, False, True]),
        ignores_size=_some(st.just(True), False, 8), size_replaces=_some(st.just(True), False, 8),
    )  # fmt: skip


@st.composite
def first_programs(draw: st.DrawFn) -> Program:
    names = draw(st.lists(st.sampled_from(EVERY_NAME), min_size=1, max_size=7, unique=True))
    return tidied([draw(_things(name)) for name in names])


@st.composite
def changed_programs(draw: st.DrawFn, before: Program) -> Program:
    """The program after a few edits."""
    things = list(before.things)
    for _ in range(draw(st.integers(1, 3))):
        edit = draw(st.sampled_from(["change", "change", "remove", "add", "rename", "move", "turn", "shuffle"]))
        free = [name for name in EVERY_NAME if name not in {thing.name for thing in things}]
        if edit == "add" and free:
            things.insert(draw(st.integers(0, len(things))), draw(_things(draw(st.sampled_from(free)))))
        elif edit == "shuffle":
            things = list(draw(st.permutations(things)))
        if not things:
            continue
        at = draw(st.integers(0, len(things) - 1))
        thing = things[at]
        if edit == "change":
            other = draw(_things(thing.name))
            field = draw(st.sampled_from([*_CHANGEABLE, "everything"]))
            things[at] = (
                replace(other, former=thing.former)
                if field == "everything"
                else replace(thing, **{field: getattr(other, field)})
            )
        elif edit == "remove":
            del things[at]
        elif edit == "rename":
            same_kind = [name for name in free if _kind(name) == _kind(thing.name)]
            if same_kind:
                new_name = draw(st.sampled_from(same_kind))
                former = (*thing.former, *_urns(before, thing.name)) if draw(st.booleans()) else thing.former
                things = [_renamed(each, thing.name, new_name) for each in things]
                things[at] = replace(things[at], former=former)
        elif edit == "move":
            parent = draw(st.sampled_from(["", *NAMES, *GROUPS]))
            former = (*thing.former, *_urns(before, thing.name)) if draw(st.booleans()) else thing.former
            things[at] = replace(thing, parent=parent, former=former)
        elif edit == "turn" and at:
            earlier = draw(st.integers(0, at - 1))
            upper, lower = things[earlier], things[at]
            things[earlier], things[at] = lower, replace(upper, takes=(lower.name,))
    config = draw(_some(st.integers(0, 1), before.config))
    return tidied(things, config=config)


_CHANGEABLE = (
    "size", "shape", "word", "takes", "keys", "base", "after", "provider", "within", "follows", "protect", "retain",
    "deletes_first", "ignores_size", "size_replaces", "kind",
)  # fmt: skip


def _kind(name: str) -> int:
    return (name in GROUPS) + 2 * (name in PROVIDERS)


def _urns(program: Program, name: str) -> tuple[str, ...]:
    """The thing's URN, if the program has it."""
    return tuple(program.urn(thing.name) for thing in program.things if thing.name == name)


def _renamed(thing: Thing, old: str, new: str) -> Thing:
    def of(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(new if name == old else name for name in value)
        return new if value == old else value

    named = ("name", "parent", "takes", "keys", "base", "after", "provider", "within", "follows")
    return replace(thing, **{field: of(getattr(thing, field)) for field in named})


def _faults(names: st.SearchStrategy[str]) -> st.SearchStrategy[Fault]:
    how = st.sampled_from
    return st.one_of(
        st.builds(Fault, how(["create", "update", "delete"]), names, how(["refused", "done", "lost", "partial"])),
        st.builds(Fault, how(["create", "update", "delete"]), names),
        st.builds(Fault, how(["read"]), names, how(["refused", "partial"])),
        st.builds(Fault, how(["check"]), names, how(["refused", "invalid"])),
        st.builds(Fault, how(["diff"]), names),
        st.builds(Fault, how(["load"]), how(["default", *PROVIDERS])),
    )


KILLS = st.builds(Kill, st.sampled_from(["save", "call"]), st.integers(1, 25), st.booleans())


@st.composite
def commands(draw: st.DrawFn, names: list[str]) -> Command:
    """A command, and what goes wrong in it with the resources of these names."""
    kind = draw(st.sampled_from(["up"] * 6 + ["refresh"] * 2 + ["destroy"]))
    chosen = draw(st.sampled_from(["", "", "", "targets", "excludes", "replace"]))
    name = st.sampled_from(names)
    few = draw(st.lists(name, min_size=1, max_size=2, unique=True).map(tuple)) if chosen else ()
    wrong = draw(st.sampled_from(["", "faults", "faults", "kill", "kill", "full", "drift"]))
    first = draw(st.integers(1, 20)) if wrong == "full" else 0
    return Command(
        kind, preview=draw(_some(st.just(True), False, 8)), refresh=kind != "refresh" and draw(_some(st.just(True), False)),
        run_program=kind != "up" and draw(_some(st.just(True), False)), continue_on_error=draw(_some(st.just(True), False, 2)),
        targets=few if chosen == "targets" else (), excludes=few if chosen == "excludes" else (),
        replace=few if chosen == "replace" and kind == "up" else (), dependents=bool(chosen) and draw(st.booleans()),
        clear_pending_creates=kind == "refresh" and draw(st.booleans()), parallel=draw(st.sampled_from([1, 1, 4])),
        drift=(draw(st.builds(Drift, name, st.sampled_from([None, 90]))),) if wrong == "drift" else (),
        faults=tuple(draw(st.lists(_faults(name), min_size=1, max_size=2))) if wrong == "faults" else (),
        kill=draw(KILLS) if wrong == "kill" else None,
        full=tuple(range(first, first + draw(st.sampled_from([1, 2, 100])))) if first else (),
    )  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """One to four programs, and one to three commands for each."""
    program = draw(first_programs())
    steps: list[Step] = []
    names: dict[str, None] = {}
    for number in range(draw(st.integers(1, 4))):
        if number:
            program = draw(changed_programs(program))
        dying = draw(_some(st.integers(0, 6), None, 10))
        names |= dict.fromkeys(thing.name for thing in program.things)
        run = draw(st.lists(commands([*names]), min_size=1, max_size=3))
        steps.append(Step(replace(program, dies_after=dying), tuple(run)))
    return steps
