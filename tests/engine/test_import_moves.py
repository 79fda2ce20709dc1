"""A domain moves from pulumi-aws's resource to ours within one stack, and nothing of it reaches AWS."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import by_token
from pulumi_connect_domains.testing import PulumiStack

from ..natives import program_host
from .test_import import CP, READS, ConnectDomains, connect_domains, settled, stack

__all__ = ["connect_domains", "program_host", "stack"]  # fixtures

OLD_TYPE = "aws:customerprofiles/domain:Domain"
OLD = f"urn:pulumi:dev::crm::{OLD_TYPE}::crm"
PROVIDER = "urn:pulumi:dev::crm::pulumi:providers:aws::default_7_51_1"
ID = "0a1b2c3d-0000-4000-8000-000000000001"
OLD_INPUTS = {
    "__defaults": ["region"],
    "domainName": "crm-prod",
    "defaultExpirationDays": 366,
    "region": "us-east-1",
    "ruleBasedMatching": {
        "__defaults": [],
        "enabled": True,
        "matchingRules": [{"__defaults": [], "rules": ["EmailAddress"]}],
    },
    "tags": {"team": "crm"},
}


def hold_as_pulumi_aws(stack: PulumiStack, cloud: LocalAws, protect: bool = False) -> None:
    """The stack holds the domain `crm-prod`, which exists, as a resource of pulumi-aws."""
    cloud.seed(
        CP,
        "crm-prod",
        DefaultExpirationDays=366,
        RuleBasedMatching={"Enabled": True, "MatchingRules": [{"Rule": ["EmailAddress"]}], "Status": "ACTIVE"},
        Tags={"team": "crm"},
    )
    arn = "arn:aws:profile:us-east-1:123456789012:domains/crm-prod"
    root = "urn:pulumi:dev::crm::pulumi:pulumi:Stack::crm-dev"
    exported = stack.automation.export_stack()
    deployment: dict[str, Any] = exported.deployment or {}
    deployment["resources"] = [
        {"urn": root, "custom": False, "type": "pulumi:pulumi:Stack"},
        {"urn": PROVIDER, "custom": True, "id": ID, "type": "pulumi:providers:aws", "inputs": {"region": "us-east-1"}},
        {
            "urn": OLD,
            "custom": True,
            "id": "crm-prod",
            "type": OLD_TYPE,
            "inputs": OLD_INPUTS,
            "outputs": {**OLD_INPUTS, "id": "crm-prod", "arn": arn},
            "parent": root,
            "provider": f"{PROVIDER}::{ID}",
            "protect": protect,
        },
    ]
    stack.automation.import_stack(type(exported)(version=exported.version, deployment=deployment))


def forget(stack: PulumiStack, *urns: str) -> None:
    """The entries are out of the state, as `pulumi state delete` leaves it."""
    exported = stack.automation.export_stack()
    deployment: dict[str, Any] = exported.deployment or {}
    deployment["resources"] = [each for each in deployment["resources"] if each["urn"] not in urns]
    stack.automation.import_stack(type(exported)(version=exported.version, deployment=deployment))


@pytest.fixture
def aws_plugin(stack: PulumiStack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A stand-in for pulumi-aws's plugin, which the CLI starts for a state that names it; a file tells whether it was told to delete."""
    if stack.engine.name != "cli":
        pytest.skip("the local engine runs no plugins, so a state with pulumi-aws's entries cannot be used on it")
    folder = tmp_path / "plugin"
    folder.mkdir()
    program = folder / "pulumi-resource-aws"
    program.write_text(PLUGIN.format(python=sys.executable, deletions=folder / "deletions"))
    program.chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    monkeypatch.setenv("PATH", path)
    stack.environment["PATH"] = path
    return folder / "deletions"


PLUGIN = """\
#!{python}
from concurrent import futures
from pathlib import Path

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc


class Aws(provider_pb2_grpc.ResourceProviderServicer):
    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version="7.51.1")

    def CheckConfig(self, request, context):
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request, context):
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request, context):
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptResources=True, supportsPreview=True)

    def Delete(self, request, context):
        Path("{deletions}").write_text(request.urn)
        return empty_pb2.Empty()

    def Cancel(self, request, context):
        return empty_pb2.Empty()


server = grpc.server(futures.ThreadPoolExecutor(4))
provider_pb2_grpc.add_ResourceProviderServicer_to_server(Aws(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
"""


def test_the_steps_by_hand_change_nothing_in_aws(
    stack: PulumiStack,
    connect_domains: ConnectDomains,
    aws_plugin: Path,
    local_aws: LocalAws,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hold_as_pulumi_aws(stack, local_aws)
    before = local_aws.domains(CP)
    local_aws.forget_calls()
    assert connect_domains("import", "--from-stack", "--stack", "dev", "--out", "moved") == 0
    assert f"pulumi state delete '{OLD}'" in capsys.readouterr().out
    Path("__main__.py").write_text(Path("moved/__main__.py").read_text())
    stack.command("import", "--file", "moved/import.json", "--generate-code=false", "--yes", "--skip-preview")
    stack.command("state", "delete", OLD, "--yes")
    stack.up()
    settled(stack)
    assert stack.state()["crm"]["type"] in by_token()
    assert not aws_plugin.exists()
    assert local_aws.domains(CP) == before
    assert {call.operation for call in local_aws.calls()} <= READS


def test_the_whole_way_lets_go_of_the_old_entry(
    stack: PulumiStack, connect_domains: ConnectDomains, aws_plugin: Path, local_aws: LocalAws
) -> None:
    hold_as_pulumi_aws(stack, local_aws)
    before = local_aws.domains(CP)
    local_aws.forget_calls()
    assert connect_domains("import", "--from-stack", "--stack", "dev", "--out", ".", "--yes") == 0
    settled(stack)
    assert OLD not in {each["urn"] for each in stack.state().values()}
    assert not aws_plugin.exists()
    assert local_aws.domains(CP) == before
    assert {call.operation for call in local_aws.calls()} <= READS


def test_a_protected_entry_is_not_let_go_of_by_the_way(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    hold_as_pulumi_aws(stack, local_aws, protect=True)
    assert connect_domains("import", "--from-stack", "--stack", "dev", "--out", ".", "--yes") == 1
    shown = capsys.readouterr()
    assert f"Nothing was imported; first\n  pulumi state unprotect '{OLD}'" in shown.err
    assert stack.state()["crm"]["urn"] == OLD
    assert connect_domains("import", "--from-stack", "--stack", "dev", "--out", ".") == 0
    assert f"pulumi state delete --force '{OLD}'" in capsys.readouterr().out


def test_once_the_old_entry_is_out_of_the_state_the_move_is_an_import_like_any_other(
    stack: PulumiStack, connect_domains: ConnectDomains, local_aws: LocalAws
) -> None:
    hold_as_pulumi_aws(stack, local_aws)
    before = local_aws.domains(CP)
    local_aws.forget_calls()
    assert connect_domains("import", "--from-stack", "--stack", "dev", "--out", ".") == 0
    forget(stack, OLD, PROVIDER)
    stack.command("import", "--file", "import.json", "--generate-code=false", "--yes", "--skip-preview")
    settled(stack)
    assert stack.up().summary.resource_changes == {"same": 2}
    assert stack.domain("crm")["inputs"]["rule_based_matching"] == {
        "enabled": True,
        "matching_rules": [{"rule": ["EmailAddress"]}],
    }
    assert local_aws.domains(CP) == before
    assert {call.operation for call in local_aws.calls()} <= READS
