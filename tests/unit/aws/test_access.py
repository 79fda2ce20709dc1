"""A run that must not leave this machine: every way that config or environment offers to another address ends at the local AWS."""

from __future__ import annotations

import http.server
import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws.access import NOWHERE, VARIABLE, Access, confined
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.isolation import isolated
from pulumi_connect_domains.model.errors import Unreachable
from pulumi_connect_domains.operations.settings import from_config


class Elsewhere:
    """A server that stands for everything that is not the local AWS; `asked` are the requests that reached it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(f"{self.command} {self.path}")
                self.send_response(500)
                self.end_headers()

            do_POST = do_PUT = do_CONNECT = do_GET  # noqa: N815  # the names that http.server wants

            def log_message(self, *_: Any) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    yield server
    server.close()


@pytest.fixture
def files(tmp_path: Path, elsewhere: Elsewhere) -> dict[str, str]:
    """Config files whose every profile leads elsewhere: by address, by SSO, by a process, by a role."""
    config = tmp_path / "config"
    process = f"{sys.executable} -c \"open(r'{tmp_path / 'ran'}', 'w')\""
    keys = "aws_access_key_id = AKIAREAL\naws_secret_access_key = real"
    config.write_text(
        f"[default]\nregion = eu-west-1\n{keys}\nendpoint_url = {elsewhere.url}\n"
        f"[profile address]\nregion = eu-west-1\nendpoint_url = {elsewhere.url}\n{keys}\n"
        f"[profile process]\nregion = eu-west-1\ncredential_process = {process}\n"
        "[profile sso]\nsso_session = s\nsso_account_id = 222222222222\nsso_role_name = admin\n"
        f"[sso-session s]\nsso_region = eu-west-1\nsso_start_url = {elsewhere.url}\n"
        "[profile role]\nrole_arn = arn:aws:iam::222222222222:role/admin\nsource_profile = address\n"
    )
    return {"AWS_CONFIG_FILE": str(config)}


def configs(url: str, config_file: str) -> dict[str, dict[str, Any]]:
    """Stack config, or a Provider's inputs, that lead to `url`."""
    return {
        "aws:endpoints": {"aws:endpoints": json.dumps([{"customerprofiles": url, "sts": url, "voiceid": url}])},
        "aws:profile": {"aws:profile": "address", "aws:sharedConfigFiles": json.dumps([config_file])},
        "aws:profile of SSO": {"aws:profile": "sso", "aws:sharedConfigFiles": json.dumps([config_file])},
        "aws:profile of a process": {"aws:profile": "process", "aws:sharedConfigFiles": json.dumps([config_file])},
        "aws:profile that is not there": {"aws:profile": "nobody"},
        "aws:accessKey": {"aws:accessKey": "AKIAREAL", "aws:secretKey": "real", "aws:token": "real"},
        "aws:httpProxy": {"aws:httpProxy": url, "aws:httpsProxy": url},
        "the metadata service": {"aws:ec2MetadataServiceEndpoint": url, "aws:profile": ""},
        "aws:useFipsEndpoint": {"aws:useFipsEndpoint": "true", "aws:useDualstackEndpoint": "true"},
        "aws:assumeRoles": {"aws:assumeRoles": json.dumps([{"roleArn": "arn:aws:iam::222222222222:role/deploy"}])},
        "aws:assumeRoleWithWebIdentity": {
            "aws:assumeRoleWithWebIdentity": json.dumps(
                {"roleArn": "arn:aws:iam::222222222222:role/deploy", "webIdentityToken": "token"}
            )
        },
    }


CONFIGS = list(configs("", ""))


def variables(url: str) -> dict[str, dict[str, str]]:
    """Environments that lead to `url`."""
    return {
        "an address for all": {"AWS_ENDPOINT_URL": url},
        "an address for each": {f"AWS_ENDPOINT_URL_{name}": url for name in ("CUSTOMER_PROFILES", "VOICE_ID", "STS")},
        "no addresses": {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        "a profile": {"AWS_PROFILE": "address", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        "the older profile": {"AWS_DEFAULT_PROFILE": "process", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        "no keys": {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": ""},
        "a real session": {"AWS_ACCESS_KEY_ID": "ASIAREAL", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "real"},
        "a proxy": {"HTTP_PROXY": url, "http_proxy": url, "HTTPS_PROXY": url, "https_proxy": url, "NO_PROXY": "", "no_proxy": ""},
        "a container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        "a web identity": {
            "AWS_ROLE_ARN": "arn:aws:iam::222222222222:role/r", "AWS_WEB_IDENTITY_TOKEN_FILE": __file__,
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
        },
        "an instance": {
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": url, "AWS_EC2_METADATA_DISABLED": "false",
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
        },
        "other endpoints": {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
    }  # fmt: skip


VARIABLES = list(variables(""))


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> Iterator[None]:
    """The variable, and around it an environment that leads elsewhere by its files."""
    for name, value in {**files, VARIABLE: local_aws.endpoint, "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    aws.forget_clients()
    yield
    aws.forget_clients()


def reach(access: Access) -> set[str]:
    """The services that were called, all by this access."""
    for name, operation in (
        ("customer-profiles", "ListDomains"),
        ("voice-id", "ListDomains"),
        ("sts", "GetCallerIdentity"),
    ):
        aws.service(name, "us-east-1", access).call(operation, "it", {})
    return {"customer-profiles", "voice-id", "sts"}


def assert_only_the_local_aws(local_aws: LocalAws, elsewhere: Elsewhere, tmp_path: Path, access: Access) -> None:
    assert reach(access) <= {call.service for call in local_aws.calls()}
    assert elsewhere.asked == []
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", CONFIGS)
def test_no_config_leads_past_the_local_aws(
    local_aws: LocalAws, elsewhere: Elsewhere, files: dict[str, str], tmp_path: Path, name: str
) -> None:
    config = configs(elsewhere.url, files["AWS_CONFIG_FILE"])[name]
    assert_only_the_local_aws(local_aws, elsewhere, tmp_path, from_config(config, {}).access)


@pytest.mark.parametrize("name", VARIABLES)
def test_no_environment_leads_past_the_local_aws(
    local_aws: LocalAws, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    for variable, value in variables(elsewhere.url)[name].items():
        monkeypatch.setenv(variable, value)
    assert_only_the_local_aws(local_aws, elsewhere, tmp_path, Access())


def test_accounts_are_chosen_by_local_keys_and_roles(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    def account(config: Mapping[str, Any]) -> str:
        aws.forget_clients()
        return aws.service("sts", "us-east-1", from_config(config, {}).access).caller.account

    assert account({}) == "123456789012"
    assert account({"aws:accessKey": "AKIAACCT333333333333", "aws:secretKey": "local"}) == "333333333333"
    assert account({"aws:assumeRoles": '[{"roleArn": "arn:aws:iam::222222222222:role/r"}]'}) == "222222222222"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAACCT444444444444")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    assert account({}) == "444444444444"


@pytest.mark.parametrize(
    "wrong", ["https://profile.eu-west-2.amazonaws.com", "true", "http://127.0.0.1.evil.example", "4599"]
)
def test_another_address_than_this_machines_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv(VARIABLE, wrong)
    with pytest.raises(Unreachable, match=f"{VARIABLE} is not the URL of a local AWS"):
        reach(Access())


def test_where_aws_must_not_be_called_the_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, NOWHERE)
    with pytest.raises(Unreachable, match="the fixture `local_aws`"):
        reach(Access())


def test_without_the_variable_nothing_is_changed() -> None:
    access = Access(profile="team", endpoints=(("sts", "https://sts"),))
    assert confined(access, {}) is access
    assert confined(access, {VARIABLE: " "}) is access


# -- the environment of programs that call AWS themselves -------------------------------------------------------------


@pytest.mark.parametrize("name", VARIABLES)
def test_an_isolated_environment_leads_any_sdk_to_the_local_aws(
    local_aws: LocalAws, elsewhere: Elsewhere, files: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    import boto3

    found = isolated({**os.environ, **files, **variables(elsewhere.url)[name]}, local_aws.endpoint)
    for variable in os.environ.keys() - found.keys():
        monkeypatch.delenv(variable)
    for variable, value in found.items():
        monkeypatch.setenv(variable, value)
    session = boto3.Session()
    assert session.client("sts").get_caller_identity()["Account"] == "123456789012"
    session.client("s3").list_buckets()
    session.client("customer-profiles").list_domains()
    assert elsewhere.asked == []
    assert {call.service for call in local_aws.calls()} == {"sts", "s3", "customer-profiles"}


def test_an_isolated_environment_keeps_what_leads_nowhere() -> None:
    surrounding = {
        "PATH": "/bin",
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "AKIAACCT222222222222",
        "AWS_SSO_X": "y",
    }
    found = isolated(surrounding, "http://127.0.0.1:4599")
    assert found["PATH"] == "/bin"
    assert found["AWS_REGION"] == found["AWS_DEFAULT_REGION"] == "eu-west-2"
    assert found["AWS_ACCESS_KEY_ID"] == "AKIAACCT222222222222"
    assert "AWS_SSO_X" not in found
    assert isolated({"AWS_ACCESS_KEY_ID": "AKIAREAL"}, None)["AWS_ACCESS_KEY_ID"] == "AKIAACCT123456789012"
    assert "AWS_REGION" not in isolated({}, None)
    proxied = isolated({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "intern"}, None)
    assert proxied["NO_PROXY"] == proxied["no_proxy"] == "intern,127.0.0.1,localhost"
