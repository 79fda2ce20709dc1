"""`connect-domains validate --live`: keys, queues and buckets at a local AWS, and what is said of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pulumi_connect_domains import aws, cli
from pulumi_connect_domains.aws.surroundings import READS
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.validate.command import validate

from .report_schemas import flaws

REGION, ACCOUNT, OTHER = "eu-west-2", "123456789012", "999999999999"
DOMAIN = f"arn:aws:profile:{REGION}:{ACCOUNT}:domains/crm"
SERVICE = {"Service": "profile.amazonaws.com"}
KEY, QUEUE = "default_encryption_key", "dead_letter_queue_url"
BUCKET = "matching.exporting_config.s3_exporting.s3_bucket_name"
GOOD = {"domain_name": "crm", "default_expiration_days": 366, "region": REGION}
WRITES = frozenset({"Create", "Put", "Update", "Delete", "Set", "Add", "Tag", "Untag", "Schedule"})

Seen = dict[str, tuple[str, str]]


@pytest.fixture(autouse=True)
def fresh(local_aws: LocalAws) -> Iterator[None]:
    aws.forget_clients()
    yield
    aws.forget_clients()


def run(document: dict[str, Any], *arguments: str) -> tuple[int, Seen, dict[str, Any]]:
    """The exit code, the status and the words for each path, and the whole document of the report."""
    result = CliRunner().invoke(
        validate, ["-", "--live", "--format", "json", *arguments], input=json.dumps(document), catch_exceptions=False
    )
    report = json.loads(result.stdout)
    assert flaws("validate", report) == []
    [found] = report["documents"]
    return result.exit_code, {each["path"]: (each["status"], each["text"]) for each in found["live"]}, found


def on(setting: str, value: str) -> tuple[int, str, str]:
    """The exit code, the status and the words for one setting."""
    document = {**GOOD, setting: value}
    if setting == BUCKET:
        exporting = {"exporting_config": {"s3_exporting": {"s3_bucket_name": value}}}
        document = {**GOOD, "matching": {"enabled": True, **exporting}}
    code, seen, _ = run(document)
    [(status, text)] = seen.values()
    return code, status, text


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def let_in(action: str, resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": SERVICE, "Action": action, "Resource": resource, **more}


# -- queues -----------------------------------------------------------------------------------------------------------


def make_queue(local_aws: LocalAws, **attributes: str) -> str:
    client = local_aws.client("sqs", region=REGION)
    return str(client.create_queue(QueueName="not-ingested", Attributes=attributes)["QueueUrl"])


QUEUE_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:not-ingested"
FOR_DOMAIN = {
    "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": [DOMAIN]}},
}
SENDING = let_in("sqs:SendMessage", QUEUE_ARN, **FOR_DOMAIN)


def test_a_queue_that_lets_the_service_send(local_aws: LocalAws) -> None:
    url = make_queue(local_aws, Policy=policy(SENDING))
    assert on(QUEUE, url) == (0, "ok", "the queue exists; its policy lets profile.amazonaws.com do what it needs")


def test_a_queue_without_a_policy(local_aws: LocalAws) -> None:
    code, status, text = on(QUEUE, make_queue(local_aws))
    assert (code, status) == (1, "failed")
    assert text == "the queue exists, but has no policy that lets profile.amazonaws.com do sqs:SendMessage"


def test_a_queue_that_lets_in_another_domain_only(local_aws: LocalAws) -> None:
    other = let_in("sqs:SendMessage", QUEUE_ARN, Condition={"ArnLike": {"aws:SourceArn": f"{DOMAIN}-2"}})
    code, status, text = on(QUEUE, make_queue(local_aws, Policy=policy(other)))
    assert (code, status) == (1, "failed")
    assert text.endswith("but only where its condition on aws:SourceArn is met")


def test_a_condition_that_cannot_be_judged_is_told_and_is_no_failure(local_aws: LocalAws) -> None:
    unclear = let_in("sqs:SendMessage", QUEUE_ARN, Condition={"StringEquals": {"aws:SourceOrgID": "o-1"}})
    code, status, text = on(QUEUE, make_queue(local_aws, Policy=policy(unclear)))
    assert (code, status) == (0, "cannot tell")
    assert "aws:SourceOrgID" in text


def test_a_queue_with_a_key_of_its_owner_cannot_be_told(local_aws: LocalAws) -> None:
    url = make_queue(local_aws, Policy=policy(SENDING), KmsMasterKeyId="alias/mine")
    code, status, text = on(QUEUE, url)
    assert (code, status) == (0, "cannot tell")
    assert "encrypted with a KMS key" in text


def test_a_queue_that_does_not_exist(local_aws: LocalAws) -> None:
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/gone"
    assert on(QUEUE, url) == (1, "failed", "there is no such queue")


def test_a_queue_of_another_account_that_is_not_seen_is_not_called_missing(local_aws: LocalAws) -> None:
    code, status, text = on(QUEUE, f"https://sqs.{REGION}.amazonaws.com/{OTHER}/gone")
    assert (code, status) == (0, "cannot tell")
    assert text == f"account {OTHER} does not show this queue to account {ACCOUNT}"


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("sqs.us-west-2.amazonaws.com", "us-west-2"),
        ("us-west-2.queue.amazonaws.com", "us-west-2"),
        ("sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("queue.example", REGION),
    ],
)
def test_a_queue_is_looked_for_in_the_region_of_its_url(local_aws: LocalAws, host: str, region: str) -> None:
    on(QUEUE, f"https://{host}/{ACCOUNT}/gone")
    assert {call.region for call in local_aws.calls("sqs")} == {region}


# -- buckets ----------------------------------------------------------------------------------------------------------


def make_bucket(local_aws: LocalAws, *statements: dict[str, Any]) -> str:
    client = local_aws.client("s3", region=REGION)
    client.create_bucket(Bucket="exports", CreateBucketConfiguration={"LocationConstraint": REGION})
    if statements:
        client.put_bucket_policy(Bucket="exports", Policy=policy(*statements))
    return "exports"


PUTTING = let_in("s3:PutObject", "arn:aws:s3:::exports/*", **FOR_DOMAIN)


def test_a_bucket_that_lets_the_service_put(local_aws: LocalAws) -> None:
    assert on(BUCKET, make_bucket(local_aws, PUTTING))[:2] == (0, "ok")


def test_a_bucket_without_a_policy(local_aws: LocalAws) -> None:
    code, status, text = on(BUCKET, make_bucket(local_aws))
    assert (code, status) == (1, "failed")
    assert text == "the bucket exists, but has no policy that lets profile.amazonaws.com do s3:PutObject"


def test_a_bucket_that_forbids_it(local_aws: LocalAws) -> None:
    forbidden = {"Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": "*"}
    code, status, text = on(BUCKET, make_bucket(local_aws, PUTTING, forbidden))
    assert (code, status) == (1, "failed")
    assert "forbids" in text


def test_a_bucket_that_does_not_exist(local_aws: LocalAws) -> None:
    assert on(BUCKET, "nowhere-at-all") == (1, "failed", "there is no such bucket")


def test_the_buckets_of_both_kinds_of_matching_are_looked_at(local_aws: LocalAws) -> None:
    def exporting(bucket: str) -> dict[str, Any]:
        return {"enabled": True, "exporting_config": {"s3_exporting": {"s3_bucket_name": bucket}}}

    make_bucket(local_aws, PUTTING)
    rules = {**exporting("nowhere-at-all"), "matching_rules": [{"rule": ["EmailAddress"]}]}
    code, seen, _ = run({**GOOD, "matching": exporting("exports"), "rule_based_matching": rules})
    assert code == 1
    assert {path: status for path, (status, _) in seen.items()} == {
        BUCKET: "ok",
        f"rule_based_{BUCKET}": "failed",
    }


# -- keys -------------------------------------------------------------------------------------------------------------


def make_key(local_aws: LocalAws, **settings: Any) -> str:
    return str(local_aws.client("kms", region=REGION).create_key(**settings)["KeyMetadata"]["Arn"])


def test_a_key_whose_policy_leaves_it_to_iam(local_aws: LocalAws) -> None:
    arn = make_key(local_aws)
    local_aws.client("kms", region=REGION).create_alias(AliasName="alias/crm", TargetKeyId=arn)
    text = "the key exists, is enabled and symmetric; its policy leaves it to IAM policies who may use it"
    for name in (arn, arn.rpartition("/")[2], "alias/crm"):
        assert on(KEY, name) == (0, "ok", text)


def test_a_key_whose_policy_lets_in_the_service(local_aws: LocalAws) -> None:
    using = let_in("kms:*", "*", Condition={"ArnLike": {"aws:SourceArn": [DOMAIN, f"{DOMAIN}/objects/*"]}})
    code, status, text = on(KEY, make_key(local_aws, Policy=policy(using)))
    assert (code, status) == (0, "ok")
    assert text.endswith("its policy lets profile.amazonaws.com use it")


def test_a_key_whose_policy_names_neither_cannot_be_told(local_aws: LocalAws) -> None:
    admin = {**let_in("kms:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"}}
    assert on(KEY, make_key(local_aws, Policy=policy(admin)))[:2] == (0, "cannot tell")


def test_a_key_whose_policy_refuses_the_service(local_aws: LocalAws) -> None:
    """A refusal also counts where a grant or an IAM policy allows."""
    owner = {**let_in("kms:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    refused = {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    code, status, text = on(KEY, make_key(local_aws, Policy=policy(owner, refused)))
    assert (code, status) == (1, "failed")
    assert text.endswith("but its policy has a statement that forbids to let profile.amazonaws.com do kms:Decrypt")
    unclear = {**refused, "Condition": {"StringNotEquals": {"kms:ViaService": "x"}}}
    assert on(KEY, make_key(local_aws, Policy=policy(owner, unclear)))[:2] == (0, "cannot tell")
    only_tls = {**refused, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert on(KEY, make_key(local_aws, Policy=policy(owner, only_tls)))[:2] == (0, "ok")


def test_a_key_that_is_disabled_or_of_another_kind(local_aws: LocalAws) -> None:
    arn, kms = make_key(local_aws), local_aws.client("kms", region=REGION)
    kms.disable_key(KeyId=arn.rpartition("/")[2])
    assert on(KEY, arn) == (1, "failed", "the key is not enabled, but Disabled")
    kms.schedule_key_deletion(KeyId=arn.rpartition("/")[2])
    assert on(KEY, arn) == (1, "failed", "the key is not enabled, but PendingDeletion")
    arn = make_key(local_aws, KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    assert on(KEY, arn) == (1, "failed", "the key is not a symmetric one that encrypts and decrypts")


def test_a_key_that_does_not_exist(local_aws: LocalAws) -> None:
    assert on(KEY, "alias/gone") == (1, "failed", "there is no such key")
    arn = f"arn:aws:kms:{REGION}:{{}}:key/0a1b2c3d-0000-4000-8000-000000000001"
    assert on(KEY, arn.format(ACCOUNT)) == (1, "failed", "there is no such key")


def test_a_key_in_another_region_cannot_be_told(local_aws: LocalAws) -> None:
    arn = str(local_aws.client("kms", region="us-east-1").create_key()["KeyMetadata"]["Arn"])
    code, status, text = on(KEY, arn)
    assert (code, status) == (0, "cannot tell")
    assert text == "the key is in us-east-1; AWS does not document whether that will do"


def managed_by_aws(local_aws: LocalAws) -> None:
    said = {
        "KeyId": "k",
        "Arn": "arn:aws:kms:eu-west-2:123456789012:key/k",
        "KeyState": "Enabled",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyManager": "AWS",
    }
    local_aws.fault(
        "DescribeKey",
        service="kms",
        status=200,
        body=json.dumps({"KeyMetadata": said}),
        content_type="application/json",
    )


def test_a_key_that_aws_manages(local_aws: LocalAws) -> None:
    """AWS documents for Voice ID alone that the key has to be the customer's."""
    managed_by_aws(local_aws)
    assert on(KEY, "alias/aws/x")[:2] == (0, "cannot tell")
    managed_by_aws(local_aws)
    voice = {"server_side_encryption_configuration": {"kms_key_id": "alias/aws/x"}, "region": REGION}
    code, seen, _ = run(voice)
    text = "the key is managed by AWS; a customer managed one is needed"
    assert (code, seen) == (1, {"server_side_encryption_configuration.kms_key_id": ("failed", text)})


# -- what cannot be seen ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "operation", "permission"),
    [
        (KEY, "DescribeKey", "kms:DescribeKey"),
        (KEY, "GetKeyPolicy", "kms:GetKeyPolicy"),
        (QUEUE, "GetQueueAttributes", "sqs:GetQueueAttributes"),
        (BUCKET, "GetBucketPolicy", "s3:GetBucketPolicy"),
    ],
)
def test_a_permission_that_is_missing_is_named(
    local_aws: LocalAws, setting: str, operation: str, permission: str
) -> None:
    make = {KEY: make_key, QUEUE: make_queue, BUCKET: make_bucket}[setting]
    value = make(local_aws)
    local_aws.fault(operation, code="AccessDenied", message="no", times=None)
    exporting = {"enabled": True, "exporting_config": {"s3_exporting": {"s3_bucket_name": value}}}
    code, _, found = run({**GOOD, **({"matching": exporting} if setting == BUCKET else {setting: value})})
    [seen] = found["live"]
    assert code == 0
    assert (seen["status"], seen["permission"]) == ("cannot tell", permission)
    assert seen["text"].startswith(f"access denied: allow {permission} to the caller")
    assert permission in READS[seen["kind"]]


def test_an_answer_that_is_no_policy_is_not_taken_for_one(local_aws: LocalAws) -> None:
    bucket = make_bucket(local_aws, PUTTING)
    local_aws.fault("GetBucketPolicy", service="s3", status=200, body="<html>sign in</html>", content_type="text/html")
    assert on(BUCKET, bucket)[:2] == (0, "cannot tell")


def test_no_answer_about_one_thing_leaves_the_others(local_aws: LocalAws) -> None:
    local_aws.fault("GetQueueAttributes", code="InternalError", status=500, message="", times=None)
    code, seen, _ = run({**GOOD, QUEUE: make_queue(local_aws), KEY: make_key(local_aws)})
    assert code == 0
    assert seen[QUEUE][0] == "cannot tell"
    assert seen[QUEUE][1].startswith("cannot read the queue: ")
    assert seen[KEY][0] == "ok"


def test_no_answer_at_all_is_an_error(local_aws: LocalAws, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "crm.json"
    file.write_text(json.dumps({**GOOD, QUEUE: make_queue(local_aws)}))
    local_aws.fault("GetCallerIdentity", code="ExpiredToken", status=403, message="", times=None)
    assert cli.run(["validate", "--live", str(file)]) == 1
    assert "the credentials have expired" in capfd.readouterr().err


@pytest.mark.parametrize("body", [{}, {"KeyMetadata": {"KeyId": "x", "Arn": "y", "KeySpec": "SYMMETRIC_DEFAULT"}}])
def test_an_answer_that_lacks_the_state_of_the_key_says_nothing(local_aws: LocalAws, body: dict[str, Any]) -> None:
    text, kind = json.dumps(body), "application/json"
    local_aws.fault("DescribeKey", service="kms", status=200, body=text, content_type=kind, times=None)
    assert on(KEY, "alias/crm")[:2] == (0, "cannot tell")


def test_what_is_mistaken_is_not_looked_at(local_aws: LocalAws) -> None:
    code, seen, found = run({**GOOD, "matching": {"enabled": True, **exporting_to("No_Bucket!")}, KEY: "alias/gone"})
    assert code == 1
    assert [each["path"] for each in found["failures"]] == [BUCKET]
    assert seen == {KEY: ("failed", "there is no such key")}
    assert run({**GOOD, "region": "nowhere at all", KEY: "alias/gone"})[1] == {}


def exporting_to(bucket: str) -> dict[str, Any]:
    return {"exporting_config": {"s3_exporting": {"s3_bucket_name": bucket}}}


@pytest.mark.parametrize("value", ["arn:aws:kms::123456789012:key/x", "arn:aws:kms:-:123456789012:key/x"])
def test_a_region_that_is_none_is_not_asked(local_aws: LocalAws, value: str) -> None:
    assert on(KEY, value)[1] in ("failed", "cannot tell")
    assert {call.region for call in local_aws.calls("kms")} == {REGION}


def test_values_are_not_shown(local_aws: LocalAws) -> None:
    for setting, value in ((KEY, "alias/hush"), (QUEUE, "https://queue.example/1/hush"), (BUCKET, "hush-hush")):
        assert "hush" not in on(setting, value)[2]


def test_no_region_is_an_error_only_where_something_is_to_be_seen(
    local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    nowhere = {name: value for name, value in GOOD.items() if name != "region"}
    assert run(nowhere)[:2] == (0, {})
    assert local_aws.calls() == []
    given = json.dumps({**nowhere, KEY: make_key(local_aws)})
    result = CliRunner().invoke(validate, ["-", "--live"], input=given)
    assert "--region REGION, or AWS_REGION" in str(result.exception)
    assert run(json.loads(given), "--region", REGION)[1][KEY][0] == "ok"


# -- the command ------------------------------------------------------------------------------------------------------


def everything(local_aws: LocalAws) -> dict[str, Any]:
    exporting = {
        "enabled": True,
        "exporting_config": {"s3_exporting": {"s3_bucket_name": make_bucket(local_aws, PUTTING)}},
    }
    queue = make_queue(local_aws, Policy=policy(SENDING))
    return {**GOOD, KEY: make_key(local_aws), QUEUE: queue, "matching": exporting}


def test_nothing_is_changed_and_only_what_the_policy_allows_is_called(local_aws: LocalAws) -> None:
    document = everything(local_aws)
    local_aws.forget_calls()
    code, seen, _ = run(document)
    assert code == 0
    assert [status for status, _ in seen.values()] == ["ok"] * 3
    called = {f"{call.service}:{call.operation}" for call in local_aws.calls()}
    allowed = {action for each in READS.values() for action in each}
    assert called == allowed | {"sts:GetCallerIdentity"}
    assert not any(operation.partition(":")[2].startswith(tuple(WRITES)) for operation in called)


def test_without_live_aws_is_not_asked(local_aws: LocalAws) -> None:
    result = CliRunner().invoke(validate, ["-"], input=json.dumps({**GOOD, KEY: "alias/gone"}))
    assert (result.exit_code, result.output) == (0, "documents: 1, mistakes: 0, warnings: 0\n")
    assert local_aws.calls() == []


def test_as_text(local_aws: LocalAws) -> None:
    document = {**GOOD, KEY: make_key(local_aws), QUEUE: make_queue(local_aws)}
    result = CliRunner().invoke(validate, ["-", "--live"], input=json.dumps(document))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "<stdin>: default_encryption_key: ok: the key exists, is enabled and symmetric; "
        "its policy leaves it to IAM policies who may use it",
        "<stdin>: dead_letter_queue_url: failed: the queue exists, but has no policy that lets profile.amazonaws.com do sqs:SendMessage",
        "documents: 1, mistakes: 0, warnings: 0, looked at: 2, failed: 1, cannot tell: 0",
    ]


def test_as_text_where_nothing_is_named(local_aws: LocalAws) -> None:
    result = CliRunner().invoke(validate, ["-", "--live"], input=json.dumps(GOOD))
    said = "documents: 1, mistakes: 0, warnings: 0, looked at: 0, failed: 0, cannot tell: 0\n"
    assert (result.exit_code, result.output) == (0, said)


def test_a_role_is_assumed(local_aws: LocalAws) -> None:
    _, seen, _ = run({**GOOD, KEY: "alias/gone"}, "--assume-role", f"arn:aws:iam::{OTHER}:role/look")
    assert seen[KEY] == ("failed", "there is no such key")
    assert {call.account for call in local_aws.calls("kms")} == {OTHER}


def export(inputs: dict[str, Any], arn: str = DOMAIN) -> str:
    [type] = [each for each in resource_types().values() if each.key == "customerprofiles"]
    urn = f"urn:pulumi:dev::shop::{type.type_token}::crm"
    resource = {
        "urn": urn, "type": type.type_token, "id": "crm", "inputs": {"__provider": "gASV", **inputs},
        "outputs": {**inputs, "arn": arn},
    }  # fmt: skip
    return json.dumps({"version": 3, "deployment": {"resources": [resource]}})


def test_the_resources_of_a_stack_are_checked_too(local_aws: LocalAws, tmp_path: Path, host: str) -> None:
    file = tmp_path / "dev.json"
    file.write_text(export({**everything(local_aws), "default_expiration_days": 5000}))
    result = CliRunner().invoke(validate, ["--state", str(file), "--live"])
    assert result.exit_code == 1
    lines = result.output.splitlines()
    name = "defaultExpirationDays" if host == "native" else "default_expiration_days"
    assert lines[0].endswith(f"dev.json: crm: {name}: 5000 is too big; at most 1098 days")
    assert [line.split(": ")[3] for line in lines[1:-1]] == ["ok"] * 3
    assert lines[-1] == "documents: 1, mistakes: 1, warnings: 0, looked at: 3, failed: 0, cannot tell: 0"


def test_a_secret_of_a_stack_cannot_be_told(local_aws: LocalAws, tmp_path: Path) -> None:
    encrypted = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    file = tmp_path / "dev.json"
    file.write_text(export({**GOOD, KEY: encrypted}))
    result = CliRunner().invoke(validate, ["--state", str(file), "--live"])
    assert result.exit_code == 0, result.output
    assert f"{KEY}: cannot tell: its value is not known here" in result.output


def test_a_stack_of_another_account_cannot_be_told(local_aws: LocalAws, tmp_path: Path) -> None:
    file = tmp_path / "dev.json"
    file.write_text(export({**GOOD, KEY: "alias/gone"}, DOMAIN.replace(ACCOUNT, OTHER)))
    result = CliRunner().invoke(validate, ["--state", str(file), "--live"])
    assert result.exit_code == 0
    assert f"it belongs to account {OTHER}, but the credentials are of account {ACCOUNT}" in result.output
    assert local_aws.calls("kms") == []
    result = CliRunner().invoke(
        validate, ["--state", str(file), "--live", "--assume-role", "arn:aws:iam::{account}:role/look"]
    )
    assert result.exit_code == 1
    assert "there is no such key" in result.output


def test_a_file_that_is_no_export(tmp_path: Path) -> None:
    file = tmp_path / "dev.json"
    file.write_text("{}")
    result = CliRunner().invoke(validate, ["--state", str(file)])
    assert result.exit_code == 1
    assert "is not a stack export" in result.output


def test_nothing_to_check_is_a_mistake() -> None:
    result = CliRunner().invoke(validate, [])
    assert result.exit_code == 2
    assert "FILES, --stack NAME or --state FILE" in result.output


# -- the permissions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--read-only",)], ids=["alone", "with --read-only"])
def test_iam_policy_prints_what_it_needs(capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d"
    assert cli.run(["iam-policy", "--validate-live", "--key", arn, *arguments]) == 0
    statements = json.loads(capfd.readouterr().out)["Statement"]
    looking = [each for each in statements if each["Sid"].startswith("LookAt")]
    assert {each["Sid"]: (each["Action"], each["Resource"]) for each in looking} == {
        "LookAtKmsKeys": (["kms:DescribeKey", "kms:GetKeyPolicy"], arn),
        "LookAtS3Buckets": (["s3:GetBucketPolicy"], "*"),
        "LookAtSqsQueues": (["sqs:GetQueueAttributes"], "*"),
    }
    assert bool(arguments) is (looking != statements)


def test_of_one_resource_only_what_its_settings_can_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["iam-policy", "--validate-live", "--resource", "voiceid"]) == 0
    assert [each["Sid"] for each in json.loads(capfd.readouterr().out)["Statement"]] == ["LookAtKmsKeys"]


def test_each_kind_that_a_setting_names_can_be_looked_at_and_says_who_needs_what() -> None:
    def inner(of: Any) -> Iterator[str]:
        yield from filter(None, [of.refers_to])
        for each in (*of.members.values(), *filter(None, [of.items])):
            yield from inner(each)

    for type in resource_types().values():
        assert set(inner(type.schema)) == {each.refers_to for each in type.schema.behind} <= READS.keys()
