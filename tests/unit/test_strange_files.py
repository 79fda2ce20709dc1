"""What a file of somebody else can make a command do: run nothing, and call nobody but AWS with the credentials of this shell.

A state file holds each dynamic provider as a pickle, which is code to whoever loads it. Only Pulumi's provider host does, in `pulumi up`,
`refresh`, `preview` and `destroy`. The commands here read the same files, and must not.
"""

from __future__ import annotations

import base64
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.aws.access import VARIABLE
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.operations import PROVIDER_MARK

from .drift.reports import ACCOUNT, export, resource
from .review import previews

YAML = "!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [owned]]"
"""What PyYAML's unsafe loaders would carry out."""

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


class Malicious:
    """Whoever loads its pickle makes the file `owned`."""

    def __reduce__(self) -> Any:
        return Path.touch, (Path("owned"),)


def pickled() -> str:
    """A provider as a state file holds it, which is code."""
    return base64.b64encode(pickle.dumps(Malicious())).decode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: with a state, a preview, a policy and an import file that would run code in whoever trusts them."""
    monkeypatch.chdir(tmp_path)
    ours, foreign = resource("crm"), resource("queue", type="other")
    for each in (ours, foreign):
        each["inputs"] |= {"__provider": pickled(), "default_encryption_key": KEY}
        each["outputs"] |= {"__provider": pickled()}
    former = {
        "urn": "urn:pulumi:dev::shop::aws:customerprofiles/domain:Domain::crm", "type": "aws:customerprofiles/domain:Domain",
        "custom": True, "id": "crm", "inputs": {"__provider": pickled(), "domainName": "crm", "defaultExpirationDays": 30},
        "outputs": {"__provider": pickled(), "domainName": "crm", "defaultExpirationDays": 30, "arn": ours["outputs"]["arn"]},
    }  # fmt: skip
    (tmp_path / "state.json").write_text(export(ours, foreign))
    (tmp_path / "former.json").write_text(export(former))
    held = previews.state({**previews.INPUTS, "__provider": pickled()}, {**previews.OUTPUTS, "__provider": pickled()})
    (tmp_path / "preview.json").write_text(json.dumps(previews.document(previews.step("delete", held))))
    (tmp_path / "policy.yaml").write_text(f"require:\n- path: {YAML}\n")
    (tmp_path / "document.yaml").write_text(f"domain_name: {YAML}\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "import.json").write_text(json.dumps({"resources": [{**ours, "name": "crm"}]}))
    return tmp_path


COMMANDS = {
    "drift": ["drift", "--state", "state.json", "--unmanaged", "--rate", "0"],
    "drift with a policy": ["drift", "--state", "state.json", "--policy", "policy.yaml"],
    "review": ["review", "preview.json"],
    "review of what is live": ["review", "preview.json", "--live"],
    "validate": ["validate", "document.yaml", "--resource", "customerprofiles"],
    "validate of a state": ["validate", "--state", "state.json", "--live"],
    "import beside a state": ["import", "--name", "crm", "--check-state", "state.json", "--out", "out", "--overwrite"],
    "import from a state": ["import", "--from-stack", "--state", "former.json", "--out", "new"],
}


@pytest.fixture
def _at_aws(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With the variables of any AWS SDK alone, so that a configured endpoint would count."""
    monkeypatch.delenv(VARIABLE)
    aws.forget_clients()
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    yield
    local_aws.reset()
    aws.forget_clients()


def test_the_pickle_of_these_tests_is_code(folder: Path) -> None:
    """So the test below would see it."""
    pickle.loads(base64.b64decode(pickled()))
    assert (folder / "owned").exists()


@pytest.mark.usefixtures("_at_aws")
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_no_command_runs_code_from_a_file(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(*_: object, **__: object) -> object:
        raise AssertionError("a pickle was loaded")

    monkeypatch.setattr(pickle, "loads", load)
    monkeypatch.setattr(pickle, "load", load)
    cli.run(arguments)
    said = capsys.readouterr()
    assert not (folder / "owned").exists()
    assert "a pickle was loaded" not in said.out + said.err
    assert "Traceback" not in said.err


def led_astray(document: dict[str, Any], url: str) -> dict[str, Any]:
    """The document of a state, whose provider and config name another endpoint, a proxy and a role."""
    endpoints = json.dumps([{"customerprofiles": url, "sts": url, "voiceid": url, "kms": url}])
    settings = {
        "endpoints": endpoints,
        "httpProxy": url,
        "profile": "stolen",
        "assumeRole": json.dumps({"roleArn": "x"}),
    }
    snake = {"endpoints": endpoints, "http_proxy": url, "profile": "stolen", PROVIDER_MARK: "true"}
    provider = "urn:pulumi:dev::shop::pulumi:providers:pulumi-python::default"
    resources = document["deployment"]["resources"]
    for each in resources:
        each["provider"] = f"{provider}::04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    inputs = {**settings, **snake, **{f"aws:{name}": value for name, value in settings.items()}}
    resources.append(
        {
            "urn": provider,
            "type": "pulumi:providers:pulumi-python",
            "custom": True,
            "id": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
            "inputs": inputs,
            "outputs": inputs,
        }
    )
    return document


@pytest.mark.usefixtures("_at_aws")
@pytest.mark.parametrize(
    "name", ["drift", "validate of a state", "import from a state", "import beside a state", "review of what is live"]
)
def test_no_file_sends_calls_to_an_address_of_its_own(
    name: str, folder: Path, elsewhere: tuple[str, list[str]], local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    url, asked = elsewhere
    for file in ("state.json", "former.json"):
        document = json.loads((folder / file).read_text())
        (folder / file).write_text(json.dumps(led_astray(document, url)))
    preview = json.loads((folder / "preview.json").read_text())
    for step in preview["steps"]:
        if "oldState" in step:
            for side in ("inputs", "outputs"):
                step["oldState"][side] |= {"endpoints": [{"customerprofiles": url}], "region": "us-east-1"}
    (folder / "preview.json").write_text(json.dumps(preview))
    local_aws.forget_calls()
    cli.run(COMMANDS[name])
    assert asked == []
    expected = "DescribeKey" if name == "validate of a state" else "GetDomain"
    assert expected in {call.operation for call in local_aws.calls()}, capsys.readouterr()


HOSTS = ("us-west-2", "evil.example/#", "us-east-1.evil.example", "us-east-1@evil.example")


@pytest.mark.usefixtures("_at_aws")
@pytest.mark.parametrize("region", HOSTS)
@pytest.mark.parametrize("command", ["drift", "review of what is live"])
def test_no_region_of_a_file_is_a_host(
    command: str, region: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a configured endpoint, the Region is a part of the host's name."""
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    hosts: list[str] = []

    def send(self: object, request: Any) -> None:
        hosts.append(request.url)
        raise EndpointConnectionError(endpoint_url=request.url)

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    for file in ("state.json", "preview.json"):
        text = (folder / file).read_text()
        (folder / file).write_text(
            text.replace('"us-east-1"', json.dumps(region)).replace('"eu-central-1"', json.dumps(region))
        )
    cli.run(COMMANDS[command])
    assert hosts or region != "us-west-2", "a real Region is asked"
    for url in hosts:
        assert url.split("/")[2].endswith(".amazonaws.com"), url


def test_the_account_of_a_file_is_no_account_of_these_credentials(
    folder: Path, local_aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    """A domain that state names in another account is not looked for in this one, and never called missing."""
    aws.forget_clients()
    text = (folder / "state.json").read_text().replace(ACCOUNT, "999999999999")
    (folder / "state.json").write_text(text)
    local_aws.forget_calls()
    assert cli.run(["drift", "--state", "state.json", "--rate", "0"]) == 1
    assert "belongs to account 999999999999" in capsys.readouterr().out
    assert {call.operation for call in local_aws.calls()} == {"GetCallerIdentity"}
