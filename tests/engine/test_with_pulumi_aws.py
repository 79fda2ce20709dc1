"""examples/with-pulumi-aws: mocks stand for pulumi-aws, the domain is managed for real."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack

EXAMPLE = Path(__file__).parents[2] / "examples" / "with-pulumi-aws"
REGION, ACCOUNT = "eu-west-2", "123456789012"


class Aws(pulumi.runtime.Mocks):
    """pulumi-aws, with names as AWS would give them."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        made = {
            "aws:kms/key:Key": {"arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d"},
            "aws:sqs/queue:Queue": {
                "arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{args.name}",
                "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{args.name}",
            },
            "aws:s3/bucket:Bucket": {"arn": f"arn:aws:s3:::{args.name}-bucket", "bucket": f"{args.name}-bucket"},
        }.get(args.typ, {})
        return f"{args.name}-id", {**args.inputs, **made}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        assert args.token == "aws:index/getCallerIdentity:getCallerIdentity"
        return {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/test", "userId": "test", "id": ACCOUNT}


def config() -> dict[str, str]:
    """The example's config as the engine hands it to programs: objects as JSON text."""
    given = yaml.safe_load((EXAMPLE / "Pulumi.dev.yaml").read_text())["config"]
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}


def program() -> None:
    runpy.run_path(str(EXAMPLE / "__main__.py"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pulumi-aws deprecates names of its own while it is imported
def test_one_configuration_serves_both(local_aws: LocalAws, pulumi_stack: MakeStack) -> None:
    pytest.importorskip("pulumi_aws")
    stack = pulumi_stack(program, config=config(), mocks=Aws())
    stack.preview()
    stack.up()
    [domain] = local_aws.domains("customer-profiles", region=REGION).values()
    assert domain["DefaultEncryptionKey"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d"
    assert domain["DeadLetterQueueUrl"] == f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/not-ingested"
    assert domain["Matching"]["ExportingConfig"]["S3Exporting"]["S3BucketName"] == "matches-bucket"
    assert domain["Tags"] == {"team": "crm"}
    resources = (stack.automation.export_stack().deployment or {})["resources"]
    for name in ("not-ingested", "matches"):
        found = [each for each in resources if each["urn"].endswith(f"::{name}") and "olicy" in each["type"]]
        [policy] = [json.loads(each["inputs"]["policy"]) for each in found]
        assert policy["Statement"][0]["Principal"] == {"Service": "profile.amazonaws.com"}
    stack.up(expect_no_changes=True)
    stack.destroy()
    assert local_aws.domains("customer-profiles") == {}
