"""examples/with-pulumi-aws: pulumi-aws's resources are answered by a function, the domain is managed for real."""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.engine.hosts import Hosts
from pulumi_connect_domains.local.engine.memory import MemoryStack

EXAMPLE = Path(__file__).parents[2] / "examples" / "with-pulumi-aws"
REGION, ACCOUNT = "eu-west-2", "123456789012"


def answer(type_: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The id and outputs of a resource of pulumi-aws, as AWS would name it."""
    made = {
        "aws:kms/key:Key": {"arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d"},
        "aws:sqs/queue:Queue": {
            "arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}",
            "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}",
        },
        "aws:s3/bucket:Bucket": {"arn": f"arn:aws:s3:::{name}-bucket", "bucket": f"{name}-bucket"},
    }.get(type_, {})
    return f"{name}-id", {**inputs, **made}


def answer_call(token: str, arguments: dict[str, Any]) -> dict[str, Any]:
    assert token == "aws:index/getCallerIdentity:getCallerIdentity"
    return {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/test", "userId": "test", "id": ACCOUNT}


def config() -> dict[str, str]:
    """The example's config as the engine hands it to programs: objects as JSON text."""
    given = yaml.safe_load((EXAMPLE / "Pulumi.dev.yaml").read_text())["config"]
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}


@pytest.fixture
def hosts(local_aws: LocalAws, tmp_path: Path) -> Iterator[Hosts]:
    with Hosts(sys.executable, tmp_path, {**os.environ, **local_aws.environment()}, keep_warm=True) as running:
        yield running


def program() -> None:
    runpy.run_path(str(EXAMPLE / "__main__.py"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pulumi-aws deprecates names of its own while it is imported
def test_one_configuration_serves_both(local_aws: LocalAws, hosts: Hosts) -> None:
    pytest.importorskip("pulumi_aws")
    stack = MemoryStack(hosts, config=config(), mock=answer, mock_invoke=answer_call)
    preview = stack.preview(program)
    assert not preview.failed, preview.messages
    made = stack.up(program)
    assert not made.failed, made.messages
    [domain] = local_aws.domains("customer-profiles", region=REGION).values()
    assert domain["DefaultEncryptionKey"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d"
    assert domain["DeadLetterQueueUrl"] == f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/not-ingested"
    assert domain["Matching"]["ExportingConfig"]["S3Exporting"]["S3BucketName"] == "matches-bucket"
    assert domain["Tags"] == {"team": "crm"}
    for name in ("not-ingested", "matches"):
        policies = [each for each in stack.state.resources if each.name == name and "olicy" in each.type]
        [policy] = [json.loads(each.inputs["policy"]) for each in policies]
        assert policy["Statement"][0]["Principal"] == {"Service": "profile.amazonaws.com"}
    again = stack.up(program)
    assert {step.op for step in again.steps} == {"same"}
    assert not stack.destroy().failed
    assert local_aws.domains("customer-profiles", region=REGION) == {}
