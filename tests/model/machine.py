"""Random histories: hypothesis chooses edits of the program, what others do, and commands. The history so far is a list of steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from . import strategies as some
from .declared import CP, VID, Domain, Foreign, Import, Kill, Outside, Program, Run, Step
from .ending import finish
from .stage import Stage
from .world import Broken, World

MOST_DOMAINS = 5


class Machine(RuleBasedStateMachine):
    """One history. A subclass has the `stage`."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.stage)
        self.steps: list[Step] = []
        self._count = 0
        self._is_broken = False

    # -- the program -----------------------------------------------------------------------------------------------------

    @property
    def program(self) -> Program:
        return self.world.program

    def _write(self, *domains: Domain, **changes: Any) -> None:
        """The program of the next command."""
        self.world.program = replace(self.program, domains=domains or self.program.domains, **changes)

    def _edit(self, number: int, edit: Callable[[Domain], Domain]) -> None:
        """One of the domains is edited."""
        if self.program.domains:
            at = number % len(self.program.domains)
            domains = list(self.program.domains)
            domains[at] = edit(domains[at])
            self._write(*domains)

    def _fresh(self) -> str:
        """A name for a domain in AWS that nothing ever had."""
        self._count += 1
        return f"d{self._count}"

    @initialize(ignores=st.booleans(), data=st.data())
    def begin(self, ignores: bool, data: st.DataObject) -> None:
        self._write(ignores_theirs=ignores)
        for type in (CP, VID)[: data.draw(st.integers(1, 2))]:
            self._add(type, data)

    def _add(self, type: str, data: st.DataObject) -> None:
        free = [name for name in some.NAMES if name not in self.program]
        if not free or len(self.program.domains) == MOST_DOMAINS:
            return
        domain = Domain(data.draw(st.sampled_from(free)), type, data.draw(some.few_settings(type)))
        foreign = [key for key, _ in sorted(self.world.foreign) if key not in self._declared()]
        if type == CP and foreign and data.draw(st.booleans()):
            adopts = data.draw(st.sampled_from([True, None]))
            domain = domain.set(domain_name=foreign[0].id, region=foreign[0].region, adopt_existing=adopts)
        elif data.draw(st.booleans()):
            domain = domain.set(**{some.NAME_INPUTS[type]: self._fresh()})
        domain = domain.set(tags=data.draw(some.few_tags) or None)
        self._write(*self.program.domains, domain)

    def _declared(self) -> set[tuple[str, str, str]]:
        return {(each.type, each.region, each.proposed_name) for each in self.program.domains}

    @rule(type=some.types, data=st.data())
    def add(self, type: str, data: st.DataObject) -> None:
        self._add(type, data)

    @precondition(lambda self: len(self.program.domains) > 1)
    @rule(number=some.numbers)
    def take_out(self, number: int) -> None:
        at = number % len(self.program.domains)
        self._write(*(each for position, each in enumerate(self.program.domains) if position != at))

    @rule(number=some.numbers, which=some.numbers, whole=st.booleans(), data=st.data())
    def set(self, number: int, which: int, whole: bool, data: st.DataObject) -> None:
        """A setting is set or changed: the whole of it, or one member."""

        def edit(domain: Domain) -> Domain:
            names = [some.REQUIRED[domain.type], *some.OPTIONAL[domain.type]]
            name = names[which % len(names)]
            value, there = data.draw(some.settings_of(domain.type, name)), domain.settings.get(name)
            if not whole and isinstance(value, dict) and isinstance(there, dict):
                key = data.draw(st.sampled_from(sorted(value)))
                value = {**there, key: value[key]}
            return domain.set(**{name: value})

        self._edit(number, edit)

    @rule(number=some.numbers, which=some.numbers, member=st.booleans())
    def unset(self, number: int, which: int, member: bool) -> None:
        """A setting, or one optional member of it, is taken out."""

        def edit(domain: Domain) -> Domain:
            names = [name for name in some.OPTIONAL[domain.type] if name in domain.settings]
            if not names:
                return domain
            name = names[which % len(names)]
            there, of = domain.settings[name], some.SCHEMAS[domain.type].inputs[name]
            may = [key for key in there if key not in of.required] if isinstance(there, dict) else []
            kept = {key: item for key, item in there.items() if key != may[0]} if may and member else None
            return domain.set(**{name: kept or None})

        self._edit(number, edit)

    @rule(number=some.numbers, tags=some.few_tags)
    def tag(self, number: int, tags: dict[str, str]) -> None:
        self._edit(number, lambda domain: domain.set(tags=tags or None))

    @rule(tags=some.few_tags)
    def tag_all(self, tags: dict[str, str]) -> None:
        self._write(default_tags={key: value for key, value in tags.items() if self.program.owns(key)})

    @rule(
        number=some.numbers,
        which=some.numbers,
        kind=st.sampled_from(["protect", "ignore", "force", "rename", "move", "replace"]),
    )
    def option(self, number: int, which: int, kind: str) -> None:
        def edit(domain: Domain) -> Domain:
            if kind == "protect":
                return replace(domain, protect=not domain.protect)
            if kind == "ignore":
                names = [some.REQUIRED[domain.type], *some.OPTIONAL[domain.type]]
                return replace(domain, ignores=() if domain.ignores else (names[which % len(names)],))
            if kind == "force" and domain.type == CP:
                return domain.set(force_destroy=None if domain.settings.get("force_destroy") else True)
            if kind == "move":
                return domain.set(region=some.REGIONS[which % 2])
            if kind == "replace" and domain.type == CP:
                return domain.set(domain_name=self._fresh())
            free = [name for name in some.NAMES if name not in self.program and name not in domain.former]
            if kind == "rename" and free:
                return replace(domain, name=free[0], former=(*domain.former, domain.name))
            return domain

        self._edit(number, edit)

    # -- others ------------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.world.entries())
    @rule(
        number=some.numbers,
        how=st.sampled_from(["changed", "changed", "tagged", "deleted", "remade", "filled"]),
        data=st.data(),
    )
    def outside(self, number: int, how: Any, data: st.DataObject) -> None:
        domain = self.program.domains[number % len(self.program.domains)]
        settings: dict[str, Any] = {}
        if how == "changed":
            name = data.draw(st.sampled_from([some.REQUIRED[domain.type], *some.OPTIONAL[domain.type]]))
            settings = {name: data.draw(some.settings_of(domain.type, name))}
        elif how == "tagged":
            settings = data.draw(some.changed_tags)
        elif how == "remade":
            settings = data.draw(some.few_settings(CP))
        self._take(Outside(how, domain.name, settings))

    @rule(region=some.regions, data=st.data())
    def foreign(self, region: str, data: st.DataObject) -> None:
        if len(self.world.foreign) < 2:
            settings = data.draw(some.few_settings(CP))
            self._take(Foreign({**settings, "domain_name": self._fresh(), "tags": data.draw(some.few_tags)}, region))

    @precondition(lambda self: self.world.foreign)
    @rule(data=st.data())
    def import_it(self, data: st.DataObject) -> None:
        key = min(self.world.foreign)[0]
        free = [name for name in some.NAMES if name not in self.program and self.world.entry(name) is None]
        if free and tuple(key) not in self._declared() and len(self.program.domains) < MOST_DOMAINS:
            self._take(Import(key.id, free[0], key.region))

    # -- commands ------------------------------------------------------------------------------------------------------------

    @rule(refresh=st.booleans(), faults=some.troubles, kill=some.kills)
    def up(self, refresh: bool, faults: Any, kill: Kill | None) -> None:
        self._take(Run(self.program, refresh=refresh, faults=faults, kill=kill))

    @rule()
    def settle(self) -> None:
        self._take(Run(self.program, refresh=True))

    settle_too = rule()(lambda self: self._take(Run(self.program, refresh=True)))
    apply = rule()(lambda self: self._take(Run(self.program)))

    @rule(kind=st.sampled_from(["up", "up", "destroy", "refresh"]), refresh=st.booleans())
    def preview(self, kind: Any, refresh: bool) -> None:
        self._take(Run(self.program, kind, refresh=refresh and kind != "refresh", preview=True))

    @precondition(lambda self: self.world.entries())
    @rule(faults=some.troubles, kill=some.kills)
    def refresh(self, faults: Any, kill: Kill | None) -> None:
        self._take(Run(self.program, "refresh", faults=faults, kill=kill, clear_pending_creates=True))

    @precondition(lambda self: self.program.domains)
    @rule(number=some.numbers, kind=st.sampled_from(["up", "up", "destroy"]))
    def targeted(self, number: int, kind: Any) -> None:
        self._take(Run(self.program, kind, targets=(self.program.domains[number % len(self.program.domains)].name,)))

    @precondition(lambda self: self.world.entries())
    @rule(refresh=st.booleans(), faults=some.troubles, kill=some.kills)
    def destroy(self, refresh: bool, faults: Any, kill: Kill | None) -> None:
        self._take(Run(self.program, "destroy", refresh=refresh, faults=faults, kill=kill))

    def _take(self, step: Step) -> None:
        self.steps.append(step)
        self._guarded(lambda: self.world.take(step))

    def _guarded(self, do: Callable[[], object]) -> None:
        try:
            do()
        except Broken as error:
            self._is_broken = True
            raise Broken(f"{error}\n\n{pasted(self.steps)}") from None

    def teardown(self) -> None:
        if not self._is_broken:
            self._guarded(lambda: finish(self.world))


def pasted(steps: Sequence[Step]) -> str:
    """The history as code, for the table of what once went wrong."""
    return "\n".join(["[", *(f"    {step!r}," for step in steps), "]"])


def live_through(stage: Stage, steps: Sequence[Step], thoroughly: bool = True) -> None:
    """The steps and the ending have happened, whatever was to go wrong went wrong, and all rules held. Raises Broken."""
    world = World(stage)
    for step in steps:
        world.take(step)
        if isinstance(step, Run) and world.unmet:
            raise Broken(f"{step}: nothing went wrong by {world.unmet}")
    finish(world, thoroughly)
