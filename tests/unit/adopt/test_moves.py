"""Domains that a stack holds as pulumi-aws's or aws-native's resources: what they call things is data, and the data is right."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from pulumi_connect_domains.adopt.moves import _theirs, moves
from pulumi_connect_domains.customerprofiles.domain import api
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.path import Path as PropertyPath
from pulumi_connect_domains.model.schema import Move, Property
from pulumi_connect_domains.model.wording import camel_case

from .conftest import ConnectDomains

AWS, NATIVE, VOICE = moves()
STACK = "urn:pulumi:dev::crm::pulumi:pulumi:Stack::crm-dev"
ARN = "arn:aws:profile:us-east-1:123456789012:domains/crm-prod"
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000001"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}

EXPORTING = {"s3Exporting": {"s3BucketName": "results", "s3KeyName": "matches/"}}
LIVE = {
    "DefaultExpirationDays": 366,
    "DeadLetterQueueUrl": "https://sqs/dead",
    "Matching": {
        "Enabled": True,
        "JobSchedule": {"DayOfTheWeek": "SUNDAY", "Time": "9:05"},
        "AutoMerging": {
            "Enabled": True,
            "Consolidation": {"MatchingAttributesList": [["EmailAddress"], ["LastName", "PhoneNumber"]]},
            "MinAllowedConfidenceScoreForMerging": 0,
        },
        "ExportingConfig": {"S3Exporting": {"S3BucketName": "results", "S3KeyName": "matches/"}},
    },
    "RuleBasedMatching": {
        "Enabled": True,
        "MatchingRules": [{"Rule": ["EmailAddress"]}, {"Rule": ["LastName", "PhoneNumber"]}],
        "AttributeTypesSelector": {
            "AttributeMatchingModel": "ONE_TO_ONE",
            "Address": ["Address"],
            "PhoneNumber": ["PhoneNumber"],
            "EmailAddress": ["EmailAddress"],
        },
        "Status": "ACTIVE",
    },
    "DataStore": {"Enabled": True, "Readiness": {"ProgressPercentage": 100}},
    "Tags": {"team": "crm", "aws:cloudformation:stack-name": "x"},
}
MATCHING = {
    "__defaults": [],
    "enabled": True,
    "jobSchedule": {"dayOfTheWeek": "SUNDAY", "time": "09:05"},
    "autoMerging": {
        "enabled": True,
        "consolidation": {"matchingAttributesLists": [["EmailAddress"], ["LastName", "PhoneNumber"]]},
        "minAllowedConfidenceScoreForMerging": 0,
    },
    "exportingConfig": EXPORTING,
}
OF_AWS = {
    "__defaults": ["region"],
    "domainName": "crm-prod",
    "defaultExpirationDays": 366,
    "deadLetterQueueUrl": "https://sqs/dead",
    "region": "us-east-1",
    "matching": MATCHING,
    "ruleBasedMatching": {
        "enabled": True,
        "matchingRules": [{"rules": ["LastName", "PhoneNumber"]}, {"rules": ["EmailAddress"]}],  # a set there: no order
        "attributeTypesSelector": {
            "attributeMatchingModel": "ONE_TO_ONE",
            "addresses": ["Address"],
            "phoneNumbers": ["PhoneNumber"],
            "emailAddresses": ["EmailAddress"],
        },
        "status": "ACTIVE",
    },
    "tags": {"team": "crm"},
}
OF_NATIVE = {
    "domainName": "crm-prod",
    "defaultExpirationDays": 366,
    "deadLetterQueueUrl": "https://sqs/dead",
    "matching": {
        **MATCHING,
        "autoMerging": {
            "enabled": True,
            "consolidation": {"matchingAttributesList": [["EmailAddress"], ["LastName", "PhoneNumber"]]},
            "minAllowedConfidenceScoreForMerging": 0,
        },
    },
    "ruleBasedMatching": {
        "enabled": True,
        "matchingRules": [{"rule": ["EmailAddress"]}, {"rule": ["LastName", "PhoneNumber"]}],
        "attributeTypesSelector": {
            "attributeMatchingModel": "ONE_TO_ONE",
            "address": ["Address"],
            "phoneNumber": ["PhoneNumber"],
            "emailAddress": ["EmailAddress"],
        },
    },
    "dataStore": {"enabled": True},
    "tags": [{"key": "team", "value": "crm"}],
}
DECLARED = {
    "domain_name": "crm-prod",
    "default_expiration_days": 366,
    "dead_letter_queue_url": "https://sqs/dead",
    "matching": {
        "enabled": True,
        "job_schedule": {"day_of_the_week": "SUNDAY", "time": "09:05"},
        "auto_merging": {
            "enabled": True,
            "consolidation": {"matching_attributes_list": [["EmailAddress"], ["LastName", "PhoneNumber"]]},
            "min_allowed_confidence_score_for_merging": 0,
        },
        "exporting_config": {"s3_exporting": {"s3_bucket_name": "results", "s3_key_name": "matches/"}},
    },
    "rule_based_matching": {
        "enabled": True,
        "matching_rules": [{"rule": ["EmailAddress"]}, {"rule": ["LastName", "PhoneNumber"]}],
        "attribute_types_selector": {
            "attribute_matching_model": "ONE_TO_ONE",
            "address": ["Address"],
            "phone_number": ["PhoneNumber"],
            "email_address": ["EmailAddress"],
        },
    },
    "tags": {"team": "crm"},
    "tags_all": {"team": "crm"},
    "region": "us-east-1",
}


def entry(type_: str, id: str, inputs: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A resource of an export."""
    urn = f"urn:pulumi:dev::crm::{type_}::crm"
    outputs = {"arn": ARN} if type_ == AWS else {}
    return {
        "urn": urn,
        "custom": True,
        "id": id,
        "type": type_,
        "inputs": inputs,
        "outputs": outputs,
        "parent": STACK,
        **more,
    }


def export(folder: Path, *resources: Mapping[str, Any]) -> Path:
    """A file with the export of a stack that holds these."""
    provider = {
        "urn": "urn:pulumi:dev::crm::pulumi:providers:aws-native::default",
        "custom": True,
        "id": "1",
        "type": "pulumi:providers:aws-native",
        "inputs": {"region": "us-east-1"},
    }
    file = folder / "state.json"
    stack = {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack"}
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [stack, provider, *resources]}}))
    return file


def imported(folder: Path) -> list[dict[str, Any]]:
    """The entries of the import file, without the providers."""
    entries: list[dict[str, Any]] = json.loads((folder / "out" / "import.json").read_text())["resources"]
    for each in entries:
        each["inputs"].pop("__provider")
        each["outputs"].pop("__provider")
    return entries


BY_NATIVE = {"provider": "urn:pulumi:dev::crm::pulumi:providers:aws-native::default::1"}


@pytest.mark.parametrize(
    ("old", "differs"),
    [
        (entry(AWS, "crm-prod", OF_AWS), {}),
        (entry(NATIVE, "crm-prod", OF_NATIVE, **BY_NATIVE), {"data_store": {"enabled": True}}),
    ],
    ids=["pulumi-aws", "aws-native"],
)
def test_what_the_old_entry_declares_is_declared_in_our_words(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, old: dict[str, Any], differs: dict[str, Any],
    golden: Callable[[str, str], None],
) -> None:  # fmt: skip
    local_aws.seed("customer-profiles", "crm-prod", **LIVE)
    local_aws.forget_calls()
    assert connect_domains("--from-stack", "--state", export(tmp_path, old), "--out", "out") == 0
    (found,) = imported(tmp_path)
    assert found["inputs"] == {**DECLARED, **differs}
    assert (found["name"], found["id"]) == ("crm", "crm-prod")
    assert [call.operation for call in local_aws.calls()] == ["GetCallerIdentity", "GetDomain"]
    if not differs:
        golden("adopt/moved.py.txt", (tmp_path / "out" / "__main__.py").read_text())


def test_an_answer_that_lacks_most_of_what_the_old_entry_declares_is_not_believed(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local_aws.seed("customer-profiles", "crm-prod", **LIVE)
    answers = []

    def read(call: Any, id: str) -> Any:
        answers.append(functions.read(call, id))
        few = ("domain_name", "default_expiration_days", "arn")
        return answers[-1] if len(answers) > 1 else {name: answers[0][name] for name in few}

    functions = api.FUNCTIONS
    monkeypatch.setattr(api, "FUNCTIONS", replace(functions, read=read))
    state = export(tmp_path, entry(AWS, "crm-prod", OF_AWS))
    assert connect_domains("--from-stack", "--state", state, "--out", "out") == 0
    (found,) = imported(tmp_path)
    assert (found["inputs"], len(answers)) == (DECLARED, 2)
    assert found["outputs"]["rule_based_matching_status"] == "ACTIVE"


def test_a_voice_id_domain_moves_with_its_tags_as_a_map(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path
) -> None:
    settings = {"ServerSideEncryptionConfiguration": {"KmsKeyId": KEY}, "Description": "Stimmen"}
    made = local_aws.client("voice-id").create_domain(Name="voice", Tags=[{"Key": "team", "Value": "crm"}], **settings)
    inputs = {
        "name": "voice",
        "description": "Stimmen",
        "serverSideEncryptionConfiguration": {"kmsKeyId": KEY},
        "tags": [{"key": "team", "value": "crm"}],
    }
    old = entry(VOICE, made["Domain"]["DomainId"], inputs, **BY_NATIVE)
    assert connect_domains("--from-stack", "--state", export(tmp_path, old), "--out", "out") == 0
    (found,) = imported(tmp_path)
    assert found["inputs"] == {
        "name": "voice",
        "description": "Stimmen",
        "server_side_encryption_configuration": {"kms_key_id": KEY},
        "tags": {"team": "crm"},
        "tags_all": {"team": "crm"},
        "region": "us-east-1",
    }


def test_a_secret_that_the_export_hides_is_taken_from_what_is_live_and_said(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed("customer-profiles", "crm-prod", **LIVE)
    hidden = copy.deepcopy(OF_AWS)
    hidden.update(deadLetterQueueUrl=SECRET, tags=SECRET)
    hidden["matching"]["exportingConfig"] = {"s3Exporting": {"s3BucketName": SECRET, "s3KeyName": "matches/"}}  # type: ignore[index]  # a nested dict
    assert (
        connect_domains("--from-stack", "--state", export(tmp_path, entry(AWS, "crm-prod", hidden)), "--out", "out")
        == 0
    )
    (found,) = imported(tmp_path)
    assert found["inputs"] == DECLARED
    assert (
        "some of its settings are secret; in the program and the import file they stand in clear"
        in capsys.readouterr().err
    )


def test_the_steps_name_the_old_entry_to_let_go_of(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed("customer-profiles", "crm-prod", **LIVE)
    assert (
        connect_domains("--from-stack", "--state", export(tmp_path, entry(AWS, "crm-prod", OF_AWS)), "--out", "out")
        == 0
    )
    shown = capsys.readouterr().out
    first, second = shown.index("pulumi import --file out/import.json"), shown.index("pulumi state delete")
    assert first < second < shown.index("pulumi preview --expect-no-changes")
    assert "'urn:pulumi:dev::crm::aws:customerprofiles/domain:Domain::crm'" in shown
    assert "take the old declarations out" in shown


@pytest.mark.parametrize(
    ("old", "text"),
    [
        (entry(AWS, "gone", OF_AWS), "there is no Customer Profiles domain 'gone' in us-east-1, account 123456789012"),
        (
            entry(AWS, "crm-prod", OF_AWS) | {"outputs": {"arn": ARN.replace("123456789012", "999999999999")}},
            "it belongs to account 999999999999, but the credentials are of account 123456789012",
        ),
    ],
    ids=["the domain is gone", "credentials of another account"],
)
def test_a_domain_that_cannot_be_read_is_named_by_its_old_entry(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: dict[str, Any], text: str
) -> None:  # fmt: skip
    local_aws.seed("customer-profiles", "crm-prod", **LIVE)
    assert connect_domains("--from-stack", "--state", export(tmp_path, old), "--out", "out") == 1
    assert f"error: {old['urn']}: {text}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_stack_without_such_entries_says_so(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaving = entry(AWS, "crm-prod", OF_AWS, delete=True)
    assert connect_domains("--from-stack", "--state", export(tmp_path, leaving), "--out", "out") == 0
    assert connect_domains("--from-stack", "--state", export(tmp_path), "--out", "out") == 0
    assert (
        "the stack holds no domain of another provider (aws:customerprofiles/domain:Domain" in capsys.readouterr().err
    )


def test_an_old_entry_beside_the_new_one_is_pointed_out(
    connect_domains: ConnectDomains, local_aws: LocalAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local_aws.seed("customer-profiles", "crm-prod", **LIVE)
    ours = entry(moves()[AWS][0].type_token, "crm-prod", {}) | {"outputs": {"arn": ARN}}
    state = export(tmp_path, entry(AWS, "crm-prod", OF_AWS), ours)
    assert connect_domains("--from-stack", "--state", state, "--out", "out") == 0
    told = capsys.readouterr().err
    assert f"is managed by the stack already, as {ours['urn']}, and its old entry is still there" in told
    assert f"`pulumi state delete 'urn:pulumi:dev::crm::{AWS}::crm'` before any `pulumi up`" in told
    assert not (tmp_path / "out").exists()


# -- the data against its sources -------------------------------------------------------------------------------------


def leaves(move: Move, of: Property, path: PropertyPath = PropertyPath()) -> Iterator[tuple[str, tuple[str, ...]]]:  # noqa: B008 - a path never changes
    """Every property that moves: our path, and their names from the top down."""
    for name, below in of.inputs.items():
        if below.provider_only or name == "tags":
            continue
        here = path / name
        yield str(here), tuple(_theirs(move, here.upto(steps)) for steps in range(1, len(here) + 1))
        yield from leaves(move, below.items or below, here)


def test_pulumi_aws_knows_every_name_but_the_data_store() -> None:
    inputs = import_module("pulumi_aws.customerprofiles._inputs")
    args = import_module("pulumi_aws.customerprofiles.domain").DomainArgs
    unknown = []
    type, move = moves()[AWS]
    for ours, theirs in leaves(move, type.schema):
        known = vars(args)
        for name in theirs:
            names = {camel_case(each): each for each in known if not each.startswith("_")}
            if name not in names:
                unknown.append(ours)
                break
            below = known[names[name]]
            typed = below.fget.__annotations__["return"] if isinstance(below, property) else ""
            kind = re.findall(r"'(Domain\w+Args)'", str(typed)) or re.findall(r"ForwardRef\('(\w+)'", str(typed))
            known = vars(getattr(inputs, kind[0])) if kind else {}
    assert unknown == ["data_store", "data_store.enabled"]


@pytest.mark.parametrize("token", [NATIVE, VOICE])
def test_cloudformation_spells_every_name_as_the_api_does(token: str) -> None:
    type, move = moves()[token]
    model = botocore.session.get_session().get_service_model(type.service)
    for _, theirs in leaves(move, type.schema):
        shape: Any = model.operation_model("CreateDomain").input_shape
        for name in theirs:
            while shape.type_name == "list":
                shape = shape.member
            members = {each[0].lower() + each[1:]: member for each, member in shape.members.items()}
            assert name in members
            shape = members[name]
