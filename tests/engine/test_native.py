"""What the engine offers beside a resource's life, for programs in Python with the native provider: options, import, names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.automation import CommandError
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.native import customerprofiles, resource, voiceid
from pulumi_connect_domains.testing import MakeStack, PulumiStack

PROFILES, VOICE = "customer-profiles", "voice-id"
SCHEDULE = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "9:05"}}
LIVE_SCHEDULE = {"Enabled": True, "JobSchedule": {"DayOfTheWeek": "SUNDAY", "Time": "9:05"}}
ENCRYPTION, KEY_IN_AWS = "server_side_encryption_configuration", "ServerSideEncryptionConfiguration"
CANARY = "canary"
CONFIG = {"connect-domains:region": "us-east-1"}

Program = Callable[[], None]


@pytest.fixture
def make(pulumi_stack: MakeStack) -> Callable[[Program], PulumiStack]:
    """Makes a stack of a program that uses the native provider."""
    return lambda program: pulumi_stack(program, native=True, config=CONFIG)


Make = Callable[[Program], PulumiStack]


def crm(days: int = 30, *, options: dict[str, Any] | None = None, **arguments: Any) -> Program:
    """A program with a Customer Profiles domain, which is called crm in all places."""

    def program() -> None:
        given = {"domain_name": "crm", "default_expiration_days": days, **arguments}
        customerprofiles.Domain("crm", **given, opts=pulumi.ResourceOptions(**(options or {})))

    return program


def calls(key: str = "alias/one", *, options: dict[str, Any] | None = None, **arguments: Any) -> Program:
    """A program with a Voice ID domain."""

    def program() -> None:
        given = {"name": "calls", ENCRYPTION: {"kms_key_id": key}, **arguments}
        voiceid.Domain("calls", **given, opts=pulumi.ResourceOptions(**(options or {})))

    return program


def fails(run: Callable[..., Any], **options: Any) -> str:
    """The text of a command that has to fail, and not by a mistake of ours."""
    with pytest.raises(CommandError) as failed:
        run(**options)
    text = str(failed.value)
    assert "pulumi_connect_domains/" not in text  # no frame of ours in a traceback
    return text


def said(stack: PulumiStack, severity: str = "warning") -> str:
    """The messages of the last command under its resources."""
    return "\n".join(stack.messages(severity))


def steps(preview: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The steps that a preview's JSON has for the resource."""
    return [each for each in preview["steps"] if each["urn"].endswith(f"::{name}")]


def step(preview: dict[str, Any], name: str) -> dict[str, Any]:
    """The last one of them."""
    return steps(preview, name)[-1]


def differing(stack: PulumiStack, name: str) -> dict[str, str]:
    """What a preview says of a resource: path -> kind."""
    detail = step(stack.preview_json(), name)["detailedDiff"] or {}
    return {path: each["kind"] for path, each in detail.items()}


def written(aws: LocalAws) -> list[str]:
    """The calls that have changed anything in AWS."""
    return [each.operation for each in aws.calls() if not each.operation.startswith(("Get", "Describe", "List"))]


# -- domains that exist already ---------------------------------------------------------------------------------------


def test_import_takes_a_domain_in_and_the_same_program_shows_no_change(local_aws: LocalAws, make: Make) -> None:
    local_aws.seed(PROFILES, "crm", DefaultExpirationDays=30, Matching=LIVE_SCHEDULE, Tags={"costCenter": "1"})
    declared = {"matching": SCHEDULE, "tags": {"costCenter": "1"}}
    stack = make(crm(options={"import_": "crm"}, **declared))
    assert [each["op"] for each in steps(stack.preview_json(), "crm")] == ["import"]
    assert "update" not in stack.up().summary.resource_changes
    found = stack.domain("crm")
    assert found["id"] == "crm"
    assert found["inputs"]["matching"] == found["outputs"]["matching"] == SCHEDULE
    assert found["outputs"]["arn"] == "arn:aws:profile:us-east-1:123456789012:domains/crm"
    stack.preview(expect_no_changes=True)
    stack.run(crm(**declared)).preview(expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
    assert written(local_aws) == []
    stack.run(crm(31, **declared)).up()
    assert written(local_aws) == ["UpdateDomain"]


def test_pulumi_import_takes_domains_of_both_types_in(local_aws: LocalAws, make: Make) -> None:
    stack = make(lambda: None)
    if stack.engine.name != "cli":
        pytest.skip("`pulumi import TYPE NAME ID` needs the Pulumi CLI: the local engine takes --file alone")
    local_aws.seed(PROFILES, "crm", DefaultExpirationDays=30, Matching=LIVE_SCHEDULE, Tags={"costCenter": "1"})
    id = "AbCdEfGhIjKlMnOpQrStUv"
    local_aws.seed(VOICE, id, Name="calls", **{KEY_IN_AWS: {"KmsKeyId": "alias/one"}})
    before = local_aws.domains(PROFILES), local_aws.domains(VOICE)
    for of, name, given in (("customerprofiles", "crm", "crm"), ("voiceid", "calls", id)):
        token = f"connect-domains:{of}:Domain"
        stack.command("import", token, name, given, "--yes", "--protect=false", "--generate-code=false")

    def program() -> None:
        crm(matching=SCHEDULE, tags={"costCenter": "1"})()
        calls()()

    stack.run(program).preview(expect_no_changes=True)
    stack.up()
    assert (local_aws.domains(PROFILES), local_aws.domains(VOICE)) == before
    assert written(local_aws) == []
    fails(lambda: stack.command("import", "connect-domains:customerprofiles:Domain", "gone", "gone", "--yes"))
    assert "gone" not in stack.state()


def test_import_refuses_what_differs_and_what_is_missing(local_aws: LocalAws, make: Make) -> None:
    local_aws.seed(PROFILES, "crm", DefaultExpirationDays=30)
    stack = make(crm(options={"import_": "elsewhere"}))
    fails(stack.up)
    assert "there is no Customer Profiles domain 'elsewhere' in us-east-1" in said(stack, "error")
    assert "crm" not in stack.state()
    fails(stack.run(crm(options={"import_": "crm"}, domain_name="other")).up)
    assert "may not be replaced" in said(stack, "error")
    assert list(local_aws.domains(PROFILES)) == ["crm"]
    assert written(local_aws) == []


def test_get_reads_a_domain_of_somebody_else(local_aws: LocalAws, make: Make) -> None:
    local_aws.seed(PROFILES, "theirs", DefaultExpirationDays=7, Matching=LIVE_SCHEDULE, Tags={"costCenter": "1"})

    def program() -> None:
        found = customerprofiles.Domain.get("theirs", "theirs")
        for name in ("default_expiration_days", "matching", "tags", "arn"):
            pulumi.export(name, getattr(found, name))

    stack = make(program)
    stack.up()
    outputs = stack.outputs()
    assert outputs == {
        "default_expiration_days": 7,
        "matching": SCHEDULE,
        "tags": {"costCenter": "1"},
        "arn": "arn:aws:profile:us-east-1:123456789012:domains/theirs",
    }
    assert stack.state()["theirs"]["external"] is True
    local_aws.change(PROFILES, "theirs", DefaultExpirationDays=8)
    stack.up()
    assert stack.outputs()["default_expiration_days"] == 8
    local_aws.remove(PROFILES, "theirs")
    fails(stack.preview)
    assert "there is no Customer Profiles domain 'theirs' in us-east-1" in said(stack, "error")
    assert written(local_aws) == []


# -- names ------------------------------------------------------------------------------------------------------------

NAMINGS: dict[str, tuple[dict[str, Any], str]] = {
    "verbatim": ({"mode": "verbatim"}, "crm"),
    "pattern": ({"pattern": "${project}-${stack}-${name}"}, "test-test-crm"),
    "for the package": (
        {"mode": "disabled", "providers": {"connect-domains": {"pattern": "ours-${name}", "enforce": True}}},
        "ours-crm",
    ),
}


def name_by(stack: PulumiStack, naming: dict[str, Any]) -> None:
    """Sets `pulumi:autonaming` in the stack's file."""
    file = stack.folder / f"Pulumi.{stack.automation.name}.yaml"
    settings = yaml.safe_load(file.read_text("utf-8"))
    settings.setdefault("config", {})["pulumi:autonaming"] = naming
    file.write_text(yaml.safe_dump(settings), "utf-8")


@pytest.mark.parametrize(("naming", "expected"), NAMINGS.values(), ids=NAMINGS)
def test_autonaming_of_the_stacks_config_gives_the_name(
    local_aws: LocalAws, make: Make, naming: dict[str, Any], expected: str
) -> None:
    stack = make(crm(domain_name=None))
    name_by(stack, naming)
    assert step(stack.preview_json(), "crm")["newState"]["inputs"]["domainName"] == expected
    stack.up()
    assert list(local_aws.domains(PROFILES)) == [expected]
    stack.preview(expect_no_changes=True)


def test_without_autonaming_a_missing_name_is_a_mistake(local_aws: LocalAws, make: Make) -> None:
    stack = make(crm(domain_name=None))
    name_by(stack, {"mode": "disabled"})
    fails(stack.preview)
    assert "domain_name: is missing, and the stack's config turns auto-naming off (pulumi:autonaming)" in said(
        stack, "error"
    )
    stack.run(crm()).up()
    assert list(local_aws.domains(PROFILES)) == ["crm"]


# -- options ----------------------------------------------------------------------------------------------------------


def test_ignored_changes_are_not_made_and_others_are(local_aws: LocalAws, make: Make) -> None:
    options = {"ignore_changes": ["default_expiration_days", "matching.job_schedule.time", "tags.costCenter"]}
    tags = {"costCenter": "1", "owner": "x"}
    stack = make(crm(options=options, matching=SCHEDULE, tags=tags))
    stack.up()
    later = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "10:30"}}
    ignored = crm(60, options=options, matching=later, tags={**tags, "costCenter": "2"})
    stack.run(ignored).preview(expect_no_changes=True)
    later["job_schedule"] = {"day_of_the_week": "MONDAY", "time": "10:30"}
    stack.run(crm(60, options=options, matching=later, tags={"costCenter": "2", "owner": "y"})).up()
    live = local_aws.domains(PROFILES)["crm"]
    assert live["DefaultExpirationDays"] == 30
    assert live["Matching"]["JobSchedule"] == {"DayOfTheWeek": "MONDAY", "Time": "9:05"}
    assert live["Tags"] == {"costCenter": "1", "owner": "y"}
    # What somebody else has changed is ignored after a refresh too.
    local_aws.change(PROFILES, "crm", DefaultExpirationDays=99)
    stack.preview(refresh=True, expect_no_changes=True)


def test_a_protected_domain_is_neither_deleted_nor_replaced(local_aws: LocalAws, make: Make) -> None:
    stack = make(crm(options={"protect": True}))
    stack.up()
    assert "protect" in fails(stack.run(crm(options={"protect": True}, domain_name="renamed")).up)
    assert "protect" in fails(stack.destroy)
    assert list(local_aws.domains(PROFILES)) == ["crm"]
    assert stack.state()["crm"]["protect"] is True
    assert written(local_aws) == ["CreateDomain"]
    stack.run(crm()).up()
    stack.destroy()
    assert local_aws.domains(PROFILES) == {}


@pytest.mark.parametrize("path", [ENCRYPTION, f"{ENCRYPTION}.kms_key_id"], ids=["top-level", "nested"])
def test_replace_on_changes_makes_a_new_domain(local_aws: LocalAws, make: Make, path: str) -> None:
    stack = make(calls(options={"replace_on_changes": [path]}))
    stack.up()
    first = stack.state()["calls"]["id"]
    stack.run(calls(description="changed in place", options={"replace_on_changes": [path]})).up()
    assert stack.state()["calls"]["id"] == first
    stack.run(calls("alias/two", options={"replace_on_changes": [path]})).up()
    second = stack.state()["calls"]["id"]
    live = local_aws.domains(VOICE)
    assert {id: each["DomainStatus"] for id, each in live.items()} == {first: "SUSPENDED", second: "ACTIVE"}
    assert live[first][KEY_IN_AWS] == {"KmsKeyId": "alias/one"}
    assert live[second][KEY_IN_AWS] == {"KmsKeyId": "alias/two"}


def test_additional_secret_outputs_are_encrypted(local_aws: LocalAws, make: Make) -> None:
    queue = f"https://sqs.us-east-1.amazonaws.com/123456789012/{CANARY}"

    def program(secret: list[str]) -> Program:
        def run() -> None:
            opts = pulumi.ResourceOptions(additional_secret_outputs=secret)
            arguments = {"default_expiration_days": 30, "dead_letter_queue_url": queue}
            found = customerprofiles.Domain("crm", domain_name="crm", **arguments, opts=opts)
            pulumi.export("created", found.created_at)
            pulumi.export("queue", found.dead_letter_queue_url)

        return run

    stack = make(program([]))
    stack.up()
    kept = json.loads(stack.command("stack", "export"))
    (domain,) = (each for each in kept["deployment"]["resources"] if each["urn"].endswith("::crm"))
    created = domain["outputs"]["createdAt"]
    assert domain["outputs"]["deadLetterQueueUrl"] == queue, "without the option it is in clear"
    stack.destroy()
    stack.run(program(["created_at", "dead_letter_queue_url"])).up()
    kept = json.loads(stack.command("stack", "export"))
    (domain,) = (each for each in kept["deployment"]["resources"] if each["urn"].endswith("::crm"))
    assert all(set(domain["outputs"][name]) >= {"ciphertext"} for name in ("createdAt", "deadLetterQueueUrl"))
    assert isinstance(created, str)
    assert stack.outputs()["queue"] == queue
    assert all(output.secret for output in stack.automation.outputs().values())


def test_a_short_timeout_ends_the_wait_with_a_warning(local_aws: LocalAws, make: Make) -> None:
    local_aws.voiceid(pending_describes=None)
    stack = make(calls(options={"custom_timeouts": pulumi.CustomTimeouts(create="1s")}))
    stack.up()
    (id,) = local_aws.domains(VOICE)
    assert (
        f"the domain {id} is created, but not ready yet: PENDING after 1 s. `pulumi refresh` reads how it stands [not-ready]"
        in said(stack)
    )
    assert stack.domain("calls")["outputs"]["domain_status"] == "PENDING"
    local_aws.change(VOICE, id, DomainStatus="ACTIVE")
    stack.refresh()
    assert stack.domain("calls")["outputs"]["domain_status"] == "ACTIVE"
    stack.preview(expect_no_changes=True)
    local_aws.voiceid(encryption_describes=None)
    stack.run(calls("alias/two", options={"custom_timeouts": pulumi.CustomTimeouts(update="1s")})).up()
    assert f"AWS is still changing the key of {id}, with an outcome not known yet: IN_PROGRESS after 1 s" in said(stack)


def test_a_transformation_changes_inputs_and_options(local_aws: LocalAws, make: Make) -> None:
    seen: list[Any] = []

    def stricter(given: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        seen.append((given.type_, {name: value for name, value in given.props.items() if value is not None}))
        props = {**given.props, "default_expiration_days": 90, "tags": {**given.props["tags"], "domain_name": "x"}}
        more = pulumi.ResourceOptions(ignore_changes=["dead_letter_queue_url"])
        return pulumi.ResourceTransformationResult(props, pulumi.ResourceOptions.merge(given.opts, more))

    declared = {"matching": SCHEDULE, "tags": {"costCenter": "1"}}
    stack = make(crm(options={"transformations": [stricter]}, **declared))
    stack.up()
    assert seen[0] == (
        "connect-domains:customerprofiles:Domain",
        {"domain_name": "crm", "default_expiration_days": 30, **declared},
    )
    live = local_aws.domains(PROFILES)["crm"]
    assert (live["DefaultExpirationDays"], live["Tags"]) == (90, {"costCenter": "1", "domain_name": "x"})
    assert live["Matching"]["JobSchedule"] == LIVE_SCHEDULE["JobSchedule"]
    assert stack.state()["crm"]["ignoreChanges"] == ["deadLetterQueueUrl"]
    stack.preview(expect_no_changes=True)


def test_a_sdk_without_its_private_list_spells_before_transformations(
    local_aws: LocalAws, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "SEES_TRANSFORMATIONS", False)
    seen: list[Any] = []

    def longer(given: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        seen.append({name: value for name, value in given.props.items() if value is not None})
        return pulumi.ResourceTransformationResult({**given.props, "defaultExpirationDays": 90}, given.opts)

    options = {"transformations": [longer], "ignore_changes": ["dead_letter_queue_url"]}
    stack = make(crm(options=options, matching=SCHEDULE, tags={"domain_name": "x"}))
    stack.up()
    assert seen[0]["matching"] == {"enabled": True, "jobSchedule": {"dayOfTheWeek": "SUNDAY", "time": "9:05"}}
    live = local_aws.domains(PROFILES)["crm"]
    assert (live["DefaultExpirationDays"], live["Tags"]) == (90, {"domain_name": "x"})
    assert live["Matching"]["JobSchedule"] == LIVE_SCHEDULE["JobSchedule"]
    assert stack.domain("crm")["inputs"]["matching"] == SCHEDULE
    assert stack.state()["crm"]["ignoreChanges"] == ["deadLetterQueueUrl"]
    stack.preview(expect_no_changes=True)


def test_a_transform_changes_inputs_and_options(local_aws: LocalAws, make: Make) -> None:
    seen: list[Any] = []

    def stricter(given: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        seen.append((given.type_, dict(given.props)))
        props = {**given.props, "defaultExpirationDays": 90, "tags": {**given.props["tags"], "domain_name": "x"}}
        more = pulumi.ResourceOptions(protect=True)
        return pulumi.ResourceTransformResult(props, pulumi.ResourceOptions.merge(given.opts, more))

    stack = make(crm(options={"transforms": [stricter]}, tags={"costCenter": "1"}))
    if stack.engine.name != "cli":
        pytest.skip("transforms need the Pulumi CLI: the local engine does not support them")
    stack.up()
    assert seen[0] == (
        "connect-domains:customerprofiles:Domain",
        {"domainName": "crm", "defaultExpirationDays": 30, "tags": {"costCenter": "1"}},
    )
    live = local_aws.domains(PROFILES)["crm"]
    assert (live["DefaultExpirationDays"], live["Tags"]) == (90, {"costCenter": "1", "domain_name": "x"})
    assert stack.state()["crm"]["protect"] is True
    stack.preview(expect_no_changes=True)


# -- secrets, mistakes, what is not known yet -------------------------------------------------------------------------


def test_a_secret_tag_is_secret_at_its_leaf_alone(local_aws: LocalAws, make: Make) -> None:
    def tagged(secret: str) -> Program:
        return lambda: crm(tags={"costCenter": "plain", "domain_name": pulumi.Output.secret(f"{CANARY}-{secret}")})()

    stack = make(tagged("one"))
    shown = json.dumps(stack.preview_json())
    shown += stack.up().stdout
    stack.run(tagged("two"))
    assert differing(stack, "crm") == {"tags.domain_name": "update", "tagsAll.domain_name": "update"}
    shown += json.dumps(stack.preview_json()) + stack.preview(diff=True).stdout + stack.up(diff=True).stdout
    shown += "".join(str(event.__dict__) for event in stack.events)
    stack.refresh()
    exported = stack.command("stack", "export")
    assert CANARY not in shown + exported
    (domain,) = (each for each in json.loads(exported)["deployment"]["resources"] if each["urn"].endswith("::crm"))
    for side, name in (("inputs", "tags"), ("outputs", "tags"), ("inputs", "tagsAll"), ("outputs", "tagsAll")):
        assert domain[side][name]["costCenter"] == "plain"
        assert "ciphertext" in domain[side][name]["domain_name"]
    assert local_aws.domains(PROFILES)["crm"]["Tags"] == {"costCenter": "plain", "domain_name": f"{CANARY}-two"}


def test_all_mistakes_are_told_at_once_in_the_words_of_the_program(local_aws: LocalAws, make: Make) -> None:
    wrong = {"enabled": True, "job_schedule": {"day_of_the_week": "FUNDAY", "time": "9:05"}, "auto_mergin": {}}
    stack = make(crm(0, matching=wrong, tags={"aws:own": "x"}))
    fails(stack.preview)
    errors = said(stack, "error")
    for path in ("default_expiration_days", "matching.job_schedule.day_of_the_week", "matching.auto_mergin", "tags"):
        assert path in errors, errors
    for name in ("defaultExpirationDays", "dayOfTheWeek", "jobSchedule", "autoMergin"):
        assert name not in errors
    assert local_aws.calls() == []


def test_inputs_that_only_up_will_know(local_aws: LocalAws, make: Make) -> None:
    def program() -> None:
        first = customerprofiles.Domain("first", domain_name="first", default_expiration_days=1)
        late = {
            "enabled": first.arn.apply(lambda _: True),
            "job_schedule": first.arn.apply(lambda _: SCHEDULE["job_schedule"]),
        }
        crm(first.arn.apply(lambda _: 30), matching=late, tags=first.arn.apply(lambda arn: {"domain_name": arn}))()  # type: ignore[arg-type]

    stack = make(program)
    preview = stack.preview_json()
    inputs = step(preview, "crm")["newState"]["inputs"]
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # the protocol's text for what is not known
    assert inputs["defaultExpirationDays"] == inputs["tags"] == unknown
    assert inputs["matching"] == {"enabled": unknown, "jobSchedule": unknown}
    assert local_aws.calls() == []
    stack.up()
    live = local_aws.domains(PROFILES)["crm"]
    assert live["DefaultExpirationDays"] == 30
    assert live["Matching"]["JobSchedule"] == LIVE_SCHEDULE["JobSchedule"]
    assert live["Tags"] == {"domain_name": "arn:aws:profile:us-east-1:123456789012:domains/first"}
    stack.preview(expect_no_changes=True)


def test_a_preview_names_what_differs_by_path(local_aws: LocalAws, make: Make) -> None:
    stack = make(crm(matching=SCHEDULE, tags={"costCenter": "1"}))
    stack.up()
    later = {"enabled": True, "job_schedule": {"day_of_the_week": "SUNDAY", "time": "10:30"}}
    stack.run(crm(31, matching=later, tags={"cost:centre": "1"}))
    assert differing(stack, "crm") == {
        "defaultExpirationDays": "update",
        "matching.jobSchedule.time": "update",
        "tags.costCenter": "delete",
        "tags.cost:centre": "add",
        "tagsAll.costCenter": "delete",
        "tagsAll.cost:centre": "add",
    }
    stack.run(crm(domain_name="renamed", matching=SCHEDULE, tags={"costCenter": "1"}))
    found = [each for each in stack.preview_json()["steps"] if each["op"] == "replace"]
    assert [each["replaceReasons"] for each in found] == [["domainName"]]
    assert [each["detailedDiff"]["domainName"]["kind"] for each in found] == ["update-replace"]


# -- a change that fails in part --------------------------------------------------------------------------------------


def test_the_next_up_repeats_only_what_has_failed(local_aws: LocalAws, make: Make) -> None:
    stack = make(calls())
    stack.up()
    local_aws.voiceid(encryption_failure="the key is disabled")
    changed = calls("alias/two", name="renamed", description="new")
    fails(stack.run(changed).up)
    id = stack.state()["calls"]["id"]
    errors = said(stack, "error")
    assert f"cannot change the key of Voice ID domain {id}: the key is disabled (FAILED)" in errors
    assert "all else that had to change is done" in errors
    found = stack.domain("calls")
    assert (found["outputs"]["name"], found["outputs"]["description"]) == ("renamed", "new")
    assert found["outputs"]["server_side_encryption_update_details"]["update_status"] == "FAILED"
    assert differing(stack, "calls") == {"serverSideEncryptionConfiguration.kmsKeyId": "update"}
    local_aws.voiceid(encryption_failure=None)
    local_aws.forget_calls()
    stack.up()
    assert written(local_aws) == ["UpdateDomain"]
    assert local_aws.domains(VOICE)[id][KEY_IN_AWS] == {"KmsKeyId": "alias/two"}
    assert "initErrors" not in stack.state()["calls"]
    stack.preview(expect_no_changes=True)
    stack.refresh(expect_no_changes=True)
