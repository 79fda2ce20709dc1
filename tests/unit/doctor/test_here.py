"""What the doctor says about AWS, asked of the local AWS and of places where nothing answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import Access, Role
from pulumi_connect_domains.doctor import here
from pulumi_connect_domains.doctor.here import Wanted
from pulumi_connect_domains.doctor.model import Check
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.operations.configuration import Configuration
from pulumi_connect_domains.registry import resource_types

REGION = "us-east-1"
CRM, CALLS = resource_types().values()
ONCE = Configuration(access=Access(max_attempts=1))


@pytest.fixture(autouse=True)
def _surroundings(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


@pytest.fixture
def nowhere() -> str:
    """A URL where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, nowhere: str, tmp_path: Path) -> str:
    """Not confined to the local AWS: every call goes to a URL where nothing answers. No credentials, no files."""
    for name in (
        "CONNECT_DOMAINS_LOCAL_AWS",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", nowhere)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return nowhere


def statuses(checks: list[Check]) -> dict[str, str]:
    return {check.name: check.status for check in checks}


# -- configuration and Region -----------------------------------------------------------------------------------------


def test_without_a_stack_the_shell_counts_and_options_before_it() -> None:
    found, check = here.configured(Wanted(profile="ada", role="arn:aws:iam::123456789012:role/R"), 5)
    assert check.status == "skipped"
    assert found
    assert (found.access.profile, found.access.roles) == ("ada", (Role("arn:aws:iam::123456789012:role/R"),))
    assert found.access.max_attempts == here.ATTEMPTS


def stack_with(config: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `pulumi` on PATH that prints this config."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{config}\nEND\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_the_stacks_config_is_read_as_the_provider_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack_with('{"aws:region": {"value": "eu-west-2"}, "aws:maxRetries": {"value": "9"}}', tmp_path, monkeypatch)
    found, check = here.configured(Wanted(stack="dev"), 5)
    assert (check.status, check.found) == ("ok", "the config of stack dev can be read")
    assert found
    assert here.region_of(Wanted(), found) == ("eu-west-2", Check("region", "ok", "eu-west-2 (the stack's aws:region)"))


def test_settings_without_effect_are_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack_with('{"aws:regoin": {"value": "eu-west-2"}}', tmp_path, monkeypatch)
    _, check = here.configured(Wanted(stack="dev"), 5)
    assert check.status == "warning"
    assert "aws:regoin is not a setting known here" in check.found


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param('{"aws:secretKey": {"value": "hush"}}', "is of no use without aws:accessKey", id="half a key"),
        pytest.param('{"aws:region": {"value": "hush hush"}}', "aws:region", id="no region"),
        pytest.param("not JSON", "cannot be read", id="no JSON"),
    ],
)
def test_a_config_that_cannot_be_read_fails_and_shows_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, said: str
) -> None:
    stack_with(config, tmp_path, monkeypatch)
    found, check = here.configured(Wanted(stack="dev"), 5)
    assert (found, check.status) == (None, "failed")
    assert said in check.found
    assert "hush" not in check.found + check.advice


@pytest.mark.parametrize(
    ("config", "language", "region"),
    [
        pytest.param(
            '{"connect-domains:region": {"value": "eu-west-2"}}',
            "python",
            "connect-domains:region",
            id="by its settings",
        ),
        pytest.param(
            '{"aws:region": {"value": "eu-west-1"}, "connect-domains:region": {"value": "eu-west-2"}}',
            "yaml",
            "connect-domains:region",
            id="which never sees those of others",
        ),
        pytest.param(
            '{"aws:region": {"value": "eu-west-2"}, "connect-domains:silence": {"value": "x"}}',
            "python",
            "aws:region",
            id="not by the list of silenced rules, which the dynamic one has too",
        ),
    ],
)
def test_the_config_of_a_native_stack_is_read_as_its_provider_reads_it(
    config: str, language: str, region: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack_with(config, tmp_path, monkeypatch)
    (tmp_path / "Pulumi.yaml").write_text(f"name: shop\nruntime: {language}\n")
    found, _ = here.configured(Wanted(stack="dev", folder=str(tmp_path)), 5)
    assert found
    _, check = here.region_of(Wanted(), found)
    assert check.found == f"eu-west-2 (the stack's {region})"


def test_a_stack_without_a_cli_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found, check = here.configured(Wanted(stack="dev"), 5)
    assert (found, check.status) == (None, "failed")
    assert "the Pulumi CLI is not on PATH" in check.found
    assert check.advice == "install the Pulumi CLI, or leave --stack out"


def test_a_stack_that_does_not_exist_is_no_mistake_in_a_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stack_with("", tmp_path, monkeypatch)
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho \"error: no stack named 'dev' found\" >&2\nexit 1\n")
    found, check = here.configured(Wanted(stack="dev"), 5)
    assert (found, check.status) == (None, "failed")
    assert "no stack named 'dev' found" in check.found
    assert check.advice == here.CHOOSE_STACK


@pytest.mark.parametrize(
    ("wanted", "configuration", "environment", "region", "said"),
    [
        pytest.param("eu-west-2", Configuration(region="us-west-2"), {}, "eu-west-2", "eu-west-2 (--region)", id="the option"),
        pytest.param("", Configuration(region="us-west-2"), {}, "us-west-2", "us-west-2 (the stack's aws:region)", id="the stack"),
        pytest.param("", Configuration(), {"AWS_REGION": "eu-west-1"}, "eu-west-1", "eu-west-1 (AWS_REGION)", id="AWS_REGION"),
        pytest.param("", Configuration(), {"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1",
                     "eu-west-1 (AWS_DEFAULT_REGION)", id="the default"),
        pytest.param("", Configuration(), {}, "", "no Region is set", id="none"),
        pytest.param("eu west", Configuration(), {}, "", "'eu west' (--region) is not the name of a Region", id="no name"),
        pytest.param("", Configuration(access=Access(profile="none")), {}, "",
                     "the AWS profile 'none' does not exist on this machine", id="a profile that does not exist"),
    ],
)  # fmt: skip
def test_the_region_by_the_rules_of_the_provider(
    outside: str,
    monkeypatch: pytest.MonkeyPatch,
    wanted: str,
    configuration: Configuration,
    environment: dict[str, str],
    region: str,
    said: str,
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found, check = here.region_of(Wanted(region=wanted), configuration)
    assert (found, check.found) == (region, said)
    assert check.status == ("ok" if region else "failed")
    assert bool(check.advice) is not bool(region)


# -- credentials ------------------------------------------------------------------------------------------------------

FILES = "[default]\naws_access_key_id = AKIAHUSH\naws_secret_access_key = hush\n"


def test_credentials_of_the_environment(outside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAHUSH")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    [check] = here.credentials(REGION, ONCE)
    assert (check.status, check.found) == ("ok", "from the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        pytest.param("credentials", FILES, "from the AWS credentials file", id="the credentials file"),
        pytest.param("config", FILES, "from the AWS config file", id="the config file"),
        pytest.param(
            "config",
            '[default]\ncredential_process = echo \'{"Version": 1, "AccessKeyId": "AKIAHUSH", "SecretAccessKey": "hush"}\'\n',
            "from the program that the profile names (credential_process)",
            id="a process",
        ),
    ],
)
def test_credentials_of_files(outside: str, tmp_path: Path, file: str, text: str, said: str) -> None:
    (tmp_path / file).write_text(text)
    [check] = here.credentials(REGION, ONCE)
    assert (check.status, check.found) == ("ok", said)
    assert "hush" not in str(check).lower()


def test_credentials_of_the_stacks_config(outside: str) -> None:
    [check] = here.credentials(REGION, Configuration(access=Access(access_key="AKIAHUSH", secret_key="hush")))
    assert (check.status, check.found) == ("ok", "from the stack's config (aws:accessKey)")


def test_a_process_that_fails_is_said_without_its_words(outside: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[default]\ncredential_process = sh -c 'echo hush >&2; exit 1'\n")
    [check] = here.credentials(REGION, ONCE)
    assert check.status == "failed"
    assert "the source of the AWS credentials gave none" in check.found
    assert "hush" not in str(check)


def test_no_credentials(outside: str) -> None:
    [check] = here.credentials(REGION, ONCE)
    assert (check.status, check.found) == ("failed", "there are no AWS credentials")
    assert "AWS_PROFILE" in check.advice


def test_a_role_is_assumed(local_aws: LocalAws) -> None:
    role = Role("arn:aws:iam::123456789012:role/Deploy")
    [check] = here.credentials(REGION, replace(ONCE, access=replace(ONCE.access, roles=(role,))))
    assert (check.status, check.found) == ("ok", f"found, then role {role.arn}")
    local_aws.fault("AssumeRole", code="AccessDenied", status=403, times=None)
    aws.forget_clients()
    [check] = here.credentials(REGION, replace(ONCE, access=replace(ONCE.access, roles=(role,))))
    assert check.status == "failed"
    assert "cannot assume role" in check.found
    assert "sts:AssumeRole" in check.advice


# -- account and clock ------------------------------------------------------------------------------------------------


def test_the_account_and_the_clock() -> None:
    account, clock = here.account(REGION, ONCE)
    assert account.status == clock.status == "ok"
    assert account.found.startswith("123456789012 (aws), as ")
    assert clock.found == "agrees with AWS's"


def test_an_account_that_is_not_allowed_fails() -> None:
    account, _ = here.account(REGION, replace(ONCE, allowed_account_ids=("111111111111",)))
    assert account.status == "failed"
    assert account.found == (
        "the credentials are of account 123456789012, but only 111111111111 may be used (aws:allowedAccountIds)"
    )


def test_credentials_that_are_not_accepted_fail_and_the_clock_is_known(local_aws: LocalAws) -> None:
    local_aws.fault("GetCallerIdentity", code="InvalidClientTokenId", status=403, times=None)
    account, clock = here.account(REGION, ONCE)
    assert account.status == "failed"
    assert "the credentials are not accepted (InvalidClientTokenId)" in account.found
    assert clock.status == "ok"


def test_aws_out_of_reach_fails_and_the_clock_is_skipped(outside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAHUSH")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    account, clock = here.account(REGION, ONCE)
    assert (account.status, clock.status) == ("failed", "skipped")
    assert "no connection to http://127.0.0.1" in account.found


def test_where_aws_must_not_be_called_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONNECT_DOMAINS_LOCAL_AWS", "none")
    found = [*here.account(REGION, ONCE), *here.service(CRM, REGION, ONCE)]
    assert statuses(found) == {
        "account": "failed", "clock": "skipped",
        f"endpoint-{CRM.key}": "failed", f"service-{CRM.key}": "skipped",
    }  # fmt: skip
    assert "AWS must not be called from here" in found[0].found


@pytest.mark.parametrize(
    ("offset", "status", "said"),
    [
        (None, "skipped", "AWS did not say what time it is"),
        (0.4, "ok", "agrees with AWS's"),
        (-60, "ok", "agrees with AWS's"),
        (61, "warning", "this machine's clock is 61 s behind AWS's"),
        (-299.6, "warning", "this machine's clock is 300 s ahead of AWS's"),
        (301, "failed", "this machine's clock is 301 s behind AWS's"),
        (-86_400, "failed", "this machine's clock is 86,400 s ahead of AWS's"),
    ],
)
def test_the_clock(offset: float | None, status: str, said: str) -> None:
    check = here.clock(offset)
    assert (check.status, check.found) == (status, said)


def test_the_offset_is_aws_time_less_ours(local_aws: LocalAws) -> None:
    service = aws.service("sts", REGION, ONCE.access)
    offset = aws.watched_clock(service, now=lambda: 0.0)
    assert offset() is None
    assert service.caller
    ahead = offset()
    assert ahead
    assert ahead > 1_700_000_000


@pytest.mark.parametrize(
    ("arn", "shown"),
    [
        ("arn:aws:sts::123456789012:assumed-role/Deploy/ada@example.com", "assumed-role/Deploy"),
        ("arn:aws:iam::123456789012:user/people/ada", "user/people/ada"),
        ("arn:aws:iam::123456789012:root", "root"),
    ],
)
def test_who_the_caller_is_without_the_session(arn: str, shown: str) -> None:
    assert here.identity(arn) == shown


# -- services ---------------------------------------------------------------------------------------------------------


def test_each_service_is_asked_for_one_entry(local_aws: LocalAws) -> None:
    local_aws.forget_calls()
    for type in here.asked_types():
        endpoint, service = here.service(type, REGION, ONCE)
        assert (endpoint.status, service.status) == ("ok", "ok")
        assert endpoint.found == f"{local_aws.endpoint} (the local AWS)"
    calls = [call for call in local_aws.calls() if call.operation.startswith("List")]
    assert [call.service for call in calls] == [CRM.service, CALLS.service]
    assert [call.parameters.get("MaxResults") for call in calls] == [1, 1]


def test_voice_id_says_that_its_support_has_ended() -> None:
    crm, calls = (here.service(type, REGION, ONCE)[1] for type in (CRM, CALLS))
    assert (crm.found, crm.advice) == ("profile:ListDomains is answered", "")
    assert "AWS ended support for Voice ID on 2026-05-20" in calls.advice


def test_a_missing_permission_is_named_and_a_warning(local_aws: LocalAws) -> None:
    local_aws.fault("ListDomains", service=CRM.service, code="AccessDeniedException", status=403, times=None)
    _, service = here.service(CRM, REGION, ONCE)
    assert service.status == "warning"
    assert "access denied" in service.found
    assert service.advice == (
        "allow the IAM action profile:ListDomains to the caller; only `import` and `drift --unmanaged` need this"
    )


def test_a_service_that_fails_is_a_failure_and_voice_id_a_warning(local_aws: LocalAws) -> None:
    local_aws.fault("ListDomains", code="InternalServerException", status=500, times=None)
    crm, calls = (here.service(type, REGION, ONCE)[1] for type in (CRM, CALLS))
    assert (crm.status, calls.status) == ("failed", "warning")
    assert "InternalServerException" in crm.found
    assert "AWS ended support for Voice ID" in calls.advice
    assert "request id" not in crm.advice


def test_a_region_without_the_service_is_said() -> None:
    _, service = here.service(CRM, "eu-north-1", ONCE)
    assert "eu-north-1 is not among the Regions" in service.advice


ENDPOINTS = {
    "aws:endpoints": (replace(ONCE.access, endpoints=((CRM.service, "http://127.0.0.1:9"),)), {}, "http://127.0.0.1:9 (aws:endpoints)"),
    "a variable for all": (ONCE.access, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9 (AWS_ENDPOINT_URL)"),
    "a variable for one": (
        ONCE.access,
        {"AWS_ENDPOINT_URL_CUSTOMER_PROFILES": "http://127.0.0.1:9"},
        "http://127.0.0.1:9 (AWS_ENDPOINT_URL_CUSTOMER_PROFILES)",
    ),
    "AWS's own": (
        ONCE.access, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "https://profile.us-east-1.amazonaws.com (AWS's own)",
    ),
    "another of AWS's": (
        replace(ONCE.access, variables=(("use_fips_endpoint", True),)),
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        "https://profile-fips.us-east-1.amazonaws.com (the profile, or FIPS or dual-stack settings)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("access", "environment", "said"), ENDPOINTS.values(), ids=ENDPOINTS)
def test_the_endpoint_and_what_has_set_it(
    outside: str, monkeypatch: pytest.MonkeyPatch, access: Access, environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    url, source = aws.endpoint(aws.service(CRM.service, REGION, access))
    assert f"{url} ({source})" == said
