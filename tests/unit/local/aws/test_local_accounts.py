"""Accounts and regions: credentials decide the account, and state is kept apart."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.accounts import access_key_id, account_in
from pulumi_connect_domains.local.aws.service import every_region

OTHER = "222222222222"


def client(aws: LocalAws, service: str, key: str, secret: str = "s", token: str | None = None) -> Any:
    """A boto3 client with these credentials."""
    return boto3.Session().client(
        service,
        endpoint_url=aws.endpoint,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


def test_an_access_key_id_holds_its_account_in_awss_form() -> None:
    assert account_in(access_key_id(OTHER)) == OTHER
    assert len(access_key_id(OTHER)) == 20
    assert account_in("AKIAIOSFODNN7EXAMPLE") is None


@pytest.mark.parametrize("wrong", ["", "12345678901", "1234567890123", "12345678901a", "１２３４５６７８９０１２"])
def test_an_account_has_twelve_digits(wrong: str) -> None:
    with pytest.raises(ValueError, match="twelve digits"):
        access_key_id(wrong)


def test_the_environment_leads_an_sdk_here_and_to_the_account(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of a real session")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name, value in aws.environment(account=OTHER, region="eu-west-2").items():
        monkeypatch.setenv(name, value)
    session = boto3.Session()
    assert session.client("sts").get_caller_identity()["Account"] == OTHER
    session.client("customer-profiles").create_domain(DomainName="d", DefaultExpirationDays=1)
    assert list(aws.domains("customer-profiles", account=OTHER, region="eu-west-2")) == ["d"]


@pytest.mark.parametrize("service", ["customer-profiles", "voice-id"])
def test_each_account_and_region_has_domains_of_its_own(aws: LocalAws, service: str) -> None:
    aws.seed(service, "A" * 22)
    for account, region, expected in (
        ("123456789012", "us-east-1", ["A" * 22]),
        ("123456789012", "eu-west-2", []),
        (OTHER, "us-east-1", []),
    ):
        answer = aws.client(service, account, region).list_domains()
        listed = [
            item.get("DomainId", item.get("DomainName")) for item in answer.get("Items", answer.get("DomainSummaries"))
        ]
        assert (listed, list(aws.domains(service, account, region))) == (expected, expected)


def test_keys_of_any_other_kind_are_the_default_accounts(aws: LocalAws) -> None:
    aws.seed("customer-profiles", "d")
    for key in ("AKIAIOSFODNN7EXAMPLE", "test"):
        assert client(aws, "customer-profiles", key).get_domain(DomainName="d")
        assert client(aws, "sts", key).get_caller_identity()["Account"] == "123456789012"


def test_an_assumed_role_acts_in_its_own_account(aws: LocalAws) -> None:
    credentials = aws.client("sts").assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/deploy", RoleSessionName="run")[
        "Credentials"
    ]
    assumed = credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
    identity = client(aws, "sts", *assumed).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (OTHER, f"arn:aws:sts::{OTHER}:assumed-role/deploy/run")
    client(aws, "customer-profiles", *assumed).create_domain(DomainName="d", DefaultExpirationDays=1)
    assert list(aws.domains("customer-profiles", account=OTHER)) == ["d"]
    assert [call.account for call in aws.calls()] == ["123456789012", OTHER, OTHER]


def test_an_iam_users_key_is_its_accounts(aws: LocalAws) -> None:
    iam = aws.client("iam", account=OTHER)
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]
    assert client(aws, "sts", key["AccessKeyId"]).get_caller_identity()["Account"] == OTHER
    assert client(aws, "customer-profiles", key["AccessKeyId"]).list_domains()["Items"] == []
    assert aws.calls("customer-profiles")[0].account == OTHER


def test_arns_hold_account_region_and_partition(aws: LocalAws) -> None:
    aws.seed("voice-id", "A" * 22, account=OTHER, region="us-gov-west-1")
    (domain,) = aws.domains("voice-id", account=OTHER, region="us-gov-west-1").values()
    assert domain["Arn"] == f"arn:aws-us-gov:voiceid:us-gov-west-1:{OTHER}:domain/{'A' * 22}"


def test_every_region_of_the_endpoint_data_is_known_and_no_other(aws: LocalAws, refused: Any) -> None:
    session = boto3.Session()
    named = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("s3", partition_name=partition)
    }
    assert named <= set(every_region())
    error = refused(aws.client("customer-profiles", region="xx-moon-1").list_domains)
    assert error["code"] == "NotOfferedByLocalAws"
    assert "xx-moon-1" in error["message"]
