"""Stack outputs of resources that `--target` leaves out: unknown in state, and to every command that shows them."""

from __future__ import annotations

import json

import pulumi
from pulumi_connect_domains import customerprofiles
from pulumi_connect_domains.testing import MakeStack

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The protocol's text for what is not known. Source: CLI 3.260.0."""


def test_an_output_of_what_a_target_leaves_out_is_unknown_until_it_is_made(
    pulumi_stack: MakeStack, local_aws: object
) -> None:
    def program() -> None:
        one, other = (customerprofiles.Domain(name, default_expiration_days=366) for name in ("one", "other"))
        pulumi.export("one", one.arn)
        pulumi.export("other", other.arn)
        pulumi.export("both", {"arns": [one.arn, other.arn]})
        pulumi.export("hidden", pulumi.Output.secret({"arn": other.arn}))

    stack = pulumi_stack(program)
    target = ["**::one"]
    made = stack.up(target=target).outputs
    assert made["one"].value.startswith("arn:")
    assert made["other"].value == UNKNOWN
    assert stack.up(target=target).summary.resource_changes == {"same": 3}
    shown = json.loads(stack.command("stack", "output", "--json", "--show-secrets"))
    assert shown["hidden"] == UNKNOWN
    assert "[secret]" in stack.command("stack", "output", "hidden")
    assert UNKNOWN in stack.command("stack", "output", "other")
    stack.up()
    assert stack.outputs()["both"]["arns"][1] == stack.outputs()["hidden"]["arn"] == stack.outputs()["other"]
