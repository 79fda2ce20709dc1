"""The policy allows exactly the actions that are called, and tells what AWS asks for behind them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi_connect_domains import aws, cli, registry
from pulumi_connect_domains.aws.access import Access
from pulumi_connect_domains.aws.objects import Objects
from pulumi_connect_domains.iam_policy import notes, policy
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Schema
from pulumi_connect_domains.operations.call import Run as HostRun
from pulumi_connect_domains.stacks.backends import from_backend

SAMPLES = Path(__file__).parents[1] / "contract" / "samples"
TYPES = registry.resource_types()
Run = Callable[..., tuple[dict[str, Any], str]]
each_type = pytest.mark.parametrize("type", TYPES.values(), ids=TYPES)


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


def provider_of(type: ResourceType) -> Any:
    provider = type.provider_class()
    provider.configure(ConfigureRequest(Config({"aws:region": "us-east-1"}, "test")))
    return provider


def sample_of(type: ResourceType) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads((SAMPLES / f"{type.key}.json").read_text())
    return sample


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command: the policy, and what is said beside it."""

    def ask(*arguments: str) -> tuple[dict[str, Any], str]:
        assert cli.run(["iam-policy", *arguments]) == 0
        said = capfd.readouterr()
        return json.loads(said.out), said.err

    return ask


def allows(document: dict[str, Any]) -> dict[str, str]:
    """Of each action the resource that it is allowed on."""
    return {action: each["Resource"] for each in document["Statement"] for action in each["Action"]}


def actions(local_aws: LocalAws, type: ResourceType) -> set[str]:
    """The IAM actions of the calls so far."""
    prefix = aws.service(type.service, "us-east-1", Access()).prefix
    return {f"{prefix}:{call.operation}" for call in local_aws.calls(type.service)}


@each_type
def test_the_actions_are_exactly_those_that_up_and_destroy_call(
    local_aws: LocalAws, type: ResourceType, run: Run
) -> None:
    provider, sample = provider_of(type), sample_of(type)
    inputs = dict(provider.check({}, sample["full"]).inputs)
    made = provider.create(inputs)
    changed = dict(provider.check(inputs, {**sample["full"], **sample["changed"]}).inputs)
    outputs = dict(provider.update(made.id, dict(made.outs), changed).outs)
    provider.read(made.id, outputs)
    HostRun.begin()  # the domain is deleted by a later command
    provider.delete(made.id, outputs)
    document, _ = run("--resource", type.key)
    assert actions(local_aws, type) == set(allows(document))


@each_type
def test_the_read_only_actions_are_exactly_those_of_reading_and_listing(
    local_aws: LocalAws, type: ResourceType, run: Run
) -> None:
    provider = provider_of(type)
    made = provider.create(dict(provider.check({}, sample_of(type)["full"]).inputs))
    local_aws.forget_calls()
    provider.read(made.id, dict(made.outs))
    assert type.functions.list is not None
    list(type.functions.list(provider.bridge.operations.call({}), ""))
    document, _ = run("--resource", type.key, "--read-only")
    assert actions(local_aws, type) == set(allows(document))


def test_the_policy_of_everything(run: Run) -> None:
    document, notes = run()
    assert document["Version"] == "2012-10-17"
    assert [each["Sid"] for each in document["Statement"]] == [
        "CustomerProfilesDomains",
        "VoiceIdDomains",
        "VoiceIdInGeneral",
    ]
    assert {each["Effect"] for each in document["Statement"]} == {"Allow"}
    for type in TYPES.values():
        assert type.schema.resource_level is not None
        assert type.schema.resource_level.source in notes
        for behind in type.schema.behind:
            assert all(action in notes for action in behind.actions)
            assert behind.source in notes


def test_an_action_is_allowed_on_domains_where_aws_can_restrict_it(run: Run) -> None:
    """Source: Service Authorization Reference, the actions' resource types."""
    document, notes = run()
    profiles, voice = "arn:aws:profile:*:*:domains/*", "arn:aws:voiceid:*:*:domain/*"
    assert allows(document) == {
        "profile:CreateDomain": profiles,
        "profile:DeleteDomain": profiles,
        "profile:GetDomain": profiles,
        "profile:TagResource": profiles,
        "profile:UntagResource": profiles,
        "profile:UpdateDomain": profiles,
        "voiceid:CreateDomain": "*",
        "voiceid:DeleteDomain": voice,
        "voiceid:DescribeDomain": voice,
        "voiceid:ListTagsForResource": voice,
        "voiceid:TagResource": voice,
        "voiceid:UntagResource": voice,
        "voiceid:UpdateDomain": voice,
    }
    assert "no resource-level permission for voiceid:CreateDomain, so" in notes
    assert "Not documented: the resource that voiceid:TagResource is asked on" in notes


@each_type
def test_the_pattern_is_that_of_the_arn_of_a_domain(type: ResourceType) -> None:
    provider = provider_of(type)
    arn = provider.create(dict(provider.check({}, sample_of(type)["full"]).inputs)).outs["arn"]
    assert type.schema.resource_level is not None
    assert fnmatchcase(arn, type.schema.resource_level.arn)


def bare(name: str, **permissions: tuple[str, ...]) -> Any:
    """A resource type of Cases that says of permissions no more than these."""
    schema = Schema(title=f"Amazon Connect Cases {name.lower()}", permissions=permissions)
    return SimpleNamespace(schema=schema, name=name, noun=f"Cases {name.lower()}")


def test_types_of_one_service_without_resource_level_permissions_share_a_statement() -> None:
    domain = bare("Domain", create=("cases:CreateDomain",), read=("cases:GetDomain",), list=("cases:ListDomains",))
    template = bare("Template", create=("cases:CreateTemplate",), read=("cases:GetTemplate",))
    shared = {"Sid": "CasesInGeneral", "Effect": "Allow", "Resource": "*"}
    actions = ["cases:CreateDomain", "cases:CreateTemplate", "cases:GetDomain", "cases:GetTemplate"]
    assert policy([domain, template])["Statement"] == [{**shared, "Action": actions}]
    assert policy([domain, template], read_only=True)["Statement"] == [
        {**shared, "Action": ["cases:GetDomain", "cases:GetTemplate"]},
        {**shared, "Sid": "CasesListing", "Action": ["cases:ListDomains"]},
    ]
    assert not any("Only `drift" in line for line in notes([template], read_only=True))


def test_one_resource_and_its_keys(run: Run) -> None:
    key = "arn:aws:kms:eu-west-2:123456789012:key/1"
    document, notes = run("--resource", "voiceid", "--key", key)
    assert [each["Sid"] for each in document["Statement"]] == ["VoiceIdDomains", "VoiceIdInGeneral", "KeysOfDomains"]
    assert document["Statement"][-1] == {
        "Sid": "KeysOfDomains",
        "Effect": "Allow",
        "Action": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey"],
        "Resource": key,
    }
    assert "sqs:" not in notes


def test_read_only_allows_no_write_and_names_what_only_a_search_needs(run: Run) -> None:
    document, notes = run("--read-only")
    assert allows(document) == {
        "profile:GetDomain": "arn:aws:profile:*:*:domains/*",
        "profile:ListDomains": "*",
        "voiceid:DescribeDomain": "arn:aws:voiceid:*:*:domain/*",
        "voiceid:ListTagsForResource": "arn:aws:voiceid:*:*:domain/*",
        "voiceid:ListDomains": "*",
    }
    for service, action in (("CustomerProfiles", "profile:ListDomains"), ("VoiceId", "voiceid:ListDomains")):
        assert (
            f"Only `drift --unmanaged` and `import` need {action}; without them, leave out {service}Listing." in notes
        )
        assert [each["Action"] for each in document["Statement"] if each["Sid"] == f"{service}Listing"] == [[action]]
    assert "behind the calls" not in notes


KEYS = {
    "a key": ("arn:aws:kms:eu-west-2:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555", True),
    "a key of several regions": ("arn:aws:kms:eu-west-2:123456789012:key/mrk-0a1b2c3d", True),
    "a key in China": ("arn:aws-cn:kms:cn-north-1:123456789012:key/0a1b2c3d", True),
    "every key of an account": ("arn:aws:kms:*:123456789012:key/*", True),
    "no ARN": ("not-an-arn", False),
    "only the id": ("0a1b2c3d-0000-1111-2222-333344445555", False),
    "an alias": ("alias/crm", False),
    "the ARN of an alias": ("arn:aws:kms:eu-west-2:123456789012:alias/crm", False),
    "the ARN of something else": ("arn:aws:sqs:eu-west-2:123456789012:crm", False),
    "an ARN without an account": ("arn:aws:kms:eu-west-2::key/0a1b2c3d", False),
    "an ARN with a line break": ("arn:aws:kms:eu-west-2:123456789012:key/0a1b2c3d\n", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize("read_only", [[], ["--read-only"]], ids=["all", "read-only"])
@pytest.mark.parametrize(("key", "fits"), KEYS.values(), ids=KEYS)
def test_a_key_is_the_arn_of_a_key(
    key: str, fits: bool, read_only: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(["iam-policy", "--key", key, *read_only])
    said = capfd.readouterr()
    assert code == (0 if fits else 1)
    assert ("is not the ARN of a KMS key" in said.err) is not fits
    assert ("by an alias" in said.err) is ("alias/" in key)
    assert bool(said.out) is fits


def test_a_check_may_read_the_states_of_its_backends_and_nothing_else_there(run: Run) -> None:
    urls = ["s3://states", "s3://states/acme?region=eu-west-2"]
    document, said = run("--read-only", *(word for url in urls for word in ("--state", url)))
    without, _ = run("--read-only")
    added = document["Statement"][len(without["Statement"]) :]
    assert document["Statement"][: -len(added)] == without["Statement"]
    expected = []
    for number, folder in enumerate((".pulumi/stacks/", "acme/.pulumi/stacks/"), 1):
        listing = {
            "Sid": f"ListStates{number}",
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": "arn:aws:s3:::states",
        }
        reading = {
            "Sid": f"ReadStates{number}",
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": f"arn:aws:s3:::states/{folder}*",
        }
        expected += [{**listing, "Condition": {"StringEquals": {"s3:prefix": folder}}}, reading]
    assert added == expected
    assert "kms:Decrypt" in said
    live, _ = run("--validate-live", "--state", "s3://states")
    assert live["Statement"][-2:] == expected[:2]


def test_a_folder_is_no_pattern(run: Run) -> None:
    """Or the policy would allow other folders: IAM reads `*`, `?` and `${aws:username}` in an ARN as patterns and variables."""
    document, _ = run("--read-only", "--state", "s3://states/a*/%3f/${aws:username}")
    listing, reading = document["Statement"][-2:]
    assert listing["Condition"] == {"StringEquals": {"s3:prefix": "a*/?/${$}{aws:username}/.pulumi/stacks/"}}
    assert reading["Resource"] == "arn:aws:s3:::states/a${*}/${?}/${$}{aws:username}/.pulumi/stacks/*"


@pytest.mark.parametrize("url", ["state.json", "file://states", "gs://states"])
def test_the_states_of_other_backends_need_no_policy_of_aws(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["iam-policy", "--state", url]) == 1
    assert "--state" in capfd.readouterr().err


def test_the_policy_allows_the_list_that_a_check_asks_for(run: Run, local_aws: LocalAws) -> None:
    local_aws.client("s3").create_bucket(Bucket="states")
    local_aws.client("s3").put_object(Bucket="states", Key="acme/.pulumi/stacks/shop/dev.json", Body=b"{}")
    local_aws.forget_calls()
    asked: list[str] = []
    objects = Objects("states", "us-east-1", Access())
    service = aws.service("s3", "us-east-1", Access())
    service.on_answer(lambda request_dict=None, **_: asked.append(str(request_dict["url"])))
    [_] = from_backend(objects, "s3://states/", "acme/")
    document, _ = run("--read-only", "--state", "s3://states/acme")
    listing, reading = document["Statement"][-2:]
    said = {name: value for url in asked for name, value in parse_qsl(urlsplit(url).query)}
    assert {"s3:prefix": said["prefix"]} == listing["Condition"]["StringEquals"]
    [read] = [call.parameters["Key"] for call in local_aws.calls("s3", "GetObject")]
    assert fnmatchcase(f"arn:aws:s3:::states/{read}", reading["Resource"])


def test_a_resource_that_does_not_exist_is_a_mistake(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["iam-policy", "--resource", "sqs"]) == 1
    assert "'customerprofiles'" in capfd.readouterr().err
