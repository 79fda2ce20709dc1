"""A review as SARIF: only what should be looked at is a result, and it stays the same alert while it is the same thing."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pulumi_connect_domains.review.command import review

from .previews import HELD, INPUTS, PROFILES, document, state, step, urn

RENAMED = {**INPUTS, "domain_name": "sales"}
EMPTY = {"stats": {"profile_count": 0, "object_count": 0}}
REFRESH = step("refresh", state(outputs=EMPTY), state(outputs=EMPTY))


def reviewed(*previews: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"preview-{place}.json") for place, _ in enumerate(previews)]
        for file, preview in zip(files, previews, strict=True):
            file.write_text(preview if isinstance(preview, str) else json.dumps(preview))
        runner = CliRunner(env={"GITHUB_STEP_SUMMARY": ""})
        (run,) = json.loads(runner.invoke(review, [*map(str, files), "--format", "sarif"]).stdout)["runs"]
    found: dict[str, Any] = run
    return found


def rules(*previews: Any) -> list[tuple[str, str]]:
    return [(each["ruleId"], each["level"]) for each in reviewed(*previews)["results"]]


def test_changes_as_intended_are_no_results() -> None:
    updated = step("update", state(), state({**INPUTS, "default_expiration_days": 60}))
    assert rules(document(updated, step("create", None, state(), name="new"))) == []
    assert rules(document()) == []


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        pytest.param([step("delete", state(outputs=HELD))], [("data-loss", "error")], id="data is lost"),
        pytest.param([step("delete", state())], [("data-loss-possible", "error")], id="data may be lost"),
        pytest.param([REFRESH, step("delete", state(outputs=EMPTY))], [], id="it is known to be empty"),
        pytest.param([step("delete", state(outputs=HELD, retainOnDelete=True))], [], id="it stays in AWS"),
        pytest.param(
            [REFRESH, step("replace", state(outputs=EMPTY), state(RENAMED), replaceReasons=["domain_name"])],
            [("domain-replaced", "warning")],
            id="an empty one is replaced",
        ),
    ],
)
def test_what_is_deleted_is_a_result_unless_nothing_can_be_lost(steps: list[Any], found: list[tuple[str, str]]) -> None:
    assert rules(document(*steps)) == found


def test_a_preview_that_failed_or_cannot_be_read_is_a_result() -> None:
    failed = document(diagnostics=[{"message": "error: boom", "severity": "error"}])
    run = reviewed(failed, "{")
    assert [each["ruleId"] for each in run["results"]] == ["preview-unreadable", "preview-failed"]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_warnings_are_results_with_their_rule_as_identity() -> None:
    def warned(days: int) -> Any:
        said = {
            "urn": urn(PROFILES, "crm"),
            "severity": "warning",
            "message": f"after {days} days: x [results-not-exported]",
        }
        return document(step("update", state(), state({**INPUTS, "default_expiration_days": days})), diagnostics=[said])

    (first,) = reviewed(warned(60))["results"]
    (second,) = reviewed(warned(61))["results"]
    assert first["ruleId"] == "preview-warning"
    assert first["message"] != second["message"]
    assert first["partialFingerprints"] == second["partialFingerprints"]


def test_a_result_links_to_the_line_that_declares_the_domain() -> None:
    calls = [{"sourcePosition": "project:///../x/resource.py#1"}, {"sourcePosition": "project:///parts.py#4"}]
    (result,) = reviewed(document(step("delete", state(outputs=HELD, stackTrace=calls))))["results"]
    assert result["message"]["text"].endswith(" [Declared here](1).")
    (there,) = result["relatedLocations"]
    assert there["physicalLocation"]["region"] == {"startLine": 4}
    assert there["physicalLocation"]["artifactLocation"]["uri"].endswith("parts.py")


def test_a_result_names_the_resource_by_its_urn() -> None:
    (result,) = reviewed(document(step("delete", state(outputs=HELD))))["results"]
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == urn(PROFILES, "crm")
    assert "5 profiles" in result["message"]["text"]
    assert "`" not in result["message"]["text"]
