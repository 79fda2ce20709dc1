"""A request is checked against the service's model: every kind of constraint, then both services over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ServiceModel
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.local.aws.registration import get_service_model
from pulumi_connect_domains.local.aws.validation import violations

SHAPES = {
    "Name": {"type": "string", "min": 2, "max": 4},
    "Word": {"type": "string", "pattern": "^[a-z]+$"},
    "Prefix": {"type": "string", "pattern": "^arn:"},
    "Letters": {"type": "string", "pattern": r"^([\p{L}]*)$"},
    "Color": {"type": "string", "enum": ["RED", "BLUE"]},
    "Count": {"type": "integer", "min": 1, "max": 9},
    "Score": {"type": "double", "min": 0, "max": 1},
    "Flag": {"type": "boolean"},
    "Total": {"type": "long"},
    "Moment": {"type": "timestamp"},
    "Names": {"type": "list", "member": {"shape": "Name"}, "min": 1, "max": 2},
    "Labels": {"type": "map", "key": {"shape": "Word"}, "value": {"shape": "Name"}, "min": 1, "max": 2},
    "Pair": {
        "type": "structure",
        "required": ["Left"],
        "members": {"Left": {"shape": "Name"}, "Right": {"shape": "Count"}},
    },
    "Nest": {"type": "structure", "members": {"Pair": {"shape": "Pair"}, "Pairs": {"shape": "Pairs"}}},
    "Pairs": {"type": "list", "member": {"shape": "Pair"}},
}
MODEL = ServiceModel({"metadata": {}, "operations": {}, "shapes": SHAPES}, "made-up")

VALID = [
    ("a string of the least length", "Name", "ab"),
    ("a string of the greatest length", "Name", "abcd"),
    ("a length is counted in characters, not bytes", "Name", "åßçð"),
    ("a string that the whole pattern matches", "Word", "abc"),
    ("a pattern without an end is a prefix", "Prefix", "arn:anything"),
    ("letters of any script where the pattern has \\p{L}", "Letters", "Zürich東京"),
    ("a value of the enum", "Color", "RED"),
    ("the least number", "Count", 1),
    ("the greatest number", "Count", 9),
    ("an integer where a double is expected", "Score", 1),
    ("zero at the minimum", "Score", 0.0),
    ("a boolean", "Flag", False),
    ("a number beyond 32 bits", "Total", 2**40),
    ("a timestamp in seconds", "Moment", 1.5),
    ("a list of the greatest size", "Names", ["ab", "cd"]),
    ("a map", "Labels", {"a": "ab"}),
    ("a structure without its optional member", "Pair", {"Left": "ab"}),
    ("a null member is an absent one", "Pair", {"Left": "ab", "Right": None}),
]

INVALID = [
    ("a short string", "Name", "a", ["p: length 1 is below the minimum, 2"]),
    ("a long string", "Name", "abcde", ["p: length 5 is above the maximum, 4"]),
    ("a string that the pattern does not match", "Word", "Abc", ["p: does not match ^[a-z]+$"]),
    ("a last newline, which Python's $ would let pass", "Word", "abc\n", ["p: does not match ^[a-z]+$"]),
    ("a sign where only letters are allowed", "Letters", "a!", [r"p: does not match ^([\p{L}]*)$"]),
    ("a value outside the enum, in another case", "Color", "red", ["p: is not one of RED, BLUE"]),
    ("a small number", "Count", 0, ["p: value 0 is below the minimum, 1"]),
    ("a large number", "Count", 10, ["p: value 10 is above the maximum, 9"]),
    ("a fraction above a double's range", "Score", 1.5, ["p: value 1.5 is above the maximum, 1"]),
    ("a float where an integer is expected", "Count", 3.0, ["p: an integer is expected, not a number"]),
    ("a boolean where an integer is expected", "Count", True, ["p: an integer is expected, not a boolean"]),
    ("a number where a boolean is expected", "Flag", 1, ["p: a boolean is expected, not an integer"]),
    ("a number where a string is expected", "Name", 12, ["p: a string is expected, not an integer"]),
    ("an empty list below its minimum", "Names", [], ["p: size 0 is below the minimum, 1"]),
    ("a list that is too long", "Names", ["ab"] * 3, ["p: size 3 is above the maximum, 2"]),
    ("a bad element, with its place", "Names", ["ab", "a"], ["p[1]: length 1 is below the minimum, 2"]),
    ("a null element", "Names", [None], ["p[0]: a string is expected, not a null"]),
    ("an empty map below its minimum", "Labels", {}, ["p: size 0 is below the minimum, 1"]),
    ("a large map", "Labels", {"a": "ab", "b": "ab", "c": "ab"}, ["p: size 3 is above the maximum, 2"]),
    ("a bad key", "Labels", {"A": "ab"}, ["p: key: does not match ^[a-z]+$"]),
    ("a bad value, with its key", "Labels", {"a": "a"}, ["p['a']: length 1 is below the minimum, 2"]),
    ("a list where a map is expected", "Labels", [], ["p: a map is expected, not a list"]),
    ("a required member left out", "Pair", {"Right": 1}, ["p.Left: is required"]),
    ("a required member that is null", "Pair", {"Left": None}, ["p.Left: is required"]),
    ("an unknown member", "Pair", {"Left": "ab", "Up": 1}, ["p.Up: is not a member of Pair"]),
    ("a string where a structure is expected", "Pair", "x", ["p: a structure is expected, not a string"]),
    (
        "everything that is wrong, however deep",
        "Nest",
        {"Pair": {"Right": 0}, "Pairs": [{"Left": "ab"}, {"Left": "a"}]},
        [
            "p.Pair.Left: is required",
            "p.Pair.Right: value 0 is below the minimum, 1",
            "p.Pairs[1].Left: length 1 is below the minimum, 2",
        ],
    ),
]


@pytest.mark.parametrize(("shape", "value"), [row[1:] for row in VALID], ids=[row[0] for row in VALID])
def test_valid(shape: str, value: object) -> None:
    assert violations(MODEL.shape_for(shape), value, "p") == []


@pytest.mark.parametrize(("shape", "value", "broken"), [row[1:] for row in INVALID], ids=[row[0] for row in INVALID])
def test_invalid(shape: str, value: object, broken: list[str]) -> None:
    assert violations(MODEL.shape_for(shape), value, "p") == broken


def test_free_text_is_never_repeated() -> None:
    assert "secret!" not in str(violations(MODEL.shape_for("Word"), "secret!", "p"))


TAG_KEYS = [
    ("digits are in the accidental range + to =", "0", True),
    ("so are , - . / : ; < =", ",-./:;<=", True),
    ("letters, _ and +", "aZ_+", True),
    ("AWS in capitals is not the reserved prefix", "AWS:x", True),
    ("aws: is reserved", "aws:x", False),
    ("no blank", "a b", False),
    ("no @", "a@b", False),
    ("no >", "a>b", False),
    ("no letters outside ASCII", "é", False),
]


@pytest.mark.parametrize(("key", "is_valid"), [row[1:] for row in TAG_KEYS], ids=[row[0] for row in TAG_KEYS])
def test_customer_profiles_tag_keys_mean_what_aws_means(key: str, is_valid: bool) -> None:
    shape = get_service_model("customer-profiles").shape_for("TagKey")
    assert (violations(shape, key, "p") == []) == is_valid


def test_every_pattern_ends_where_the_rewriting_of_its_end_sees_it() -> None:
    """A `$` elsewhere would keep Python's meaning; no pattern of the two services' requests has one."""
    for name in ("customer-profiles", "voice-id"):
        for shape in get_service_model(name).shape_names:
            pattern = get_service_model(name).shape_for(shape).metadata.get("pattern", "")
            assert "$" not in pattern.removesuffix("$").replace(r"\$", ""), (name, shape)


ARN = "arn:aws:profile:us-east-1:123456789012:domains/d"
SELECTOR = {"AttributeMatchingModel": "ONE_TO_ONE"}


def create(**members: Any) -> dict[str, Any]:
    return {"DomainName": "d", "DefaultExpirationDays": 30, **members}


def matching(**members: Any) -> dict[str, Any]:
    return {"DomainName": "d", "Matching": {"Enabled": True, **members}}


def schedule(**members: Any) -> dict[str, Any]:
    return matching(JobSchedule={"DayOfTheWeek": "MONDAY", "Time": "9:05", **members})


def rules(**members: Any) -> dict[str, Any]:
    return {"DomainName": "d", "RuleBasedMatching": {"Enabled": True, **members}}


def voice(**members: Any) -> dict[str, Any]:
    return {"Name": "d", "ServerSideEncryptionConfiguration": {"KmsKeyId": "k"}, **members}


CUSTOMER_PROFILES: list[tuple[str, str, dict[str, Any], str]] = [
    ("a 65th character in the name", "create_domain", create(DomainName="d" * 65), "DomainName"),
    ("a name with a blank", "create_domain", create(DomainName="bad name!"), "DomainName"),
    ("a slash in the name, percent-encoded", "get_domain", {"DomainName": "a/b"}, "DomainName"),
    ("1099 days", "create_domain", create(DefaultExpirationDays=1099), "DefaultExpirationDays"),
    ("0 days", "create_domain", create(DefaultExpirationDays=0), "DefaultExpirationDays"),
    ("30.0 days", "create_domain", create(DefaultExpirationDays=30.0), "DefaultExpirationDays"),
    ("no days", "create_domain", {"DomainName": "d"}, "DefaultExpirationDays"),
    ("a key of 256 characters", "create_domain", create(DefaultEncryptionKey="k" * 256), "DefaultEncryptionKey"),
    ("a queue of 256 characters", "create_domain", create(DeadLetterQueueUrl="q" * 256), "DeadLetterQueueUrl"),
    ("no tags", "create_domain", create(Tags={}), "Tags"),
    ("51 tags", "create_domain", create(Tags={f"k{number}": "" for number in range(51)}), "Tags"),
    ("a reserved tag key", "create_domain", create(Tags={"aws:x": ""}), "Tags: key"),
    ("a long tag value", "create_domain", create(Tags={"k": "v" * 257}), "Tags['k']"),
    ("matching without Enabled", "create_domain", create(Matching={}), "Matching.Enabled"),
    ("FUNDAY", "update_domain", schedule(DayOfTheWeek="FUNDAY"), "Matching.JobSchedule.DayOfTheWeek"),
    ("99:99", "update_domain", schedule(Time="99:99"), "Matching.JobSchedule.Time"),
    ("half a schedule", "update_domain", matching(JobSchedule={"Time": "9:05"}), "Matching.JobSchedule.DayOfTheWeek"),
    (
        "a score of 1.5",
        "update_domain",
        matching(AutoMerging={"Enabled": True, "MinAllowedConfidenceScoreForMerging": 1.5}),
        "Matching.AutoMerging.MinAllowedConfidenceScoreForMerging",
    ),
    (
        "a bucket in capitals",
        "update_domain",
        matching(ExportingConfig={"S3Exporting": {"S3BucketName": "UPPER"}}),
        "Matching.ExportingConfig.S3Exporting.S3BucketName",
    ),
    (
        "an empty source name",
        "update_domain",
        rules(ConflictResolution={"ConflictResolvingModel": "SOURCE", "SourceName": ""}),
        "RuleBasedMatching.ConflictResolution.SourceName",
    ),
    (
        "a 16th level",
        "update_domain",
        rules(MaxAllowedRuleLevelForMatching=16),
        "RuleBasedMatching.MaxAllowedRuleLevelForMatching",
    ),
    ("no rules", "update_domain", rules(MatchingRules=[]), "RuleBasedMatching.MatchingRules"),
    (
        "a 4th e-mail type",
        "update_domain",
        rules(AttributeTypesSelector={**SELECTOR, "EmailAddress": ["e"] * 4}),
        "RuleBasedMatching.AttributeTypesSelector.EmailAddress",
    ),
    ("a page of 101", "list_domains", {"MaxResults": 101}, "MaxResults"),
    ("a page of abc", "list_domains", {"MaxResults": "abc"}, "MaxResults"),
    ("an ARN of another service", "list_tags_for_resource", {"resourceArn": "arn:aws:s3:::b"}, "resourceArn"),
    ("no tags to add", "tag_resource", {"resourceArn": ARN, "tags": {}}, "tags"),
    ("no tags to remove", "untag_resource", {"resourceArn": ARN, "tagKeys": []}, "tagKeys"),
]
VOICE_ID: list[tuple[str, str, dict[str, Any], str]] = [
    ("a name that begins with -", "create_domain", voice(Name="-bad"), "Name"),
    ("an empty description", "create_domain", voice(Description=""), "Description"),
    ("a description of 1025", "create_domain", voice(Description="x" * 1025), "Description"),
    ("a ! in the description", "create_domain", voice(Description="ja!"), "Description"),
    ("no key", "create_domain", {"Name": "d"}, "ServerSideEncryptionConfiguration"),
    ("an empty tag key", "create_domain", voice(Tags=[{"Key": "", "Value": ""}]), "Tags[0].Key"),
    ("201 tags", "create_domain", voice(Tags=[{"Key": "k", "Value": ""}] * 201), "Tags"),
    ("a short id", "describe_domain", {"DomainId": "abc"}, "DomainId"),
    ("a page of 11", "list_domains", {"MaxResults": 11}, "MaxResults"),
]


@pytest.mark.parametrize(
    ("operation", "parameters", "path"),
    [row[1:] for row in CUSTOMER_PROFILES],
    ids=[row[0] for row in CUSTOMER_PROFILES],
)
def test_customer_profiles_refuses(
    unchecked: Any, refused: Any, operation: str, parameters: dict[str, Any], path: str
) -> None:
    error = refused(getattr(unchecked("customer-profiles"), operation), **parameters)
    assert (error["code"], error["status"]) == ("BadRequestException", 400)
    assert error["message"].startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("operation", "parameters", "path"), [row[1:] for row in VOICE_ID], ids=[row[0] for row in VOICE_ID]
)
def test_voice_id_refuses(unchecked: Any, refused: Any, operation: str, parameters: dict[str, Any], path: str) -> None:
    error = refused(getattr(unchecked("voice-id"), operation), **parameters)
    assert (error["code"], error["status"]) == ("ValidationException", 400)
    assert error["message"].startswith(f"{path}: ")


BODIES = [
    ("a status, which is AWS's", b'{"RuleBasedMatching": {"Enabled": true, "Status": ""}}', "Status: is not a member"),
    ("an unknown member", b'{"Nmae": 1}', "Nmae: is not a member of UpdateDomainRequest"),
    ("a body that is not JSON", b"{", "the body is not JSON"),
    ("a body that is not an object", b"[]", "the body is not a JSON object"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "message"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_what_no_sdk_sends_is_refused_too(aws: LocalAws, signed: Any, body: bytes, message: str) -> None:
    aws.seed("customer-profiles", "d")
    status, headers, answer = signed("PUT", "/domains/d", body)
    assert (status, headers["x-amzn-errortype"]) == (400, "BadRequestException")
    assert message in answer["Message"]
