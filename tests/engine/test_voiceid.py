"""Voice ID domains in whole programs: the real provider host, the local AWS, and whichever engine was asked for."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.stacks import secret
from pulumi_connect_domains.testing import MakeStack, PulumiStack

SAMPLE = json.loads((Path(__file__).parents[1] / "contract" / "samples" / "voiceid.json").read_text(encoding="utf-8"))
FULL: dict[str, Any] = SAMPLE["full"]
MINIMAL: dict[str, Any] = SAMPLE["minimal"]
SERVICE = "voice-id"
ENCRYPTION = "server_side_encryption_configuration"
REPLACED = {**MINIMAL, "description": "another"}
NEW_KEY = {ENCRYPTION: {"kms_key_id": "alias/new"}}
ENDED = "AWS ended support for Voice ID on 2026-05-20"


def declares(arguments: dict[str, Any], name: str = "calls", **opts: Any) -> Callable[[], None]:
    """A program with one domain."""

    def program() -> None:
        domain = voiceid.Domain(name, **copy.deepcopy(arguments), opts=pulumi.ResourceOptions(**opts))
        for output in ("domain_id", "arn", "domain_status", "watchlist_details"):
            pulumi.export(output, getattr(domain, output))

    return program


def bounded(**timeouts: str) -> pulumi.CustomTimeouts:
    return pulumi.CustomTimeouts(**timeouts)


def only(aws: LocalAws) -> dict[str, Any]:
    """The one domain that is not suspended."""
    (domain,) = (each for each in aws.domains(SERVICE).values() if each["DomainStatus"] != "SUSPENDED")
    return domain


def aged(aws: LocalAws) -> None:
    """An hour has passed for the domains that are there: they are of an earlier run for certain."""
    for id, domain in aws.domains(SERVICE).items():
        aws.change(SERVICE, id, **{name: domain[name] - timedelta(hours=1) for name in ("CreatedAt", "UpdatedAt")})


def operations(aws: LocalAws) -> list[str]:
    return [call.operation for call in aws.calls() if call.service == SERVICE]


def fails(run: Callable[..., Any], **options: Any) -> str:
    """The text of a command that has to fail, and not by a mistake of ours."""
    with pytest.raises(CommandError) as failed:
        run(**options)
    text = str(failed.value)
    assert "pulumi_connect_domains/" not in text  # no frame of ours in a traceback
    return text


def said(stack: PulumiStack, *, ephemeral: bool = False, name: str = "calls") -> list[str]:
    """What stood under the resource during the last command: its warnings, or the passing text of its line."""
    heard = (event.diagnostic_event for event in stack.events)
    return [
        each.message.rstrip("\n")
        for each in heard
        if each and (each.urn or "").endswith(f"::{name}") and bool(each.ephemeral) == ephemeral
        if ephemeral or each.severity == "warning"
    ]


def steps(preview: dict[str, Any], name: str = "calls") -> dict[str, Any]:
    """What a preview's JSON says of a resource: operation -> paths that differ."""
    return {
        step["op"]: sorted(step["detailedDiff"] or {}) for step in preview["steps"] if step["urn"].endswith(f"::{name}")
    }


def drop(stack: PulumiStack, urn: str) -> None:
    """The resource has left the state, as by `pulumi state delete`, which the local engine does not offer."""
    if stack.engine.name == "cli":
        stack.command("state", "delete", urn, "--yes")
        return
    exported = stack.automation.export_stack()
    assert exported.deployment is not None
    exported.deployment["resources"] = [each for each in exported.deployment["resources"] if each["urn"] != urn]
    stack.automation.import_stack(exported)


def settled(stack: PulumiStack) -> None:
    """The next preview, and a refresh, find nothing."""
    stack.preview(expect_no_changes=True)
    stack.refresh(preview_only=True, expect_no_changes=True)


# -- the life cycle ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [MINIMAL, FULL], ids=["minimal", "every property"])
def test_create_then_nothing_more_to_do(
    pulumi_stack: MakeStack, local_aws: LocalAws, arguments: dict[str, Any]
) -> None:
    stack = pulumi_stack(declares(arguments))
    assert stack.preview().change_summary["create"] == 2
    assert local_aws.calls() == []
    stack.up()
    assert operations(local_aws) == ["CreateDomain"]
    live, state = only(local_aws), stack.state()["calls"]
    assert {name: state["inputs"][name] for name in arguments} == arguments
    assert {name: state["outputs"][name] for name in state["inputs"]} == state["inputs"]
    assert state["id"] == live["DomainId"]
    assert stack.outputs() == {
        "domain_id": live["DomainId"],
        "arn": f"arn:aws:voiceid:us-east-1:123456789012:domain/{live['DomainId']}",
        "domain_status": "ACTIVE",
        "watchlist_details": {"default_watchlist_id": live["WatchlistDetails"]["DefaultWatchlistId"]},
    }
    local_aws.forget_calls()
    assert stack.up().summary.resource_changes == {"same": 2}
    assert local_aws.calls() == []
    settled(stack)


def test_everything_changes_in_place_and_is_taken_out_again(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    made = only(local_aws)
    for arguments in (FULL, {**FULL, **SAMPLE["changed"]}, MINIMAL):
        assert set(steps(stack.run(declares(arguments)).preview_json())) == {"update"}
        stack.up()
        live = only(local_aws)
        assert (live["DomainId"], live["CreatedAt"]) == (made["DomainId"], made["CreatedAt"])
        assert live["Name"] == arguments["name"]
        assert live.get("Description") == arguments.get("description")
        assert live["ServerSideEncryptionConfiguration"]["KmsKeyId"] == arguments[ENCRYPTION]["kms_key_id"]
        assert live["Tags"] == arguments.get("tags", {})
        settled(stack)


def test_only_the_region_replaces(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    stack.run(declares({**FULL, "region": "eu-west-2"}))
    replaced = [step for step in stack.preview_json()["steps"] if step["op"] == "replace"]
    assert [step["replaceReasons"] for step in replaced] == [["region"]]
    stack.up()
    there = local_aws.domains(SERVICE, region="us-east-1")
    assert [each["DomainStatus"] for each in there.values()] == ["SUSPENDED"]
    assert [each["DomainStatus"] for each in local_aws.domains(SERVICE, region="eu-west-2").values()] == ["ACTIVE"]
    settled(stack)


def test_destroyed_is_suspended(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    stack.destroy()
    assert [each["DomainStatus"] for each in local_aws.domains(SERVICE).values()] == ["SUSPENDED"]
    assert "calls" not in stack.state()


def test_a_name_left_out_is_made_up_and_stays(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares({ENCRYPTION: MINIMAL[ENCRYPTION]}, name="-voice of the customer"))
    stack.up()
    name = only(local_aws)["Name"]
    assert name.startswith("voiceofthecustomer-")
    stack.run(declares({ENCRYPTION: MINIMAL[ENCRYPTION], "description": "x"}, name="-voice of the customer")).up()
    assert (only(local_aws)["Name"], only(local_aws)["Description"]) == (name, "x")


@pytest.mark.parametrize("name", FULL)
def test_an_input_that_only_up_will_know(pulumi_stack: MakeStack, local_aws: LocalAws, name: str) -> None:
    def program() -> None:
        first = voiceid.Domain("first", **copy.deepcopy(MINIMAL))
        voiceid.Domain("calls", **{**FULL, name: first.arn.apply(lambda _: FULL[name])})

    stack = pulumi_stack(program)
    assert stack.preview().change_summary["create"] == 3
    stack.up()
    assert stack.state()["calls"]["inputs"][name] == FULL[name]
    settled(stack)


def test_a_domain_of_somebody_else_is_read(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    id = "a" * 22
    encryption = {"KmsKeyId": "alias/theirs"}
    local_aws.seed(SERVICE, id, Name="theirs", ServerSideEncryptionConfiguration=encryption, Tags={"a": "1"})

    def program() -> None:
        found = voiceid.Domain.get("theirs", id)
        for output in ("name", "arn", "tags", ENCRYPTION):
            pulumi.export(output, getattr(found, output))

    stack = pulumi_stack(program)
    stack.up()
    assert stack.outputs() == {
        "name": "theirs",
        "arn": f"arn:aws:voiceid:us-east-1:123456789012:domain/{id}",
        "tags": {"a": "1"},
        ENCRYPTION: {"kms_key_id": "alias/theirs"},
    }
    local_aws.change(SERVICE, id, DomainStatus="SUSPENDED")
    assert f"there is no Voice ID domain '{id}' in us-east-1" in fails(stack.preview)


DRIFT: dict[str, dict[str, Any]] = {
    "name": {"Name": "renamed"},
    "description": {"Description": None},
    f"{ENCRYPTION}.kms_key_id": {"ServerSideEncryptionConfiguration.KmsKeyId": "alias/other"},
    "tags_all.owner": {"Tags": {**FULL["tags"], "owner": "x"}},
}


@pytest.mark.parametrize(("path", "members"), DRIFT.items(), ids=DRIFT)
def test_drift_is_named_and_repaired(
    pulumi_stack: MakeStack, local_aws: LocalAws, path: str, members: dict[str, Any]
) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    local_aws.change(SERVICE, only(local_aws)["DomainId"], **members)
    assert steps(stack.preview_json(refresh=True))["update"] == [path]
    assert "code: 7" in fails(stack.refresh, preview_only=True, expect_no_changes=True)
    stack.up(refresh=True)
    settled(stack)
    live = only(local_aws)
    assert (live["Name"], live["Description"], live["Tags"]) == (FULL["name"], FULL["description"], FULL["tags"])


# -- statuses ---------------------------------------------------------------------------------------------------------


def test_a_pending_domain_is_waited_for_and_its_line_says_so(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    local_aws.voiceid(pending_describes=1)
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    assert stack.outputs()["domain_status"] == "ACTIVE"
    waited = said(stack, ephemeral=True)
    assert "waiting for the domain: PENDING, for 0 s already" in waited
    assert "waiting for the domain: PENDING, for 1 s already" in waited


def test_a_domain_that_stays_pending_is_kept_with_a_warning(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    local_aws.voiceid(pending_describes=None)
    stack = pulumi_stack(declares(MINIMAL, custom_timeouts=bounded(create="1s")))
    stack.up()
    id = only(local_aws)["DomainId"]
    assert stack.state()["calls"]["outputs"]["domain_status"] == "PENDING"
    assert (
        f"the domain {id} is created, but not ready yet: PENDING after 1 s. `pulumi refresh` reads how it stands [not-ready]"
        in said(stack)
    )
    settled(stack)
    local_aws.change(SERVICE, id, DomainStatus="ACTIVE")
    stack.refresh()
    assert stack.state()["calls"]["outputs"]["domain_status"] == "ACTIVE"
    settled(stack)


def test_a_suspended_domain_is_gone_to_refresh_and_made_again(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    first = only(local_aws)["DomainId"]
    local_aws.change(SERVICE, first, DomainStatus="SUSPENDED")
    assert "code: 7" in fails(stack.refresh, preview_only=True, expect_no_changes=True)
    stack.refresh()
    assert "calls" not in stack.state()
    stack.up()
    assert only(local_aws)["DomainId"] != first


def test_a_suspended_domain_is_gone_to_update_and_destroy(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.change(SERVICE, only(local_aws)["DomainId"], DomainStatus="SUSPENDED")
    assert "it is not in us-east-1 any more" in fails(stack.run(declares({**MINIMAL, "name": "other"})).up)
    assert "calls" in stack.state()
    stack.destroy()
    assert "calls" not in stack.state()


def test_concurrent_changes_pass_by_themselves(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.fault("UpdateDomain", code="ConflictException", members={"ConflictType": "CONCURRENT_CHANGES"}, times=1)
    stack.run(declares({**MINIMAL, "name": "other"})).up()
    assert only(local_aws)["Name"] == "other"


# -- a change of the key ----------------------------------------------------------------------------------------------


def test_a_change_of_the_key_is_waited_for(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.voiceid(encryption_describes=1)
    stack.run(declares({**MINIMAL, **NEW_KEY})).up()
    details = stack.state()["calls"]["outputs"]["server_side_encryption_update_details"]
    assert details == {"update_status": "COMPLETED", "old_kms_key_id": MINIMAL[ENCRYPTION]["kms_key_id"]}
    assert "waiting for the new key: IN_PROGRESS, for 1 s already" in said(stack, ephemeral=True)
    settled(stack)


def test_a_change_of_the_key_that_still_runs_is_a_warning(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.voiceid(encryption_describes=None)
    changed = {**MINIMAL, **NEW_KEY}
    stack.run(declares(changed, custom_timeouts=bounded(update="1s"))).up()
    assert any("IN_PROGRESS after 1 s" in warning for warning in said(stack))
    settled(stack)
    # Another key meanwhile is refused, a rename is not, and waits for nothing.
    other = {**MINIMAL, ENCRYPTION: {"kms_key_id": "alias/third"}}
    assert "an earlier change of the domain's key still runs" in fails(stack.run(declares(other)).up)
    stack.run(declares({**changed, "name": "renamed"})).up()
    assert only(local_aws)["Name"] == "renamed"
    # It fails after all: a refresh finds that out, and the next up tries again.
    failed = {"UpdateStatus": "FAILED", "OldKmsKeyId": "k", "Message": "the key is disabled."}
    local_aws.change(SERVICE, only(local_aws)["DomainId"], ServerSideEncryptionUpdateDetails=failed)
    assert "code: 7" in fails(stack.refresh, preview_only=True, expect_no_changes=True)
    stack.refresh()
    assert set(steps(stack.preview_json())) == {"update"}
    assert any(
        "AWS could not carry out the latest change: the key is disabled. The next" in each for each in said(stack)
    )
    local_aws.voiceid(encryption_describes=0)
    stack.up()
    settled(stack)


@pytest.mark.parametrize("refreshes", [False, True], ids=["at once", "after a refresh"])
def test_a_failed_change_of_the_key_keeps_what_was_done_and_is_tried_again(
    pulumi_stack: MakeStack, local_aws: LocalAws, refreshes: bool
) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.voiceid(encryption_failure="the key is disabled")
    changed = {**FULL, **NEW_KEY, "name": "renamed"}
    text = fails(stack.run(declares(changed)).up)
    id = only(local_aws)["DomainId"]
    assert f"cannot change the key of Voice ID domain {id}: the key is disabled (FAILED)" in text
    assert "all else that had to change is done" in text
    state = stack.state()["calls"]
    assert {name: state["outputs"][name] for name in changed} == changed
    assert state["outputs"]["server_side_encryption_update_details"]["update_status"] == "FAILED"
    if refreshes:
        stack.refresh()
        # They may be secret, for all that the provider knows, so they are until an update has succeeded.
        found = secret.opened(stack.state()["calls"]["outputs"])
        assert {name: found[name] for name in changed} == changed
        assert "code: 7" in fails(stack.preview, expect_no_changes=True)
    again = stack.preview_json()
    assert steps(again)["update"]
    detail = next(
        step["detailedDiff"] for step in again["steps"] if step["urn"].endswith("::calls") and step["op"] == "update"
    )
    assert set(detail) == {f"{ENCRYPTION}.kms_key_id"}, "what is done already is not announced again"
    # It never fails another change, and fails again only because it was tried again.
    local_aws.forget_calls()
    assert "the key is disabled (FAILED)" in fails(stack.run(declares({**changed, "description": "other"})).up)
    assert stack.state()["calls"]["outputs"]["description"] == "other"
    local_aws.voiceid(encryption_failure=None)
    local_aws.forget_calls()
    stack.run(declares({**changed, "description": "other"})).up()
    assert operations(local_aws) == ["UpdateDomain", "DescribeDomain"]
    settled(stack)


def test_a_failed_change_is_over_once_the_program_declares_the_key_from_before(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.voiceid(encryption_failure="the key is disabled")
    fails(stack.run(declares({**MINIMAL, **NEW_KEY})).up)
    local_aws.voiceid(encryption_failure=None)
    stack.run(declares(MINIMAL)).up()
    assert only(local_aws)["ServerSideEncryptionConfiguration"] == {"KmsKeyId": MINIMAL[ENCRYPTION]["kms_key_id"]}
    settled(stack)


def test_the_drift_check_names_a_failed_change_of_the_key(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    key = MINIMAL[ENCRYPTION]["kms_key_id"]
    failed = {"UpdateStatus": "FAILED", "OldKmsKeyId": "alias/before", "Message": "the key is disabled"}
    local_aws.change(SERVICE, only(local_aws)["DomainId"], ServerSideEncryptionUpdateDetails=failed)
    export = stack.folder / "export.json"
    export.write_text(stack.command("stack", "export"), encoding="utf-8")
    command = [sys.executable, "-m", "pulumi_connect_domains", "drift", "--state", str(export), "--format", "json"]
    ran = subprocess.run(command, env={**os.environ, **stack.environment}, capture_output=True, text=True)
    assert ran.returncode == 2, ran.stderr
    (domain,) = json.loads(ran.stdout)["domains"]
    found = [(each["path"], each["declared"], each["live"]) for each in domain["findings"]]
    assert found == [(f"{ENCRYPTION}.kms_key_id", key, "alias/before")]


# -- the lost answer and the consent ----------------------------------------------------------------------------------


def test_a_lost_answer_never_makes_a_second_domain(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    local_aws.drop("CreateDomain", when="after", times=1)
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    assert list(local_aws.domains(SERVICE)) == [stack.state()["calls"]["id"]]


def test_when_every_answer_is_lost_the_error_says_how_to_look(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    local_aws.drop("CreateDomain", when="after", times=None)
    stack = pulumi_stack(declares(MINIMAL), config={"aws:maxRetries": "1"})
    text = fails(stack.up)
    assert "a domain of the name in the program may exist all the same" in text
    assert "`aws voice-id list-domains --region us-east-1`" in text
    assert len(local_aws.domains(SERVICE)) == 1
    assert "calls" not in stack.state()


def test_the_next_run_takes_over_the_domain_whose_creation_was_lost(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    local_aws.drop("CreateDomain", when="after", times=None)
    stack = pulumi_stack(declares(FULL), config={"aws:maxRetries": "1"})
    fails(stack.up)
    local_aws.reset_faults()
    lost = only(local_aws)
    aged(local_aws)
    local_aws.change(SERVICE, lost["DomainId"], Description="theirs", Tags={"extra": "1"})
    stack.up()
    (live,) = local_aws.domains(SERVICE).values()
    assert stack.state()["calls"]["id"] == live["DomainId"] == lost["DomainId"]
    assert (live["Name"], live["Tags"], live["Description"]) == (FULL["name"], FULL["tags"], FULL["description"])
    (warning,) = (text for text in said(stack) if text.endswith("[domain-adopted]"))
    assert f"the domain {lost['DomainId']} of an earlier run" in warning
    assert "changed on it: description, tags" in warning
    settled(stack)


def test_other_settings_after_a_lost_answer_make_another_domain_as_the_error_has_said(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    local_aws.drop("CreateDomain", when="after", times=None)
    stack = pulumi_stack(declares(MINIMAL), config={"aws:maxRetries": "1"})
    text = fails(stack.up)
    assert "the next `pulumi up` takes it over, if settings and tags are the same" in text
    assert (
        "if they are to change, first look with `aws voice-id list-domains --region us-east-1`, and delete it" in text
    )
    local_aws.reset_faults()
    lost = only(local_aws)["DomainId"]
    stack.run(declares(REPLACED)).up()
    assert set(local_aws.domains(SERVICE)) == {lost, stack.state()["calls"]["id"]}
    assert "Description" not in local_aws.domains(SERVICE)[lost]


def test_a_domain_that_left_the_state_is_taken_over_again(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    before = stack.state()["calls"]
    drop(stack, before["urn"])
    aged(local_aws)
    stack.up()
    assert list(local_aws.domains(SERVICE)) == [before["id"]] == [stack.state()["calls"]["id"]]
    assert any(text.endswith("[domain-adopted]") for text in said(stack))
    settled(stack)


@pytest.mark.parametrize("is_aged", [False, True], ids=["at once", "later"])
def test_what_was_destroyed_is_created_anew(pulumi_stack: MakeStack, local_aws: LocalAws, is_aged: bool) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    suspended = []
    for _ in range(3):
        stack.up()
        suspended.append(only(local_aws)["DomainId"])
        stack.destroy()
        if is_aged:
            aged(local_aws)
    stack.up()
    assert len(set(suspended)) == 3
    assert stack.state()["calls"]["id"] == only(local_aws)["DomainId"]
    settled(stack)


def test_what_somebody_deleted_is_created_anew_after_a_refresh(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    first = only(local_aws)["DomainId"]
    local_aws.change(SERVICE, first, DomainStatus="SUSPENDED")
    aged(local_aws)
    stack.up(refresh=True)
    assert stack.state()["calls"]["id"] == only(local_aws)["DomainId"] != first
    settled(stack)


ORDERS = {"create before delete": {}, "delete before create": {"delete_before_replace": True}}


@pytest.mark.parametrize("opts", ORDERS.values(), ids=ORDERS)
def test_a_replacement_with_the_settings_of_before_makes_a_new_domain(
    pulumi_stack: MakeStack, local_aws: LocalAws, opts: dict[str, Any]
) -> None:
    """The description goes there and back, so the second replacement asks with the token of the first domain, which is in use."""
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    stack.run(declares(REPLACED)).up()
    first = only(local_aws)["DomainId"]
    aged(local_aws)
    stack.run(declares(MINIMAL, replace_on_changes=["description"], **opts)).up()
    assert stack.state()["calls"]["id"] == only(local_aws)["DomainId"] != first
    assert local_aws.domains(SERVICE)[first]["DomainStatus"] == "SUSPENDED"
    settled(stack)


@pytest.mark.parametrize("opts", ORDERS.values(), ids=ORDERS)
def test_a_replacement_that_somebody_asks_for_makes_a_new_domain(
    pulumi_stack: MakeStack, local_aws: LocalAws, opts: dict[str, Any]
) -> None:
    stack = pulumi_stack(declares(MINIMAL, **opts), own_process=True)  # the provider looks at the engine's command line
    stack.up()
    first = only(local_aws)["DomainId"]
    aged(local_aws)
    stack.up(replace=[stack.state()["calls"]["urn"]])
    assert stack.state()["calls"]["id"] == only(local_aws)["DomainId"] != first
    assert local_aws.domains(SERVICE)[first]["DomainStatus"] == "SUSPENDED"
    settled(stack)


def test_a_replacement_that_cannot_be_seen_keeps_the_domain(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    """The engine creates what `pulumi state taint` marked as if it were new, and then deletes the old entry."""
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    first = only(local_aws)["DomainId"]
    exported = stack.automation.export_stack()
    assert exported.deployment is not None
    for each in exported.deployment["resources"]:
        each["taint"] = each["urn"].endswith("::calls")
    stack.automation.import_stack(exported)
    aged(local_aws)
    stack.up()
    assert list(local_aws.domains(SERVICE)) == [first] == [stack.state()["calls"]["id"]]
    rules = [text.rpartition(" ")[2] for text in said(stack)]
    assert rules[-2:] == ["[domain-adopted]", "[deletion-skipped]"]
    assert only(local_aws)["DomainStatus"] == "ACTIVE"
    settled(stack)


def test_a_missing_consent_is_explained_and_never_means_deleted(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    local_aws.voiceid(consent=False)
    stack = pulumi_stack(declares(MINIMAL))
    assert "has not acknowledged the consent that Voice ID asks for (BIPA)" in fails(stack.up)
    local_aws.voiceid(consent=True)
    stack.up()
    no_consent = {"code": "ResourceNotFoundException", "members": {"ResourceType": "COMPLIANCE_CONSENT"}, "times": None}
    for operation in ("DescribeDomain", "UpdateDomain", "DeleteDomain"):
        local_aws.fault(operation, **no_consent)
    for run in (stack.refresh, stack.run(declares({**MINIMAL, "name": "other"})).up, stack.destroy):
        assert "consent" in fails(run)
        assert "calls" in stack.state()


# -- the end of support -----------------------------------------------------------------------------------------------


def test_every_preview_warns_once_under_the_resource(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))

    def warnings() -> int:
        return sum(ENDED in text for text in said(stack))

    stack.preview()
    assert warnings() == 1
    stack.up()
    stack.preview()
    assert warnings() == 1
    stack.run(declares({**MINIMAL, "region": "eu-west-2"})).preview()  # a replacement is checked twice
    assert warnings() == 1
    document = stack.preview_json()
    assert sum(ENDED in each["message"] for each in document["diagnostics"]) == 1
    stack.set_config("connect-domains:silence", "end-of-support")
    stack.preview()
    assert warnings() == 0


CLOSED = {
    "no answers": {"closed": "connection"},
    "access denied": {"closed": "access-denied"},
    "no such service": {"closed": "not-found"},
}


@pytest.mark.parametrize("closed", CLOSED.values(), ids=CLOSED)
def test_a_creation_on_the_closed_service_says_why_and_what_to_do(
    pulumi_stack: MakeStack, local_aws: LocalAws, closed: dict[str, str]
) -> None:
    local_aws.voiceid(**closed)
    stack = pulumi_stack(declares(MINIMAL), config={"aws:maxRetries": "1"})
    assert f"{ENDED}: if that is why, take the resource out of the program" in fails(stack.up)
    assert "calls" not in stack.state()


@pytest.mark.parametrize("closed", CLOSED.values(), ids=CLOSED)
def test_a_domain_on_the_closed_service_stays_until_it_is_dropped(
    pulumi_stack: MakeStack, local_aws: LocalAws, closed: dict[str, str]
) -> None:
    stack = pulumi_stack(declares(MINIMAL), config={"aws:maxRetries": "1"})
    stack.up()
    before = stack.state()["calls"]
    local_aws.voiceid(**closed)
    command = f"`pulumi state delete '{before['urn']}'` drops the domain from the state without asking AWS"
    for run in (stack.refresh, stack.destroy):
        assert command in fails(run)
        assert stack.state()["calls"]["outputs"] == before["outputs"]
    drop(stack, before["urn"])
    assert "calls" not in stack.state()
    stack.destroy()


def test_retain_on_delete_lets_go_without_asking(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.voiceid(closed="access-denied")
    stack.run(declares(MINIMAL, retain_on_delete=True)).up()
    local_aws.forget_calls()
    stack.run(lambda: None).up()
    assert "calls" not in stack.state()
    assert operations(local_aws) == []
    assert only(local_aws)["DomainStatus"] == "ACTIVE"


# -- what AWS calls sensitive -----------------------------------------------------------------------------------------


def test_secret_inputs_stay_secret_even_when_a_change_fails_in_part(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    def declared(key: str) -> Callable[[], None]:
        def program() -> None:
            voiceid.Domain(
                "calls",
                name=pulumi.Output.secret(f"s3cret-{key}"),
                description=pulumi.Output.secret("s3cret words"),
                server_side_encryption_configuration={"kms_key_id": pulumi.Output.secret(f"alias/quiet-{key}")},
                tags={"team": pulumi.Output.secret("s3cret-team")},
            )

        return program

    stack = pulumi_stack(declared("one"))
    shown = stack.up().stdout
    local_aws.voiceid(encryption_failure="alias/quiet-two is disabled")
    shown += fails(stack.run(declared("two")).up)
    assert "<kms_key_id> is disabled (FAILED)" in shown
    shown += "".join(said(stack))
    for text in ("s3cret", "quiet-"):
        assert text not in shown + stack.command("stack", "export")


def test_no_error_names_what_aws_calls_sensitive(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    words = {"name": "s3cret-name", "description": "s3cret words", "tags": {"s3cret-key": "s3cret-value"}}
    told = "s3cret-name, s3cret words, s3cret-key and s3cret-value are not valid"
    local_aws.fault("CreateDomain", code="ValidationException", message=told)
    stack = pulumi_stack(declares({**MINIMAL, **words}))
    text = fails(stack.up) + "".join(stack.messages("error"))
    assert "<name>, <description>, " in text
    assert "(ValidationException)" in text
    assert "s3cret" not in text
