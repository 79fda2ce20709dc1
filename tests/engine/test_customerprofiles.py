"""Customer Profiles domains in whole programs: the real provider host, the local AWS, and whichever engine was asked for."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.automation import CommandError
from pulumi_connect_domains import customerprofiles
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import MakeStack, PulumiStack

SAMPLE = json.loads((Path(__file__).parents[1] / "contract" / "samples" / "customerprofiles.json").read_text())
FULL: dict[str, Any] = SAMPLE["full"]
MINIMAL: dict[str, Any] = SAMPLE["minimal"]
SERVICE = "customer-profiles"


def declares(arguments: dict[str, Any], name: str = "crm", **opts: Any) -> Callable[[], None]:
    """A program with one domain."""

    def program() -> None:
        options = pulumi.ResourceOptions(**opts)
        domain = customerprofiles.Domain(name, **copy.deepcopy(arguments), opts=options)
        pulumi.export("name", domain.domain_name)
        pulumi.export("days", domain.default_expiration_days)
        pulumi.export("rules", domain.rule_based_matching)

    return program


def differing(preview: dict[str, Any], name: str = "crm") -> dict[str, str]:
    """What a preview's JSON says of a resource, property by property: path -> kind."""
    steps = [step for step in preview["steps"] if step["urn"].endswith(f"::{name}") and step["op"] != "refresh"]
    return {path: each["kind"] for step in steps for path, each in (step["detailedDiff"] or {}).items()}


def operations(aws: LocalAws) -> list[str]:
    return [call.operation for call in aws.calls() if call.operation != "GetCallerIdentity"]


def fails(run: Callable[..., Any], **options: Any) -> str:
    """The text of a command that has to fail."""
    with pytest.raises(CommandError) as failed:
        run(**options)
    return str(failed.value)


def settled(stack: PulumiStack) -> None:
    """The next preview, and a refresh, find nothing."""
    stack.preview(expect_no_changes=True)
    stack.refresh(preview_only=True, expect_no_changes=True)


@pytest.mark.parametrize("arguments", [MINIMAL, FULL], ids=["minimal", "every property"])
def test_create_then_nothing_more_to_do(
    pulumi_stack: MakeStack, local_aws: LocalAws, arguments: dict[str, Any]
) -> None:
    stack = pulumi_stack(declares(arguments))
    assert stack.preview().change_summary["create"] == 2
    assert local_aws.calls() == []
    stack.up()
    assert operations(local_aws) == ["CreateDomain"]
    state = stack.state()["crm"]
    assert {name: state["inputs"][name] for name in arguments} == arguments
    assert {name: state["outputs"][name] for name in state["inputs"]} == state["inputs"]
    assert state["id"] == "contract"
    assert state["outputs"]["arn"] == "arn:aws:profile:us-east-1:123456789012:domains/contract"
    local_aws.forget_calls()
    assert stack.up().summary.resource_changes == {"same": 2}
    assert stack.state()["crm"] == state
    assert local_aws.calls() == []
    settled(stack)
    stack.destroy()
    assert local_aws.domains(SERVICE) == {}


def test_whole_numbers_in_outputs_are_ints_at_any_depth(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    seen: list[Any] = []

    def program() -> None:
        domain = customerprofiles.Domain("crm", **FULL)
        domain.rule_based_matching.apply(lambda rules: seen.append(rules["max_allowed_rule_level_for_matching"]))
        domain.default_expiration_days.apply(seen.append)

    pulumi_stack(program).up()
    assert sorted(map(repr, seen)) == ["2", "366"]


def test_each_property_changes_in_place(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    arguments = dict(FULL)
    for name, value in SAMPLE["changed"].items():
        arguments[name] = value
        stack.run(declares(arguments))
        found = differing(stack.preview_json())
        assert {path.split(".")[0].split("[")[0] for path in found} - {"tags_all"} == {name}
        local_aws.forget_calls()
        stack.up()
        called = [call for call in local_aws.calls() if call.operation != "GetCallerIdentity"]
        if name == "tags":
            assert [call.operation for call in called] == ["TagResource", "UntagResource"]
        else:
            assert [call.operation for call in called] == ["UpdateDomain"]
            member = "".join(part.title() for part in name.split("_"))
            assert set(called[0].parameters) == {"DomainName", member}
        settled(stack)


def test_each_optional_property_is_turned_off_when_it_is_taken_out(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    arguments = dict(FULL)
    for name in FULL.keys() - MINIMAL.keys():
        del arguments[name]
        stack.run(declares(arguments))
        found = differing(stack.preview_json())
        assert {path.split(".")[0] for path in found} - {"tags_all"} == {name}
        stack.up()
        settled(stack)
    live = local_aws.domains(SERVICE)["contract"]
    assert not live.get("Tags")
    assert not live.get("DefaultEncryptionKey")
    assert not live.get("DeadLetterQueueUrl")
    assert live["Matching"]["Enabled"] is False
    assert live["RuleBasedMatching"]["Enabled"] is False
    assert live["DataStore"]["Enabled"] is True


def test_a_data_store_that_is_taken_out_stays_on_with_a_warning(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares({**MINIMAL, "data_store": {"enabled": True}}))
    stack.up()
    stack.run(declares(MINIMAL)).preview()
    assert [text for text in stack.messages() if text.startswith("data_store: taken out of the program, but it stays")]
    local_aws.forget_calls()
    stack.up()
    assert operations(local_aws) == []
    stack.up()
    assert not any("data_store" in text for text in stack.messages())


@pytest.mark.parametrize(("name", "value"), SAMPLE["replacing"].items())
def test_name_and_region_replace(pulumi_stack: MakeStack, local_aws: LocalAws, name: str, value: str) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    stack.run(declares({**MINIMAL, name: value}))
    steps = [step for step in stack.preview_json()["steps"] if step["urn"].endswith("::crm")]
    assert {step["op"] for step in steps} >= {"replace"}
    assert all(step["replaceReasons"] == [name] for step in steps if step["op"] == "replace")
    stack.up()
    assert list(local_aws.domains(SERVICE, region=value if name == "region" else None)) == [
        value if name == "domain_name" else "contract"
    ]
    if name == "region":
        assert local_aws.domains(SERVICE, region="us-east-1") == {}
    settled(stack)


DRIFT: dict[str, dict[str, Any]] = {
    "default_expiration_days": {"DefaultExpirationDays": 7},
    "default_encryption_key": {"DefaultEncryptionKey": ""},
    "dead_letter_queue_url": {"DeadLetterQueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/elsewhere"},
    "matching.job_schedule.time": {"Matching.JobSchedule.Time": "10:30"},
    "matching.auto_merging.enabled": {"Matching.AutoMerging.Enabled": False},
    "matching.auto_merging.min_allowed_confidence_score_for_merging": {
        "Matching.AutoMerging.MinAllowedConfidenceScoreForMerging": None
    },
    "matching.exporting_config.s3_exporting.s3_bucket_name": {
        "Matching.ExportingConfig.S3Exporting.S3BucketName": "other"
    },
    "matching.enabled": {"Matching.Enabled": False},
    "rule_based_matching.max_allowed_rule_level_for_merging": {"RuleBasedMatching.MaxAllowedRuleLevelForMerging": 2},
    "rule_based_matching.conflict_resolution.conflict_resolving_model": {
        "RuleBasedMatching.ConflictResolution.ConflictResolvingModel": "SOURCE"
    },
    "rule_based_matching": {"RuleBasedMatching": None},
    "data_store.enabled": {"DataStore.Enabled": False},
    "tags_all.owner": {"Tags": {"team": "crm", "cost:centre": "42", "owner": "x"}},
}


@pytest.mark.parametrize(("path", "members"), DRIFT.items(), ids=DRIFT)
def test_drift_is_named_and_repaired(
    pulumi_stack: MakeStack, local_aws: LocalAws, path: str, members: dict[str, Any]
) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    local_aws.change(SERVICE, "contract", **members)
    shown = {key.replace('["', ".").replace('"]', "") for key in differing(stack.preview_json(refresh=True))}
    assert shown == {path}
    assert "code: 7" in fails(stack.refresh, preview_only=True, expect_no_changes=True)
    stack.up(refresh=True)
    settled(stack)
    assert stack.state()["crm"]["inputs"]["default_expiration_days"] == 366
    live = local_aws.domains(SERVICE)["contract"]
    assert (live["DefaultExpirationDays"], live["Tags"]) == (366, FULL["tags"])


def test_what_aws_fills_in_and_what_moves_by_itself_is_no_drift(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares({**MINIMAL, "matching": {"enabled": True}}))
    stack.up()
    local_aws.change(
        SERVICE,
        "contract",
        Stats={"ProfileCount": 9, "ObjectCount": 9, "TotalSize": 9},
        RuleBasedMatching={"Enabled": True, "Status": "PENDING"},
        Tags={"somebody": "else"},
        **{"Matching.JobSchedule": {"DayOfTheWeek": "SATURDAY", "Time": "0:00"}},
    )
    settled(stack)


def test_a_domain_deleted_elsewhere_is_made_again(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(FULL))
    stack.up()
    local_aws.remove(SERVICE, "contract")
    changed = declares({**FULL, "default_expiration_days": 5})
    assert "it is not in us-east-1 any more" in fails(stack.run(changed).up)
    assert local_aws.domains(SERVICE) == {}
    stack.up(refresh=True)
    assert local_aws.domains(SERVICE)["contract"]["DefaultExpirationDays"] == 5
    settled(stack)


# -- the data-loss guard ----------------------------------------------------------------------------------------------

HOLDS_DATA = {"ProfileCount": 5, "ObjectCount": 1, "TotalSize": 2048}


def test_a_domain_with_data_is_not_deleted_until_that_was_allowed(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.change(SERVICE, "contract", Stats=HOLDS_DATA)
    text = fails(stack.destroy)
    assert "cannot delete Customer Profiles domain 'contract': it holds 5 profiles and 1 object (2.0 kB)" in text
    assert "set force_destroy=True, run `pulumi up`, then repeat this change" in text
    assert "Traceback" not in text
    assert "crm" in stack.state()
    stack.run(declares({**MINIMAL, "force_destroy": True})).up()
    stack.destroy()
    assert local_aws.domains(SERVICE) == {}


def test_a_domain_that_does_not_say_what_it_holds_is_not_deleted(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.change(SERVICE, "contract", Stats=None)
    assert "AWS does not say whether it holds data" in fails(stack.destroy)
    assert "contract" in local_aws.domains(SERVICE)


def test_a_rename_of_a_domain_with_data_is_refused_before_anything_new_is_made(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.change(SERVICE, "contract", Stats=HOLDS_DATA)
    before = stack.state()
    local_aws.forget_calls()
    renamed = {**MINIMAL, "domain_name": "renamed"}
    assert "it holds 5 profiles" in fails(stack.run(declares(renamed)).up)
    assert operations(local_aws) == ["GetDomain"]
    assert stack.state() == before
    stack.run(declares({**MINIMAL, "force_destroy": True})).up()
    stack.run(declares({**renamed, "force_destroy": True})).up()
    assert list(local_aws.domains(SERVICE)) == ["renamed"]
    settled(stack)


def test_force_destroy_counts_only_once_it_was_applied(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    local_aws.change(SERVICE, "contract", Stats=HOLDS_DATA)
    at_once = {**MINIMAL, "domain_name": "renamed", "force_destroy": True}
    assert "it holds 5 profiles" in fails(stack.run(declares(at_once)).up)
    assert list(local_aws.domains(SERVICE)) == ["contract"]


def test_another_domain_of_the_same_name_is_not_ours_to_delete(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares({**MINIMAL, "force_destroy": True}))
    stack.up()
    local_aws.remove(SERVICE, "contract")
    local_aws.seed(SERVICE, "contract", DefaultExpirationDays=1, CreatedAt=1_700_000_000, LastUpdatedAt=1_700_000_000)
    assert "so it is another domain of that name" in fails(stack.destroy)
    assert "contract" in local_aws.domains(SERVICE)


# -- names and owners -------------------------------------------------------------------------------------------------


def test_an_auto_name_is_the_same_in_preview_and_up_and_stays(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    inputs = {"default_expiration_days": 30}
    stack = pulumi_stack(declares(inputs, name="my crm! ünit"))
    planned = [
        step["newState"]["inputs"]["domain_name"] for step in stack.preview_json()["steps"] if "Domain" in step["urn"]
    ]
    stack.up()
    (name,) = local_aws.domains(SERVICE)
    assert planned == [name]
    assert name.startswith("mycrmnit-")
    assert len(name) == len("mycrmnit-") + 7
    alias = pulumi.Alias(name="my crm! ünit")
    stack.run(declares(inputs, name="other", aliases=[alias])).up()
    assert list(local_aws.domains(SERVICE)) == [name]
    settled(stack)


def test_an_explicit_name_that_is_taken_out_stays(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    stack.run(declares({"default_expiration_days": 30})).preview(expect_no_changes=True)
    stack.up()
    assert list(local_aws.domains(SERVICE)) == ["contract"]


def test_long_names_are_cut_and_never_the_hex(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    pulumi_stack(declares({"default_expiration_days": 30}, name="n" * 90)).up()
    (name,) = local_aws.domains(SERVICE)
    assert len(name) == 64
    assert name[:57] == "n" * 56 + "-"


def test_a_name_that_is_taken_is_never_taken_over_by_itself(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    local_aws.seed(SERVICE, "contract", DefaultExpirationDays=30)
    stack = pulumi_stack(declares(MINIMAL))
    text = fails(stack.up)
    assert "the name is taken in us-east-1, account 123456789012" in text
    assert "adopt_existing=True" in text
    assert "import file" in text
    assert "Traceback" not in text.replace('Traceback (most recent call last):\n  File "<frozen', "")
    assert "crm" not in stack.state()
    stack.run(lambda: None).up()
    assert "contract" in local_aws.domains(SERVICE)


def test_adopt_existing_takes_a_domain_over_and_says_what_it_changed(
    pulumi_stack: MakeStack, local_aws: LocalAws
) -> None:
    local_aws.seed(SERVICE, "contract", DefaultExpirationDays=7, Tags={"left": "over"}, Stats=HOLDS_DATA)
    stack = pulumi_stack(declares({**FULL, "adopt_existing": True}))
    stack.up()
    (warning,) = [text for text in stack.messages() if "was adopted" in text]
    assert "default_expiration_days" in warning
    assert "pulumi state delete" in warning
    live = local_aws.domains(SERVICE)["contract"]
    assert (live["DefaultExpirationDays"], live["Tags"]) == (366, FULL["tags"])
    settled(stack)
    assert "it holds 5 profiles" in fails(stack.destroy)


def test_another_accounts_credentials_are_an_error_never_gone(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    stack = pulumi_stack(declares(MINIMAL))
    stack.up()
    before = stack.state()
    stack.environment.update(local_aws.environment(account="222222222222"))
    text = fails(stack.refresh)
    assert "belongs to account 123456789012, but the credentials are of account 222222222222" in text
    kept = stack.state()["crm"]
    assert [kept[key] for key in ("id", "inputs", "outputs")] == [
        before["crm"][key] for key in ("id", "inputs", "outputs")
    ]


# -- what the engine cannot do, or does not know yet ------------------------------------------------------------------


def test_the_option_import_is_refused_in_one_sentence(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    text = fails(pulumi_stack(declares(MINIMAL, import_="contract")).preview)
    assert "the option import_ cannot work for Python dynamic resources" in text
    assert "connect-domains import" in text


@pytest.mark.parametrize("name", FULL)
def test_an_input_that_only_up_will_know(pulumi_stack: MakeStack, local_aws: LocalAws, name: str) -> None:
    def program() -> None:
        first = customerprofiles.Domain("first", default_expiration_days=1)
        arguments = {**FULL, name: first.arn.apply(lambda _: FULL[name])}
        customerprofiles.Domain("crm", **arguments)

    stack = pulumi_stack(program)
    assert stack.preview().change_summary["create"] == 3
    stack.up()
    assert stack.state()["crm"]["inputs"][name] == FULL[name]
    settled(stack)


def test_parts_of_inputs_that_only_up_will_know(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program() -> None:
        first = customerprofiles.Domain("first", default_expiration_days=1)

        def late(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: late(item) for key, item in value.items()}
            if isinstance(value, list):
                return [late(item) for item in value]
            return first.arn.apply(lambda _: value)

        customerprofiles.Domain("crm", **late(FULL))

    stack = pulumi_stack(program)
    stack.preview()
    stack.up()
    inputs = stack.state()["crm"]["inputs"]
    assert {name: inputs[name] for name in FULL} == FULL
    settled(stack)


def test_secret_inputs_stay_secret(pulumi_stack: MakeStack, local_aws: LocalAws) -> None:
    def program() -> None:
        arguments = {
            **MINIMAL,
            "dead_letter_queue_url": pulumi.Output.secret("https://s3cr3t"),
            "tags": {"team": pulumi.Output.secret("t0ps3cret")},
        }
        customerprofiles.Domain("crm", **arguments)

    stack = pulumi_stack(program)
    result = stack.up()
    stored = stack.command("stack", "export")
    assert "s3cr3t" not in stored + result.stdout
    assert "t0ps3cret" not in stored + result.stdout
    assert local_aws.domains(SERVICE)["contract"]["Tags"] == {"team": "t0ps3cret"}
