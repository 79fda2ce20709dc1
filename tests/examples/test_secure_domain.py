"""examples/secure-domain: mocks stand for pulumi-aws, the domain is managed for real."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from click.testing import CliRunner
from pulumi_connect_domains import Provider, aws
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiStack
from pulumi_connect_domains.validate.command import validate

from .conftest import EXAMPLES

EXAMPLE = EXAMPLES / "secure-domain"
REGION, ACCOUNT = "eu-west-2", "123456789012"
DOMAIN_ARN = f"arn:aws:profile:{REGION}:{ACCOUNT}:domains/crm-dev"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d"
QUEUE_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:crm-not-ingested"
BUCKET = "crm-exports-0a1b2c3"
BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"
TYPE = "examples:customerprofiles:SecureDomain"

# pulumi-aws deprecates names of its own while it is imported
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Aws(pulumi.runtime.Mocks):
    """pulumi-aws, with names as AWS would give them. A resource keeps its name in AWS when it is renamed in the program."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        made = {
            "aws:kms/key:Key": {"arn": KEY_ARN},
            "aws:sqs/queue:Queue": {
                "arn": QUEUE_ARN,
                "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/crm-not-ingested",
            },
            "aws:s3/bucket:Bucket": {"arn": BUCKET_ARN, "bucket": BUCKET},
        }.get(args.typ, {})
        return f"{args.name}-id", {**args.inputs, **made}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        return {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT, "arn": "", "userId": "", "id": ACCOUNT},
            "aws:index/getRegion:getRegion": {"region": REGION, "name": REGION, "id": REGION, "description": "", "endpoint": ""},
            "aws:index/getPartition:getPartition": {
                "partition": "aws", "id": "aws", "dnsSuffix": "", "reverseDnsPrefix": "",
            },
        }[args.token]  # fmt: skip


@pytest.fixture(autouse=True)
def beside_the_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program finds what stands beside it, as it does when Pulumi runs it."""
    pytest.importorskip("pulumi_aws")
    monkeypatch.syspath_prepend(str(EXAMPLE))
    yield
    sys.modules.pop("secure_domain", None)


def config() -> dict[str, str]:
    """The example's config as the engine hands it to programs: objects as JSON text."""
    given = yaml.safe_load((EXAMPLE / "Pulumi.dev.yaml").read_text())["config"]
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}


def program() -> None:
    runpy.run_path(str(EXAMPLE / "__main__.py"))


def component() -> Any:
    """The class SecureDomain; the import of a name that stands beside a program."""
    return import_module("secure_domain").SecureDomain


def declares(name: str, **given: Any) -> Callable[[], None]:
    """A program with one component of that name, and the settings of the example."""

    def run() -> None:
        opts = given.pop("opts", None)
        component()(name, domain_name="crm-dev", default_expiration_days=366, opts=opts and opts(), **given)

    return run


@pytest.fixture
def stack(pulumi_stack: MakeStack, local_aws: LocalAws) -> PulumiStack:
    return pulumi_stack(program, project="connect-secure-domain", config=config(), mocks=Aws())


def entries(stack: PulumiStack) -> list[dict[str, Any]]:
    deployment = stack.automation.export_stack().deployment or {}
    return list(deployment["resources"])


def one(stack: PulumiStack, type: str) -> dict[str, Any]:
    """The one resource whose type ends like that."""
    [found] = [each for each in entries(stack) if each["type"].endswith(type)]
    return found


def statements(stack: PulumiStack, type: str) -> list[dict[str, Any]]:
    return list(json.loads(one(stack, type)["inputs"]["policy"])["Statement"])


def test_the_domain_stands_on_a_key_a_queue_and_a_bucket(stack: PulumiStack, local_aws: LocalAws) -> None:
    stack.preview()
    stack.up()
    [domain] = local_aws.domains("customer-profiles", region=REGION).values()
    assert domain["DomainName"] == "crm-dev"
    assert domain["DefaultEncryptionKey"] == KEY_ARN
    assert domain["DeadLetterQueueUrl"] == f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/crm-not-ingested"
    bucket = {"S3BucketName": BUCKET}
    assert domain["Matching"]["ExportingConfig"] == {"S3Exporting": {**bucket, "S3KeyName": "matching"}}
    assert domain["RuleBasedMatching"]["ExportingConfig"] == {"S3Exporting": {**bucket, "S3KeyName": "rules"}}
    assert domain["Tags"] == {"team": "crm", "data-class": "personal"}  # the stack's default tags and its own
    assert stack.outputs() == {
        "domain_name": "crm-dev",
        "domain_arn": DOMAIN_ARN,
        "dead_letter_queue": domain["DeadLetterQueueUrl"],
        "export_bucket": "crm-exports-0a1b2c3",
        "key": KEY_ARN,
    }
    assert stack.messages() == []
    stack.up(expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    stack.destroy()
    assert local_aws.domains("customer-profiles") == {}


def test_every_policy_lets_in_the_service_for_this_domain_alone(stack: PulumiStack) -> None:
    stack.up()
    service = {"Effect": "Allow", "Principal": {"Service": "profile.amazonaws.com"}}

    def acting_for(*sources: str) -> dict[str, Any]:
        return {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": list(sources)}}

    without_tls = {"Bool": {"aws:SecureTransport": "false"}}
    assert statements(stack, "kms/key:Key") == [
        {
            "Sid": "AccountDecides", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*", "Resource": "*",
        },
        {
            **service, "Sid": "CustomerProfilesEncrypts", "Condition": acting_for(DOMAIN_ARN, f"{DOMAIN_ARN}/objects/*"),
            "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*",
        },
    ]  # fmt: skip
    assert statements(stack, "queuePolicy:QueuePolicy") == [
        {
            **service, "Sid": "CustomerProfilesSends", "Condition": acting_for(DOMAIN_ARN),
            "Action": "sqs:SendMessage", "Resource": QUEUE_ARN,
        },
        {
            "Sid": "OnlyTls", "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": [QUEUE_ARN],
            "Condition": without_tls,
        },
    ]  # fmt: skip
    assert statements(stack, "bucketPolicy:BucketPolicy") == [
        {
            **service, "Sid": "CustomerProfilesExports", "Condition": acting_for(DOMAIN_ARN),
            "Action": "s3:PutObject", "Resource": f"{BUCKET_ARN}/*",
        },
        {
            "Sid": "OnlyTls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": [BUCKET_ARN, f"{BUCKET_ARN}/*"], "Condition": without_tls,
        },
    ]  # fmt: skip


def test_validate_live_finds_that_the_policies_let_the_service_in(
    stack: PulumiStack, local_aws: LocalAws, tmp_path: Path
) -> None:
    """Key, queue and bucket are made as the mocks name them, with the component's policies."""
    stack.up()
    kms, sqs, s3 = (local_aws.client(name, region=REGION) for name in ("kms", "sqs", "s3"))
    policies = [one(stack, type)["inputs"]["policy"] for type in (":Key", ":QueuePolicy", ":BucketPolicy")]
    key = kms.create_key(Policy=policies[0])["KeyMetadata"]["Arn"]
    sqs.create_queue(QueueName="crm-not-ingested", Attributes={"Policy": policies[1]})
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policies[2])
    export = tmp_path / "dev.json"
    export.write_text(stack.command("stack", "export").replace(KEY_ARN, key))
    aws.forget_clients()
    shown = CliRunner().invoke(validate, ["--state", str(export), "--live"])
    assert shown.exit_code == 0, shown.output
    assert "looked at: 4, failed: 0, cannot tell: 0" in shown.output
    s3.delete_bucket_policy(Bucket=BUCKET)
    shown = CliRunner().invoke(validate, ["--state", str(export), "--live"])
    assert shown.exit_code == 1
    assert "looked at: 4, failed: 2, cannot tell: 0" in shown.output


def test_queue_and_bucket_are_encrypted_and_the_bucket_is_never_public(stack: PulumiStack) -> None:
    stack.up()
    assert one(stack, ":Queue")["inputs"]["sqsManagedSseEnabled"] is True
    closed = one(stack, ":BucketPublicAccessBlock")["inputs"]
    assert all(
        closed[name] for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    )
    [encryption] = one(stack, ":BucketServerSideEncryptionConfiguration")["inputs"]["rules"]
    assert encryption["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    [rule] = one(stack, ":BucketLifecycleConfiguration")["inputs"]["rules"]
    assert (rule["status"], rule["expiration"]) == ("Enabled", {"days": 90})


def test_everything_is_below_the_component_which_knows_its_outputs(stack: PulumiStack) -> None:
    stack.up()
    component = one(stack, TYPE)
    below = [each for each in entries(stack) if each.get("parent") == component["urn"]]
    assert len(below) == 10
    others = {each["type"] for each in entries(stack)} - {each["type"] for each in below} - {TYPE}
    assert all(type.startswith("pulumi:") for type in others), others
    assert component["outputs"] == {
        "domain_name": "crm-dev",
        "domain_arn": DOMAIN_ARN,
        "key_arn": KEY_ARN,
        "queue_arn": QUEUE_ARN,
        "queue_url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/crm-not-ingested",
        "bucket_name": "crm-exports-0a1b2c3",
    }


def test_the_domain_waits_for_the_policies_and_the_buckets_policy_for_its_settings(stack: PulumiStack) -> None:
    stack.up()
    assert {one(stack, type)["urn"] for type in ("queuePolicy:QueuePolicy", "bucketPolicy:BucketPolicy")} <= set(
        one(stack, "customerprofiles:Domain")["dependencies"]
    )
    settings = [each["urn"] for each in entries(stack) if ":s3/bucket" in each["type"] and "olicy:" not in each["type"]]
    assert len(settings) == 5
    assert set(settings) == set(one(stack, "bucketPolicy:BucketPolicy")["dependencies"])


def test_a_component_that_is_renamed_with_an_alias_changes_nothing(stack: PulumiStack, local_aws: LocalAws) -> None:
    stack.run(declares("crm")).up()
    before = local_aws.domains("customer-profiles")

    def former() -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(aliases=[pulumi.Alias(name="crm")])

    stack.run(declares("customers", opts=former)).up(expect_no_changes=True)
    assert local_aws.domains("customer-profiles") == before
    assert one(stack, "kms/key:Key")["urn"].endswith("::customers-key")


def test_protection_of_the_component_protects_the_domain(stack: PulumiStack, local_aws: LocalAws) -> None:
    stack.run(declares("crm", opts=lambda: pulumi.ResourceOptions(protect=True))).up()
    assert all(each.get("protect") for each in entries(stack) if not each["type"].startswith("pulumi:"))


def test_the_children_take_the_components_providers(stack: PulumiStack, local_aws: LocalAws) -> None:
    def run() -> None:
        import pulumi_aws

        both = [pulumi_aws.Provider("aws", region=REGION), Provider("connect", default_tags={"via": "provider"})]
        opts = pulumi.ResourceOptions(providers=both)
        component()("crm", domain_name="crm-dev", default_expiration_days=30, opts=opts)

    stack.run(run).up()
    assert "::aws::" in one(stack, "kms/key:Key")["provider"]
    assert local_aws.domains("customer-profiles", region=REGION)["crm-dev"]["Tags"] == {"via": "provider"}
    assert "RuleBasedMatching" not in local_aws.domains("customer-profiles")["crm-dev"]
