"""Findings: the verdict on one domain, from what state declares and what is live."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_connect_domains.drift import judging
from pulumi_connect_domains.drift.judging import judge
from pulumi_connect_domains.drift.model import DomainReport, Finding
from pulumi_connect_domains.drift.state import Expectation, read_state
from pulumi_connect_domains.model.tags import TagPolicy
from pulumi_connect_domains.operations.reading import Reading
from pulumi_connect_domains.registry import resource_types

from .reports import encrypted, export, in_clear, resource

BASE = {"domain_name": "crm", "region": "us-east-1", "default_expiration_days": 30}
RULES = [{"rule": [name]} for name in ("A", "B", "C")]


QUEUE = "dead_letter_queue_url"
MONDAY = {"day_of_the_week": "MONDAY", "time": "1:00"}


def selecting(*address: Any) -> dict[str, Any]:
    """Inputs with these address types, a list whose order has no meaning."""
    selector = {"attribute_matching_model": "ONE_TO_ONE", "address": list(address)}
    return {"rule_based_matching": {"enabled": True, "attribute_types_selector": selector}}


def expected(declared: dict[str, Any], **more: Any) -> Expectation:
    (found,) = read_state(export(resource("crm", inputs={**BASE, **declared}, **more))).expectations
    return found


def verdict(declared: dict[str, Any], live: dict[str, Any], strict: bool = False, **more: Any) -> DomainReport:
    there = {"domain_name": "crm", "default_expiration_days": 30, **live}
    return judge(expected(declared, **more), Reading(there), strict=strict)


def rules(*names: str) -> list[dict[str, Any]]:
    return [{"rule": [name]} for name in names]


def matched(live: list[dict[str, Any]]) -> Finding:
    declared = {"rule_based_matching": {"enabled": True, "matching_rules": RULES}}
    (finding,) = verdict(declared, {"rule_based_matching": {"enabled": True, "matching_rules": live}}).findings
    return finding


@pytest.mark.parametrize(
    ("live", "path", "summary"),
    [
        pytest.param(rules("A", "C", "B"), "matching_rules", "levels 2 and 3 swapped", id="two swapped"),
        pytest.param(rules("B", "C", "A"), "matching_rules", "levels 1, 2 and 3 in another order", id="all moved"),
        pytest.param(rules("A", "B"), "matching_rules[2]", "level 3 removed", id="the last is gone"),
        pytest.param(
            rules("A", "C"), "matching_rules", "level 2 removed, the later ones move up", id="one between is gone"
        ),
        pytest.param(rules("A", "B", "C", "D"), "matching_rules[3]", "level 4 set", id="one more"),
        pytest.param(rules("A", "X", "C"), "matching_rules[1].rule[0]", "level 2: changed", id="one is another"),
    ],
)
def test_a_lists_differences_are_one_finding(live: list[dict[str, Any]], path: str, summary: str) -> None:
    finding = matched(live)
    assert (finding.path, finding.summary) == (f"rule_based_matching.{path}", summary)


def test_differences_in_one_rule_are_one_finding_on_that_rule() -> None:
    declared = {"rule_based_matching": {"enabled": True, "matching_rules": [{"rule": ["A"]}, {"rule": ["B", "C"]}]}}
    live = {"rule_based_matching": {"enabled": True, "matching_rules": [{"rule": ["A"]}, {"rule": ["X", "Y"]}]}}
    (finding,) = verdict(declared, live).findings
    assert (finding.path, finding.declared, finding.live) == (
        "rule_based_matching.matching_rules[1].rule",
        ["B", "C"],
        ["X", "Y"],
    )


TAGGED = {"tags": {"team": "crm", "kind": "a"}, "tags_all": {"team": "crm", "kind": "a", "stage": "prod"}}


@pytest.mark.parametrize(
    ("live", "found"),
    [
        pytest.param({"team": "x", "kind": "a", "stage": "prod"}, [("tags.team", "crm", "x")], id="one's own changed"),
        pytest.param({"kind": "a", "stage": "prod"}, [("tags.team", "crm", None)], id="one's own removed"),
        pytest.param({"team": "crm", "kind": "a"}, [("tags_all.stage", "prod", None)], id="a default tag removed"),
        pytest.param(
            {"team": "crm", "kind": "a", "stage": "prod", "z": "1"}, [("tags_all.z", None, "1")], id="a stranger added"
        ),
        pytest.param(
            {},
            [("tags.team", "crm", None), ("tags.kind", "a", None), ("tags_all.stage", "prod", None)],
            id="all removed",
        ),
        pytest.param({"team": "crm", "kind": "a", "stage": "prod", "aws:x": "y"}, [], id="AWS's own tags are nobody's"),
    ],
)
def test_a_tag_is_reported_once(live: dict[str, str], found: list[tuple[str, object, object]]) -> None:
    findings = verdict(TAGGED, {"tags": live}).findings
    assert [(each.path, each.declared, each.live) for each in findings] == found


def test_what_aws_fills_in_is_no_drift() -> None:
    live = {
        "matching": {"enabled": True, "auto_merging": {"enabled": False}, "job_schedule": {"day_of_the_week": "SATURDAY", "time": "0:00"}},
        "rule_based_matching": {"enabled": False},
        "default_encryption_key": "",
    }  # fmt: skip
    report = verdict({"matching": {"enabled": True}}, live)
    assert (report.status, report.unmanaged_settings) == ("in_sync", ())


# -- secrets ----------------------------------------------------------------------------------------------------------


def test_a_readable_secret_is_compared_and_masked() -> None:
    report = verdict({"dead_letter_queue_url": in_clear("https://a")}, {"dead_letter_queue_url": "https://b"})
    assert report.findings == (
        Finding("dead_letter_queue_url", "[secret]", "[secret]", "differs, but it is secret", True),
    )


def test_a_secret_within_a_setting_is_masked_where_it_stands() -> None:
    declared = {"matching": {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": in_clear("9:05")}}}
    (finding,) = verdict(declared, {}).findings
    assert finding.declared == {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "[secret]"}}
    assert (finding.path, finding.live, finding.summary, finding.secret) == ("matching", None, "turned off", True)


def test_what_lies_within_a_secret_is_secret_too_its_keys_included() -> None:
    declared = {"tags": in_clear({"codename": "x"}), "tags_all": in_clear({"codename": "x"})}
    report = verdict(declared, {"tags": {"codename": "y", "other": "z"}})
    assert [(each.path, each.declared, each.live) for each in report.findings] == [
        ("tags", "[secret]", "[secret]"),
        ("tags_all", "[secret]", "[secret]"),
    ]


@pytest.mark.parametrize(
    ("declared", "live", "status", "untold"),
    [
        pytest.param({QUEUE: encrypted()}, {QUEUE: "x"}, "in_sync", [QUEUE], id="a scalar"),
        pytest.param({QUEUE: encrypted()}, {}, "in_sync", [QUEUE], id="a scalar that AWS does not have: it may be empty"),
        pytest.param({"matching": encrypted()}, {"matching": {"enabled": True}}, "in_sync", ["matching"], id="a whole setting"),
        pytest.param({"matching": {"enabled": encrypted()}}, {}, "in_sync", ["matching"], id="a switch that AWS does not mention"),
        pytest.param({"tags": encrypted(), "tags_all": encrypted()}, {"tags": {"a": "b"}}, "in_sync", ["tags"], id="all tags, once"),
        pytest.param(
            {"tags": {"a": encrypted(), "b": "1"}, "tags_all": {"a": encrypted(), "b": "1"}}, {"tags": {"a": "x", "b": "2"}},
            "drifted", ["tags.a"], id="one tag; the other can be told",
        ),
        pytest.param(
            {"rule_based_matching": {"enabled": True, "matching_rules": [{"rule": [encrypted()]}, {"rule": ["B"]}]}},
            {"rule_based_matching": {"enabled": True, "matching_rules": [{"rule": ["A"]}, {"rule": ["X"]}]}},
            "drifted", ["rule_based_matching.matching_rules[0].rule[0]"], id="one rule; the other can be told",
        ),
        pytest.param(
            selecting("A", encrypted()),
            selecting("B", "A"),
            "in_sync", ["rule_based_matching.attribute_types_selector.address"], id="one of a list without order, the rest is there",
        ),
        pytest.param(
            selecting("A", encrypted()),
            selecting("B", "C"),
            "drifted", [], id="one of a list without order, another is gone",
        ),
    ],
)  # fmt: skip
def test_an_unreadable_secret_cannot_be_told(
    declared: dict[str, Any], live: dict[str, Any], status: str, untold: list[str]
) -> None:
    report = verdict(declared, live)
    assert (report.status, list(report.cannot_tell)) == (status, untold)
    assert "Unknown" not in str(report)


# -- apart ------------------------------------------------------------------------------------------------------------


def test_ignored_properties_are_apart_and_the_others_count() -> None:
    declared = {"matching": {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:00"}}}
    live = {"matching": {"enabled": True, "job_schedule": {"day_of_the_week": "MONDAY", "time": "10:00"}}}
    report = verdict(declared, live, ignoreChanges=["matching.job_schedule.time"])
    assert [each.path for each in report.findings] == ["matching.job_schedule.day_of_the_week"]
    assert [each.path for each in report.ignored] == ["matching.job_schedule.time"]
    assert verdict(declared, live, ignoreChanges=["*"]).status == "in_sync"


@pytest.mark.parametrize(
    ("declared", "live", "found"),
    [
        pytest.param({}, {"matching": {"enabled": True}}, ["matching"], id="a setting that is on"),
        pytest.param({}, {"matching": {"enabled": False, "job_schedule": MONDAY}}, [], id="one that is off, whatever it holds"),
        pytest.param({}, {"dead_letter_queue_url": "https://q"}, ["dead_letter_queue_url"], id="a value"),
        pytest.param({}, {"dead_letter_queue_url": "", "default_encryption_key": ""}, [], id="no value"),
        pytest.param(
            {"matching": {"enabled": True}}, {"matching": {"enabled": True, "auto_merging": {"enabled": True}}},
            ["matching.auto_merging"], id="within a declared setting",
        ),
        pytest.param(
            {"matching": {"enabled": True, "auto_merging": {"enabled": True}}},
            {"matching": {"enabled": True, "auto_merging": {"enabled": True, "min_allowed_confidence_score_for_merging": 0.0}}},
            ["matching.auto_merging.min_allowed_confidence_score_for_merging"], id="zero is a threshold, not the absence of one",
        ),
        pytest.param(
            {"matching": {"enabled": True}}, {"matching": {"enabled": True, "job_schedule": MONDAY}},
            ["matching.job_schedule"], id="a schedule that is not AWS's default",
        ),
        pytest.param({}, {"tags": {"a": "1", "aws:b": "2", "no": "3"}}, ["tags.a"], id="tags, but AWS's own and ignored ones"),
        pytest.param({"tags": {"a": "1"}, "tags_all": {"a": "1"}}, {"tags": {"a": "1", "b": "2"}}, [], id="no tags of a declared set"),
        pytest.param({}, {"rule_based_matching": {"enabled": False, "status": "ACTIVE"}}, [], id="what AWS computes"),
    ],
)  # fmt: skip
def test_unmanaged_settings(declared: dict[str, Any], live: dict[str, Any], found: list[str]) -> None:
    schema, policy = resource_types()["customerprofiles"].schema, TagPolicy(ignored_keys=frozenset({"no"}))
    settings = judging.unmanaged_settings(schema, {**BASE, **declared}, {**BASE, **live}, policy)
    assert [each.path for each in settings] == found


def test_strict_makes_unmanaged_settings_drift() -> None:
    relaxed, strict = (verdict({}, {"matching": {"enabled": True}}, strict=each) for each in (False, True))
    assert (relaxed.status, [each.path for each in relaxed.unmanaged_settings]) == ("in_sync", ["matching"])
    assert (strict.status, [each.path for each in strict.findings], strict.unmanaged_settings) == (
        "drifted",
        ["matching"],
        (),
    )


# -- what is no comparison ----------------------------------------------------------------------------------------------


def test_no_answer_is_never_missing_nor_in_sync() -> None:
    report = judge(expected({}), Reading(reason="access denied", error_code="AccessDeniedException"))
    assert (report.status, report.reason, report.error_code) == ("unreadable", "access denied", "AccessDeniedException")


def test_a_domain_that_aws_does_not_have_is_missing() -> None:
    report = judge(expected({}), Reading(None))
    assert (report.status, report.reason) == ("missing", "AWS has no such domain in us-east-1, account 123456789012")


def test_a_domain_on_its_way_out_is_suspended() -> None:
    inputs = {"name": "voice", "region": "us-east-1", "server_side_encryption_configuration": {"kms_key_id": "k"}}
    (voice,) = read_state(export(resource("voice", type="voiceid", inputs=inputs))).expectations
    report = judge(voice, Reading({"domain_status": "SUSPENDED", "name": "other"}))
    assert (report.status, report.findings) == ("suspended", ())


def test_a_failed_change_of_the_key_is_drift_on_the_key() -> None:
    encryption = {"kms_key_id": "alias/new"}
    inputs = {"name": "voice", "region": "us-east-1", "server_side_encryption_configuration": encryption}
    (voice,) = read_state(export(resource("voice", type="voiceid", inputs=inputs))).expectations
    failed = {"update_status": "FAILED", "old_kms_key_id": "alias/old", "message": "the key is disabled"}
    live = {"domain_status": "ACTIVE", "name": "voice", "server_side_encryption_configuration": encryption}
    assert judge(voice, Reading(live)).status == "in_sync"
    (finding,) = judge(voice, Reading({**live, "server_side_encryption_update_details": failed})).findings
    assert (finding.path, finding.declared, finding.live) == (
        "server_side_encryption_configuration.kms_key_id",
        "alias/new",
        "alias/old",
    )
