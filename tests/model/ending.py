"""The end of every history: with nothing going wrong any more, AWS becomes what the program says; then nothing of it is left."""

from __future__ import annotations

from dataclasses import replace

from .declared import CP, Domain, Program, Run
from .observed import SERVICES, Key, Live, Observation, live_in
from .world import Broken, World


def finish(world: World, thoroughly: bool = True) -> None:
    """Whoever runs the stack has mended what stood in the way, and everything is as declared; then it is destroyed. Raises Broken.

    `thoroughly`: in between, every command finds nothing to do.
    """
    program = settle(world)
    again = (Run(program, refresh=True, preview=True), Run(program), Run(program, "refresh"))
    for command in again if thoroughly else ():
        inputs = [entry.inputs for entry in world.entries()]
        seen = _succeed(world, command)
        if seen.writes or [entry.inputs for entry in world.entries()] != inputs:
            raise Broken(
                f"{command} in an unchanged world: it wrote {seen.writes}; state held {inputs}, it holds {world.entries()}"
            )
    _succeed(world, Run(program, "destroy"))
    if left := [live.key for live in live_in(world.aws).values() if live.who not in world.foreign]:
        raise Broken(f"after the destroy {left} are left")


def settle(world: World) -> Program:
    """The program that AWS is as now: whoever runs the stack has mended what stood in the way. Raises Broken."""
    program = _mended(world)
    if world.seen().pending:
        world.run(Run(program, "refresh", clear_pending_creates=True))
    _succeed(world, Run(program, refresh=True))
    if world.is_disturbed:  # a program that begins to own the tags learns of those that others set when it looks again
        _succeed(world, Run(program, refresh=True))
    return program


def _succeed(world: World, command: Run) -> Observation:
    seen = world.run(command)
    if seen.failed:
        raise Broken(f"{command} failed: {seen.messages}")
    return seen


def _mended(world: World) -> Program:
    """The program without what would stop it. Nothing is protected, and no domain holds data."""
    world.unprotect()
    lives = live_in(world.aws)
    for key, live in lives.items():
        if live.has_data:
            world.aws.change(
                SERVICES[key.type], key.id, region=key.region, **{"Stats.ProfileCount": 0, "Stats.ObjectCount": 0}
            )
    held = {entry.key for entry in world.entries()}
    program = replace(world.program, domains=tuple(_adopting(each, lives, held) for each in world.program.domains))
    wanted = {Key(each.type, each.region, each.proposed_name) for each in program.domains}
    for live in world.strays():
        if live.key not in wanted:
            world.remove(live)
    return program


def _adopting(domain: Domain, lives: dict[Key, Live], held: set[Key]) -> Domain:
    """The domain, which takes over one of its name that the stack does not hold."""
    key = Key(domain.type, domain.region, domain.proposed_name)
    is_taken = domain.type == CP and key in lives and key not in held
    return replace(domain.set(adopt_existing=True) if is_taken else domain, protect=False)
