"""AWS fails an update between two calls: the state says what is done, on both hosts, and keeps secret what was secret."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pulumi
import pulumi_connect_domains as dynamic
import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import native
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack

SERVICE = "customer-profiles"
SECRET = "open sesame"
CONFIG = {f"{package}:region": "us-east-1" for package in ("aws", "connect-domains")}


def declares(of: Any, days: int, tags: dict[str, Any]) -> Callable[[], None]:
    return lambda: of.customerprofiles.Domain("crm", domain_name="crm", default_expiration_days=days, tags=tags)


@pytest.mark.parametrize("of", [dynamic, native], ids=["dynamic", "native"])
def test_the_rest_is_done_and_what_is_done_can_be_taken_back(
    of: ModuleType, local_aws: LocalAws, pulumi_stack: MakeStack
) -> None:
    first = lambda: declares(of, 30, {"a": pulumi.Output.secret(SECRET)})()  # noqa: E731
    then = declares(of, 31, {"b": "plain"})
    stack = pulumi_stack(first, native=True, config=CONFIG)
    stack.up()
    local_aws.fault("TagResource", code="AccessDeniedException", times=None)
    with pytest.raises(CommandError):
        stack.run(then).up()
    told = "\n".join(stack.messages("error"))
    assert "profile:TagResource" in told
    assert "what came before it is done and in state, and `pulumi up` does the rest" in told
    assert SECRET not in told + stack.command("stack", "export")
    outputs = stack.domain("crm")["outputs"]
    assert outputs["default_expiration_days"] == 31
    local_aws.reset_faults()
    local_aws.forget_calls()
    stack.up()
    writes = [call.operation for call in local_aws.calls(SERVICE) if not call.operation.startswith("Get")]
    assert writes == ["TagResource", "UntagResource"]
    assert local_aws.domains(SERVICE)["crm"]["Tags"] == {"b": "plain"}
    local_aws.fault("TagResource", code="AccessDeniedException", times=None)
    with pytest.raises(CommandError):
        stack.run(first).up()
    local_aws.reset_faults()
    stack.run(then).up()
    live = local_aws.domains(SERVICE)["crm"]
    assert (live["DefaultExpirationDays"], live["Tags"]) == (31, {"b": "plain"})
    stack.preview(expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    assert SECRET not in stack.command("stack", "export")


@pytest.mark.parametrize("of", [dynamic, native], ids=["dynamic", "native"])
def test_what_is_secret_in_the_part_that_is_done_stays_so_after_a_refresh(
    of: ModuleType, local_aws: LocalAws, pulumi_stack: MakeStack
) -> None:
    queue = "https://sqs.us-east-1.amazonaws.com/123456789012/hush"

    def then() -> None:
        of.customerprofiles.Domain(
            "crm",
            domain_name="crm",
            default_expiration_days=30,
            dead_letter_queue_url=pulumi.Output.secret(queue),
            tags={"a": "2"},
        )

    stack = pulumi_stack(declares(of, 30, {"a": "1"}), native=True, config=CONFIG)
    stack.up()
    local_aws.fault("TagResource", code="AccessDeniedException", times=None)
    with pytest.raises(CommandError):
        stack.run(then).up()
    local_aws.reset_faults()
    stack.refresh()
    found = stack.domain("crm")
    assert all(queue in found[side]["dead_letter_queue_url"]["plaintext"] for side in ("inputs", "outputs"))
    assert queue not in stack.command("stack", "export")
    stack.up()
    assert queue not in stack.command("stack", "export")
    stack.preview(expect_no_changes=True)
