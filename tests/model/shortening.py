"""A broken history made short: whatever can be left out of it, so that it still breaks in the same way, is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from .declared import Foreign, Outside, Program, Run, Step

Steps = tuple[Step, ...]
TRIES = 300


def shortened(steps: Sequence[Step], breaks: Callable[[Steps], bool], tries: int = TRIES) -> Steps:
    """A short history that breaks, after at most so many tries."""
    found, budget = tuple(steps), tries
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for shorter in _shorter(found):
            if budget == 0:
                return found
            budget -= 1
            if breaks(shorter):
                found, is_shorter = shorter, True
                break
    return found


def kind(message: str) -> str:
    """What two messages about the same mistake have in common: the rule's own words."""
    lines = [line for line in message.splitlines() if line and not line.startswith(("after ", "Run(", "  it said"))]
    text = lines[0] if lines else message
    return " ".join(re.findall(r"[A-Za-z]{3,}", re.sub(r"'[^']*'|\{.*\}|\(.*\)|\[.*\]", "", text))[:8])


def _shorter(steps: Steps) -> Iterator[Steps]:
    size = max(len(steps) // 2, 1)
    while size:
        for at in range(len(steps) - size, -1, -size):
            yield steps[:at] + steps[at + size :]
        size //= 2
    names = sorted({domain.name for step in steps if isinstance(step, Run) for domain in step.program.domains})
    for name in names if len(names) > 1 else ():
        yield _all(steps, lambda program, name=name: _without(program, name))
    if any(isinstance(step, Run) and step.program.default_tags for step in steps):
        yield _all(steps, lambda program: replace(program, default_tags={}))
    if any(isinstance(step, Run) and step.program.ignores_theirs for step in steps):
        yield _all(steps, lambda program: replace(program, ignores_theirs=False))
    for name in names:
        for setting in _settings(steps, name):
            yield _all(steps, lambda program, name=name, setting=setting: _unset(program, name, setting))
        yield from _plainer_options(steps, name)
    for at, step in enumerate(steps):
        for plainer in _plainer(step):
            yield (*steps[:at], plainer, *steps[at + 1 :])


def _all(steps: Steps, edit: Callable[..., Program]) -> Steps:
    return tuple(replace(step, program=edit(step.program)) if isinstance(step, Run) else step for step in steps)


def _without(program: Program, name: str) -> Program:
    return replace(program, domains=tuple(each for each in program.domains if each.name != name))


def _settings(steps: Steps, name: str) -> list[str]:
    runs = (step.program for step in steps if isinstance(step, Run))
    found = {key for program in runs for each in program.domains if each.name == name for key in each.settings}
    return sorted(found - {"default_expiration_days", "server_side_encryption_configuration"})


def _unset(program: Program, name: str, setting: str) -> Program:
    return replace(
        program,
        domains=tuple(each.set(**{setting: None}) if each.name == name else each for each in program.domains),
    )


def _plainer_options(steps: Steps, name: str) -> Iterator[Steps]:
    for option, plain in (("ignores", ()), ("protect", False)):
        changed = _all(
            steps,
            lambda program, option=option, plain=plain: replace(
                program,
                domains=tuple(
                    replace(each, **{option: plain}) if each.name == name else each for each in program.domains
                ),
            ),
        )
        if changed != steps:
            yield changed


def _plainer(step: Step) -> Iterator[Step]:
    if isinstance(step, Run):
        plain: dict[str, Any] = {
            "faults": (),
            "kill": None,
            "targets": (),
            "refresh": False,
            "clear_pending_creates": False,
        }
        for field, value in plain.items():
            if getattr(step, field) != value:
                yield replace(step, **{field: value})
        for at in range(len(step.faults) if len(step.faults) > 1 else 0):
            yield replace(step, faults=(*step.faults[:at], *step.faults[at + 1 :]))
    if isinstance(step, (Outside, Foreign)):
        for name in step.settings:
            if name not in ("domain_name", "default_expiration_days", "server_side_encryption_configuration"):
                yield replace(step, settings={key: value for key, value in step.settings.items() if key != name})
