"""What people read when something is wrong: short texts on the real provider host, in every method, and our own bugs whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import customerprofiles, voiceid
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack

from .real_host import RealHost, failure

INPUTS = {"domain_name": "crm", "default_expiration_days": 30, "region": "us-east-1"}
TWICE = {"aws:maxRetries": "2"}
NO_KEYS = {
    "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
    "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "CONNECT_DOMAINS_LOCAL_AWS": "",
}  # fmt: skip
Golden = Callable[[str, str], None]
MakeHost = Callable[..., RealHost]


@pytest.fixture
def host(local_aws: LocalAws) -> Iterator[MakeHost]:
    """Makes hosts: `host({"aws:region": …}, VARIABLE="…")`; they end with the test."""
    made: list[RealHost] = []

    def make(config: dict[str, Any] | None = None, **environment: str) -> RealHost:
        found = RealHost(customerprofiles.DomainProvider(), config or TWICE, {**local_aws.environment(), **environment})
        made.append(found)
        return found

    yield make
    for each in made:
        each.__exit__(None, None, None)


def common(text: str) -> str:
    """The text with what differs from run to run left out, ready to be a file."""
    text = re.sub(r"request id [\w-]+", "request id <id>", text)
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:<port>", text).rstrip("\n") + "\n"


def assert_short(text: str) -> None:
    assert "Traceback" not in text
    assert 'File "' not in text
    assert len(text.rstrip("\n").split("\n")) <= 3


# -- each cause, word by word -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (
            "access-denied",
            {
                "code": "AccessDeniedException",
                "status": 403,
                "message": "User: arn:aws:iam::1:user/x is not authorized",
            },
        ),
        ("throttling", {"code": "ThrottlingException", "status": 429, "message": "Rate exceeded"}),
        (
            "expired-credentials",
            {"code": "ExpiredTokenException", "status": 403, "message": "The security token is expired"},
        ),
        ("server-fault", {"code": "InternalServerException", "status": 500, "message": ""}),
    ],
)
def test_what_aws_answers(
    host: MakeHost, local_aws: LocalAws, golden: Golden, name: str, fault: dict[str, Any]
) -> None:
    running = host()
    outputs = running.create(INPUTS)
    local_aws.fault("GetDomain", times=None, **fault)
    text = failure(running.read, "crm", outputs)
    assert_short(text)
    golden(f"errors/{name}.txt", common(text))


def test_no_credentials(host: MakeHost, golden: Golden) -> None:
    text = failure(host(**NO_KEYS).create, INPUTS)
    assert_short(text)
    golden("errors/no-credentials.txt", common(text))


def test_an_unreachable_endpoint(host: MakeHost, golden: Golden) -> None:
    elsewhere = {**TWICE, "aws:endpoints": '[{"customerprofiles": "http://127.0.0.1:9"}]'}
    running = host(elsewhere, CONNECT_DOMAINS_LOCAL_AWS="")
    text = failure(running.create, INPUTS)
    assert_short(text)
    golden("errors/unreachable-endpoint.txt", common(text).replace("127.0.0.1:<port>", "127.0.0.1:9"))


def test_no_region(host: MakeHost, golden: Golden, local_aws: LocalAws) -> None:
    inputs = {key: value for key, value in INPUTS.items() if key != "region"}
    _, failures = host(**NO_KEYS).check(inputs)
    assert len(failures) == 1
    golden("errors/no-region.txt", common(failures[0]))
    assert local_aws.calls() == []


def test_a_wrong_account(host: MakeHost, golden: Golden) -> None:
    running = host({**TWICE, "aws:allowedAccountIds": '["222222222222", "333333333333"]'})
    _, failures = running.check(INPUTS)
    assert len(failures) == 1
    golden("errors/wrong-account.txt", common(failures[0]))
    assert common(failure(running.create, INPUTS)) == common(failures[0])


def test_another_accounts_domain(host: MakeHost, golden: Golden) -> None:
    outputs = {**INPUTS, "arn": "arn:aws:profile:us-east-1:222222222222:domains/crm"}
    text = failure(host().read, "crm", outputs)
    assert_short(text)
    golden("errors/another-accounts-domain.txt", common(text))


def test_a_role_that_cannot_be_assumed(host: MakeHost, local_aws: LocalAws, golden: Golden) -> None:
    local_aws.fault("AssumeRole", code="AccessDenied", status=403, times=None)
    text = failure(host({"aws:assumeRoles": '[{"roleArn": "arn:aws:iam::222222222222:role/deploy"}]'}).create, INPUTS)
    assert_short(text)
    golden("errors/role-not-assumed.txt", common(text))


def test_config_that_cannot_be_read(host: MakeHost, golden: Golden) -> None:
    running = host({"aws:maxRetries": "many", "aws:endpoints": "{", "aws:secretKey": "s3cr3t"})
    text = failure(running.check, INPUTS)
    assert_short(text)
    golden("errors/config-unreadable.txt", common(text))


# -- every method alike -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["CreateDomain", "GetDomain", "UpdateDomain", "DeleteDomain"])
def test_every_method_says_it_shortly(host: MakeHost, local_aws: LocalAws, operation: str) -> None:
    running = host()
    made: dict[str, Any] = {**INPUTS, "arn": "arn:aws:profile:us-east-1:123456789012:domains/crm"}
    if operation != "CreateDomain":
        made = running.create(INPUTS)
        running = host()  # a later command: the run that made a domain never deletes it
    local_aws.fault(operation, code="AccessDeniedException", status=403, times=None)
    texts = {
        "CreateDomain": lambda: failure(running.create, INPUTS),
        "GetDomain": lambda: failure(running.read, "crm", made),
        "UpdateDomain": lambda: failure(running.update, "crm", made, {**INPUTS, "default_expiration_days": 31}),
        "DeleteDomain": lambda: failure(running.delete, "crm", made),
    }
    text = texts[operation]()
    assert_short(text)
    verb = {"GetDomain": "read"}.get(operation, operation.removesuffix("Domain").lower())
    assert text.startswith(f"cannot {verb} Customer Profiles domain 'crm': access denied (AccessDeniedException)\n")
    assert f"allow the IAM action profile:{operation} to the caller" in text


def test_check_says_it_shortly(host: MakeHost, local_aws: LocalAws) -> None:
    local_aws.fault("GetCallerIdentity", code="ExpiredToken", status=403, times=None)
    _, failures = host({"aws:allowedAccountIds": '["123456789012"]'}).check(INPUTS)
    assert len(failures) == 1
    assert_short(failures[0])


def test_our_own_bugs_keep_their_traceback(host: MakeHost) -> None:
    text = failure(host().create, {"region": "us-east-1"})
    assert "Traceback (most recent call last)" in text
    assert "KeyError: 'domain_name'" in text


# -- what is logged ---------------------------------------------------------------------------------------------------


def test_every_call_is_logged_under_the_resource_without_its_parameters(host: MakeHost, local_aws: LocalAws) -> None:
    running = host()
    running.create({**INPUTS, "tags": {"owner": "s3cr3t"}, "tags_all": {"owner": "s3cr3t"}})
    local_aws.fault("GetDomain", code="AccessDeniedException", status=403)
    failure(running.read, "crm", {**INPUTS, "arn": "arn:aws:profile:us-east-1:123456789012:domains/crm"})
    lines = running.debug_lines(3)
    assert [line.split(" ")[0] for line in lines] == ["GetCallerIdentity", "CreateDomain", "GetDomain"]
    shape = r"\w+ in us-east-1: \d+ ms, 1 attempt\(s\), request id [\w-]+(, \w+)?"
    assert all(re.fullmatch(shape, line) for line in lines), lines
    assert "s3cr3t" not in "".join(lines)


def test_the_cli_shows_the_calls_with_debug(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program() -> None:
        customerprofiles.Domain("crm", default_expiration_days=30, domain_name="crm")

    stack = pulumi_stack(program)
    if stack.engine.name != "cli":
        pytest.skip("the local engine shows no debug lines")
    stack.up(debug=True)
    assert any(text.startswith("CreateDomain in us-east-1: ") for text in stack.messages("debug"))


def test_nothing_is_printed_on_the_hosts_streams(local_aws: LocalAws) -> None:
    with RealHost(customerprofiles.DomainProvider(), TWICE, local_aws.environment()) as running:
        outputs = running.create(INPUTS)
        local_aws.fault("GetDomain", code="ThrottlingException", times=None)
        failure(running.read, "crm", outputs)
    assert running.printed == ""


# -- as an engine prints it -------------------------------------------------------------------------------------------


def test_an_engine_prints_it_under_the_resource(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program() -> None:
        customerprofiles.Domain("crm", default_expiration_days=30, domain_name="crm")

    stack = pulumi_stack(program)
    local_aws.fault("CreateDomain", code="AccessDeniedException", status=403, times=None)
    with pytest.raises(CommandError):
        stack.up()
    said = [event.diagnostic_event for event in stack.events if event.diagnostic_event]
    [text] = [each.message for each in said if (each.urn or "").endswith("::crm") and each.severity == "error"]
    assert text.startswith("cannot create Customer Profiles domain 'crm': access denied (AccessDeniedException)\n")
    assert_short(text.strip())


def test_voice_id_speaks_the_same_way(local_aws: LocalAws) -> None:
    inputs = {"name": "calls", "region": "us-east-1", "server_side_encryption_configuration": {"kms_key_id": "k"}}
    local_aws.fault("CreateDomain", code="AccessDeniedException", status=403, times=None, service="voice-id")
    with RealHost(voiceid.DomainProvider(), TWICE, local_aws.environment()) as running:
        text = failure(running.create, inputs)
    assert_short(text)
    assert "allow the IAM action voiceid:CreateDomain to the caller" in text
    assert "calls" not in text
