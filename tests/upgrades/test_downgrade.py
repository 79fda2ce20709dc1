"""A state that a newer version has written: one sentence says which version is needed, and nothing is read, changed or lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import cli, customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.state_format import MARK, StateFormat
from pulumi_connect_domains.testing import MakeStack, PulumiStack

NEXT = StateFormat(2, "1.4.0")
SAID = "was written by a newer version: install pulumi-connect-domains 1.4.0 or newer; nothing was read or changed"


def program() -> None:
    customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=30, tags={"team": "x"})
    voiceid.Domain("calls", name="calls", server_side_encryption_configuration={"kms_key_id": "k"})


def another() -> None:
    customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=31)
    voiceid.Domain("calls", name="others", server_side_encryption_configuration={"kms_key_id": "k"})


def rewritten(stack: PulumiStack, change: Callable[[dict[str, Any]], dict[str, Any]], folder: Path) -> str:
    """The state becomes what a newer version would have written; returns the export."""
    exported = json.loads(stack.command("stack", "export"))
    for each in exported["deployment"]["resources"]:
        if ":dynamic/" in each["type"]:
            each.update({part: change(each[part]) for part in ("inputs", "outputs")})
    path = folder / "newer.json"
    path.write_text(json.dumps(exported))
    stack.command("stack", "import", "--file", str(path))
    return stack.command("stack", "export")


def resources(text: str) -> Any:
    """What a state holds of domains, but for what the engine itself notes with each run."""
    found = [each for each in json.loads(text)["deployment"]["resources"] if ":dynamic/" in each["type"]]
    found = [{key: each[key] for key in ("urn", "id", "inputs", "outputs")} for each in found]
    return sorted(found, key=lambda each: str(each["urn"]))


def test_a_state_of_a_form_that_is_not_known_is_left_alone(
    pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path
) -> None:
    stack = pulumi_stack(program)
    stack.up()
    before = rewritten(stack, NEXT.marked, tmp_path)
    assert MARK in before
    local_aws.forget_calls()
    commands: list[Callable[[], Any]] = [
        stack.run(another).up, stack.preview, stack.refresh, lambda: stack.up(refresh=True), stack.destroy,
    ]  # fmt: skip
    for command in commands:
        with pytest.raises(CommandError) as failed:
            command()
        assert SAID in str(failed.value)
        assert "Traceback" not in str(failed.value)
    assert [call.operation for call in local_aws.calls() if call.service != "sts"] == []
    assert resources(stack.command("stack", "export")) == resources(before)


def test_drift_says_so_for_each_domain(
    pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = pulumi_stack(program)
    stack.up()
    path = tmp_path / "state.json"
    path.write_text(rewritten(stack, NEXT.marked, tmp_path))
    local_aws.forget_calls()
    assert cli.run(["drift", "--state", str(path), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [each["status"] for each in report["domains"]] == ["unreadable"] * 2
    assert all(SAID in each["reason"] for each in report["domains"])
    assert [call.operation for call in local_aws.calls() if call.service != "sts"] == []


def test_a_property_that_is_not_known_is_named_and_stays_in_aws(
    pulumi_stack: MakeStack, local_aws: LocalAws, tmp_path: Path
) -> None:
    stack = pulumi_stack(program)
    stack.up()
    rewritten(stack, lambda document: {**document, "voice_of_the_future": {"enabled": True}}, tmp_path)
    local_aws.change("customer-profiles", "crm", VoiceOfTheFuture={"Enabled": True})
    stack.preview()
    said = [text for text in stack.messages() if text.endswith("[state-newer]")]
    assert len(said) == 2
    assert all(text.startswith("the state holds voice_of_the_future, which") for text in said)
    stack.run(another).up()
    assert local_aws.domains("customer-profiles")["crm"]["VoiceOfTheFuture"] == {"Enabled": True}
    stack.refresh()
    stack.preview(expect_no_changes=True)
    assert [text for text in stack.messages() if text.endswith("[state-newer]")] == []


def test_a_deployment_of_a_form_that_is_not_known_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 9, "deployment": {"resources": []}}))
    assert cli.run(["drift", "--state", str(path)]) == 1
    assert "a newer version of pulumi-connect-domains is needed to read it" in capsys.readouterr().out
