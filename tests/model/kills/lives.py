"""A struck command, and everything after it to the end: what must hold then, beside the rules of the model."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ...unit.local_engine.worlds import Broken
from .. import rules
from ..declared import REGIONS, Json
from ..ending import settle
from ..observed import SERVICES, Observation, live_in
from ..stage import Stage
from .blows import COUNTING, Blow, Counted, Victim
from .mortal import MortalWorld
from .scenarios import SCENARIOS, Scenario

TAKE_OVER = ("adopt_existing=True", "connect-domains import")
"""What a message offers for a domain that is there already."""


@dataclass(frozen=True)
class Life:
    """What came of a blow. `again`: how the same command ended when it was given again, with nothing in between."""

    was_struck_down: bool
    """Whether the struck command failed."""
    again: str
    """succeeded, or refused: a person had to say what is to become of the domain."""


def counted(stage: Stage, scenario: Scenario) -> list[Counted]:
    """The moments of the scenario's command when nothing goes wrong, each with the processes that are there."""
    return _counted(stage, str(scenario))


@cache
def _counted(stage: Stage, name: str) -> list[Counted]:
    scenario = SCENARIOS[name]
    with TemporaryDirectory() as folder:
        world = _before(stage, scenario, folder)
        seen = world.run(replace(scenario.command, kill=COUNTING))
        if seen.failed:
            raise Broken(f"{scenario} failed without a blow: {seen.messages}")
        operations = [call.operation for call in world.aws.calls()]
        return [_named(each, operations) for each in world.counted]


def _named(each: Counted, operations: list[str]) -> Counted:
    moment = each.moment
    return replace(each, moment=replace(moment, what=operations[moment.number - 1])) if moment.at == "aws" else each


def blows(stage: Stage, scenario: Scenario, victim: Victim, sign: signal.Signals) -> list[Blow]:
    """Every blow with this signal that the command can deal to the process."""
    return [blow for each in counted(stage, scenario) for blow in each.blows(victim, sign)]


def live(stage: Stage, scenario: Scenario, blow: Blow) -> Life:
    """What came of the blow. Raises Broken."""
    with TemporaryDirectory() as folder:
        world = _before(stage, scenario, folder)
        struck = world.run(replace(scenario.command, kill=blow))
        _told(world, struck)
        again = world.run(scenario.command)
        if scenario.command.kind == "destroy":
            _gone(world, again)
        else:
            _made(world, again)
            settle(world)
        return Life(struck.failed, "refused" if again.failed else "succeeded")


def _before(stage: Stage, scenario: Scenario, folder: str) -> MortalWorld:
    """The world in which the scenario's command is given. What was before is made once, and then put there."""
    world = MortalWorld(stage, Path(folder))
    if str(scenario.before) in _MADE:
        world.text, domains = _MADE[str(scenario.before)]
        for where, members in domains:
            world.aws.seed(**where, **members)
        return world
    for step in scenario.before:
        world.take(step)
    found = [
        ({"service": service, "region": region, "name": name}, members)
        for service in SERVICES.values()
        for region in REGIONS
        for name, members in world.aws.domains(service, region=region).items()
    ]
    _MADE[str(scenario.before)] = world.text, found
    return world


_MADE: dict[str, tuple[str, list[tuple[dict[str, str], Json]]]] = {}


def _told(world: MortalWorld, struck: Observation) -> None:
    """Of a domain that was made, and is not in state, state says that its creation is pending, or an error that something went wrong."""
    is_pending = any(each.startswith("creating") for each in struck.after.pending)
    if world.strays() and not is_pending and not struck.messages:
        raise Broken(f"nobody learns of {world.strays()}: state has only {struck.after.pending} pending")


def _gone(world: MortalWorld, again: Observation) -> None:
    """Nothing is left of a stack whose destroy was struck, and given again."""
    left = live_in(world.aws)
    if again.failed or left or again.after.entries:
        raise Broken(f"the destroy that was given again left {left} and {again.after.entries}: {again.messages}")


def _made(world: MortalWorld, again: Observation) -> None:
    """AWS is as the program says, and holds no second domain; or the command refused, and said which domain is there and how to go on."""
    if again.failed:
        names = [key.id for key, _ in world.unseen]
        if not names:
            raise Broken(f"{again.command} refused, and nothing stood in its way: {again.messages}")
        text = "\n".join(again.messages)
        if not (any(name in text for name in names) and any(way in text for way in TAKE_OVER)):
            raise Broken(f"{again.command} refused, and did not say what is there and how it is taken over: {text}")
        return
    if mistakes := [*rules.as_declared(again)]:
        raise Broken(f"{again.command} after a blow: {mistakes}")
    if strays := world.strays():
        raise Broken(f"there is more than the stack holds: {strays}")
