"""What a check costs: a document with every input through the real host, against a provider that returns what it is given."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import grpc
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi_connect_domains import customerprofiles

TARGET = 1.6
ROUNDS, CALLS = 40, 15

RULES = {
    "enabled": True,
    "matching_rules": [{"rule": ["LastName", "Address.City"]}, {"rule": ["PhoneNumber"]}],
    "max_allowed_rule_level_for_merging": 1,
    "max_allowed_rule_level_for_matching": 2,
    "attribute_types_selector": {
        "attribute_matching_model": "MANY_TO_MANY",
        "address": ["Address", "BusinessAddress"],
        "phone_number": ["HomePhoneNumber", "MobilePhoneNumber"],
        "email_address": ["EmailAddress"],
    },
    "conflict_resolution": {"conflict_resolving_model": "SOURCE", "source_name": "Salesforce-Account"},
    "exporting_config": {"s3_exporting": {"s3_bucket_name": "results", "s3_key_name": "rules/"}},
}
MATCHING = {
    "enabled": True,
    "job_schedule": {"day_of_the_week": "FRIDAY", "time": "09:05"},
    "auto_merging": {
        "enabled": True,
        "consolidation": {"matching_attributes_list": [["LastName", "BirthDate"], ["EmailAddress"]]},
        "conflict_resolution": {"conflict_resolving_model": "RECENCY"},
        "min_allowed_confidence_score_for_merging": 0.5,
    },
    "exporting_config": {"s3_exporting": {"s3_bucket_name": "results", "s3_key_name": "weekly/"}},
}
FULL = {
    "domain_name": "contact-center",
    "default_expiration_days": 366,
    "default_encryption_key": "arn:aws:kms:eu-central-1:123456789012:key/0",
    "dead_letter_queue_url": "https://sqs.eu-central-1.amazonaws.com/123456789012/dead",
    "matching": MATCHING,
    "rule_based_matching": RULES,
    "data_store": {"enabled": True},
    "tags": {f"key{number}": "value" for number in range(10)},
    "region": "eu-central-1",
}


class Trivial(ResourceProvider):
    """Checks nothing: what Pulumi itself costs."""


def ratio() -> float:
    """The time of our check divided by the trivial provider's: in one host, in turn, the best round of each."""
    host = subprocess.Popen([sys.executable, "-m", "pulumi.dynamic"], stdout=subprocess.PIPE)
    try:
        assert host.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{int(host.stdout.readline())}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Configure(provider_pb2.ConfigureRequest())
            ours, trivial = (check_by(stub, provider) for provider in (customerprofiles.DomainProvider(), Trivial()))
            ours(), trivial()  # the first check imports jsonschema
            rounds = [(seconds_each(ours), seconds_each(trivial)) for _ in range(ROUNDS)]
            return min(seconds for seconds, _ in rounds) / min(seconds for _, seconds in rounds)
    finally:
        host.terminate()
        host.wait()


def check_by(stub: provider_pb2_grpc.ResourceProviderStub, provider: ResourceProvider) -> Callable[[], object]:
    """A call of the provider's check with the full document."""
    news = ParseDict({**FULL, "__provider": serialize_provider(provider)}, Struct())
    urn = f"urn:pulumi:bench::bench::pulumi-python:dynamic:Resource::{type(provider).__name__}"
    request = provider_pb2.CheckRequest(urn=urn, olds=Struct(), news=news)

    def call() -> object:
        answer = stub.Check(request)
        assert not answer.failures, answer.failures
        return answer

    return call


def seconds_each(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - started) / CALLS


if __name__ == "__main__":
    found = ratio()
    print(f"check of a full document / a trivial provider's check: {found:.2f} (at most {TARGET})")
    sys.exit(found > TARGET)
