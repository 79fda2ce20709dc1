"""Credentials stay where they belong, and config that exposes them, or does nothing, is warned of."""

from __future__ import annotations

import json

import pytest
from pulumi_connect_domains import native
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.accounts import access_key_id
from pulumi_connect_domains.testing import MakeStack

from .test_configuration import HOME, OTHER, SERVICE, THIRD
from .test_configuration_tags import two_domains

SECRETS = ("s3cr3t-key", "s3cr3t-token", "s3cr3t-external-id")
DECLARED = "a value of the program's"


def test_no_credentials_reach_state_or_logs(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(two_domains({"cost": "1"}))
    stack.set_config("aws:accessKey", access_key_id(OTHER), secret=True)
    stack.set_config("aws:secretKey", SECRETS[0], secret=True)
    stack.set_config("aws:token", SECRETS[1], secret=True)
    role = {"roleArn": f"arn:aws:iam::{THIRD}:role/deploy", "externalId": SECRETS[2]}
    stack.set_config("aws:assumeRoles", json.dumps([role]), secret=True)
    result = stack.up(debug=True, log_to_std_err=True, log_verbosity=9)
    assert set(local_aws.domains(SERVICE, account=THIRD)) == {"own", "crm"}
    state = stack.state()
    ours = json.dumps([state["own"], state["crm"]])
    events = json.dumps([str(vars(event.diagnostic_event)) for event in stack.events if event.diagnostic_event])
    temporary = [call.parameters.get("ExternalId") for call in local_aws.calls("sts", "AssumeRole")]
    assert temporary == [SECRETS[2]]
    for secret in SECRETS:
        assert secret not in ours
        assert secret not in events
        assert secret not in result.stdout
    assert stack.messages() == []


@pytest.mark.parametrize("is_secret", [True, False], ids=["kept as secrets", "in plain config"])
def test_no_credentials_of_the_native_host_reach_state_or_logs(
    is_secret: bool, pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    def program() -> None:
        native.customerprofiles.Domain("crm", default_expiration_days=30, domain_name="crm", tags={"cost": DECLARED})

    stack = pulumi_stack(program, native=True)
    role = {"roleArn": f"arn:aws:iam::{THIRD}:role/deploy", "externalId": SECRETS[2]}
    credentials = {
        "accessKey": access_key_id(OTHER),
        "secretKey": SECRETS[0],
        "token": SECRETS[1],
        "assumeRoles": json.dumps([role]),
    }
    for name, value in credentials.items():
        stack.set_config(f"connect-domains:{name}", value, secret=is_secret)
    result = stack.up(debug=True, log_to_std_err=True, log_verbosity=9)
    assert set(local_aws.domains(SERVICE, account=THIRD)) == {"crm"}
    events = json.dumps([str(vars(event.diagnostic_event)) for event in stack.events if event.diagnostic_event])
    assert "CreateDomain in us-east-1" in events  # the log is there
    exported = stack.command("stack", "export")
    for secret in SECRETS:
        assert secret not in exported
        assert secret not in events
        assert secret not in result.stdout
    assert DECLARED in exported
    assert DECLARED not in events


def test_a_secret_key_in_plain_config_is_warned_of_once(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(two_domains())
    stack.set_config("aws:accessKey", access_key_id(HOME))
    stack.set_config("aws:secretKey", "local")
    stack.preview()
    assert stack.messages() == [
        "aws:secretKey stands in the stack's config in clear, and so in the stack's state: "
        "`pulumi config set --secret aws:secretKey` encrypts it [plain-secret]"
    ]
    stack.set_config("connect-domains:silence", "plain-secret")
    stack.preview()
    assert stack.messages() == []
    stack.automation.remove_config("connect-domains:silence")
    stack.set_config("aws:secretKey", "local", secret=True)
    stack.preview()
    assert stack.messages() == []


def test_a_setting_that_does_nothing_is_warned_of(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(two_domains(), config={"aws:profle": "team"})
    stack.preview()
    assert stack.messages() == [
        "aws:profle: is not a setting known here, and does nothing; did you mean aws:profile? [config-unknown]"
    ]
