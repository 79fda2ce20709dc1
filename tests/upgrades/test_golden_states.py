"""What earlier versions of this package have written is read, refreshed, updated and destroyed by this one, with no call too many."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pulumi_connect_domains import aws, cli, registry
from pulumi_connect_domains.host.lifecycle import Lifecycle
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.review.command import review
from pulumi_connect_domains.testing import MakeStack, PulumiStack

from .programs import changed, running, unprotected
from .record import FOLDER, PROGRAMS, PROJECT, STACK, shape

SETS = sorted(folder.name for folder in FOLDER.iterdir())
READS = ("Get", "Describe", "List", "Assume")
SUSPENDED = "SUSPENDED"


@dataclass(frozen=True)
class Golden:
    """A state, the program that made it, and the domains in AWS."""

    program: dict[str, Any]
    state: dict[str, Any]
    world: list[dict[str, Any]]

    @classmethod
    def read(cls, name: str, title: str) -> Golden:
        return cls(**json.loads((FOLDER / name / f"{title}.json").read_text()))

    def restored(self, aws: LocalAws, make: MakeStack, folder: Path) -> PulumiStack:
        """AWS and the stack, as they were then."""
        for each in self.world:
            aws.seed(each["service"], each["name"], account=each["account"], region=each["region"], **each["members"])
        stack = make(running(self.program), name=STACK, project=PROJECT)
        for key, value in self.program["config"].items():
            stack.set_config(key, value["value"], secret=value.get("secret", False))
        path = folder / "golden.json"
        path.write_text(json.dumps(self.state))
        stack.command("stack", "import", "--file", str(path))
        aws.forget_calls()
        return stack


def written(aws: LocalAws) -> list[tuple[str, Mapping[str, Any]]]:
    """The calls that changed something, since the last look."""
    found = [(call.operation, call.parameters) for call in aws.calls() if not call.operation.startswith(READS)]
    aws.forget_calls()
    return found


def alive(aws: LocalAws) -> list[str]:
    """The domains that are there, in all accounts and Regions."""
    services = [type.service for type in registry.resource_types().values()]
    return [
        name
        for service in services
        for name, members in aws.domains(service).items()
        if members.get("DomainStatus") != SUSPENDED
    ]


each_set = pytest.mark.parametrize("name", SETS)


def test_a_state_of_this_version_is_kept() -> None:
    """Whoever changes what a state holds records states of it: `make golden-state NAME=2026-12-24-what-is-new`."""
    kept = [json.loads((FOLDER / name / "shape.json").read_text()) for name in SETS]
    assert shape() in kept, (
        "what this version writes has another shape than all golden states: `make golden-state NAME=…`"
    )


@each_set
def test_the_golden_states_hold_all_that_they_should(name: str) -> None:
    """Every resource type and property, secrets, explicit providers, what is protected, interrupted, and replaced in part."""
    kept = json.loads((FOLDER / name / "shape.json").read_text())
    assert {path.stem for path in (FOLDER / name).iterdir()} == {*PROGRAMS, "shape"}
    everything = Golden.read(name, "everything").state["deployment"]["resources"]
    for token, about in kept["types"].items():
        held = {
            key for each in everything if each["type"] == token for part in ("inputs", "outputs") for key in each[part]
        }
        only_after_a_change = {"server_side_encryption_update_details"}
        assert set(about["properties"]) - held <= only_after_a_change | {"adopt_existing"}
        assert {each["inputs"]["__provider"] for each in everything if each["type"] == token} == {about["provider"]}
    text = json.dumps(everything)
    assert '"ciphertext"' in text
    assert '"protect": true' in text
    assert "::elsewhere::" in text
    interrupted = Golden.read(name, "interrupted").state["deployment"]
    assert interrupted["pending_operations"]
    assert [each for each in interrupted["resources"] if each.get("delete")]
    assert [each for each in interrupted["resources"] if each.get("initErrors")]


@each_set
def test_the_pickled_providers_load(name: str) -> None:
    import base64

    import dill

    for token, about in json.loads((FOLDER / name / "shape.json").read_text())["types"].items():
        found = dill.loads(base64.b64decode(about["provider"]))
        assert isinstance(found, Lifecycle)
        assert found.__class__ is registry.by_token()[token].provider_class


@each_set
def test_an_old_state_lives_on(
    local_aws: LocalAws, pulumi_stack: MakeStack, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Read, refreshed, previewed, updated by a tag and by a setting, and destroyed."""
    golden = Golden.read(name, "everything")
    stack = golden.restored(local_aws, pulumi_stack, tmp_path)
    count = len(golden.world)
    assert len(alive(local_aws)) == count

    path = tmp_path / "state.json"
    path.write_text(stack.command("stack", "export", "--show-secrets"))
    aws.forget_clients()
    words = ["drift", "--state", str(path), "--assume-role", "arn:aws:iam::{account}:role/deploy", "--format", "json"]
    assert cli.run(words) == 0
    report = json.loads(capsys.readouterr().out)
    assert {each["status"] for each in report["domains"]} == {"in_sync"}
    assert len(report["domains"]) == count

    stack.refresh(expect_no_changes=True)
    preview = stack.preview_json(refresh=True)
    assert {step["op"] for step in preview["steps"]} <= {"same", "refresh"}
    assert (
        CliRunner().invoke(review, ["--format", "json"], json.dumps(preview), standalone_mode=False).return_value == 0
    )
    stack.up(expect_no_changes=True)
    assert [text for text in stack.messages() if not text.endswith("[end-of-support]")] == []
    assert written(local_aws) == []

    program = changed(golden.program, "full", {"tags": {"team": "new"}, "dead_letter_queue_url": "https://queue"})
    program = changed(program, "far-calls", {"tags": {"team": "new"}})
    program = changed(program, "quiet", {"description": "new"})
    stack.run(running(program)).up()
    calls = written(local_aws)
    assert sorted(operation for operation, _ in calls) == [
        "TagResource", "TagResource", "UntagResource", "UpdateDomain", "UpdateDomain",
    ]  # fmt: skip
    updates = [{*parameters} for operation, parameters in calls if operation == "UpdateDomain"]
    assert {"DomainName", "DeadLetterQueueUrl"} in updates
    stack.preview(expect_no_changes=True, refresh=True)

    stack.run(running(unprotected(program))).up()
    assert written(local_aws) == []
    stack.destroy()
    assert alive(local_aws) == []
    assert [operation for operation, _ in written(local_aws)] == ["DeleteDomain"] * count


@each_set
def test_an_old_state_is_destroyed_without_its_program(
    local_aws: LocalAws, pulumi_stack: MakeStack, tmp_path: Path, name: str
) -> None:
    """The providers come from the state alone; what is protected stays until somebody says otherwise."""
    golden = Golden.read(name, "everything")
    stack = golden.restored(local_aws, pulumi_stack, tmp_path).run(lambda: None)
    stack.command(
        "state",
        "delete",
        *[each["urn"] for each in golden.state["deployment"]["resources"] if each.get("protect")],
        "--force",
        "--yes",
    )
    stack.destroy()
    assert alive(local_aws) == ["kept"]


@each_set
def test_what_was_interrupted_then_is_finished_now(
    local_aws: LocalAws, pulumi_stack: MakeStack, tmp_path: Path, name: str
) -> None:
    """The replaced domain goes, the change that failed is tried again, and the creation that nobody heard of is cleared."""
    golden = Golden.read(name, "interrupted")
    stack = golden.restored(local_aws, pulumi_stack, tmp_path)
    stack.refresh(clear_pending_creates=True)
    assert written(local_aws) == []
    stack.up()
    assert sorted(operation for operation, _ in written(local_aws)) == ["DeleteDomain", "UpdateDomain"]
    stack.preview(expect_no_changes=True, refresh=True)
    assert len(alive(local_aws)) == len(golden.program["resources"])
    stack.destroy()
    assert alive(local_aws) == []
