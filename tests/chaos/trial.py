"""A trial: a command meets a fault, then runs again without it; then what must hold is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pulumi_connect_domains.local.aws import Call

from ..model import expected, rules
from ..model.declared import CP, Program, Run
from ..model.hosts import HostName
from ..model.observed import Entry, Observation
from ..model.stage import Stage
from ..model.world import Broken, World
from .faults import SERVICES, Fault, Where
from .scenarios import CANARY, Scenario

Outcome = Literal["done", "again", "rest", "asks", "refused"]
ADOPTING = ("adopt_existing=True", "adoptExisting=True")
"""How a program takes a domain over, in Python and elsewhere."""
OUTCOMES: dict[Outcome, str] = {
    "done": "the command succeeds in spite of the fault",
    "again": "the command fails with an error that says what to do; the same command again succeeds",
    "rest": "as `again`; the state says which part was done before the fault, so the second run does the rest, and nothing twice",
    "asks": "as `again`, but the second run is refused with an error that names the domain; with `adopt_existing=True` it succeeds",
    "refused": "the command is refused without a fault too, to keep data; with the fault as well, and AWS stays as it was",
}
"""What each outcome means."""


@dataclass(frozen=True)
class Result:
    """What came of a trial: its outcome, the errors that were shown, and what is `wrong`, which must be nothing."""

    outcome: Outcome
    errors: tuple[str, ...] = ()
    wrong: str = ""


def calls_of(stage: Stage, scenario: Scenario, host: HostName = "dynamic") -> list[Where]:
    """The calls of AWS that the scenario's command makes when nothing goes wrong. Raises Broken where it does not do its work."""
    trial = _Trial(stage, scenario, host)
    seen = trial.run()
    if seen.failed is not scenario.is_refused:
        raise Broken(f"{scenario.name}, with nothing going wrong: {seen.messages}")
    trial.settle(seen)
    return trial.calls


def tried(stage: Stage, scenario: Scenario, fault: Fault, host: HostName = "dynamic") -> Result:
    """What came of the scenario with the fault on the host."""
    trial = _Trial(stage, scenario, host)
    errors: list[str] = []
    outcome: Outcome = "done"
    try:
        seen = trial.run(fault)
        if seen.failed:
            errors += seen.messages
            trial.tell(seen)
            if fault.is_overcome and not (scenario.is_refused or scenario.standing):
                raise Broken(f"one attempt that failed is not overcome: {seen.messages}")
            outcome, before = "again", seen
            seen = trial.run(again=True)
            if any(entry.is_unfinished for entry in before.after.entries):
                outcome = "rest"
                trial.go_on(before, seen, fault)
        if seen.failed and not scenario.is_refused:
            errors += seen.messages
            trial.ask(seen)
            outcome = "asks"
            seen = trial.run(again=True, adopting=True)
        trial.settle(seen)
        outcome = "refused" if scenario.is_refused else outcome
    except Broken as error:
        return Result(outcome, tuple(errors), str(error))
    return Result(outcome, tuple(errors))


@dataclass
class _Trial:
    stage: Stage
    scenario: Scenario
    host: HostName
    world: World = field(init=False)
    calls: list[Where] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = World(self.stage, self.host)
        for step in self.scenario.before:
            self.world.take(step)

    def run(self, *faults: Fault, again: bool = False, adopting: bool = False) -> Observation:
        """The scenario's command. What it showed is fit to be seen, and no rule is broken.

        `again`: it has failed before. Then it may write once more what it wrote already, since nobody has told it.
        """
        wrong: tuple[Any, ...] = (*faults, *self.scenario.standing) if faults else ()
        command: Run = replace(self.scenario.command, faults=wrong)
        if adopting:
            command = replace(command, program=_adopting(command.program))
        self.world.is_disturbed = False  # by the rules of an undisturbed world: the command itself has to find out
        seen = self.world.observe(command)
        self.calls = _numbered(self.world.aws.calls())
        missed = [
            f"no call met it: {fault}" for fault in faults if not fault.is_met(self.stage.folder, self.world.unmet)
        ]
        if not seen.failed and (faults or again):  # it says that all is well, so all is
            seen = replace(seen, command=replace(command, faults=(_Overcome(),)))
        surplus = [] if seen.failed else _surplus(seen)
        self.world.hold([*missed, *_unfit(self.world), *rules.broken(seen), *surplus], seen)
        return seen

    def tell(self, seen: Observation) -> None:
        """The error is short, and says what to do."""
        found = [f"not fit to be an error: {text!r}" for text in seen.messages if not _says_what_to_do(text)]
        self.world.hold(found if seen.messages else ["it failed, and showed no error"], seen)

    def go_on(self, failed: Observation, seen: Observation, fault: Fault) -> None:
        """State held what the first run did, and the second run has not done it again: all but the call that failed."""
        done, repeated = ({write.operation for write in each.writes} for each in (failed, seen))
        found = [f"{operation} twice" for operation in done & repeated - {fault.where.operation}]
        for entry in failed.after.entries:
            live = entry.among(failed.after.lives)
            if live and fault.where.operation not in ("TagResource", "UntagResource"):
                found += _untrue(entry, "tags_all", live.tags, entry.outputs.get("tags_all") == live.tags)
            for name in (
                expected.SETTINGS[self.scenario.type] if live and fault.where.operation != "UpdateDomain" else ()
            ):
                there = live.members.get(name)
                says = expected.said(entry.outputs.get(name))
                found += _untrue(entry, name, there, expected.holds(says, there) if says else expected.is_off(there))
        self.world.hold(found, seen)

    def ask(self, seen: Observation) -> None:
        """The second error names the domain that was made unseen, and how to take it over."""
        said = " ".join(seen.messages)
        asked = all(domain.proposed_name in said for domain in seen.program.domains)
        if self.scenario.type != CP or not asked or not any(each in said for each in ADOPTING):
            self.world.hold(["running it again is refused"], seen)

    def settle(self, seen: Observation) -> None:
        """AWS is as declared, state is as AWS, and nothing is left over."""
        found = _surplus(seen)
        if self.scenario.is_refused:
            if not seen.failed:
                found.append("it is refused when nothing goes wrong, and was not refused")
            gone = [str(key) for key in seen.before.lives if key not in seen.after.lives]
            found += [f"{name} is gone" for name in gone]
        self.world.hold(found, seen)
        if seen.command.kind == "destroy" or self.scenario.is_refused:
            return
        looked = self.world.observe(replace(seen.command, kind="refresh", refresh=False, faults=()))
        self.world.hold([*rules.broken(looked), *_learned(seen.after.entries, looked.after.entries)], looked)


class _Overcome:
    """The mark of a command that met a fault and succeeded."""

    is_overcome = True


def _numbered(calls: Iterable[Call]) -> list[Where]:
    """The calls of AWS, each with its number among those of its operation."""
    numbers: Counter[str] = Counter()
    found = []
    for call in calls:
        if call.service in SERVICES:
            found.append(Where(call.service, call.operation, numbers[call.operation]))
            numbers[call.operation] += 1
    return found


def _adopting(program: Program) -> Program:
    return replace(program, domains=tuple(domain.set(adopt_existing=True) for domain in program.domains))


def _surplus(seen: Observation) -> list[str]:
    """Domains that are there and nobody holds, and those that are held twice."""
    held = {entry.key for entry in seen.after.entries}
    return [
        f"{live.key} is there, and nobody holds it"
        for live in seen.after.lives.values()
        if live.key not in held and live.who not in seen.foreign
    ]


def _untrue(entry: Entry, name: str, there: object, is_so: bool) -> list[str]:
    return [] if is_so else [f"state says that {name} is {entry.outputs.get(name)}, it is {there}"]


def _learned(before: list[Entry], after: list[Entry]) -> Iterator[str]:
    """What a refresh found to be otherwise than state said.

    What state did not say before (how much data there is) is no difference, nor is what AWS was still doing.
    """
    if [entry.urn for entry in before] != [entry.urn for entry in after]:
        yield f"a refresh left {after}"
        return
    for old, new in zip(before, after, strict=True):
        for kind, was, now in (("inputs", old.inputs, new.inputs), ("outputs", old.outputs, new.outputs)):
            changed = [name for name in was if now.get(name) != was[name] and not _is_going_on(was[name])]
            changed += [name for name in now if kind == "inputs" and name not in was]
            yield from (f"{kind}: {name} was {was.get(name)} in state, and is {now.get(name)}" for name in changed)


def _is_going_on(value: object) -> bool:
    return isinstance(value, dict) and value.get("update_status") == "IN_PROGRESS"


def _unfit(world: World) -> list[str]:
    """What was shown and must not be: secrets, tracebacks."""
    return [
        f"it showed {each.message!r}" for each in world.shown if CANARY in each.message or "Traceback" in each.message
    ]


ENGINES = ("update failed", "destroy failed", "refresh failed")
"""What the engine adds of its own."""
IN_PART = "1 error occurred:\n\t* "
"""What the engine writes before the error of a change that failed in part."""


def _says_what_to_do(text: str) -> bool:
    """Whether there is a line of advice beside the cause and the request id, and not more."""
    _, *rest = text.removeprefix(IN_PART).strip().splitlines()
    return text in ENGINES or (len(rest) <= 2 and any(not line.startswith("request id ") for line in rest))
