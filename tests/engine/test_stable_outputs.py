"""Outputs that an update does not change are known in its preview: what takes them shows no change of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi_connect_domains import customerprofiles, voiceid
from pulumi_connect_domains.testing import MakeStack, PulumiStack

PROFILES_STABLE = ("arn", "created_at")
VOICE_STABLE = ("domain_id", "arn", "created_at")
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
"""How a secret stands in an event."""


def program(
    days: int = 366, name: str = "crm", key: str = "alias/one", takes: str = "", **options: Any
) -> Callable[[], None]:
    """A domain of each service, and one whose tags are their stable outputs (and what it `takes` besides)."""

    def declare() -> None:
        crm = customerprofiles.Domain(
            "crm", domain_name=name, default_expiration_days=days, opts=pulumi.ResourceOptions(**options)
        )
        voice = voiceid.Domain("voice", name="voice", server_side_encryption_configuration={"kms_key_id": key})
        tags = {f"crm-{output}": getattr(crm, output) for output in PROFILES_STABLE}
        tags.update({f"voice-{output}": getattr(voice, output) for output in VOICE_STABLE})
        if takes:
            tags[takes] = getattr(crm, takes)
        customerprofiles.Domain("taker", domain_name="taker", default_expiration_days=366, tags=tags)
        pulumi.export("arn", crm.arn)

    return declare


def changed(stack: PulumiStack) -> dict[str, str]:
    """What the preview would do, by the names of resources."""
    return {step["urn"].rpartition("::")[2]: step["op"] for step in stack.preview_json()["steps"]}


def exported(stack: PulumiStack) -> dict[str, Any]:
    """The stack's outputs, as the last command's events have them."""
    found: dict[str, Any] = {}
    for event in stack.events:
        step = event.res_outputs_event and event.res_outputs_event.metadata
        if step and step.type == "pulumi:pulumi:Stack" and step.new:
            found = step.new.outputs
    return found


@pytest.fixture
def stack(pulumi_stack: MakeStack, local_aws: object) -> PulumiStack:
    made = pulumi_stack(program())
    made.up()
    return made


def test_what_takes_a_stable_output_does_not_change_with_an_update(stack: PulumiStack) -> None:
    stack.run(program(days=30, key="alias/two"))
    assert changed(stack) == {"test-test": "same", "crm": "update", "voice": "update"}
    done = stack.up()
    assert done.summary.resource_changes == {"same": 2, "update": 2}
    assert "resourceHooks" not in stack.command("stack", "export"), "what a preview needs is not in state"


def test_the_preview_shows_the_value(stack: PulumiStack) -> None:
    stack.run(program(days=30))
    stack.preview()
    assert exported(stack)["arn"] == stack.outputs()["arn"]


def test_what_takes_an_output_that_changes_may_change(stack: PulumiStack) -> None:
    stack.run(program(takes="last_updated_at")).up()
    stack.run(program(days=30, takes="last_updated_at"))
    assert changed(stack) == {"test-test": "same", "crm": "update", "taker": "update"}


def test_a_replacement_changes_stable_outputs_too(stack: PulumiStack) -> None:
    stack.run(program(name="crm2"))
    assert changed(stack) == {"test-test": "same", "crm": "replace", "taker": "update"}


def test_a_secret_output_stays_secret(pulumi_stack: MakeStack, local_aws: object) -> None:
    stack = pulumi_stack(program(additional_secret_outputs=["arn"]))
    stack.up()
    stack.run(program(days=30, additional_secret_outputs=["arn"]))
    assert changed(stack) == {"test-test": "same", "crm": "update"}
    stack.preview()
    assert exported(stack)["arn"] == {SIGNATURE: SECRET, "ciphertext": "[secret]"}


def test_a_programs_own_hooks_are_called_too(stack: PulumiStack) -> None:
    called: list[str] = []

    def with_hook() -> None:
        hook = pulumi.ResourceHook(
            "own", lambda args: called.append(args.name), pulumi.ResourceHookOptions(on_dry_run=True)
        )
        program(days=30, hooks=pulumi.ResourceHookBinding(before_update=[hook]))()

    stack.run(with_hook)
    assert changed(stack) == {"test-test": "same", "crm": "update"}
    assert called == ["crm"]
