"""Sessions, clients, roles and errors, against a local AWS over HTTP."""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from pulumi_connect_domains import __version__, aws
from pulumi_connect_domains.aws import refusals, sessions
from pulumi_connect_domains.aws.access import MAX_ATTEMPTS, VARIABLE, Access, Role
from pulumi_connect_domains.aws.services import ask_sts
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.accounts import access_key_id
from pulumi_connect_domains.model import errors

HUB, SPOKE = "222222222222", "333333333333"
SUBJECT = "Customer Profiles domain 'crm'"
ONCE = Access(max_attempts=1)


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Environment and caches as in a process that has just begun."""
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv(VARIABLE, "")  # profiles and endpoints have their say, as they have against the real AWS
    aws.forget_clients()
    yield
    aws.forget_clients()


def without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)


def profiles(access: Access = ONCE, region: str = "us-east-1") -> aws.Service:
    return aws.service("customer-profiles", region, access)


def get(service: aws.Service) -> aws.Answer:
    return service.call("GetDomain", SUBJECT, {"domain_name": "crm"})


def role(account: str, **more: Any) -> Role:
    return Role(f"arn:aws:iam::{account}:role/deploy", **more)


# -- clients ----------------------------------------------------------------------------------------------------------


def test_there_is_one_client_for_each_service_region_and_access(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    original = botocore.session.Session.create_client

    def counted(self: Any, service: str, *args: Any, **kwargs: Any) -> Any:
        made.append(service)
        time.sleep(0.01)
        return original(self, service, *args, **kwargs)

    monkeypatch.setattr(botocore.session.Session, "create_client", counted)
    local_aws.seed("customer-profiles", "crm")
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: get(profiles()), range(32)))
    assert made == ["customer-profiles"]
    assert profiles() is profiles()
    assert profiles(region="eu-west-2") is not profiles()
    assert profiles(replace(ONCE, profile="team")) is not profiles()
    assert len({id(sessions.session(access)) for access in (ONCE, replace(ONCE, access_key="AKIA"))}) == 1


def test_clients_are_made_as_promised() -> None:
    client = sessions.client("customer-profiles", "us-east-1", Access())
    config = client.meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": MAX_ATTEMPTS}
    assert (config.connect_timeout, config.read_timeout) == (5, 20)
    assert f"pulumi-connect-domains/{__version__}" in config.user_agent


@pytest.mark.parametrize("name", ["customerprofiles", "customer-profiles", "CustomerProfiles"])
def test_a_configured_endpoint_wins_over_the_environments(name: str, local_aws: LocalAws) -> None:
    there = Access(endpoints=((name, "http://127.0.0.1:9/there"),))
    assert sessions.client("customer-profiles", "us-east-1", there).meta.endpoint_url == "http://127.0.0.1:9/there"
    assert sessions.client("voice-id", "us-east-1", there).meta.endpoint_url == local_aws.endpoint


def test_other_settings_reach_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    access = Access(
        variables=(("ca_bundle", "/ca"), ("use_fips_endpoint", True)), proxies=(("https", "http://127.0.0.1:1"),)
    )
    client = sessions.client("customer-profiles", "us-east-1", access)
    assert client.meta.endpoint_url == "https://profile-fips.us-east-1.amazonaws.com"
    assert client.meta.config.proxies == {"https": "http://127.0.0.1:1"}
    assert client._endpoint.http_session._verify == "/ca"
    unverified = sessions.client("customer-profiles", "us-east-1", Access(verifies_tls=False))
    assert unverified._endpoint.http_session._verify is False


def test_the_caller_is_asked_for_once(local_aws: LocalAws) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda region: profiles(region=region).caller, ["us-east-1", "eu-west-2", "us-west-2"] * 4)
        )
    assert {caller.account for caller in found} == {local_aws.account}
    assert found[0].partition == "aws"
    assert len(local_aws.calls("sts")) == 1


def test_one_slow_caller_keeps_no_other_waiting(local_aws: LocalAws) -> None:
    local_aws.latency(1.0, "GetCallerIdentity")
    slow = threading.Thread(target=lambda: profiles().caller)
    slow.start()
    local_aws.seed("customer-profiles", "crm")
    time.sleep(0.3)
    started = time.monotonic()
    get(profiles())
    assert time.monotonic() - started < 0.6
    slow.join()


# -- credentials ------------------------------------------------------------------------------------------------------


def test_keys_of_the_config(local_aws: LocalAws) -> None:
    assert profiles(Access(access_key=access_key_id(HUB), secret_key="local")).caller.account == HUB


def test_a_profile_brings_credentials_and_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config, keys = tmp_path / "config", tmp_path / "credentials"
    config.write_text("[profile team]\nregion = eu-central-1\n")
    keys.write_text(f"[team]\naws_access_key_id = {access_key_id(HUB)}\naws_secret_access_key = local\n")
    access = Access(profile="team", variables=(("config_file", str(config)), ("credentials_file", str(keys))))
    assert aws.profile_region(access) == "eu-central-1"
    assert profiles(access).caller.account == HUB
    monkeypatch.setenv("AWS_PROFILE", "")
    assert aws.profile_region(Access()) == ""


def test_a_profiles_own_role_is_asked_of_the_resources_region(
    local_aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, keys = tmp_path / "config", tmp_path / "credentials"
    config.write_text(f"[profile deploy]\nrole_arn = arn:aws:iam::{HUB}:role/deploy\nsource_profile = base\n")
    keys.write_text(f"[base]\naws_access_key_id = {access_key_id(SPOKE)}\naws_secret_access_key = local\n")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    access = Access(profile="deploy", variables=(("config_file", str(config)), ("credentials_file", str(keys))))
    assert aws.profile_region(access) == ""
    assert profiles(access, "eu-west-2").caller.account == HUB
    assert {(call.account, call.region) for call in local_aws.calls("sts", "AssumeRole")} == {(SPOKE, "eu-west-2")}


def test_a_profile_that_does_not_exist() -> None:
    with pytest.raises(errors.BadCredentials, match="the AWS profile 'team' does not exist on this machine"):
        aws.profile_region(Access(profile="team"))
    with pytest.raises(errors.BadCredentials, match=r"^cannot read .*'crm': the AWS profile 'team' does not exist"):
        get(profiles(Access(profile="team")))


def test_a_config_file_that_cannot_be_read(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("region = eu-central-1\n")
    broken = Access(variables=(("config_file", str(config)),))
    with pytest.raises(errors.BadCredentials, match=r"the AWS config file .* cannot be read\ncheck its syntax"):
        aws.profile_region(broken)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        pytest.param(
            "AWS_ENDPOINT_URL", "no url, hush", "a setting of AWS on this machine cannot be used", id="no URL"
        ),
        pytest.param("AWS_ENDPOINT_URL", "http://me:hush/x@127.0.0.1:9", "a setting of AWS", id="a port that is none"),
        pytest.param("AWS_ENDPOINT_URL", "http://[::1", "a setting of AWS on this machine cannot", id="a cut address"),
        pytest.param("AWS_DEFAULTS_MODE", "fast", "invalid defaults mode: fast", id="a mode that is none"),
        pytest.param("AWS_STS_REGIONAL_ENDPOINTS", "some", "STS regional endpoints option some", id="an unknown word"),
        pytest.param(
            "AWS_ACCOUNT_ID_ENDPOINT_MODE", "some", "cannot be used (InvalidConfigError)", id="a config error"
        ),
    ],
)
def test_settings_of_this_machine_that_cannot_be_used_are_the_users(
    variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(errors.AwsError) as error:
        get(profiles())
    assert str(error.value).startswith(f"cannot read {SUBJECT}: ")
    assert said in str(error.value)
    assert "hush" not in str(error.value)
    assert not error.value.lost


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param(
            "credential_process = echo {hush", "gave none (JSONDecodeError)", id="a program that prints no JSON"
        ),
        pytest.param("credential_process = /nowhere/login", "gave none: /nowhere/login: No such file", id="no program"),
        pytest.param(
            "role_arn = arn:aws:iam::111111111111:role/deploy\nweb_identity_token_file = /nowhere/token",
            "gave none: /nowhere/token: No such file or directory (FileNotFoundError)",
            id="no token",
        ),
    ],
)
def test_a_source_of_credentials_that_fails_is_the_users(
    config: str, said: str, local_aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_keys(monkeypatch)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    (tmp_path / "config").write_text(f"[default]\n{config}\n")
    with pytest.raises(errors.BadCredentials) as error:
        get(profiles())
    assert str(error.value).startswith(f"cannot read {SUBJECT}: the source of the AWS credentials {said}")
    assert "hush" not in str(error.value)


def test_a_role_that_is_no_arn_is_the_users_mistake(local_aws: LocalAws) -> None:
    with pytest.raises(errors.BadCredentials) as error:
        get(profiles(Access(roles=(Role("deploy"),))))
    first, second = str(error.value).split("\n")
    assert first.startswith(f"cannot read {SUBJECT}: cannot assume role deploy: Invalid length for parameter RoleArn")
    assert second == "check the role's ARN and its other settings"


def test_an_endpoints_secrets_are_in_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://me:hush@127.0.0.1:9/?key=hush")
    with pytest.raises(errors.Unreachable, match=r"no connection to http://…@127\.0\.0\.1:9/\?… \(Endpoint"):
        get(profiles())


def test_a_chain_of_roles_is_assumed_once_for_all_calls(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", account=SPOKE)
    chained = Access(roles=(role(HUB), role(SPOKE)))
    for _ in range(3):
        get(profiles(chained))
    assert profiles(chained).caller.account == SPOKE
    assert [call.account for call in local_aws.calls("sts", "AssumeRole")] == [local_aws.account, HUB]


def test_assumed_roles_refresh_themselves(local_aws: LocalAws) -> None:
    """The shortest session is within botocore's time for renewal from the start, so every call renews it."""
    local_aws.seed("customer-profiles", "crm", account=HUB)
    short = Access(roles=(role(HUB, duration_seconds=900),))
    get(profiles(short))
    get(profiles(short))
    assert len(local_aws.calls("sts", "AssumeRole")) >= 2


def test_roles_are_asked_of_the_regions_sts_or_the_one_configured(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm", account=HUB, region="eu-west-2")
    get(profiles(Access(roles=(role(HUB),)), "eu-west-2"))
    get(profiles(Access(roles=(role(HUB),), sts_region="us-west-2"), "eu-west-2"))
    assert [call.region for call in local_aws.calls("sts")] == ["eu-west-2", "us-west-2"]


def test_a_web_identitys_token_is_read_from_its_file(
    local_aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_keys(monkeypatch)
    token = tmp_path / "token"
    identity = Access(roles=(role(HUB, web_identity_token_file=str(token)),))
    with pytest.raises(errors.BadCredentials, match="its web identity token cannot be read"):
        get(profiles(identity))
    token.write_text("a.b.c\n")
    assert profiles(identity).caller.account == HUB


def test_a_role_that_cannot_be_assumed(local_aws: LocalAws) -> None:
    local_aws.fault("AssumeRole", code="AccessDenied", status=403)
    with pytest.raises(errors.AccessDenied) as error:
        get(profiles(Access(roles=(role(HUB),))))
    lines = str(error.value).split("\n")
    assert (
        lines[0]
        == f"cannot read {SUBJECT}: cannot assume role arn:aws:iam::{HUB}:role/deploy: access denied (AccessDenied)"
    )
    assert lines[1] == "allow the IAM action sts:AssumeRole to the caller"


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that answers no attempt to connect, as the metadata service's on a laptop: its queue is full."""
    with socket.socket() as server, ExitStack() as waiting:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_a_laptop_loses_no_seconds_to_the_metadata_service(monkeypatch: pytest.MonkeyPatch, silent: str) -> None:
    without_keys(monkeypatch)
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    access = Access(variables=(("ec2_metadata_service_endpoint", silent),))
    started = time.monotonic()
    assert sessions.credentials(access, "us-east-1", ask_sts) is None
    assert 0.2 < time.monotonic() - started < 1.5


def test_the_metadata_service_is_not_asked_where_the_config_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without_keys(monkeypatch)
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    asked: list[object] = []
    monkeypatch.setattr(
        "botocore.utils.InstanceMetadataFetcher.retrieve_iam_role_credentials", lambda self: asked.append(1) or {}
    )
    for access, count in ((Access(skips_metadata=True), 0), (Access(), 1)):
        with pytest.raises(errors.BadCredentials):
            get(profiles(access))
        assert len(asked) == count
        with pytest.raises(errors.BadCredentials):
            get(profiles(access, "eu-west-2"))
        assert len(asked) == count


def test_sessions_share_the_descriptions_of_services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each takes several MB. Whose folder is another one still gets his own."""
    loaders = [sessions.session(Access(max_attempts=attempts)).get_component("data_loader") for attempts in (1, 2)]
    assert loaders[0] is loaders[1]
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    other = sessions.session(Access(max_attempts=3)).get_component("data_loader")
    assert str(tmp_path) in other.search_paths


def test_the_users_own_time_for_the_metadata_service_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sessions.session(Access()).get_config_variable("metadata_service_timeout") == (
        0.25,
        1.0,
    )
    aws.forget_clients()
    monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", "7")
    assert sessions.session(Access()).get_config_variable("metadata_service_timeout") == 7


# -- answers and errors -----------------------------------------------------------------------------------------------


def test_every_call_leaves_a_line_without_what_was_asked(local_aws: LocalAws, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "pulumi_connect_domains.aws")
    local_aws.seed("customer-profiles", "crm")
    get(profiles())
    local_aws.fault("GetDomain", code="AccessDeniedException", status=403)
    with pytest.raises(errors.AccessDenied) as error:
        get(profiles())
    lines = [record.getMessage() for record in caplog.records if record.name == "pulumi_connect_domains.aws"]
    assert len(lines) == 2
    assert lines[0].startswith("GetDomain in us-east-1: ")
    assert re.search(r" ms, 1 attempt\(s\), request id \S{8,}$", lines[0])
    assert lines[1].endswith(f"1 attempt(s), request id {error.value.request_id}, AccessDeniedException")
    assert "crm" not in "".join(lines)


def test_throttling_is_waited_out(local_aws: LocalAws) -> None:
    local_aws.seed("customer-profiles", "crm")
    local_aws.fault("GetDomain", code="ThrottlingException", times=1)
    assert get(profiles(Access()))["domain_name"] == "crm"
    assert len(local_aws.calls("customer-profiles", "GetDomain")) == 2


@pytest.fixture
def hastened(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.001)))


@pytest.mark.usefixtures("hastened")
def test_a_call_that_the_client_gives_up_is_still_repeated(local_aws: LocalAws) -> None:
    """botocore repeats it 7 times, and not at all once many throttled calls have used up what it calls its retry quota."""
    local_aws.seed("customer-profiles", "crm")
    local_aws.fault("GetDomain", code="ThrottlingException", times=31)
    assert get(profiles(Access()))["domain_name"] == "crm"


def test_after_a_throttled_answer_calls_of_that_operation_keep_a_pace(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    local_aws.seed("customer-profiles", "crm")
    get(profiles())
    assert waited == []
    local_aws.fault("GetDomain", code="ThrottlingException")
    with pytest.raises(errors.Throttled):
        get(profiles())
    get(profiles())
    assert len(waited) == 1
    assert waited[0] > 0
    profiles().call("ListDomains", SUBJECT, {})
    assert len(waited) == 1


@pytest.mark.usefixtures("hastened")
@pytest.mark.parametrize(("max_attempts", "sent"), [(1, 1), (2, 8), (8, 32)])
def test_a_call_that_is_throttled_for_ever_ends(local_aws: LocalAws, max_attempts: int, sent: int) -> None:
    local_aws.fault("GetDomain", code="ThrottlingException", times=None)
    with pytest.raises(errors.Throttled, match=f"after {sent} attempts") as error:
        get(profiles(Access(max_attempts=max_attempts)))
    assert error.value.attempts == sent == len(local_aws.calls("customer-profiles", "GetDomain"))


@pytest.mark.parametrize(
    ("fault", "lost"),
    [
        ({"code": "InternalServerException", "status": 500}, True),
        ({"code": "ThrottlingException", "status": 429}, False),
        ({"code": "BadRequestException", "status": 400}, False),
    ],
    ids=["a server fault may have done it", "a throttled call did nothing", "a refusal did nothing"],
)
def test_whether_it_may_have_been_done_all_the_same(local_aws: LocalAws, fault: dict[str, Any], lost: bool) -> None:
    local_aws.fault("GetDomain", **fault)
    before = time.time()
    with pytest.raises(errors.AwsError) as error:
        get(profiles())
    assert error.value.lost is lost
    assert error.value.began is not None
    after = time.time()
    # By AWS's clock, which tells whole seconds, less the whole time of the call here.
    assert before - 1 - (after - before) <= error.value.began <= after


def test_a_lost_answer_may_have_been_done_and_a_lost_connection_not(local_aws: LocalAws) -> None:
    local_aws.drop("GetDomain", when="after")
    with pytest.raises(errors.NoAnswer) as error:
        get(profiles())
    assert error.value.lost
    with pytest.raises(errors.Unreachable) as unreachable:
        get(profiles(replace(ONCE, endpoints=(("customerprofiles", "http://127.0.0.1:9"),))))
    assert not unreachable.value.lost
    assert "no connection to http://127.0.0.1:9 (EndpointConnectionError)" in str(unreachable.value)


def test_what_botocore_itself_refuses_is_our_bug(local_aws: LocalAws) -> None:
    from botocore.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError):
        profiles().call("CreateDomain", SUBJECT, {"domain_name": "crm", "default_expiration_days": "30"})


def test_texts_of_the_request_are_masked_in_awss_message() -> None:
    asked = {
        "domain_name": "crm",
        "matching": {"time": "18:00"},
        "tags": {"owner": "s3cr3t"},
        "rule": ["a-value"],
        "short": "is",
    }
    message = "crm: 18:00 and s3cr3t of owner with a-value is bad"
    assert refusals.masked(message, asked) == "<domain_name>: <time> and <tags> of <key of tags> with <rule> is bad"
    assert refusals.masked("nothing to hide", {}) == "nothing to hide"
