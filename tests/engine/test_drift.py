"""The drift check beside `pulumi refresh`: whole programs, every property changed behind Pulumi's back, both asked what they see."""

from __future__ import annotations

import copy
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi_connect_domains import aws, cli, customerprofiles, voiceid
from pulumi_connect_domains.aws.limiter import Rates
from pulumi_connect_domains.drift.check import Check
from pulumi_connect_domains.drift.model import Report
from pulumi_connect_domains.drift.reading import Reader
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.model.path import Path as PropertyPath
from pulumi_connect_domains.model.path import top_of
from pulumi_connect_domains.model.schema import Property
from pulumi_connect_domains.model.spelling import Spelling
from pulumi_connect_domains.model.values import ABSENT
from pulumi_connect_domains.registry import by_token, resource_types
from pulumi_connect_domains.stacks.hosts import path_in
from pulumi_connect_domains.stacks.sources import Export
from pulumi_connect_domains.testing import MakeStack, PulumiStack

from ..natives import program_host, stacks_of

__all__ = ["program_host"]  # a fixture

SAMPLES = Path(__file__).parents[1] / "contract" / "samples"
PROFILES: dict[str, Any] = json.loads((SAMPLES / "customerprofiles.json").read_text())["full"]
PROFILES["rule_based_matching"]["conflict_resolution"] = {"conflict_resolving_model": "SOURCE", "source_name": "CRM"}
PROFILES["rule_based_matching"]["exporting_config"]["s3_exporting"]["s3_key_name"] = "rules/"
VOICE: dict[str, Any] = json.loads((SAMPLES / "voiceid.json").read_text())["full"]
GONE = None


@dataclass(frozen=True)
class Case:
    """One change behind Pulumi's back, and the one finding that it must give.

    `members` are AWS's own: the change; with `tags` it is the tags that are changed (None: removed).
    """

    path: str
    live: object
    members: Mapping[str, Any]
    summary: str = ""


RULES = PROFILES["rule_based_matching"]["matching_rules"]
RESOLVING = "rule_based_matching.conflict_resolution.conflict_resolving_model"
RBM, AWS_RBM = "rule_based_matching", "RuleBasedMatching"
AWS_RULES = [{"Rule": rule["rule"]} for rule in RULES]
MERGING = "Matching.AutoMerging"
OURS, SELECTOR = "rule_based_matching.attribute_types_selector", "RuleBasedMatching.AttributeTypesSelector"

PROFILES_CASES = [
    Case("default_expiration_days", 30, {"DefaultExpirationDays": 30}, "lowered from 366 to 30 days"),
    Case("default_encryption_key", "alias/x", {"DefaultEncryptionKey": "alias/x"}),
    Case("default_encryption_key", "", {"DefaultEncryptionKey": ""}, "removed"),
    Case("dead_letter_queue_url", "https://x", {"DeadLetterQueueUrl": "https://x"}),
    Case("matching", None, {"Matching": None}, "turned off"),
    Case("matching.enabled", False, {"Matching.Enabled": False}, "turned off"),
    Case("matching.job_schedule.day_of_the_week", "MONDAY", {"Matching.JobSchedule.DayOfTheWeek": "MONDAY"}),
    Case("matching.job_schedule.time", "09:06", {"Matching.JobSchedule.Time": "09:06"}),
    Case("matching.auto_merging.enabled", False, {f"{MERGING}.Enabled": False}, "turned off"),
    Case(
        "matching.auto_merging.consolidation.matching_attributes_list",
        [["FirstName", "LastName"], ["EmailAddress"]],
        {f"{MERGING}.Consolidation.MatchingAttributesList": [["FirstName", "LastName"], ["EmailAddress"]]},
    ),
    Case(
        "matching.auto_merging.conflict_resolution.conflict_resolving_model",
        "RECENCY",
        {f"{MERGING}.ConflictResolution.ConflictResolvingModel": "RECENCY"},
    ),
    Case("matching.auto_merging.conflict_resolution.source_name", "ERP", {f"{MERGING}.ConflictResolution.SourceName": "ERP"}),
    Case(
        "matching.auto_merging.min_allowed_confidence_score_for_merging",
        0.25,
        {f"{MERGING}.MinAllowedConfidenceScoreForMerging": 0.25},
        "lowered from 0.5 to 0.25",
    ),
    Case("matching.exporting_config.s3_exporting.s3_bucket_name", "b", {"Matching.ExportingConfig.S3Exporting.S3BucketName": "b"}),
    Case("matching.exporting_config.s3_exporting.s3_key_name", "k", {"Matching.ExportingConfig.S3Exporting.S3KeyName": "k"}),
    Case("rule_based_matching", None, {"RuleBasedMatching": None}, "turned off"),
    Case(f"{RBM}.enabled", False, {f"{AWS_RBM}.Enabled": False}, "turned off"),
    Case(
        f"{RBM}.matching_rules",
        RULES[::-1],
        {f"{AWS_RBM}.MatchingRules": AWS_RULES[::-1]},
        "levels 1 and 2 swapped",
    ),
    Case(
        f"{RBM}.matching_rules[1]",
        None,
        {f"{AWS_RBM}.MatchingRules": AWS_RULES[:1]},
        "level 2 removed",
    ),
    Case(
        f"{RBM}.matching_rules[0].rule[0]",
        "AccountNumber",
        {f"{AWS_RBM}.MatchingRules": [{"Rule": ["AccountNumber"]}, *AWS_RULES[1:]]},
        "level 1: changed",
    ),
    Case(f"{RBM}.max_allowed_rule_level_for_merging", 2, {f"{AWS_RBM}.MaxAllowedRuleLevelForMerging": 2}),
    Case(f"{RBM}.max_allowed_rule_level_for_matching", 1, {f"{AWS_RBM}.MaxAllowedRuleLevelForMatching": 1}),
    Case(f"{OURS}.attribute_matching_model", "ONE_TO_ONE", {f"{SELECTOR}.AttributeMatchingModel": "ONE_TO_ONE"}),
    Case(f"{OURS}.address", ["Address"], {f"{SELECTOR}.Address": ["Address"]}, "BusinessAddress removed"),
    Case(f"{OURS}.phone_number", ["HomePhoneNumber"], {f"{SELECTOR}.PhoneNumber": ["HomePhoneNumber"]}),
    Case(f"{OURS}.email_address", ["EmailAddress"], {f"{SELECTOR}.EmailAddress": ["EmailAddress"]}),
    Case(RESOLVING, "RECENCY", {f"{AWS_RBM}.ConflictResolution.ConflictResolvingModel": "RECENCY"}),
    Case(f"{RBM}.conflict_resolution.source_name", "ERP", {f"{AWS_RBM}.ConflictResolution.SourceName": "ERP"}),
    Case(f"{RBM}.exporting_config.s3_exporting.s3_bucket_name", "b", {f"{AWS_RBM}.ExportingConfig.S3Exporting.S3BucketName": "b"}),
    Case(f"{RBM}.exporting_config.s3_exporting.s3_key_name", "k", {f"{AWS_RBM}.ExportingConfig.S3Exporting.S3KeyName": "k"}),
    Case("data_store.enabled", False, {"DataStore.Enabled": False}, "turned off"),
    Case("tags.team", "sales", {"tags": {"team": "sales"}}),
    Case("tags.team", None, {"tags": {"team": GONE}}, "removed"),
    Case("tags_all.stranger", "x", {"tags": {"stranger": "x"}}, "set"),
]  # fmt: skip
VOICE_CASES = [
    Case("name", "other", {"Name": "other"}),
    Case("description", "other", {"Description": "other"}),
    Case("description", None, {"Description": None}, "removed"),
    Case(
        "server_side_encryption_configuration.kms_key_id",
        "alias/x",
        {"ServerSideEncryptionConfiguration.KmsKeyId": "alias/x"},
    ),
    Case("tags.team", "sales", {"tags": {"team": "sales"}}),
    Case("tags.team", None, {"tags": {"team": GONE}}, "removed"),
    Case("tags_all.stranger", "x", {"tags": {"stranger": "x"}}, "set"),
]

CREATE_ONLY = {"domain_name"}  # AWS tells a domain by it, so it cannot change


def test_every_property_has_a_case() -> None:
    assert {case.path.split("[")[0] for case in PROFILES_CASES} >= set(leaves("customerprofiles")) - CREATE_ONLY - {
        "tags"
    }
    assert {case.path.split("[")[0] for case in VOICE_CASES} >= set(leaves("voiceid")) - {"tags"}


def test_every_property_is_reported_once_and_refresh_agrees(
    pulumi_stack: MakeStack, local_aws: LocalAws, as_local: None
) -> None:
    local_aws.voiceid(domain_quota=None)
    stack = pulumi_stack(every_case)
    stack.up()
    assert drift(stack).counts["in_sync"] == drift(stack).counts["domains"] == len(PROFILES_CASES) + len(VOICE_CASES)
    state = stack.state()
    for name, case in cases():
        change(local_aws, state[name], case)

    found = {domain.name: domain for domain in drift(stack).domains}
    stack.refresh(preview_only=True)
    seen = refreshed(stack)
    for name, case in cases():
        of = stack.domain(name)["inputs"]
        (finding,) = found[name].findings
        assert (finding.path, finding.live) == (case.path, case.live), name
        assert finding.declared == declared(of, case.path), name
        assert case.summary in ("", finding.summary), name
        op, differing = seen[name]
        assert (op, bool(differing)) == ("update", True), name
        assert {top_of(path) for path in differing} - {"tags_all"} <= {top_of(case.path)}, name


def test_what_is_gone_is_missing_for_both(pulumi_stack: MakeStack, local_aws: LocalAws, as_local: None) -> None:
    stack = pulumi_stack(one_of_each)
    stack.up()
    state = stack.state()
    local_aws.remove("customer-profiles", state["crm"]["id"])
    local_aws.change("voice-id", state["voice"]["id"], DomainStatus="SUSPENDED")
    found = {domain.name: domain.status for domain in drift(stack).domains}
    assert found == {"crm": "missing", "voice": "suspended"}
    assert drift(stack).exit_code == 2
    stack.refresh(preview_only=True)
    assert {name: op for name, (op, _) in refreshed(stack).items()} == {"crm": "delete", "voice": "delete"}


def test_ignored_properties_are_listed_apart_and_refresh_passes_over_them(
    pulumi_stack: MakeStack, local_aws: LocalAws, as_local: None
) -> None:
    def program() -> None:
        opts = pulumi.ResourceOptions(ignore_changes=["default_expiration_days", "matching.job_schedule.time"])
        customerprofiles.Domain("crm", **copy.deepcopy(PROFILES), opts=opts)

    stack = pulumi_stack(program)
    stack.up()
    id = stack.state()["crm"]["id"]
    local_aws.change("customer-profiles", id, **{"DefaultExpirationDays": 99, "Matching.JobSchedule.Time": "23:00"})
    (found,) = drift(stack).domains
    assert (found.status, [each.path for each in found.ignored]) == (
        "in_sync",
        ["default_expiration_days", "matching.job_schedule.time"],
    )
    stack.refresh(preview_only=True)
    assert refreshed(stack)["crm"] == ("same", set())
    local_aws.change("customer-profiles", id, DeadLetterQueueUrl="https://other")
    (found,) = drift(stack).domains
    assert [each.path for each in found.findings] == ["dead_letter_queue_url"]


def test_a_secret_is_masked_and_an_unreadable_one_cannot_be_told(
    pulumi_stack: MakeStack, local_aws: LocalAws, as_local: None
) -> None:
    def program() -> None:
        arguments = {**copy.deepcopy(PROFILES), "dead_letter_queue_url": pulumi.Output.secret("https://hidden")}
        customerprofiles.Domain("crm", **arguments)

    stack = pulumi_stack(program)
    stack.up()
    (unread,) = drift(stack).domains
    assert (unread.status, unread.cannot_tell) == ("in_sync", ("dead_letter_queue_url",))
    (read,) = drift(stack, "--show-secrets").domains
    assert (read.status, read.cannot_tell) == ("in_sync", ())
    local_aws.change("customer-profiles", stack.state()["crm"]["id"], DeadLetterQueueUrl="https://uncovered")
    (uncovered,) = drift(stack, "--show-secrets").domains
    (finding,) = uncovered.findings
    assert (finding.path, finding.declared, finding.live) == ("dead_letter_queue_url", "[secret]", "[secret]")


@pytest.mark.parametrize("options", [["--stack", "test"], ["--all"]], ids=["one stack by name", "every stack"])
def test_the_command_asks_pulumi_for_the_state(
    pulumi_stack: MakeStack,
    local_aws: LocalAws,
    as_local: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    options: list[str],
) -> None:
    stack = pulumi_stack(one_of_each)
    stack.up()
    local_aws.change("customer-profiles", stack.state()["crm"]["id"], DefaultExpirationDays=1)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", str(stack.engine.path.parent), prepend=os.pathsep)
    file = tmp_path / "drift.json"
    assert cli.run(["drift", *options, "--cwd", str(stack.folder), "--rate", "0", "--out", f"json={file}"]) == 2
    counts = json.loads(file.read_text())["counts"]
    assert (counts["domains"], counts["drifted"], counts["in_sync"]) == (2, 1, 1)


def test_only_reads_are_sent(pulumi_stack: MakeStack, local_aws: LocalAws, as_local: None) -> None:
    stack = pulumi_stack(one_of_each)
    stack.up()
    before = stack.command("stack", "export")
    local_aws.forget_calls()
    aws.forget_clients()
    Check(lists_unmanaged=True).run([Export("stack", before)])
    sent = sorted(call.operation for call in local_aws.calls())
    assert sent == [
        "DescribeDomain",
        "GetCallerIdentity",
        "GetDomain",
        "ListDomains",
        "ListDomains",
        "ListTagsForResource",
    ]
    assert stack.command("stack", "export") == before


# -- parts of them ----------------------------------------------------------------------------------------------------


@pytest.fixture
def pulumi_stack(program_host: str, pulumi_stack: MakeStack, monkeypatch: pytest.MonkeyPatch) -> MakeStack:
    """Makes stacks whose programs declare their domains for one of the two hosts."""
    return stacks_of(program_host, pulumi_stack, monkeypatch, sys.modules[__name__])


@pytest.fixture
def as_local(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process, in which the check runs, talks to the local AWS."""
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    aws.forget_clients()
    yield
    aws.forget_clients()


def cases() -> Iterator[tuple[str, Case]]:
    """Each case with the name of its domain."""
    for kind, table in (("profiles", PROFILES_CASES), ("voice", VOICE_CASES)):
        for number, case in enumerate(table):
            yield f"{kind}-{number}", case


def every_case() -> None:
    """A program with one domain for each case."""
    for name, _ in cases():
        if name.startswith("profiles"):
            customerprofiles.Domain(name, **copy.deepcopy({**PROFILES, "domain_name": name}))
        else:
            voiceid.Domain(name, **copy.deepcopy({**VOICE, "name": name}))


def one_of_each() -> None:
    customerprofiles.Domain("crm", **copy.deepcopy(PROFILES))
    voiceid.Domain("voice", **copy.deepcopy(VOICE))


def change(cloud: LocalAws, resource: Mapping[str, Any], case: Case) -> None:
    service = "voice-id" if "voiceid" in resource["type"] else "customer-profiles"
    if "tags" not in case.members:
        cloud.change(service, resource["id"], **case.members)
        return
    client, arn = cloud.client(service), resource["outputs"]["arn"]
    put = {key: value for key, value in case.members["tags"].items() if value is not GONE}
    if put and service == "voice-id":
        client.tag_resource(ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in put.items()])
    elif put:
        client.tag_resource(resourceArn=arn, tags=put)
    elif service == "voice-id":
        client.untag_resource(ResourceArn=arn, TagKeys=list(case.members["tags"]))
    else:
        client.untag_resource(resourceArn=arn, tagKeys=list(case.members["tags"]))


def drift(stack: PulumiStack, *options: str) -> Report:
    """What the drift check says of the stack as it stands."""
    text = stack.command("stack", "export", *options)
    return Check(reader=Reader(rates=Rates(everywhere=0))).run([Export("stack", text)])


def refreshed(stack: PulumiStack) -> dict[str, tuple[str, set[str]]]:
    """What the last refresh made of each resource: the operation, and the paths that differ."""
    seen: dict[str, tuple[str, set[str]]] = {}
    for event in stack.events:
        step = event.res_outputs_event and event.res_outputs_event.metadata
        if step and (type := by_token().get(step.type)):
            detail = set(step.detailed_diff or step.diffs or ()) - {"__provider"}
            detail = {path_in(Spelling.SNAKE, type.schema, path) for path in detail}
            seen[step.urn.rpartition("::")[2]] = (str(step.op.value), detail)
    return seen


def declared(inputs: Mapping[str, Any], path: str) -> object:
    found = PropertyPath.parse(path).find(inputs)
    return None if found is ABSENT else found


def leaves(key: str) -> Iterator[str]:
    """Every path that a program can set and AWS is told, down to scalars and lists."""
    return _leaves(resource_types()[key].schema, PropertyPath())


def _leaves(of: Property, outer: PropertyPath) -> Iterator[str]:
    for name, inner in of.inputs.items():
        if inner.provider_only:
            continue
        if inner.members:
            yield from _leaves(inner, outer / name)
        else:
            yield str(outer / name)
