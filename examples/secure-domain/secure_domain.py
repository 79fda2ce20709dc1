"""A Customer Profiles domain with all that it should stand on: a key, a dead-letter queue, and a bucket for its exports.

Where a comment says "AWS documents", it is in the Amazon Connect administrator guide: under "Enable Customer Profiles" what the service
has to be allowed, under "Cross-service confused deputy prevention" the conditions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_connect_domains import customerprofiles

SERVICE = {"Service": "profile.amazonaws.com"}
"""Customer Profiles, as policies name it."""

Statement = dict[str, Any]


class SecureDomain(pulumi.ComponentResource):
    """A Customer Profiles domain, its KMS key, its dead-letter queue, and the bucket that identity resolution exports to.

    Key, queue and bucket let in Customer Profiles on behalf of this domain only. So nobody can use the service from another account, or
    through another domain, to reach them (the confused deputy).

    The domain's name in AWS is not the component's. When you rename the component with an alias
    (`opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="former-name")])`), nothing in AWS changes.
    """

    domain_name: pulumi.Output[str]
    domain_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    queue_arn: pulumi.Output[str]
    queue_url: pulumi.Output[str]
    bucket_name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        domain_name: pulumi.Input[str],
        default_expiration_days: pulumi.Input[int],
        matching_rules: Sequence[Sequence[str]] = (),
        job_day: pulumi.Input[str] = "SUNDAY",
        job_time: pulumi.Input[str] = "03:00",
        export_days: pulumi.Input[int] = 90,
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        force_destroy: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declares the component.

        `domain_name`: the domain's name in AWS, which the policies need before it exists. A change replaces the domain.
        `default_expiration_days`: how long data stays in the domain, 1 to 1098.
        `matching_rules`: the attributes that must agree, rule by rule; the first rule is level 1. Without any, rules match nothing.
        `job_day`, `job_time`: when the weekly job looks for duplicates, in UTC.
        `export_days`: how long the exported files stay in the bucket.
        `tags`: on everything that the component makes.
        `force_destroy`: whether domain and bucket may be deleted while they hold data. It has to be applied before the deletion.
        `opts`: children take `protect`, `provider` and `providers` from it.
        """
        super().__init__("examples:customerprofiles:SecureDomain", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        asking = pulumi.InvokeOptions(parent=self)
        account = aws.get_caller_identity_output(opts=asking).account_id
        region = aws.get_region_output(opts=asking).region
        partition = aws.get_partition_output(opts=asking).partition
        domain_arn = pulumi.Output.format(
            "arn:{0}:profile:{1}:{2}:domains/{3}", partition, region, account, domain_name
        )

        key = aws.kms.Key(
            f"{name}-key",
            description=pulumi.Output.format("Encrypts the customer profiles of {0}", domain_name),
            enable_key_rotation=True,
            deletion_window_in_days=30,  # the longest: without the key, the data is lost
            policy=pulumi.Output.all(partition, account, domain_arn).apply(lambda given: key_policy(*given)),
            tags=tags,
            opts=child,
        )
        queue = aws.sqs.Queue(
            f"{name}-not-ingested",
            message_retention_seconds=14 * 24 * 3600,  # the longest
            # With a key of SQS. That the service can also send to a queue with a customer's key is not documented.
            sqs_managed_sse_enabled=True,
            tags=tags,
            opts=child,
        )
        sending = aws.sqs.QueuePolicy(
            f"{name}-not-ingested",
            queue_url=queue.url,
            policy=pulumi.Output.all(queue.arn, account, domain_arn).apply(lambda given: queue_policy(*given)),
            opts=child,
        )
        bucket = aws.s3.Bucket(f"{name}-exports", force_destroy=force_destroy, tags=tags, opts=child)
        settings = self._settings(name, bucket, export_days)
        exporting = aws.s3.BucketPolicy(
            f"{name}-exports",
            bucket=bucket.bucket,
            policy=pulumi.Output.all(bucket.arn, account, domain_arn).apply(lambda given: bucket_policy(*given)),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=settings
            ),  # S3 refuses two changes of a bucket at a time
        )

        domain = customerprofiles.Domain(
            f"{name}-domain",
            domain_name=domain_name,
            default_expiration_days=default_expiration_days,
            default_encryption_key=key.arn,
            dead_letter_queue_url=queue.url,
            matching={
                "enabled": True,
                "job_schedule": {"day_of_the_week": job_day, "time": job_time},
                "exporting_config": exports_to(bucket.bucket, "matching"),
            },
            rule_based_matching=rules(matching_rules, bucket.bucket),
            tags=tags,
            region=region,  # where the queue is
            force_destroy=force_destroy,
            # Without the bucket's policy AWS refuses the domain; without the queue's, it would lose what it cannot ingest.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[sending, exporting]),
        )

        self.domain_name, self.domain_arn = domain.domain_name, domain.arn
        self.key_arn, self.queue_arn, self.queue_url, self.bucket_name = key.arn, queue.arn, queue.url, bucket.bucket
        self.register_outputs(
            {
                "domain_name": self.domain_name,
                "domain_arn": self.domain_arn,
                "key_arn": self.key_arn,
                "queue_arn": self.queue_arn,
                "queue_url": self.queue_url,
                "bucket_name": self.bucket_name,
            }
        )

    def _settings(self, name: str, bucket: aws.s3.Bucket, export_days: pulumi.Input[int]) -> list[pulumi.Resource]:
        """The bucket's settings: nothing in it is ever public, all of it is encrypted, and nothing stays longer than it has to."""
        child = pulumi.ResourceOptions(parent=self)
        return [
            aws.s3.BucketPublicAccessBlock(
                f"{name}-exports",
                bucket=bucket.bucket,
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
                opts=child,
            ),
            aws.s3.BucketOwnershipControls(
                f"{name}-exports",
                bucket=bucket.bucket,
                rule={"object_ownership": "BucketOwnerEnforced"},  # no ACLs
                opts=child,
            ),
            aws.s3.BucketServerSideEncryptionConfiguration(
                f"{name}-exports",
                bucket=bucket.bucket,
                # With a key of S3. That the service can also write to a bucket with a customer's key is not documented.
                rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
                opts=child,
            ),
            # No versioning: a version that was kept would outlive the profiles that it is about.
            aws.s3.BucketLifecycleConfiguration(
                f"{name}-exports",
                bucket=bucket.bucket,
                rules=[
                    {
                        "id": "exports-expire",
                        "status": "Enabled",
                        "filter": {"prefix": ""},
                        "expiration": {"days": export_days},
                        "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                    }
                ],
                opts=child,
            ),
        ]


def rules(levels: Sequence[Sequence[str]], bucket: pulumi.Input[str]) -> customerprofiles.RuleBasedMatching | None:
    """Rule-based matching with these rules, which exports what it finds and merges nothing; None without rules."""
    if not levels:
        return None
    return {
        "enabled": True,
        "matching_rules": [{"rule": list(level)} for level in levels],
        "max_allowed_rule_level_for_matching": len(levels),
        "exporting_config": exports_to(bucket, "rules"),
    }


def exports_to(bucket: pulumi.Input[str], prefix: str) -> customerprofiles.ExportingConfig:
    """Results go to the bucket, below the prefix."""
    return {"s3_exporting": {"s3_bucket_name": bucket, "s3_key_name": prefix}}


# -- the policies -----------------------------------------------------------------------------------------------------


def key_policy(partition: str, account: str, domain_arn: str) -> str:
    """The account's IAM policies say who may use and manage the key; Customer Profiles may encrypt and decrypt for this domain.

    Whoever runs `pulumi up` needs, by such an IAM policy, what `connect-domains iam-policy --key ARN` lists for keys. AWS documents the
    three actions, and both forms of the source: the domain and its object types.
    """
    owner = {
        "Sid": "AccountDecides",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",  # in a key's policy: this key
    }
    service = for_domain(account, [domain_arn, f"{domain_arn}/objects/*"]) | {
        "Sid": "CustomerProfilesEncrypts",
        "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
    }
    return policy(owner, service)


def queue_policy(queue_arn: str, account: str, domain_arn: str) -> str:
    """Customer Profiles may send messages for this domain. AWS documents the statement with these conditions."""
    service = for_domain(account, [domain_arn]) | {
        "Sid": "CustomerProfilesSends",
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
    }
    return policy(service, only_encrypted("sqs:*", queue_arn))


def bucket_policy(bucket_arn: str, account: str, domain_arn: str) -> str:
    """Customer Profiles may put objects for this domain.

    AWS documents the statement with these conditions, for all domains of the account (`domains/*`). It documents no other action than
    `s3:PutObject`; Terraform's example of the resource also allows `s3:GetObject` and `s3:ListBucket`.
    """
    service = for_domain(account, [domain_arn]) | {
        "Sid": "CustomerProfilesExports",
        "Action": "s3:PutObject",
        "Resource": f"{bucket_arn}/*",
    }
    return policy(service, only_encrypted("s3:*", bucket_arn, f"{bucket_arn}/*"))


def for_domain(account: str, sources: list[str]) -> Statement:
    """The part of a statement that lets in Customer Profiles, and only when it acts for these sources in this account."""
    return {
        "Effect": "Allow",
        "Principal": SERVICE,
        "Condition": {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": sources}},
    }


def only_encrypted(actions: str, *resources: str) -> Statement:
    """The statement that refuses whoever comes without TLS."""
    return {
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions,
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def policy(*statements: Statement) -> str:
    """The policy document, as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
