"""What is secret in a program is never stored or shown in clear, under whatever key the provider puts it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pulumi
import pytest
from pulumi_connect_domains import Provider, customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiStack

CANARY = "canary"


def hidden(text: str) -> pulumi.Output[str]:
    """A secret text that is easily found again."""
    return pulumi.Output.secret(f"{CANARY}-{text}")


def told(stack: PulumiStack) -> str:
    """All that a stack keeps and says: its state, its preview, its events."""
    exported = stack.command("stack", "export")
    preview = json.dumps(stack.preview_json())
    return "\n".join([exported, preview, *(str(event.__dict__) for event in stack.events)])


def crm(days: int = 30) -> None:
    customerprofiles.Domain(
        "crm",
        domain_name="crm",
        default_expiration_days=days,
        default_encryption_key=hidden("key"),
        dead_letter_queue_url=hidden("queue"),
        matching={
            "enabled": True,
            "auto_merging": {
                "enabled": True,
                "consolidation": {"matching_attributes_list": [[hidden("attribute")]]},
                "conflict_resolution": {"conflict_resolving_model": "SOURCE", "source_name": hidden("source")},
            },
            "exporting_config": {"s3_exporting": {"s3_bucket_name": hidden("bucket"), "s3_key_name": hidden("prefix")}},
        },
        rule_based_matching={
            "enabled": True,
            "matching_rules": [{"rule": [hidden("rule")]}],
            "attribute_types_selector": {"attribute_matching_model": "ONE_TO_ONE", "address": [hidden("address")]},
            "conflict_resolution": {"conflict_resolving_model": "SOURCE", "source_name": hidden("winner")},
        },
        tags={"team": hidden("tag")},
    )


def calls(key: str = "key") -> None:
    voiceid.Domain(
        "calls",
        name=hidden("name"),
        description=hidden("description"),
        server_side_encryption_configuration={"kms_key_id": hidden(key)},
        tags={"team": hidden("tag")},
    )


def test_no_secret_input_is_stored_or_shown_in_clear(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    """Set, changed, failed and read again: the key before the latest one is an output, and so is AWS's word on its failure."""

    def program(days: int = 30, key: str = "key") -> Callable[[], None]:
        def run() -> None:
            crm(days)
            calls(key)

        return run

    stack = pulumi_stack(program())
    stack.up()
    assert CANARY not in told(stack)
    stack.run(program(31, "key-2")).up()
    assert CANARY not in told(stack)
    assert "old_kms_key_id" in stack.state()["calls"]["outputs"]["server_side_encryption_update_details"]
    stack.refresh(expect_no_changes=True)
    assert CANARY not in told(stack)
    stack.preview(expect_no_changes=True)
    local_aws.voiceid(encryption_failure=f"the key {CANARY}-key-3 is disabled.")
    with pytest.raises(pulumi.automation.CommandError) as failed:
        stack.run(program(31, "key-3")).up()
    assert CANARY not in str(failed.value)
    assert CANARY not in told(stack)


def test_a_key_that_was_changed_elsewhere_does_not_bring_the_secret_one_into_state(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    stack = pulumi_stack(calls)
    stack.up()
    id = stack.state()["calls"]["id"]
    details = {"UpdateStatus": "COMPLETED", "OldKmsKeyId": f"{CANARY}-key"}
    local_aws.change(
        "voice-id",
        id,
        ServerSideEncryptionUpdateDetails=details,
        ServerSideEncryptionConfiguration={"KmsKeyId": "other"},
    )
    stack.refresh()
    assert CANARY not in stack.command("stack", "export")
    assert CANARY not in told(stack)


def test_what_is_not_secret_stays_readable(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    """Only what repeats a secret is one: not the status beside it, and nothing of a domain without secrets."""
    plain_key = pulumi.Output.from_input("key")

    def program() -> None:
        voiceid.Domain(
            "calls",
            server_side_encryption_configuration={"kms_key_id": plain_key},  # an output, though not secret
            tags={"team": pulumi.Output.from_input("crm")},
        )

    stack = pulumi_stack(program)
    stack.up()
    assert "ciphertext" not in stack.command("stack", "export").replace("secrets_providers", "")
    inputs = stack.state()["calls"]["inputs"]
    assert inputs["tags_all"] == {"team": "crm"}
    assert "server_side_encryption_update_details" not in inputs


DOMAIN = {"domain_name": "crm", "default_expiration_days": 30}


def by_config(stack: PulumiStack) -> Callable[[], None]:
    tags = {"tags": {"cost": f"{CANARY}-cost"}}
    stack.set_config("aws:defaultTags", json.dumps(tags), secret=True)
    return lambda: customerprofiles.Domain("crm", **DOMAIN) and None


def by_provider(stack: PulumiStack) -> Callable[[], None]:
    def program() -> None:
        provider = Provider("p", region="us-east-1", default_tags={"cost": hidden("cost")})
        customerprofiles.Domain("crm", **DOMAIN, opts=pulumi.ResourceOptions(provider=provider))

    return program


def by_parent(stack: PulumiStack) -> Callable[[], None]:
    def program() -> None:
        provider = Provider("p", region="us-east-1", default_tags=pulumi.Output.secret({"cost": f"{CANARY}-cost"}))
        parent = pulumi.ComponentResource("my:component:It", "it", opts=pulumi.ResourceOptions(providers=[provider]))
        customerprofiles.Domain("crm", **DOMAIN, tags={"team": "crm"}, opts=pulumi.ResourceOptions(parent=parent))

    return program


@pytest.mark.parametrize("where", [by_config, by_provider, by_parent])
def test_secret_default_tags_are_secret_where_they_are_merged(
    pulumi_stack: MakeStack, local_aws: LocalAws, where: Callable[[PulumiStack], Callable[[], None]]
) -> None:
    stack = pulumi_stack(lambda: None)
    stack.run(where(stack))
    assert CANARY not in json.dumps(stack.preview_json())
    stack.up()
    assert local_aws.domains("customer-profiles")["crm"]["Tags"]["cost"] == f"{CANARY}-cost"
    assert CANARY not in told(stack)
    stack.refresh(expect_no_changes=True)
    assert CANARY not in told(stack)
    assert f"{CANARY}-cost" in json.dumps(stack.state()["crm"]["outputs"]["tags_all"])  # with secrets shown


def test_plain_default_tags_stay_readable(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program() -> None:
        provider = Provider("p", region="us-east-1", default_tags={"cost": pulumi.Output.from_input("1")})
        customerprofiles.Domain("crm", **DOMAIN, opts=pulumi.ResourceOptions(provider=provider))

    stack = pulumi_stack(program)
    stack.up()
    assert '"tags_all": {\n                        "cost": "1"' in stack.command("stack", "export")


def test_what_aws_quotes_of_the_resource_is_masked(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    """Values that are not in the request at hand too: AWS may name the key when the queue is changed."""

    def program(queue: str) -> Callable[[], None]:
        def run() -> None:
            customerprofiles.Domain(
                "crm", **DOMAIN, default_encryption_key=hidden("key"), dead_letter_queue_url=hidden(queue)
            )

        return run

    stack = pulumi_stack(program("queue-1"))
    stack.up()
    quoted = f"the key {CANARY}-key cannot be used with {CANARY}-queue-1"
    for operation, run in (("UpdateDomain", stack.run(program("queue-2")).up), ("GetDomain", stack.refresh)):
        said = (
            quoted.replace("queue-1", "queue-2") + f", only with {CANARY}-queue-1"
            if operation == "UpdateDomain"
            else quoted
        )
        local_aws.fault(operation, code="BadRequestException", message=said)
        with pytest.raises(pulumi.automation.CommandError) as failed:
            run()
        assert CANARY not in str(failed.value)
        assert "the key <default_encryption_key> cannot be used with <dead_letter_queue_url>" in str(failed.value)
    local_aws.fault("GetDomain", code="BadRequestException", message=quoted)
    with pytest.raises(pulumi.automation.CommandError) as failed:
        stack.destroy()
    assert CANARY not in str(failed.value)
    assert CANARY not in json.dumps([str(vars(event)) for event in stack.events])


@pytest.mark.parametrize("part", ["outputs", "both"])
def test_a_refresh_that_heals_a_damaged_state_brings_no_secret_into_it(
    pulumi_stack: MakeStack, local_aws: LocalAws, part: str
) -> None:
    stack = pulumi_stack(crm)
    stack.up()
    exported = stack.automation.export_stack()
    for resource in exported.deployment["resources"]:  # type: ignore[index]  # a deployment
        for name in ("outputs",) if part == "outputs" else ("inputs", "outputs"):
            if resource["urn"].endswith("::crm"):
                resource[name] = {"__provider": resource[name]["__provider"], "region": "us-east-1"}
    stack.automation.import_stack(exported)
    stack.refresh()
    assert stack.state()["crm"]["outputs"]["created_at"]
    assert CANARY not in stack.command("stack", "export")
    stack.up()
    assert CANARY not in told(stack)
    stack.preview(expect_no_changes=True)


def test_an_output_that_becomes_secret_is_written_anew(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program(key: str, *, is_secret: bool) -> Callable[[], None]:
        def run() -> None:
            given = pulumi.Output.secret(key) if is_secret else key
            voiceid.Domain("calls", name="calls", server_side_encryption_configuration={"kms_key_id": given})

        return run

    stack = pulumi_stack(program(f"{CANARY}-1", is_secret=False))
    stack.up()
    stack.run(program(f"{CANARY}-2", is_secret=False)).up()
    assert CANARY in stack.command("stack", "export")
    local_aws.forget_calls()
    stack.run(program(f"{CANARY}-2", is_secret=True)).up()
    assert CANARY not in stack.command("stack", "export")
    assert local_aws.calls("voice-id", "UpdateDomain") == []
    stack.preview(expect_no_changes=True)


def test_a_lost_creation_of_a_secret_name_does_not_tell_it(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(calls, config={"aws:maxRetries": "1"})
    local_aws.drop("CreateDomain", when="after", service="voice-id", times=None)
    with pytest.raises(pulumi.automation.CommandError) as failed:
        stack.up()
    assert "may exist all the same" in str(failed.value)
    assert CANARY not in str(failed.value)
