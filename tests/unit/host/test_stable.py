"""Outputs that stay known in previews, in a program's own unit tests: with Pulumi's mocks there is no state to take them from."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi_connect_domains import customerprofiles, voiceid


class Mocks(pulumi.runtime.Mocks):
    """Answers with the inputs, and an ARN."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}-id", {**args.inputs, "arn": f"arn:{args.name}"}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        return {}


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "up"])
def test_a_program_runs_on_mocks(preview: bool) -> None:
    seen: list[str] = []

    @pulumi.runtime.test
    def program() -> pulumi.Output[Any]:
        crm = customerprofiles.Domain("crm", default_expiration_days=366)
        voice = voiceid.Domain("voice", server_side_encryption_configuration={"kms_key_id": "alias/one"})
        return pulumi.Output.all(crm.arn, voice.arn).apply(seen.extend)

    pulumi.runtime.set_mocks(Mocks(), preview=preview)
    program()
    assert seen == ["arn:crm", "arn:voice"]
