"""The states of the backend in `stacks` are in a bucket, too."""

from pathlib import Path

import boto3

s3 = boto3.client("s3", "eu-west-2")
s3.create_bucket(Bucket="acme-states", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
for file in Path("stacks").rglob("*.json"):
    s3.put_object(Bucket="acme-states", Key=file.relative_to("stacks").as_posix(), Body=file.read_bytes())
