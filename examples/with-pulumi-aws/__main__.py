"""A Customer Profiles domain with a key, a dead-letter queue and an export bucket of one's own, from pulumi-aws.

The stack's config (aws:region, aws:profile, aws:assumeRoles, aws:defaultTags, …) serves both packages.
"""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_connect_domains import customerprofiles

CUSTOMER_PROFILES = {"Service": "profile.amazonaws.com"}
account = aws.get_caller_identity().account_id


def allow(principal: dict[str, str], actions: list[str], resources: str | list[str]) -> dict[str, Any]:
    """A policy with one statement."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": resources}
    return {"Version": "2012-10-17", "Statement": [statement]}


# The account's IAM policies say who may use the key; whoever runs `pulumi up` needs what `connect-domains iam-policy` lists for keys.
key = aws.kms.Key(
    "profiles",
    description="Encrypts the customer profiles",
    enable_key_rotation=True,
    policy=json.dumps(allow({"AWS": f"arn:aws:iam::{account}:root"}, ["kms:*"], "*")),
)

queue = aws.sqs.Queue("not-ingested", message_retention_seconds=14 * 24 * 3600)
queue_policy = aws.sqs.QueuePolicy(
    "not-ingested",
    queue_url=queue.url,
    policy=queue.arn.apply(lambda arn: json.dumps(allow(CUSTOMER_PROFILES, ["sqs:SendMessage"], arn))),
)

bucket = aws.s3.Bucket("matches")
bucket_policy = aws.s3.BucketPolicy(
    "matches",
    bucket=bucket.bucket,
    policy=bucket.arn.apply(
        lambda arn: json.dumps(
            allow(CUSTOMER_PROFILES, ["s3:GetObject", "s3:PutObject", "s3:ListBucket"], [arn, f"{arn}/*"])
        )
    ),
)

domain = customerprofiles.Domain(
    "crm",
    default_expiration_days=366,
    default_encryption_key=key.arn,
    dead_letter_queue_url=queue.url,
    matching={
        "enabled": True,
        "job_schedule": {"day_of_the_week": "SUNDAY", "time": "03:00"},
        "exporting_config": {"s3_exporting": {"s3_bucket_name": bucket.bucket, "s3_key_name": "matches"}},
    },
    # Without the bucket's policy AWS refuses the domain; without the queue's it would lose what it cannot ingest.
    opts=pulumi.ResourceOptions(depends_on=[queue_policy, bucket_policy]),
)

pulumi.export("domain_name", domain.domain_name)
pulumi.export("tags", domain.tags_all)
