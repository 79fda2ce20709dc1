"""`connect-domains import` for stacks of the native host: who decides on the host, and what is written for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.adopt.scope import is_native
from pulumi_connect_domains.adopt.state import taken_names
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.stacks.deployment import Deployment, parse

from ...natives import native_state
from .conftest import ConnectDomains

PROFILES, _ = resource_types().values()
URN = "urn:pulumi:dev::crm::"
CONFIG = {"aws:region": "eu-west-2", "aws:defaultTags": '{"tags": {"team": "crm"}}'}


def entry(type: str, name: str, inputs: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"urn": f"{URN}{type}::{name}", "type": type, "id": name, "inputs": inputs or {}, "outputs": {}}


def state(*types: str) -> dict[str, Any]:
    """The export of a stack with a domain of each of these types, and config."""
    provider = entry("pulumi:providers:pulumi-python", "default", CONFIG)
    domains = [entry(type, f"crm-{place}") for place, type in enumerate(types)]
    return {"version": 3, "deployment": {"resources": [provider, *domains]}}


@pytest.mark.parametrize(
    ("host", "runtime", "types", "native"),
    [
        ("", "", [], False),
        ("", "python", [], False),
        ("", "yaml", [], True),
        ("", "python", [PROFILES.native_token], True),
        ("", "python", [PROFILES.type_token], False),
        ("", "python", [PROFILES.type_token, PROFILES.native_token], False),
        ("native", "python", [PROFILES.type_token], True),
        ("dynamic", "python", [PROFILES.native_token], False),
    ],
)
def test_the_option_decides_and_then_the_stack_and_then_the_language(
    host: str, runtime: str, types: list[str], native: bool
) -> None:
    found = parse(json.dumps(state(*types))) if types else Deployment()
    assert is_native(host, runtime, found) is native


def test_a_name_that_a_resource_has_for_one_host_is_taken_for_both() -> None:
    dynamic, native = state(PROFILES.type_token), native_state(state(PROFILES.type_token))
    assert taken_names(parse(json.dumps(native)))[PROFILES.type_token] == {"crm-0"}
    assert taken_names(parse(json.dumps(dynamic)))[PROFILES.type_token] == {"crm-0"}


def seed(cloud: LocalAws) -> None:
    rules = {"Enabled": True, "MatchingRules": [{"Rule": ["EmailAddress"]}]}
    tags = {"team": "crm", "costCenter": "1"}
    cloud.seed(
        PROFILES.service, "crm", region="eu-west-2", DefaultExpirationDays=30, RuleBasedMatching=rules, Tags=tags
    )


def written(folder: Path) -> dict[str, Any]:
    """The only entry of the import file."""
    (found,) = json.loads((folder / "out" / "import.json").read_text())["resources"]
    assert isinstance(found, dict)
    return found


def test_for_a_native_stack_in_python_both_files_are_of_the_native_host(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(local_aws)
    (tmp_path / "state.json").write_text(json.dumps(native_state(state(PROFILES.type_token))))
    assert connect_domains("--all", "--state", "state.json", "--out", "out") == 0
    found = written(tmp_path)
    assert (found["type"], found["id"]) == (PROFILES.native_token, "crm")
    assert found["inputs"] == {
        "domainName": "crm", "defaultExpirationDays": 30, "region": "eu-west-2", "tags": {"costCenter": "1"},
        "ruleBasedMatching": {"enabled": True, "matchingRules": [{"rule": ["EmailAddress"]}]},
        "tagsAll": {"team": "crm", "costCenter": "1"},
    }  # fmt: skip
    assert found["outputs"]["createdAt"]
    program = (tmp_path / "out" / "__main__.py").read_text()
    assert "from pulumi_connect_domains.native import customerprofiles" in program
    assert "default_expiration_days=30" in program
    assert "--generate-code=false" in capsys.readouterr().out


def test_for_a_project_in_another_language_pulumi_writes_the_program(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(local_aws)
    (tmp_path / "Pulumi.yaml").write_text("name: crm\nruntime: yaml\n")
    assert connect_domains("--all", "--region", "eu-west-2", "--out", "out") == 0
    assert written(tmp_path)["type"] == PROFILES.native_token
    assert not (tmp_path / "out" / "__main__.py").exists()
    said = capsys.readouterr().out
    assert "pulumi import --file out/import.json\n" in said
    assert "put the declarations that it prints into the program" in said


@pytest.mark.parametrize(
    "arguments", [["--host", "dynamic"], ["--stack", "dev", "--yes"]], ids=["the dynamic host", "--yes"]
)
def test_what_serves_python_alone_is_refused_in_other_languages(
    connect_domains: ConnectDomains, tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: crm\nruntime: {name: nodejs}\n")
    assert connect_domains("--all", "--out", "out", *arguments) == 1
    assert "the project is in another language" in capsys.readouterr().err


def test_the_option_makes_a_python_stack_native(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path
) -> None:
    seed(local_aws)
    assert connect_domains("--all", "--region", "eu-west-2", "--host", "native", "--out", "out") == 0
    assert written(tmp_path)["type"] == PROFILES.native_token
    assert "__provider" not in written(tmp_path)["inputs"]
