"""Policies of queues, buckets and keys: who is let in, and what cannot be told."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from pulumi_connect_domains.aws.policies import ANYTHING, Request, allows_account, ruling

ACCOUNT, DOMAIN = "123456789012", "arn:aws:profile:eu-west-2:123456789012:domains/crm"
QUEUE, BUCKET = "arn:aws:sqs:eu-west-2:123456789012:not-ingested", "arn:aws:s3:::exports"
SERVICE = "profile.amazonaws.com"
SENDS = Request(SERVICE, "sqs:SendMessage", QUEUE, ACCOUNT, (DOMAIN, f"{DOMAIN}/{ANYTHING}"))
PUTS = Request(SERVICE, "s3:PutObject", f"{BUCKET}/{ANYTHING}", ACCOUNT, (DOMAIN, f"{DOMAIN}/{ANYTHING}"))
UNNAMED = Request(SERVICE, "sqs:SendMessage", QUEUE, ACCOUNT, (DOMAIN.replace("crm", ANYTHING),))
ALLOW = {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "sqs:SendMessage", "Resource": QUEUE}
PUT = {**ALLOW, "Action": "s3:PutObject", "Resource": f"{BUCKET}/*"}
ONLY_TLS = {
    "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": QUEUE, "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}  # fmt: skip


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def on(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


YES = {
    "the statement that AWS documents": (ALLOW, SENDS),
    "its action in capitals": ({**ALLOW, "Action": "SQS:SendMessage"}, SENDS),
    "any action": ({**ALLOW, "Action": ["sqs:*"]}, SENDS),
    "all actions but others": ({k: v for k, v in ALLOW.items() if k != "Action"} | {"NotAction": "sqs:DeleteQueue"}, SENDS),
    "any resource": ({**ALLOW, "Resource": "*"}, SENDS),
    "all resources but others": ({k: v for k, v in ALLOW.items() if k != "Resource"} | {"NotResource": f"{QUEUE}x"}, SENDS),
    "everybody": ({**ALLOW, "Principal": "*"}, SENDS),
    "everybody, as accounts are named": ({**ALLOW, "Principal": {"AWS": "*"}}, SENDS),
    "one of several services": ({**ALLOW, "Principal": {"Service": ["a.amazonaws.com", SERVICE]}}, SENDS),
    "its own account": (ALLOW | on("StringEquals", "aws:SourceAccount", ACCOUNT), SENDS),
    "the key in other letters": (ALLOW | on("StringEquals", "AWS:sourceaccount", ACCOUNT), SENDS),
    "the domain": (ALLOW | on("ArnEquals", "aws:SourceArn", DOMAIN), SENDS),
    "any domain of the account": (ALLOW | on("ArnLike", "aws:SourceArn", f"arn:aws:profile:*:{ACCOUNT}:domains/*"), SENDS),
    "any domain, where the name is not known": (ALLOW | on("ArnLike", "aws:SourceArn", f"arn:aws:profile:*:{ACCOUNT}:*"), UNNAMED),
    "no other account": (ALLOW | on("StringNotEquals", "aws:SourceAccount", "999999999999"), SENDS),
    "if it exists": (ALLOW | on("StringEqualsIfExists", "aws:SourceAccount", ACCOUNT), SENDS),
    "there is a source": (ALLOW | on("Null", "aws:SourceArn", "false"), SENDS),
    "by TLS": (ALLOW | on("Bool", "aws:SecureTransport", "true"), SENDS),
    "all objects": (PUT, PUTS),
    "everything in S3": ({**PUT, "Resource": "*"}, PUTS),
}  # fmt: skip

NO = {
    "another service": ({**ALLOW, "Principal": {"Service": "connect.amazonaws.com"}}, SENDS, "has no statement that lets"),
    "a user": ({**ALLOW, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}, SENDS, "has no statement that lets"),
    "another action": ({**ALLOW, "Action": "sqs:ReceiveMessage"}, SENDS, "has no statement that lets"),
    "all actions but this": (
        {k: v for k, v in ALLOW.items() if k != "Action"} | {"NotAction": "sqs:Send*"}, SENDS, "has no statement"
    ),
    "another queue": ({**ALLOW, "Resource": f"{QUEUE}-2"}, SENDS, "but only for another resource"),
    "another account": (
        ALLOW | on("StringEquals", "aws:SourceAccount", "999999999999"), SENDS, "but only where its condition on aws:SourceAccount is met"
    ),
    "another domain": (ALLOW | on("ArnLike", "aws:SourceArn", f"{DOMAIN}-2"), SENDS, "condition on aws:SourceArn is met"),
    "another Region, where the name is not known": (
        ALLOW | on("ArnLike", "aws:SourceArn", "arn:aws:profile:us-east-1:*"), UNNAMED, "condition on aws:SourceArn is met"
    ),
    "a wildcard where there are none": (ALLOW | on("StringEquals", "aws:SourceArn", DOMAIN[:-1] + "*"), SENDS, "aws:SourceArn"),
    "another bucket": ({**PUT, "Resource": f"{BUCKET}-2/*"}, PUTS, "but only for another resource"),
}  # fmt: skip

UNCLEAR = {
    "an organisation": (ALLOW | on("StringEquals", "aws:SourceOrgID", "o-1"), SENDS, "condition on aws:SourceOrgID"),
    "a variable": (ALLOW | on("StringEquals", "aws:SourceAccount", "${aws:PrincipalAccount}"), SENDS, "aws:SourceAccount"),
    "a list of keys": (ALLOW | on("ForAnyValue:StringEquals", "aws:SourceAccount", ACCOUNT), SENDS, "aws:SourceAccount"),
    "an operator for numbers": (ALLOW | on("NumericEquals", "aws:SourceAccount", ACCOUNT), SENDS, "aws:SourceAccount"),
    "what is below the domain": (ALLOW | on("ArnLike", "aws:SourceArn", f"{DOMAIN}/objects/*"), SENDS, "aws:SourceArn"),
    "one domain, where the name is not known": (ALLOW | on("ArnLike", "aws:SourceArn", DOMAIN), UNNAMED, "aws:SourceArn"),
    "some objects": ({**PUT, "Resource": f"{BUCKET}/matching/*"}, PUTS, "whether for all that is needed cannot be told"),
    "all but some": (
        {key: value for key, value in ALLOW.items() if key != "Principal"} | {"NotPrincipal": {"AWS": "x"}}, SENDS, "NotPrincipal"
    ),
    "any service": ({**ALLOW, "Principal": {"Service": "*"}}, SENDS, "(Principal)"),
    "a list of principals": ({**ALLOW, "Principal": ["*"]}, SENDS, "(Principal)"),
    "an unknown kind of principal": ({**ALLOW, "Principal": {"*": "*"}}, SENDS, "(Principal)"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "request_"), YES.values(), ids=YES)
def test_a_statement_that_lets_the_service_in(statement: dict[str, Any], request_: Request) -> None:
    assert ruling(policy(statement), request_).allows is True
    assert ruling({"Statement": statement}, request_).allows is True
    assert (
        ruling(
            policy({"Effect": "Allow", "Principal": "*", "Action": "a:b", "Resource": "c"}, statement), request_
        ).allows
        is True
    )


@pytest.mark.parametrize(("statement", "request_"), YES.values(), ids=YES)
def test_the_same_statement_that_refuses_wins(statement: dict[str, Any], request_: Request) -> None:
    found = ruling(policy(ALLOW, PUT, {**statement, "Effect": "Deny"}), request_)
    assert (found.allows, found.why) == (False, f"has a statement that forbids to let {SERVICE} do {request_.action}")


@pytest.mark.parametrize(("statement", "request_", "why"), NO.values(), ids=NO)
def test_a_statement_that_does_not(statement: dict[str, Any], request_: Request, why: str) -> None:
    found = ruling(policy(statement), request_)
    assert found.allows is False
    assert why in found.why
    assert ruling(policy(ALLOW, PUT, {**statement, "Effect": "Deny"}), request_).allows is True


@pytest.mark.parametrize(("statement", "request_", "why"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_cannot_be_told(statement: dict[str, Any], request_: Request, why: str) -> None:
    for found in (
        ruling(policy(statement), request_),
        ruling(policy(ALLOW, PUT, {**statement, "Effect": "Deny"}), request_),
    ):
        assert found.allows is None
        assert why in found.why
    assert ruling(policy(ALLOW, PUT, statement), request_).allows is True


def test_whoever_demands_tls_shuts_out_no_service() -> None:
    assert ruling(policy(ALLOW, ONLY_TLS), SENDS).allows is True


@pytest.mark.parametrize("document", [None, "x", {}, {"Statement": "x"}, {"Statement": ["x"]}, {"Statement": None}])
def test_what_is_no_policy(document: object) -> None:
    assert ruling(document, SENDS).allows is None
    assert not allows_account(document, ACCOUNT, ("kms:CreateGrant",))


def test_an_empty_policy_lets_nobody_in() -> None:
    assert ruling(policy(), SENDS).allows is False


@pytest.mark.parametrize("odd", [{"Condition": "x"}, {"Condition": {"StringEquals": "x"}}])
def test_an_odd_condition_cannot_be_told(odd: dict[str, Any]) -> None:
    assert ruling(policy(ALLOW | odd), SENDS).allows is None


@pytest.mark.parametrize("pattern", ["*" * 60 + "x", "?*" * 60, "*a" * 60 + "b"], ids=["stars", "marks", "letters"])
def test_a_pattern_of_many_stars_takes_no_time(pattern: str) -> None:
    """Compared by an expression that backtracks, each of them takes longer than anybody waits."""
    long = Request(SERVICE, "sqs:SendMessage", "a" * 100, ACCOUNT)
    started = time.process_time()
    ruling(policy({**ALLOW, "Resource": pattern, "Action": f"sqs:{pattern}"}, ALLOW | {"Resource": pattern}), long)
    assert time.process_time() - started < 1


def test_brackets_in_a_pattern_are_no_set_of_letters() -> None:
    assert ruling(policy({**ALLOW, "Resource": f"{QUEUE[:-1]}[d]"}), SENDS).allows is False
    assert (
        ruling(policy({**PUT, "Resource": f"{BUCKET}[1]/*"}), replace(PUTS, resource=f"{BUCKET}[1]/x")).allows is True
    )


@pytest.mark.parametrize("name", [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws-cn:iam::{ACCOUNT}:root"])
def test_the_account_decides(name: str) -> None:
    owner = {"Effect": "Allow", "Principal": {"AWS": name}, "Action": "kms:*", "Resource": "*"}
    actions = ("kms:CreateGrant", "kms:DescribeKey")
    assert allows_account(policy(ALLOW, owner), ACCOUNT, actions)
    assert not allows_account(policy({**owner, "Effect": "Deny"}), ACCOUNT, actions)
    assert not allows_account(policy(owner | on("StringEquals", "kms:ViaService", "x")), ACCOUNT, actions)
    assert not allows_account(policy({**owner, "Principal": {"AWS": re.sub("1", "9", name)}}), ACCOUNT, actions)
    assert not allows_account(policy({**owner, "Action": "kms:Describe*"}), ACCOUNT, actions)
