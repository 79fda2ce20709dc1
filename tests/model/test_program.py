"""The model's programs register what the constructors of the resources register."""

from __future__ import annotations

from typing import Any

import pulumi_connect_domains
import pytest
from pulumi_connect_domains import native
from pulumi_connect_domains.testing import connections_of_their_own
from pulumi_local_engine.deploy import ledger
from pulumi_local_engine.model.goal import Goal

from ..unit.local_engine.stacks import MemoryStack
from .declared import CP, VID, Domain, Program, Run
from .histories import MATCHING, TAGS
from .hosts import HOSTS, HostName
from .stage import Stage
from .world import World

DOMAINS = (
    Domain("a", CP, {"domain_name": "d1", "default_expiration_days": 30, "matching": MATCHING, "tags": TAGS}, ("matching",), True),
    Domain("b", CP, {"default_expiration_days": 30, "force_destroy": True, "region": "eu-west-2"}, former=("z",)),
    Domain("v", VID, {"name": "d2", "server_side_encryption_configuration": {"kms_key_id": "k"}}),
    Domain("w", VID, {"server_side_encryption_configuration": {"kms_key_id": "k"}, "description": "x", "tags": TAGS}),
)  # fmt: skip
PACKAGES = {"dynamic": pulumi_connect_domains, "native": native}
AUTO_NAMES = {"b": "domain_name", "w": "name"}


@pytest.mark.parametrize("host", HOSTS)
def test_the_goals_are_those_of_the_constructors(stage: Stage, host: HostName, monkeypatch: pytest.MonkeyPatch) -> None:
    goals: dict[str, Any] = {}
    claim = ledger.Ledger.claim

    def noted(self: ledger.Ledger, goal: Goal) -> Any:
        if goal.custom and goal.name != "default":
            goals[goal.name] = {
                "type": goal.type, "inputs": _comparable(goal), "protect": bool(goal.protect),
                "ignores": goal.ignore_changes, "aliases": goal.aliases,
            }  # fmt: skip
        return claim(self, goal)

    monkeypatch.setattr(ledger.Ledger, "claim", noted)
    World(stage, host).take(Run(Program(DOMAINS), preview=True))
    ours, goals = goals, {}
    with connections_of_their_own():
        environment = {**stage.environment, "PATH": str(stage.plugin.parent)}
        MemoryStack(stage.folder, environment, stage.spawn).preview(lambda: _declare(PACKAGES[host]))
    assert goals == ours
    assert len(ours) == len(DOMAINS)


def _declare(package: Any) -> None:
    import pulumi

    for domain in DOMAINS:
        options = pulumi.ResourceOptions(
            protect=domain.protect or None,
            ignore_changes=list(domain.ignores),
            aliases=[pulumi.Alias(name=name) for name in domain.former],
        )
        getattr(package, domain.type).Domain(domain.name, **domain.settings, opts=options)


def _comparable(goal: Goal) -> dict[str, Any]:
    """The inputs; the digits of a proposed name depend on project and stack."""
    inputs = {key: value for key, value in goal.inputs.items() if value is not None}
    name = AUTO_NAMES.get(goal.name)
    return {key: value[:-7] if key == name else value for key, value in inputs.items()}
