"""Drift as SARIF: which rule and level a finding has, where it stands, and that it stays the same alert from run to run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi_connect_domains.drift.formats import FORMATS
from pulumi_connect_domains.drift.formats.sarif_format import RULES
from pulumi_connect_domains.drift.model import Finding, Report, Setting
from pulumi_connect_domains.drift.requirements import Broken
from pulumi_connect_domains.reporting.formats import PLAIN, Screen

from .reports import CLEAN, EVERYTHING, NOTHING, domain, report

DAYS = Finding("default_expiration_days", 365, 30, "lowered from 365 to 30 days")


def run_of(subject: Report, screen: Screen = PLAIN) -> dict[str, Any]:
    (run,) = json.loads(FORMATS.named("sarif").render(subject, screen))["runs"]
    found: dict[str, Any] = run
    return found


def results(subject: Report, screen: Screen = PLAIN) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_of(subject, screen)["results"]
    return found


def fingerprint(result: dict[str, Any]) -> str:
    return str(result["partialFingerprints"]["primaryLocationLineHash"])


def test_one_of_everything_has_each_rule_once_or_more() -> None:
    found = {result["ruleId"] for result in results(EVERYTHING)}
    assert found == {rule.id for rule in RULES} - {"nothing-checked"}


def test_a_check_without_findings_is_a_run_without_results() -> None:
    run = run_of(CLEAN)
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 0, "startTimeUtc": "2026-11-22T06:30:00Z"}]


def test_a_check_of_nothing_is_no_empty_run() -> None:
    (result,) = results(NOTHING)
    assert (result["ruleId"], result["level"]) == ("nothing-checked", "error")
    assert run_of(NOTHING)["invocations"][0]["executionSuccessful"] is False


def test_what_the_program_ignores_is_no_result() -> None:
    assert results(report(domain("in_sync", ignored=(DAYS,)))) == []


def test_a_result_says_what_and_where() -> None:
    (result,) = results(
        report(domain("drifted", findings=(DAYS,))), Screen(project_file="infra/my project/Pulumi.yaml")
    )
    assert result["message"]["text"] == (
        "crm: default_expiration_days is declared as 365 and is 30 in AWS: lowered from 365 to 30 days. "
        "Customer Profiles domain crm-1a2b3c4 in eu-central-1, stack shop/prod."
    )
    (location,) = result["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "infra/my%20project/Pulumi.yaml"}}
    assert location["logicalLocations"] == [
        {
            "name": "crm",
            "fullyQualifiedName": "urn:pulumi:prod::shop::pulumi-python:dynamic/customerprofiles:Domain::crm",
            "kind": "resource",
        }
    ]


@pytest.mark.parametrize(
    ("project_file", "uri"), [("Pulumi.yaml", "lib/parts.py"), ("infra/Pulumi.yaml", "infra/lib/parts.py")]
)
def test_a_result_links_to_the_line_that_declares_the_domain(project_file: str, uri: str) -> None:
    subject = report(domain("drifted", findings=(DAYS,), declared_at="lib/parts.py:4"))
    (result,) = results(subject, Screen(project_file=project_file))
    (plain,) = results(report(domain("drifted", findings=(DAYS,))))
    assert result["message"]["text"] == f"{plain['message']['text']} [Declared here](1)."
    assert result["relatedLocations"] == [
        {"id": 1, "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 4}}}
    ]
    assert fingerprint(result) == fingerprint(plain), "a line that moves is the same alert"


def test_another_value_is_the_same_alert_and_another_property_is_not() -> None:
    again = replace(DAYS, live=7, summary="lowered from 365 to 7 days")
    tag = Finding("tags.team", "crm", None, "removed")
    first, other = results(report(domain("drifted", findings=(DAYS, tag))))
    (second,) = results(
        report(domain("drifted", findings=(again,)), started_at="2026-11-23T06:30:00+00:00", seconds=1.0)
    )
    assert fingerprint(first) == fingerprint(second)
    assert fingerprint(first) != fingerprint(other)


def test_two_requirements_of_one_property_are_two_alerts() -> None:
    broken = (Broken("tags.a = x", "tags.a", "z"), Broken("tags.a != z", "tags.a", "z"))
    first, second = results(report(domain("in_sync", broken_requirements=broken)))
    assert fingerprint(first) != fingerprint(second)
    (alone,) = results(report(domain("in_sync", broken_requirements=broken[1:])))
    assert fingerprint(alone) == fingerprint(second)


def test_every_result_is_another_alert() -> None:
    marks = [(result["ruleId"], fingerprint(result)) for result in results(EVERYTHING)]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize(("strict", "level"), [(False, "note"), (True, "error")])
def test_what_cannot_be_told_is_an_error_where_the_check_is_strict(strict: bool, level: str) -> None:
    subject = report(
        domain("in_sync", cannot_tell=("tags",), unmanaged_settings=(Setting("matching", True),)), strict=strict
    )
    assert {result["ruleId"]: result["level"] for result in results(subject)} == {
        "secret-not-compared": level,
        "setting-unmanaged": "note",
    }


def test_the_most_serious_stands_first() -> None:
    levels = [result["level"] for result in results(EVERYTHING)]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert set(levels) == {"error", "warning", "note"}
