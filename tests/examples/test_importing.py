"""examples/importing: every step of its README, and what it says about them."""

from __future__ import annotations

import re
from collections.abc import Callable

from pulumi_connect_domains.local.aws import LocalAws

from .conftest import Example

SERVICE, NAME = "customer-profiles", "crm-by-hand"
READS = {"GetCallerIdentity", "ListDomains", "GetDomain"}


def test_every_step(example: Callable[[str], Example], local_aws: LocalAws) -> None:
    importing = example("importing")
    made, found, declared, settled, changed = importing.blocks
    importing.run(made)
    before = local_aws.domains(SERVICE, region="eu-west-2")
    assert set(before) == {NAME}
    local_aws.forget_calls()

    importing.run(found)
    written = (importing.folder / "adopted" / "__main__.py").read_text()
    [shown] = re.findall(r"```python\n(.*?)```", importing.readme, re.DOTALL)
    assert written == shown
    importing.run(declared)
    assert "in sync" in importing.run(settled)
    assert local_aws.domains(SERVICE, region="eu-west-2") == before
    assert {call.operation for call in local_aws.calls()} <= READS

    importing.run(changed)
    [domain] = local_aws.domains(SERVICE, region="eu-west-2").values()
    assert domain == {**before[NAME], "DefaultExpirationDays": 366, "LastUpdatedAt": domain["LastUpdatedAt"]}
    assert "protected" in importing.run("pulumi destroy --yes", fails=True)
    assert set(local_aws.domains(SERVICE)) == {NAME}
