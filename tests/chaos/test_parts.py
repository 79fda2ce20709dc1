"""A change that AWS fails between two calls: state says what was done, so whatever the program declares next becomes true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ..model import expected
from ..model.declared import Domain, Fault, Program, Run
from ..model.hosts import HOSTS, HostName
from ..model.observed import Observation
from ..model.stage import Stage
from ..model.world import World
from .scenarios import CONFIG, OTHER_TAGS, PROFILES, VOICES

BARE = PROFILES.set(matching=None, tags=None)
CHANGES: dict[str, tuple[Domain, Domain, str]] = {
    "settings are changed, tags are not": (PROFILES, PROFILES.set(default_expiration_days=31, tags=OTHER_TAGS), "TagResource"),
    "a setting is taken out, tags are as before": (PROFILES, PROFILES.set(matching=None, tags=OTHER_TAGS), "TagResource"),
    "a setting is new, tags are not set": (BARE, PROFILES, "TagResource"),
    "tags are set, none is removed": (PROFILES, PROFILES.set(tags=OTHER_TAGS), "UntagResource"),
    "settings and tags are changed, none is removed": (
        PROFILES, PROFILES.set(default_expiration_days=31, tags=OTHER_TAGS), "UntagResource",
    ),
    "tags are new, settings are not changed": (VOICES.set(tags=None), VOICES.set(description="x"), "UpdateDomain"),
    "tags are changed, settings are not": (VOICES, VOICES.set(description="x", tags=OTHER_TAGS), "UpdateDomain"),
    "tags are set, none is removed, settings are not changed": (
        VOICES, VOICES.set(description="x", tags=OTHER_TAGS), "UntagResource",
    ),
}  # fmt: skip
"""The program before, the program of the change, and the operation that AWS refuses."""


def run(world: World, domain: Domain, **options: Any) -> Observation:
    """The command, which succeeds unless something goes wrong."""
    seen = world.observe(replace(Run(Program((domain,), config=CONFIG)), **options))
    assert seen.failed is bool(seen.command.faults), seen.messages
    return seen


def assert_is(seen: Observation, domain: Domain) -> None:
    """AWS is as the program says, and so is state."""
    [entry], [live] = seen.after.entries, seen.after.lives.values()
    assert entry.is_of(live)
    for name in expected.SETTINGS[domain.type]:
        declared, there = expected.said(domain.settings.get(name)), live.members.get(name)
        assert expected.holds(declared, there) if declared else expected.is_off(there), name
        assert expected.said(entry.outputs.get(name)) == declared or expected.is_off(entry.outputs.get(name)), name
    assert live.tags == domain.settings.get("tags", {}) == entry.outputs.get("tags_all", {})
    assert not entry.is_unfinished


@pytest.mark.parametrize("refreshes", [False, True], ids=["at once", "after a refresh"])
@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("host", HOSTS)
def test_the_program_from_before_takes_back_what_was_done(
    stage: Stage, host: HostName, what: str, refreshes: bool
) -> None:
    before, after, operation = CHANGES[what]
    world = World(stage, host)
    run(world, before)
    failed = run(world, after, faults=(Fault(operation, "denied", None),))
    assert failed.writes
    assert [entry.is_unfinished for entry in failed.after.entries] == [True]
    if refreshes:
        run(world, before, kind="refresh")
    taken_back = run(world, before)
    assert taken_back.writes
    assert_is(taken_back, before)


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("host", HOSTS)
def test_the_rest_is_done_after_a_refresh_too(stage: Stage, host: HostName, what: str) -> None:
    before, after, operation = CHANGES[what]
    world = World(stage, host)
    run(world, before)
    failed = run(world, after, faults=(Fault(operation, "denied", None),))
    run(world, after, kind="refresh")
    done = run(world, after)
    assert not {write.operation for write in failed.writes} & {write.operation for write in done.writes}
    assert_is(done, after)
