"""`connect-domains import` without an engine: which domains are chosen, what is written, and what is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.adopt import files
from pulumi_connect_domains.aws import wire
from pulumi_connect_domains.customerprofiles.domain import api
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import resource_types

from .conftest import ConnectDomains

PROFILES, VOICE = resource_types().values()
SAMPLES = Path(__file__).parents[2] / "contract" / "samples"
STACK = "urn:pulumi:dev::crm::pulumi:pulumi:Stack::crm-dev"


def seed_sample(cloud: LocalAws, name: str = "contract") -> None:
    """A domain with every property, as somebody made it by hand."""
    client = cloud.client(PROFILES.service)
    shape = client.meta.service_model.operation_model("CreateDomain").input_shape
    inputs = json.loads((SAMPLES / "customerprofiles.json").read_text())["full"]
    client.create_domain(**wire.to_api(shape, {**inputs, "domain_name": name}))


def imported(folder: Path, out: str = "out") -> list[str]:
    """The ids in the import file."""
    return [each["id"] for each in json.loads((folder / out / "import.json").read_text())["resources"]]


def export(folder: Path, *ids: str, config: dict[str, Any] | None = None) -> Path:
    """A file with the export of a stack that manages these domains."""
    arn = "arn:aws:profile:us-east-1:123456789012:domains/"
    ours = [
        {"urn": f"{STACK}-{id}", "type": PROFILES.type_token, "id": id, "inputs": {}, "outputs": {"arn": f"{arn}{id}"}}
        for id in ids
    ]
    urn = "urn:pulumi:dev::crm::pulumi:providers:pulumi-python::default"
    provider = {"urn": urn, "type": "pulumi:providers:pulumi-python", "id": "1", "inputs": config or {}}
    file = folder / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [provider, *ours]}}))
    return file


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (["--all"], ["crm", "crm-prod", "other"]),
        (["--name", "crm-*"], ["crm-prod"]),
        (["--name", "crm", "--name", "other"], ["crm", "other"]),
        (["--tag", "team=crm"], ["crm", "other"]),
        (["--tag", "team"], ["crm", "crm-prod", "other"]),
        (["--tag", "team=crm", "--tag", "owner"], ["other"]),
        (["--name", "crm*", "--tag", "team=crm"], ["crm"]),
    ],
    ids=["all", "by pattern", "by names", "by tag", "by a tag of any value", "by two tags", "by name and tag"],
)
def test_which_domains_are_chosen(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, arguments: list[str], chosen: list[str]
) -> None:
    local_aws.seed(PROFILES.service, "crm", Tags={"team": "crm"})
    local_aws.seed(PROFILES.service, "crm-prod", Tags={"team": "sales"})
    local_aws.seed(PROFILES.service, "other", Tags={"team": "crm", "owner": "x"})
    local_aws.seed(PROFILES.service, "elsewhere", region="eu-west-2", Tags={"team": "crm"})
    assert connect_domains(*arguments, "--out", "out") == 0
    assert imported(tmp_path) == chosen


def test_voice_id_domains_are_found_by_name_by_id_and_by_tag(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path
) -> None:
    key = {"KmsKeyId": "alias/voice"}
    client = local_aws.client(VOICE.service)
    made = client.create_domain(
        Name="voice", ServerSideEncryptionConfiguration=key, Tags=[{"Key": "team", "Value": "crm"}]
    )
    client.create_domain(Name="other", ServerSideEncryptionConfiguration=key)
    id = made["Domain"]["DomainId"]
    for number, arguments in enumerate((["--name", "voice"], ["--name", id], ["--tag", "team=crm"])):
        assert connect_domains(*arguments, "--out", f"out{number}") == 0
        assert imported(tmp_path, f"out{number}") == [id]


def test_an_answer_that_lacks_settings_is_not_believed(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer lacks a setting that every domain has, and all others with it; the program must not."""
    local_aws.seed(PROFILES.service, "crm", DefaultExpirationDays=30, DeadLetterQueueUrl="https://sqs/dead")
    answers = []

    def read(call: Any, id: str) -> Any:
        answers.append(functions.read(call, id))
        return answers[-1] if len(answers) > 1 else {name: answers[0][name] for name in ("domain_name", "arn")}

    functions = api.FUNCTIONS
    monkeypatch.setattr(api, "FUNCTIONS", replace(functions, read=read))
    assert connect_domains("--all", "--out", "out") == 0
    (entry,) = json.loads((tmp_path / "out" / "import.json").read_text())["resources"]
    assert (entry["inputs"]["default_expiration_days"], entry["inputs"]["dead_letter_queue_url"]) == (
        30,
        "https://sqs/dead",
    )
    assert len(answers) == 2


def test_a_domain_is_read_once(connect_domains: ConnectDomains, local_aws: LocalAws) -> None:
    for name in ("crm", "other"):
        local_aws.seed(PROFILES.service, name, DefaultExpirationDays=30, Tags={"team": "crm"})
    local_aws.client(VOICE.service).create_domain(
        Name="voice", ServerSideEncryptionConfiguration={"KmsKeyId": "alias/voice"}, Description="Calls"
    )
    local_aws.forget_calls()
    assert connect_domains("--all", "--out", "out") == 0
    calls = Counter(call.operation for call in local_aws.calls())
    assert calls == {
        "GetCallerIdentity": 1,
        "ListDomains": 2,
        "GetDomain": 2,
        "DescribeDomain": 1,
        "ListTagsForResource": 1,
    }


def test_what_the_stack_manages_is_left_out(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("crm", "other"):
        local_aws.seed(PROFILES.service, name)
    assert connect_domains("--all", "--state", export(tmp_path, "crm"), "--out", "out") == 0
    assert imported(tmp_path) == ["other"]
    assert "'crm' in us-east-1 is managed by the stack already, as urn:pulumi:dev" in capsys.readouterr().err
    assert connect_domains("--name", "crm", "--state", export(tmp_path, "crm"), "--out", "again") == 0
    assert not (tmp_path / "again").exists()


def other_stack(folder: Path, *ids: str) -> Path:
    """The export of a second stack that manages these domains."""
    text = export(folder, *ids).read_text().replace("urn:pulumi:dev::", "urn:pulumi:prod::")
    (folder / "others").mkdir()
    (folder / "others" / "prod.json").write_text(text)
    (folder / "state.json").unlink()
    return folder / "others"


@pytest.mark.parametrize("option", ["--check-state", "--check-state-dir"])
def test_what_another_stack_declares_is_warned_of(
    connect_domains: ConnectDomains,
    local_aws: LocalAws,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    option: str,
) -> None:
    for name in ("crm", "other"):
        local_aws.seed(PROFILES.service, name)
    folder = other_stack(tmp_path, "crm")
    place = folder if option == "--check-state-dir" else folder / "prod.json"
    assert connect_domains("--all", option, place, "--out", "out") == 0
    (told,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warning: ")]
    assert told.startswith(
        "warning: Customer Profiles domain 'crm' in us-east-1 is declared already, in stack crm/prod "
        f"({folder / 'prod.json'}) as urn:pulumi:prod::"
    )
    assert imported(tmp_path) == ["crm", "other"]


def test_another_stack_that_cannot_be_read_is_a_problem(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed(PROFILES.service, "crm")
    (tmp_path / "damaged.json").write_text('{"version": 3, "deployment": {"resources": [{}]}}')
    assert connect_domains("--all", "--check-state", "damaged.json", "--out", "out") == 1
    assert "error: damaged.json: is damaged: its resource 1 has no URN" in capsys.readouterr().err
    assert imported(tmp_path) == ["crm"]


CLI = """#!/bin/sh
case "$*" in
  "stack ls"*) echo "error: no access" >&2; exit 1 ;;
  "stack export"*) echo '{"version": 3, "deployment": {"resources": []}}' ;;
  "config"*) echo '{}' ;;
  *) touch looked-further; exit 1 ;;
esac
"""
"""A stand-in for the Pulumi CLI that may not list the stacks of its backend."""


def test_nothing_is_imported_unasked_while_it_cannot_be_told_what_other_stacks_declare(
    connect_domains: ConnectDomains,
    local_aws: LocalAws,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    local_aws.seed(PROFILES.service, "crm")
    (tmp_path / "pulumi").write_text(CLI)
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert connect_domains("--all", "--stack", "dev", "--yes", "--out", "out") == 1
    told = capsys.readouterr().err
    assert "error: the backend's stacks: --check-all: the Pulumi CLI cannot list the stacks: no access" in told
    assert "since it cannot be told whether another stack declares what was chosen; --no-check-all does without" in told
    assert not (tmp_path / "looked-further").exists()
    assert connect_domains("--all", "--stack", "dev", "--yes", "--no-check-all", "--out", "out") == 1
    assert (tmp_path / "looked-further").exists()  # it went on to a preview, which fails here


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param({}, id="no ARN"),
        pytest.param(
            {"arn": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:a:b:c:d"}},
            id="an ARN that is encrypted",
        ),
    ],
)  # fmt: skip
def test_a_state_that_does_not_tell_where_its_domain_is_manages_it_all_the_same(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, outputs: dict[str, Any]
) -> None:
    local_aws.seed(PROFILES.service, "crm")
    document = json.loads(export(tmp_path, "crm").read_text())
    document["deployment"]["resources"][1]["outputs"] = outputs
    (tmp_path / "state.json").write_text(json.dumps(document))
    assert connect_domains("--all", "--state", "state.json", "--out", "out") == 0
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda entry: entry["outputs"].update(last_updated_at="2020-01-01T00:00:00+00:00"), 0, id="an output"),
        pytest.param(lambda entry: entry["inputs"].update(default_expiration_days=1), 1, id="an input"),
        pytest.param(lambda entry: entry.update(id="other"), 1, id="another domain"),
        pytest.param(lambda entry: entry.pop("inputs"), 1, id="a file that is none of ours"),
    ],
)  # fmt: skip
def test_an_import_file_that_is_there_is_compared_by_what_matters(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, change: Callable[[Any], Any], code: int
) -> None:
    local_aws.seed(PROFILES.service, "crm")
    assert connect_domains("--all", "--out", "out") == 0
    file = tmp_path / "out" / "import.json"
    first = file.read_text()
    document = json.loads(first)
    change(document["resources"][0])
    file.write_text(json.dumps(document))
    assert connect_domains("--all", "--out", "out") == code
    assert (file.read_text() == first) == (code == 0)


def test_the_config_in_a_state_decides_on_tags_and_region(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path
) -> None:
    local_aws.seed(PROFILES.service, "crm", region="eu-west-2", Tags={"team": "crm", "mine": "1"})
    config = {"aws:region": "eu-west-2", "aws:defaultTags": '{"tags": {"team": "crm"}}'}
    assert connect_domains("--all", "--state", export(tmp_path, config=config), "--out", "out") == 0
    source = (tmp_path / "out" / "__main__.py").read_text()
    assert 'tags={"mine": "1"}' in source
    assert "region=" not in source


def test_domains_of_several_accounts_go_into_a_folder_each(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path
) -> None:
    accounts = ("111111111111", "222222222222")
    roles = [word for account in accounts for word in ("--assume-role", f"arn:aws:iam::{account}:role/reader")]
    made = {}
    for account in accounts:
        local_aws.seed(PROFILES.service, "crm", account=account)
        client = local_aws.client(VOICE.service, account=account)
        made[account] = client.create_domain(Name="crm", ServerSideEncryptionConfiguration={"KmsKeyId": "alias/x"})
    assert connect_domains("--all", *roles, "--out", "out") == 0
    for account in accounts:
        assert imported(tmp_path, f"out/{account}") == ["crm", made[account]["Domain"]["DomainId"]]
        source = (tmp_path / "out" / account / "__main__.py").read_text()
        assert f"of account {account}," in source
        assert "crm = customerprofiles.Domain" in source
        assert "crm_2 = voiceid.Domain" in source


def test_the_program_and_the_import_file(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    seed_sample(local_aws)
    local_aws.seed(PROFILES.service, "class", DefaultExpirationDays=30)
    local_aws.seed(PROFILES.service, "3rd", region="eu-west-2", DeadLetterQueueUrl=f"https://sqs/{'long-' * 30}")
    assert connect_domains("--all", "--region", "us-east-1", "--region", "eu-west-2", "--out", "out") == 0
    source = (tmp_path / "out" / "__main__.py").read_text()
    golden("adopt/program.py.txt", source)
    assert max(map(len, source.split("\n"))) <= 120
    for words in (["format", "--line-length", "120", "--check"], ["check", "--line-length", "120", "--select", "ALL"]):
        ignored = ["--ignore", "INP001,D,CPY"] if "ALL" in words else []
        ruff = [sys.executable, "-m", "ruff", *words, "--isolated", *ignored, str(tmp_path / "out" / "__main__.py")]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / "out" / "import.json").read_text())
    for entry in document["resources"]:
        assert list(entry) == ["type", "name", "id", "inputs", "outputs"]
        assert entry["inputs"]["__provider"] == entry["outputs"]["__provider"] == files._pickled(PROFILES)
        assert entry["outputs"].items() >= entry["inputs"].items()
        assert {"region", "domain_name"} <= entry["inputs"].keys()


@pytest.mark.long
def test_the_program_passes_strict_type_checks(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path
) -> None:
    seed_sample(local_aws)
    assert connect_domains("--all", "--out", "out") == 0
    mypy = [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "out" / "__main__.py")]
    done = subprocess.run(mypy, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "which domains? --name PATTERN, --tag KEY=VALUE, --all or --from-stack"),
        (["--from-stack"], "--from-stack: of which stack?"),
        (["--from-stack", "--all", "--state", "x"], "--from-stack takes all domains of the stack"),
        (["--all", "--stack", "dev", "--state", "x"], "--stack and --state name two stacks"),
        (["--all", "--yes"], "--yes: on which stack? --stack NAME"),
        (["--all", "--state", "nowhere.json"], "--state nowhere.json: cannot be read: No such file or directory"),
        (["--all", "--state", "nothing.json"], "--state nothing.json is not JSON"),
        (["--all", "--state", "old.json"], "--state old.json is a state of version 1; known are 3 and 4"),
    ],
)
def test_mistakes_in_the_arguments_exit_with_1(
    connect_domains: ConnectDomains, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], text: str
) -> None:
    (tmp_path / "nothing.json").write_text("")
    (tmp_path / "old.json").write_text('{"version": 1, "deployment": {}}')
    assert connect_domains(*arguments, "--out", "out") == 1
    assert text in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_a_region_it_asks_where(
    connect_domains: ConnectDomains, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    assert connect_domains("--all", "--out", "out") == 1
    assert "where are the domains? --region REGION, or AWS_REGION" in capsys.readouterr().err


def test_without_a_pulumi_cli_it_says_how_to_do_without(
    connect_domains: ConnectDomains, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert connect_domains("--all", "--stack", "dev", "--out", "out") == 1
    assert "`pulumi stack export > state.json` where it is, then --state state.json" in capsys.readouterr().err


def test_a_domain_that_cannot_be_declared_is_named_and_the_others_are_written(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed(PROFILES.service, "crm")
    local_aws.seed(PROFILES.service, "odd", DefaultExpirationDays=4000)
    assert connect_domains("--all", "--out", "out") == 1
    told = capsys.readouterr().err
    assert "Customer Profiles domain 'odd' in us-east-1 cannot be declared as it is:" in told
    assert "default_expiration_days: 4000 is too big" in told
    assert imported(tmp_path) == ["crm"]
