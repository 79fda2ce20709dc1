"""What made-up programs declare and which commands are run on them, as small values that are easy to read when a test fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

PROJECT, STACK = "project", "dev"
THING, GROUP = "pulumi-python:test/things:Thing", "test:index:Group"
PROVIDER = "pulumi:providers:pulumi-python"
TYPES = {"thing": THING, "got": THING, "group": GROUP, "provider": PROVIDER}
ROOT = f"urn:pulumi:{STACK}::{PROJECT}::pulumi:pulumi:Stack::{PROJECT}-{STACK}"


class Short:
    """Shows only those fields that differ from their defaults."""

    def __repr__(self) -> str:
        shown = [(f.name, getattr(self, f.name), f.default) for f in fields(self)]  # type: ignore[arg-type]  # a dataclass
        return f"{type(self).__name__}({', '.join(f'{name}={v!r}' for name, v, default in shown if v != default)})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # what hypothesis prints; on its own it prints every field


@dataclass(frozen=True, repr=False)
class Thing(Short):
    """One resource of a program. Other resources are named, and are declared before it.

    A thing is managed; what is `got` belongs to somebody else and is only read; a group is a component.
    """

    name: str
    kind: Literal["thing", "got", "group", "provider"] = "thing"
    size: int = 0
    """An input that can be updated."""
    shape: int = 0
    """An input whose change replaces the thing."""
    word: int = 0
    """Says which secret text an input holds."""
    parent: str = ""
    takes: tuple[str, ...] = ()
    """Things whose output `handle` flows into an input that can be updated."""
    keys: tuple[str, ...] = ()
    """Things whose secret output `key` flows into the same input."""
    base: str = ""
    """A thing whose handle flows into an input whose change replaces this one."""
    after: tuple[str, ...] = ()
    provider: str = ""
    """An explicit provider; empty: the default one."""
    within: str = ""
    """The thing that takes this one with it when it is deleted (`deleted_with`)."""
    follows: str = ""
    """The thing with which this one is replaced (`replace_with`)."""
    former: tuple[str, ...] = ()
    """Former URNs."""
    protect: bool = False
    retain: bool = False
    deletes_first: bool | None = None
    ignores_size: bool = False
    size_replaces: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of what has to be there before."""
        named = (self.parent, *self.takes, *self.keys, self.base, *self.after, self.provider, self.within, self.follows)
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True, repr=False)
class Program(Short):
    """Things in the order in which they are declared."""

    things: tuple[Thing, ...] = ()
    config: int = 0
    """Says which value the stack's configuration holds, and so the default provider's inputs."""
    dies_after: int | None = None
    """The program fails when it has registered so many resources."""

    def __getitem__(self, name: str) -> Thing:
        return next(thing for thing in self.things if thing.name == name)

    def __contains__(self, name: str) -> bool:
        return any(thing.name == name for thing in self.things)

    def urn(self, name: str) -> str:
        thing = self[name]
        return f"urn:pulumi:{STACK}::{PROJECT}::{self._types(thing)}::{name}"

    def _types(self, thing: Thing) -> str:
        own = TYPES[thing.kind]
        return f"{self._types(self[thing.parent])}${own}" if thing.parent else own


def tidied(things: Iterable[Thing], **options: Any) -> Program:
    """The program of these things; what names a thing that is not declared before, or of the wrong kind, names nothing."""
    found: dict[str, Thing] = {}
    for thing in things:
        made = {name for name, each in found.items() if each.kind in ("thing", "got")}
        own = {name for name, each in found.items() if each.kind == "thing"}
        plain = thing.kind == "thing"

        def only(names: Iterable[str], among: set[str] = made, wanted: bool = plain) -> tuple[str, ...]:
            return tuple(dict.fromkeys(name for name in names if wanted and name in among))

        def one(name: str, among: set[str], wanted: bool = plain) -> str:
            return name if wanted and name in among else ""

        parents = {name for name, each in found.items() if each.kind != "provider" and each.kind != "got"}
        takes = only(thing.takes)
        found[thing.name] = replace(
            thing, takes=takes, keys=tuple(name for name in only(thing.keys) if name not in takes),
            base=one(thing.base, made), after=only(thing.after), within=one(thing.within, own), follows=one(thing.follows, own),
            provider=one(thing.provider, {n for n, t in found.items() if t.kind == "provider"}, thing.kind in ("thing", "got")),
            parent=one(thing.parent, parents, thing.kind in ("thing", "group")),
        )  # fmt: skip
    program = Program(tuple(found.values()), **options)
    urns = {program.urn(name) for name in found}
    taken: set[str] = set()
    things = []
    for thing in program.things:
        former = tuple(urn for urn in thing.former if urn not in urns | taken)
        taken.update(former)
        things.append(replace(thing, former=former))
    return replace(program, things=tuple(things))


@dataclass(frozen=True, repr=False)
class Fault(Short):
    """What goes wrong in each call of the method for the resource.

    `refused`: the call fails and has no effect. `done`: it has its effect, and fails; nobody knows. `lost`: it has none, and nobody
    knows. `partial`: it has half its effect, and says so. `invalid` (of check): the inputs are refused.
    """

    method: Literal["load", "check", "diff", "create", "update", "read", "delete"]
    name: str
    how: Literal["refused", "done", "lost", "partial", "invalid"] = "refused"


@dataclass(frozen=True, repr=False)
class Kill(Short):
    """From this moment on nothing of the run has an effect: before or after its n-th save, or its n-th call of a provider."""

    at: Literal["save", "call"]
    number: int
    before: bool = True


@dataclass(frozen=True, repr=False)
class Drift(Short):
    """What somebody else did to a thing before the command: its size is now this, or it is gone (None)."""

    name: str
    size: int | None = None


@dataclass(frozen=True, repr=False)
class Command(Short):
    """One command. Targets, excludes and replacements are names."""

    kind: Literal["up", "refresh", "destroy"] = "up"
    preview: bool = False
    refresh: bool = False
    run_program: bool = False
    continue_on_error: bool = False
    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    dependents: bool = False
    replace: tuple[str, ...] = ()
    clear_pending_creates: bool = False
    parallel: int = 1
    """More than 1: the program registers side by side, too."""
    drift: tuple[Drift, ...] = ()
    faults: tuple[Fault, ...] = ()
    kill: Kill | None = None
    full: tuple[int, ...] = ()
    """Numbers of the saves that fail, because the disk is full."""
