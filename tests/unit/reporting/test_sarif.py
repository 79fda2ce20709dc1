"""SARIF: the standard's own schema, what GitHub asks for besides, and text that wants to be something else."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi_connect_domains
import pytest
from pulumi_connect_domains.reporting import sarif
from pulumi_connect_domains.reporting.sarif import Place, Result, Rule, Run
from pydantic import ValidationError

from .sarif_files import check

RULE = Rule("some-rule", "warning", "A rule", "It is found when…", "Do this.")
OTHER = Rule("other-rule", "error", "Another", "It is found when…", "Do that.")


def result(message: str = "said", place: Place | None = None, *identity: str, rule: Rule = RULE) -> Result:
    return Result(rule, message, place or Place("Pulumi.yaml"), identity)


def run_of(*results: Result, code: int = 0) -> dict[str, Any]:
    document = json.loads(sarif.document("drift", (RULE, OTHER), results, Run(code)))
    check(document)
    found: dict[str, Any] = document["runs"][0]
    return found


def test_the_schema_refuses_what_is_no_sarif() -> None:
    document = json.loads(sarif.document("drift", (RULE,), [result()], Run(0)))
    document["runs"][0]["results"][0]["levle"] = "error"
    with pytest.raises(ValidationError):
        check(document)


def test_github_refuses_a_result_without_a_file() -> None:
    document = json.loads(sarif.document("drift", (RULE,), [result()], Run(0)))
    del document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    with pytest.raises(AssertionError):
        check(document)


def test_rules_are_all_there_and_results_refer_to_them() -> None:
    run = run_of(result(rule=OTHER))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["some-rule", "other-rule"]
    assert run["tool"]["driver"]["rules"][1]["name"] == "OtherRule"
    assert run["results"][0]["ruleIndex"] == 1


@pytest.mark.parametrize(("code", "successful"), [(0, True), (2, True), (1, False)])
def test_drift_is_a_success_of_the_tool_and_doubt_is_not(code: int, successful: bool) -> None:
    assert run_of(code=code)["invocations"][0] == {"executionSuccessful": successful, "exitCode": code}


def test_findings_of_one_identity_are_numbered() -> None:
    marks = [
        each["partialFingerprints"]["primaryLocationLineHash"]
        for each in run_of(result(), result(), result("x"))["results"]
    ]
    assert len({mark.partition(":")[0] for mark in marks}) == 1
    assert [mark.partition(":")[2] for mark in marks] == ["1", "2", "3"]


def test_an_identity_is_its_parts_and_its_rule() -> None:
    found = run_of(result("", None, "a", "b"), result("", None, "ab"), result("", None, "a", "b", rule=OTHER))[
        "results"
    ]
    assert len({each["partialFingerprints"]["connectDomainsFinding/v1"] for each in found}) == 3


def test_a_line_is_a_region_and_leaves_the_hash_to_the_upload() -> None:
    (found,) = run_of(result("", Place("a.yaml", 7)))["results"]
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}
    assert list(found["partialFingerprints"]) == ["connectDomainsFinding/v1"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("infra/Pulumi.yaml", "infra/Pulumi.yaml"),
        ("./Pulumi.yaml", "Pulumi.yaml"),
        ("infra\\Pulumi.yaml", "infra/Pulumi.yaml"),
        ("a b#c?.yaml", "a%20b%23c%3F.yaml"),
        ("c:x.yaml", "c%3Ax.yaml"),
        ("Zoë.yaml", "Zo%C3%AB.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_a_file_is_a_relative_uri(file: str, uri: str) -> None:
    (found,) = run_of(result("", Place(file)))["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("plain", "plain"),
        ("[secret] and tags[0]", "[secret] and tags[0]"),
        ("[x](https://evil.example)", "[x] (https://evil.example)"),
        ("{0} {a}", "{{0}} {{a}}"),
        ("a\nb\x1b[31m\u202e", "a\\nb\\u001b[31m\\u202e"),
    ],
)
def test_a_message_is_only_text(words: str, text: str) -> None:
    assert run_of(result(words))["results"][0]["message"] == {"text": text}


def test_a_long_message_is_cut() -> None:
    text = run_of(result("x" * 5_000))["results"][0]["message"]["text"]
    assert text.startswith("x" * 1_024 + "… (5,000")


def test_more_results_than_github_takes_are_cut_from_the_least_serious_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    run = run_of(result(), result(rule=OTHER), result(), result(rule=OTHER))
    assert [each["level"] for each in run["results"]] == ["error", "error"]
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"] == "2 results did not fit"


@pytest.mark.parametrize(
    ("version", "semantic"),
    [("0.1.0", "0.1.0"), ("1.2", "1.2.0"), ("1.2.0rc1", "1.2.0-rc.1"), ("0.2.0.dev3+gabc", "0.2.0-dev.3")],
)
def test_the_version_is_one_of_semver(version: str, semantic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi_connect_domains, "__version__", version, raising=False)
    driver = run_of()["tool"]["driver"]
    assert (driver["version"], driver["semanticVersion"]) == (version, semantic)
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[a-z]+\.\d+)?", semantic)
