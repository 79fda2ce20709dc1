"""What a check costs: a document with every input through the real host, against a provider that returns what it is given."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import CheckFailure, CheckResult, ResourceProvider
from pulumi.runtime.proto import provider_pb2
from pulumi_connect_domains import customerprofiles
from pulumi_connect_domains.model.values import HOST_KEY

from .figures import FEWEST, Figure
from .measuring import ratio
from .surroundings import properties, provider_host, urn_of

CALLS = 15  # in each of a pair

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


class MergingTags(ResourceProvider):
    """Checks nothing, and adds the merged tags to the inputs, as default tags need it. Each value of an answer costs Pulumi time."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        return CheckResult({**news, "tags_all": {**news["tags"]}}, [])


class AskingJsonschema(ResourceProvider):
    """The least that whoever validates by a JSON schema does: has jsonschema's own validator, made once, look for mistakes."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        inputs = {name: value for name, value in news.items() if name != HOST_KEY}
        inputs["tags_all"] = {**inputs["tags"]}
        found = [CheckFailure("", error.message) for error in validator().iter_errors(inputs)]
        return CheckResult(inputs, found)


@cache
def validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(customerprofiles.DomainProvider.type.schema.document)


def run() -> list[Figure]:
    """G13: our check / the trivial provider's, in one host; and what the least cost of others that do a part of it."""
    with provider_host() as stub:

        def of(provider: ResourceProvider) -> Callable[[], Any]:
            return repeated(check_by(stub, provider))

        ours, trivial, name = (
            of(customerprofiles.DomainProvider()),
            of(Trivial()),
            "check of a document with every input",
        )
        return [
            ratio(f"{name} / of a trivial provider", ours, trivial, 1.25, least=4 * FEWEST, most=16 * FEWEST),
            ratio(f"{name} / of one that merges the tags", ours, of(MergingTags()), least=4 * FEWEST),
            ratio(
                f"{name} by jsonschema's own validator / of a trivial provider",
                of(AskingJsonschema()),
                trivial,
                least=4 * FEWEST,
            ),
        ]


def check_by(stub: Any, provider: ResourceProvider) -> Callable[[], Any]:
    """A call of the provider's check with the full document."""
    request = provider_pb2.CheckRequest(urn=urn_of(provider), olds=Struct(), news=properties(provider, FULL))

    def call() -> Any:
        answer = stub.Check(request)
        assert not answer.failures, answer.failures
        return answer

    return call


def repeated(call: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: [call() for _ in range(CALLS)]
