"""Drift as OpenMetrics: what a scraper reads, how many series there can be, and what no series says."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as prometheus_families
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.formats.openmetrics_format import MOST_DOMAINS, MOST_STACKS
from pulumi_connect_domains.drift.model import Finding, Report
from pulumi_connect_domains.reporting.formats import PLAIN, Screen

from .reports import CLEAN, EVERYTHING, NOTHING, domain, report

REPORTS = {"everything": EVERYTHING, "clean": CLEAN, "nothing": NOTHING}
TAG = Finding("tags.a", "b", None, "removed")


def text_of(subject: Report, screen: Screen = PLAIN) -> str:
    return FORMATS.named("openmetrics").render(subject, screen)


def samples(subject: Report, screen: Screen = PLAIN) -> Iterator[tuple[str, Mapping[str, str], float]]:
    for family in text_string_to_metric_families(text_of(subject, screen)):
        assert family.type == "gauge", "node exporter refuses the types that only OpenMetrics has"
        assert family.documentation
        for sample in family.samples:
            assert sample.timestamp is None, "node exporter refuses timestamps"
            yield sample.name.removeprefix("connect_domains_drift_"), sample.labels, sample.value


def value(subject: Report, name: str, **labels: str) -> float | None:
    found = [number for each, has, number in samples(subject) if each == name and labels.items() <= has.items()]
    assert len(found) <= 1, f"{name} {labels} is ambiguous"
    return found[0] if found else None


@pytest.mark.parametrize("which", REPORTS)
def test_both_formats_of_prometheus_read_the_same(which: str) -> None:
    text = text_of(REPORTS[which])
    assert text.endswith("# EOF\n")

    def read(families: Iterator[object]) -> list[object]:
        return [(sample.name, sample.labels, sample.value) for each in families for sample in each.samples]  # type: ignore[attr-defined]

    assert read(text_string_to_metric_families(text)) == read(prometheus_families(text))


@pytest.mark.parametrize("which", REPORTS)
@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="no promtool on PATH: the metrics were read by Python's client only"
)
def test_promtool_finds_nothing_to_say(which: str) -> None:
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=text_of(REPORTS[which]), text=True, capture_output=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_domains_are_counted_by_stack_and_status() -> None:
    statuses = {"drifted": 1, "missing": 1, "suspended": 1, "unreadable": 1, "in_sync": 3}
    for status, number in statuses.items():
        assert value(EVERYTHING, "domains", stack="shop/prod", status=status) == number
    assert value(report(stacks=("shop/empty",)), "domains", stack="shop/empty", status="in_sync") == 0


def test_findings_are_counted_by_domain_and_kind() -> None:
    found = {(has["domain"], has["kind"]): n for name, has, n in samples(EVERYTHING) if name == "findings"}
    assert found == {
        ("crm", "drifted"): 4,
        ("crm", "requirement"): 1,
        ("crm", "note"): 1,
        ("gone", "missing"): 1,
        ("voice", "suspended"): 1,
        ("locked", "unreadable"): 1,
        ("aside", "unmanaged"): 2,
        ("aside", "ignored"): 1,
        ("aside", "cannot_tell"): 1,
        ("shared", "declared_twice"): 1,
    }


@pytest.mark.parametrize(("which", "code"), [("everything", 1), ("clean", 0), ("nothing", 1)])
def test_the_run_itself(which: str, code: int) -> None:
    assert value(REPORTS[which], "exit_code") == code
    assert value(REPORTS[which], "duration_seconds") == 2.345
    assert value(REPORTS[which], "last_check_timestamp_seconds") == 1795329002.345  # 06:30:02.345 UTC
    assert value(REPORTS[which], "build_info", version="1.2.3") == 1
    assert value(REPORTS[which], "problems") == len(REPORTS[which].problems)


def test_unmanaged_domains_are_counted_where_somebody_asked() -> None:
    assert value(EVERYTHING, "unmanaged_domains", account="123456789012", region="eu-central-1") == 1
    assert value(EVERYTHING, "unmanaged_domains", region="us-east-1") == 0
    assert value(CLEAN, "unmanaged_domains") is None


def test_every_series_names_its_check() -> None:
    given = Screen(check_name='night "1"\\\n')
    assert {has["check"] for _, has, _ in samples(EVERYTHING, given)} == {'night "1"\\\\n'}, "a line end is spelled out"
    assert {has["check"] for _, has, _ in samples(EVERYTHING)} == {"drift"}


def test_a_fleet_has_a_bounded_number_of_series() -> None:
    fleet = report(
        *(domain("drifted", f"crm-{n}", stack=f"s{n}", findings=(TAG,)) for n in range(MOST_DOMAINS + 7)),
        stacks=tuple(f"shop/s{n}" for n in range(MOST_STACKS + 7)),
    )
    found = list(samples(fleet))
    assert len(found) < MOST_DOMAINS + 5 * MOST_STACKS + 20
    assert value(fleet, "left_out", what="domains") == 7
    assert value(fleet, "left_out", what="stacks") == 7


def test_domains_of_one_name_are_one_series() -> None:
    """Two backends may each have a stack `shop/prod` with a `crm`; of a series that stands twice, one is dropped."""
    twins = report(domain("drifted", findings=(TAG,)), domain("drifted", findings=(TAG, TAG)))
    assert value(twins, "findings", domain="crm", kind="drifted") == 3
    long = report(
        domain("drifted", "x" * 300 + "1", findings=(TAG,)), domain("drifted", "x" * 300 + "2", findings=(TAG,))
    )
    assert [number for name, _, number in samples(long) if name == "findings"] == [2]


def test_no_series_holds_what_aws_calls_a_domain() -> None:
    """AWS calls the names of Voice ID domains sensitive, and metrics are read by many."""
    text = text_of(EVERYTHING)
    assert "1a2b3c4" not in text
    assert "by-hand" not in text
