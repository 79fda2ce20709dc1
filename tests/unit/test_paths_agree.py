"""One grammar of paths: the same tag has the same path in every command, and each command reads it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.local.aws import LocalAws

TOKEN = "pulumi-python:dynamic/customerprofiles:Domain"
URN = f"urn:pulumi:dev::shop::{TOKEN}::crm"
INPUTS: dict[str, Any] = {"domain_name": "crm", "default_expiration_days": 30, "region": "us-east-1"}
ARN = "arn:aws:profile:us-east-1:123456789012:domains/crm"
PATH = 'tags["cost.center"]'


def resource(tags: dict[str, str]) -> dict[str, Any]:
    inputs = {**INPUTS, "tags": tags, "tags_all": tags}
    outputs = {**inputs, "arn": ARN, "created_at": "2026-05-01T10:00:00+00:00"}
    return {"urn": URN, "custom": True, "id": "crm", "type": TOKEN, "inputs": inputs, "outputs": outputs}


@pytest.fixture
def state(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An export whose domain has another cost center in AWS."""
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30, Tags={"cost.center": "2"})
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [resource({"cost.center": "1"})]}}))
    return str(file)


def test_drift_writes_it(state: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["drift", "--state", state, "--format", "json"]) == 2
    (domain,) = json.loads(capsys.readouterr().out)["domains"]
    assert [each["path"] for each in domain["findings"]] == [PATH]


@pytest.mark.parametrize("path", [PATH, "tags.cost.center"])
@pytest.mark.parametrize("value", ["2", "3"])
def test_drift_reads_both_spellings_and_writes_one(
    path: str, value: str, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["drift", "--state", state, "--require", f"{path}={value}", "--format", "json"]) == 2
    (domain,) = json.loads(capsys.readouterr().out)["domains"]
    broken = [each["requirement"] for each in domain["broken_requirements"]]
    assert broken == ([] if value == "2" else [f"{PATH} = 3"])


@pytest.mark.parametrize("spelling", [PATH, 'tags.["cost.center"]', "tags.cost.center"])
def test_review_writes_it_and_reads_the_engines(
    spelling: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "[secret]"
    for before, after in (("1", "2"), (secret, secret)):
        step = {
            "op": "update",
            "urn": URN,
            "oldState": resource({"cost.center": before}),
            "newState": resource({"cost.center": after}),
            "detailedDiff": {spelling: {"kind": "update"}},
        }
        (tmp_path / "preview.json").write_text(json.dumps({"steps": [step], "changeSummary": {"update": 1}}))
        assert cli.run(["review", str(tmp_path / "preview.json"), "--format", "json"]) == 0
        (domain,) = json.loads(capsys.readouterr().out)["stacks"][0]["domains"]
        assert [each["path"] for each in domain["properties"]] == [PATH]
