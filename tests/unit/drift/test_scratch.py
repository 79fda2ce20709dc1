"""What a check keeps on disk: nothing gets lost or changed there, no secret gets there, and memory does not grow."""

from __future__ import annotations

import gc
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any
from xml.etree import ElementTree

import pytest
from pulumi_connect_domains.aws import Access, Rates
from pulumi_connect_domains.drift import reading, stored
from pulumi_connect_domains.drift.check import Check
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.formats.html_format import MOST_QUIET
from pulumi_connect_domains.drift.formats.json_format import document
from pulumi_connect_domains.drift.model import DomainReport, Problem
from pulumi_connect_domains.drift.reading import Reader
from pulumi_connect_domains.drift.scratch import MOST_DECLARATIONS, Scratch, place_of
from pulumi_connect_domains.drift.state import Expectation, read_state
from pulumi_connect_domains.model.errors import ConfigurationError
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.reporting.formats import Screen
from pulumi_connect_domains.stacks.sources import Export

from .reports import CLEAN, EVERYTHING, encrypted, export, in_clear, resource
from .reports import domain as domain_report
from .reports import report as report_of


def scratch_of(*texts: str) -> Scratch:
    scratch = Scratch()
    for number, text in enumerate(texts):
        state = read_state(text)
        if scratch.is_new(state):
            scratch.add_stack(f"file {number}", state)
            for each in state.expectations:
                scratch.add(each)
    scratch.end_of_states()
    return scratch


def test_what_is_expected_comes_back_as_it_was() -> None:
    inputs = {
        "domain_name": "crm",
        "region": "us-east-1",
        "default_expiration_days": 30,
        "dead_letter_queue_url": encrypted(),
    }
    text = export(
        resource(
            "crm", inputs=inputs, ignoreChanges=["tags['a.b']", "matching.rules[*]"], initErrors=["access denied"]
        ),
        resource("voice", "voiceid", inputs={"name": "voice", "region": "eu-west-2"}),
    )
    wanted = read_state(text).expectations
    scratch = scratch_of(text)
    found = [each for bucket in scratch.buckets for _, each in scratch.of_bucket(bucket)]
    for one, other in zip(found, wanted, strict=True):
        ours, theirs = vars(one).copy(), vars(other).copy()
        unknown = ours["inputs"].pop("dead_letter_queue_url", None), theirs["inputs"].pop("dead_letter_queue_url", None)
        assert type(unknown[0]) is type(unknown[1])  # an unknown value equals nothing but itself
        assert ours == theirs


def test_no_secret_in_clear_gets_to_the_disk() -> None:
    url = "https://sqs.us-east-1.amazonaws.com/123456789012/hidden-queue"
    inputs = {
        "domain_name": "crm",
        "region": "us-east-1",
        "default_expiration_days": 30,
        "dead_letter_queue_url": in_clear(url),
    }
    scratch = scratch_of(export(resource("crm", inputs=inputs), resource("open")))
    stored_on_disk = "".join(content for (content,) in scratch._db.execute("SELECT content FROM expected"))
    assert "hidden-queue" not in stored_on_disk
    assert "open" in stored_on_disk
    ((_, crm), _) = scratch.of_bucket(scratch.buckets[0])
    assert crm.inputs["dead_letter_queue_url"] == url


def test_who_declares_the_same_domain() -> None:
    first, again = resource("crm"), {**resource("crm"), "urn": resource("crm")["urn"] + "-again"}
    scratch = scratch_of(export(first), export(first), export(again, resource("other")))
    ((place, declarations),) = scratch.declared_twice().items()
    assert place == place_of(read_state(export(first)).expectations[0])
    assert [(each.origin, each.name) for _, each in declarations] == [("file 0", "crm"), ("file 2", "crm-again")]
    assert len(scratch) == 3


def test_a_domain_that_very_many_declare_does_not_list_them_all() -> None:
    """Each of them lists the others, so a report would grow by the square of their number."""
    resources = [{**resource("crm"), "urn": f"{resource('crm')['urn']}-{number}"} for number in range(50)]
    ((_, declarations),) = scratch_of(export(*resources)).declared_twice().items()
    assert [other.name for _, other in declarations] == [f"crm-{number}" for number in range(MOST_DECLARATIONS)]
    report = Check(reader=Reader(rates=Rates(0))).run([Export("a state", export(*resources))])
    found = [len(each.also_declared) for each in report.domains]
    assert found == [MOST_DECLARATIONS - 1] * MOST_DECLARATIONS + [MOST_DECLARATIONS] * (50 - MOST_DECLARATIONS)


def test_a_new_stack_has_no_name_yet() -> None:
    """Its state holds none, so no report lists a stack that is called nothing."""
    new = '{"version": 3, "checkpoint": {"stack": "organization/shop/new"}}'
    assert scratch_of(new).stacks == []
    assert scratch_of(export()).stacks == ["shop/dev"]


def test_a_disk_that_is_full_is_told() -> None:
    scratch = Scratch()
    scratch._db.execute("PRAGMA max_page_count = 20")
    (one,) = read_state(export(resource("crm"))).expectations
    with pytest.raises(ConfigurationError, match=r"cannot store .*full\nset TMPDIR"):
        deque(map(scratch.add, [one] * 1_000), 0)


def test_a_configuration_of_each_stack_is_not_compared_with_those_of_all_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And nobody gets another's: configurations that only look alike, since a secret is not shown, are two."""
    (one,) = read_state(export(resource("crm"))).expectations
    given = [Configuration(tags=TagPolicy(ignored_keys=frozenset([f"key-{number}"]))) for number in range(200)]
    given += [Configuration(access=Access(access_key="a", secret_key=secret)) for secret in ("b", "c")]
    compared, equal = count(), Configuration.__eq__
    monkeypatch.setattr(Configuration, "__eq__", lambda one, other: (next(compared), equal(one, other))[1])
    scratch = Scratch()
    for each in given * 2:
        scratch.add(replace(one, configuration=replace(each)))
    assert next(compared) <= 3 * len(given)
    monkeypatch.undo()
    scratch.end_of_states()
    assert [each.configuration for _, each in scratch.of_bucket(scratch.buckets[0])] == given * 2
    assert len(scratch._configurations) == len(given)


@pytest.mark.parametrize("each", EVERYTHING.domains, ids=lambda each: each.name)
def test_a_report_comes_back_as_it_was(each: DomainReport) -> None:
    assert stored.of_line(stored.line_of(each)) == each


# -- memory -------------------------------------------------------------------------------------------------------------


def alive(kind: type) -> int:
    gc.collect()
    return sum(isinstance(each, kind) for each in gc.get_objects())


def fleet(stacks: int, domains: int, most: dict[str, int]) -> Iterator[Export]:
    for stack in range(stacks):
        regions = ("us-east-1", "eu-west-2")
        inputs = [
            {"domain_name": f"crm-{stack}-{number}", "region": regions[number % 2], "default_expiration_days": 30}
            for number in range(domains)
        ]
        yield Export(f"stack {stack}", export(*(resource(each["domain_name"], inputs=each) for each in inputs)))
        most["expected"] = max(most.get("expected", 0), alive(Expectation))


@pytest.mark.parametrize("stacks", [30, 90])
def test_the_objects_in_memory_do_not_grow_with_stacks_or_domains(stacks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    most: dict[str, int] = {}
    gc.collect()
    others, before = alive(DomainReport), alive(Expectation)  # those that other tests have made
    answered = count(1)

    def live(self: Reader, expected: Expectation) -> dict[str, Any]:
        if next(answered) % 50 == 0:
            most["reports"] = max(most.get("reports", 0), alive(DomainReport))
            most["expected"] = max(most["expected"], alive(Expectation))
        return {**expected.inputs}

    monkeypatch.setattr(reading.Reader, "_live", live)
    report = Check(reader=Reader(rates=Rates(everywhere=0), workers=4)).run(fleet(stacks, 10, most))
    assert (len(report.domains), next(answered)) == (stacks * 10, stacks * 10 + 1)
    assert report.counts["in_sync"] == stacks * 10
    in_hand = (
        10 * 10
    )  # the domains of the stacks that are read, that wait and that are checked; how many they are differs by the machine
    assert most["expected"] - before <= in_hand
    assert most["reports"] - others <= in_hand


# -- formats in pieces --------------------------------------------------------------------------------------------------


def test_the_json_report_is_the_document() -> None:
    for one in (EVERYTHING, CLEAN, report_of()):
        assert json.loads(FORMATS.named("json").render(one)) == json.loads(json.dumps(document(one)))


def test_a_text_that_looks_like_the_place_of_the_domains_is_none() -> None:
    hostile = '"domains": []'
    one = report_of(domain_report("in_sync"), stacks=(hostile,), problems=(Problem(hostile, hostile),))
    assert json.loads(FORMATS.named("json").render(one)) == json.loads(json.dumps(document(one)))


@pytest.mark.parametrize("name", ["json", "junit", "text"])
def test_long_reports_are_written_in_pieces(name: str) -> None:
    stacks = [f"stack-{number:03}" for number in range(200)]
    one = report_of(*(domain_report("in_sync", stack=stack) for stack in stacks))
    pieces = [*FORMATS.named(name).pieces(one, Screen(shows_all=True))]
    assert len(pieces) > 200
    assert max(map(len, pieces)) < 5_000
    assert [stack for stack in stacks if "".join(pieces).count(stack) < 1] == []


def test_the_counts_of_junit_are_those_of_its_suites() -> None:
    for strict in (False, True):
        root = ElementTree.fromstring(FORMATS.named("junit").render(replace(EVERYTHING, strict=strict)))
        for name in ("tests", "failures", "errors"):
            assert int(root.get(name, "")) == sum(int(suite.get(name, "")) for suite in root), (strict, name)


def test_the_page_lists_only_so_many_domains_that_have_nothing_to_tell() -> None:
    quiet = [domain_report("in_sync", f"quiet-{number}") for number in range(MOST_QUIET + 3)]
    page = FORMATS.named("html").render(report_of(*quiet, domain_report("missing", "gone")))
    assert page.count("<article") == MOST_QUIET + 1
    assert "3 domains in sync are not listed here. The JSON report lists all." in page
    assert "not listed here" not in FORMATS.named("html").render(CLEAN)
