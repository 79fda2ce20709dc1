"""The commands serve a resource type as soon as the registry lists it: here the bare types, as a program has made them on each host."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pulumi_connect_domains import cli, registry
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import PulumiStack

from .resources import BARE, token_of

pytestmark = pytest.mark.parametrize("pulumi_engine", ["local"], indirect=True)
Said = tuple[int, str]


@pytest.fixture
def stack(
    cloud: LocalAws,
    cases: ModuleType,
    bare_stack: Callable[[Callable[[], None]], PulumiStack],
    monkeypatch: pytest.MonkeyPatch,
) -> PulumiStack:
    """A stack with a Cases domain and a template in it, both registered."""
    for key, type in BARE.items():
        monkeypatch.setitem(registry.resource_types(), key, type)
    made = bare_stack(declaring(cases, "A complaint"))
    made.up()
    return made


def declaring(cases: ModuleType, description: str, name: str = "support") -> Callable[[], None]:
    def program() -> None:
        domain = cases.Domain("domain", name=name)
        cases.Template("template", domain_id=domain.domain_id, name="complaint", description=description)

    return program


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs a command: its exit code, and what it printed."""

    def ask(*arguments: str) -> Said:
        code = cli.run([*arguments])
        said = capfd.readouterr()
        return code, said.out + said.err

    return ask


@pytest.fixture
def export(stack: PulumiStack, tmp_path: Path) -> str:
    exported = stack.automation.export_stack()
    file = tmp_path / "export.json"
    file.write_text(json.dumps({"version": exported.version, "deployment": exported.deployment}))
    return str(file)


def template_in(cloud: LocalAws) -> str:
    return next(id for id in cloud.domains("connectcases") if "/" in id)


def test_drift_compares_them(cloud: LocalAws, export: str, run: Callable[..., Said]) -> None:
    code, text = run("drift", "--state", export)
    assert code == 0, text
    cloud.change("connectcases", template_in(cloud), description="A compliment")
    code, text = run("drift", "--state", export)
    assert code == 2, text
    assert "description" in text
    assert "Cases template" in text
    cloud.remove("connectcases", template_in(cloud))
    code, text = run("drift", "--state", export)
    assert code == 2, text


def test_drift_finds_unmanaged_ones_in_each_parent(cloud: LocalAws, export: str, run: Callable[..., Said]) -> None:
    parent = template_in(cloud).partition("/")[0]
    made = cloud.client("connectcases").create_template(domainId=parent, name="praise")
    code, text = run("drift", "--state", export, "--unmanaged", "--strict")
    assert code == 2, text
    assert made["templateId"] in text


def test_import_writes_a_program_for_them(
    host: str, stack: PulumiStack, tmp_path: Path, run: Callable[..., Said]
) -> None:
    code, text = run("import", "--all", "--host", host, "--out", str(tmp_path / "imported"))
    assert code == 0, text
    document: Any = json.loads((tmp_path / "imported" / "import.json").read_text())
    assert {each["type"] for each in document["resources"]} == {token_of(each, host) for each in BARE.values()}


def test_review_tells_what_happens_to_them(
    cases: ModuleType, stack: PulumiStack, tmp_path: Path, run: Callable[..., Said]
) -> None:
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps(stack.run(declaring(cases, "A compliment", "sales")).preview_json()))
    code, text = run("review", str(preview))
    assert code == 0, text
    assert "**2 to replace**" in text
    assert "| `description` | `A complaint` | `A compliment` | changed |" in text
    assert "data loss" not in text, "a deletion of it loses nothing, by its schema"
    assert "object at" not in text, "what is not known yet is said in words"


def test_validate_reads_their_documents(stack: PulumiStack, tmp_path: Path, run: Callable[..., Said]) -> None:
    document = tmp_path / "template.json"
    document.write_text(json.dumps({"domain_id": "d", "name": "complaint", "required_fields": [], "status": "Gone"}))
    code, text = run("validate", str(document))
    assert code == 1
    assert "status: 'Gone' is not one of Active, Inactive" in text, text


def test_the_doctor_asks_their_service_once(cloud: LocalAws, stack: PulumiStack, run: Callable[..., Said]) -> None:
    cloud.forget_calls()
    code, text = run("doctor", "--format", "json")
    found = {check["name"]: check["status"] for check in json.loads(text)["checks"]}
    assert code == 0, text
    assert [found[f"service-{key}"] for key, type in BARE.items() if not type.parent] == ["ok"]
    assert [call.operation for call in cloud.calls("connectcases")] == ["ListDomains"]
