"""Some trials of the table in each run of the tests, all of them in the long one, on both hosts; the page is that of the kept data."""

from __future__ import annotations

import copy

import pytest
from pulumi_connect_domains import registry

from ..model.hosts import HOSTS, HostName
from ..model.stage import Stage
from . import page, table
from .faults import KINDS, Fault, faults_of
from .mutations import Mutation
from .mutations.__main__ import main as prove
from .mutations.listed import MUTATIONS
from .scenarios import SCENARIOS
from .trial import OUTCOMES, calls_of, tried

STRIDE = 37
"""One trial of so many is tried each time, on each host. No number of faults or attempts divides it, so all kinds have their turn."""


def _sample(host: HostName, name: str, faults: list[Fault]) -> list[Fault]:
    """Other trials on each host."""
    first = list(SCENARIOS).index(name) + HOSTS.index(host) * STRIDE // len(HOSTS)
    return faults[first % STRIDE :: STRIDE]


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("host", HOSTS)
def test_a_sample_of_trials_ends_as_the_page_says(stage: Stage, host: HostName, name: str) -> None:
    faults = [fault for where in calls_of(stage, SCENARIOS[name], host) for fault in faults_of(where)]
    assert [str(where) for where in page.kept()[host][name]] == list(dict.fromkeys(str(each.where) for each in faults))
    for fault in _sample(host, name, faults):
        cell = table.Cell(host, name, fault, tried(stage, SCENARIOS[name], fault, host))
        assert not cell.result.wrong, f"{cell}\n{cell.result.wrong}"
        assert cell.result.outcome == page.kept_outcome(cell), str(cell)


def test_the_page_has_every_fault_of_every_call() -> None:
    for host in HOSTS:
        assert list(page.kept()[host]) == list(SCENARIOS)
        for name, calls in page.kept()[host].items():
            for call, kinds in calls.items():
                where = table.Cell.where(name, call)
                wanted = {(fault.kind, fault.position) for fault in faults_of(where)}
                assert {(kind, at) for kind, found in kinds.items() for at in found} == wanted


def test_a_difference_between_the_hosts_is_on_the_page() -> None:
    found = copy.deepcopy(page.kept())
    place = found["native"]["voiceid create"]["CreateDomain"]
    place["500"] |= {"first": "done", "last": "again", "every": "asks"}
    assert page.otherwise(found)["voiceid create"] == {"CreateDomain": {"500": {"every": "asks"}}}
    row = "| Voice ID domain: create | `CreateDomain` | 500 | done · again · again | done · again · asks |"
    assert row in page.as_page(found).splitlines()
    del place["500"]["every"]
    with pytest.raises(ValueError, match="not on both hosts"):
        page.otherwise(found)


def test_the_page_shows_the_kept_data() -> None:
    assert page.PAGE.read_text("utf-8") == page.as_page(page.kept())
    assert page.DATA.read_text("utf-8") == page.as_json(page.kept())


def test_nothing_is_red_on_the_page() -> None:
    assert set().union(*map(page.counts_of, page.kept().values())) <= set(OUTCOMES)


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
