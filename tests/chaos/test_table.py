"""Some trials of the table in each run of the tests, all of them in the long one; the page is that of the kept data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pulumi_connect_domains import registry
from pulumi_connect_domains.testing import forking

from ..model.stage import Stage
from . import page, table
from .faults import KINDS, Fault, faults_of
from .mutations import Mutation
from .mutations.__main__ import main as prove
from .mutations.listed import MUTATIONS
from .scenarios import SCENARIOS
from .trial import OUTCOMES, calls_of, tried

STRIDE = 37
"""One trial of so many is tried each time. No number of faults or attempts divides it, so all kinds have their turn."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    if not forking.is_possible():
        pytest.skip("processes are forked on Linux only")
    with table.stage() as made:
        yield made


def _sample(name: str, faults: list[Fault]) -> list[Fault]:
    return faults[list(SCENARIOS).index(name) % STRIDE :: STRIDE]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_sample_of_trials_ends_as_the_page_says(stage: Stage, name: str) -> None:
    faults = [fault for where in calls_of(stage, SCENARIOS[name]) for fault in faults_of(where)]
    assert faults
    for fault in _sample(name, faults):
        cell = table.Cell(name, fault, tried(stage, SCENARIOS[name], fault))
        assert not cell.result.wrong, f"{cell}\n{cell.result.wrong}"
        assert cell.result.outcome == page.kept_outcome(cell), str(cell)


def test_the_page_has_every_call_that_is_made(stage: Stage) -> None:
    """And every kind of fault of each. A call that the product makes from now on is missing there."""
    rows = page.kept()
    assert list(rows) == list(SCENARIOS)
    for name, scenario in SCENARIOS.items():
        calls = calls_of(stage, scenario)
        assert list(rows[name]) == [str(where) for where in calls], name
        for where in calls:
            wanted = {(fault.kind, fault.position) for fault in faults_of(where)}
            assert {(kind, at) for kind, found in rows[name][str(where)].items() for at in found} == wanted


def test_the_page_shows_the_kept_data() -> None:
    assert page.PAGE.read_text("utf-8") == page.as_page(page.kept())
    assert page.DATA.read_text("utf-8") == page.as_json(page.kept())


def test_nothing_is_red_on_the_page() -> None:
    assert set(page.counts_of(page.kept())) <= set(OUTCOMES)


def test_every_resource_type_has_every_scenario_that_all_have() -> None:
    common = {"create", "refresh", "update", "tags", "repair", "replacement", "destroy"}
    for type in registry.resource_types():
        assert common <= {each.operation for each in SCENARIOS.values() if each.type == type}


def test_the_kinds_of_fault_are_those_that_were_promised() -> None:
    assert len(KINDS) == 17


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[each.protection for each in MUTATIONS])
def test_each_protection_stands_where_its_mutation_takes_it_out(mutation: Mutation) -> None:
    compile(mutation.mutated(), mutation.file, "exec")
    assert bool(mutation.trial) != bool(mutation.test)
    if mutation.trial:
        table.Cell.named(mutation.trial)


@pytest.mark.long
def test_every_trial_ends_as_the_page_says() -> None:
    for cell in table.cells(2):
        assert not cell.result.wrong, f"{cell}\n{cell.result.wrong}"
        assert cell.result.outcome == page.kept_outcome(cell), str(cell)


@pytest.mark.long
def test_each_mutation_is_noticed() -> None:
    assert prove([]) == 0
