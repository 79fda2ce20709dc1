"""schema.json and the installed botocore say the same of every member, in both directions.

The day an upgrade of boto3 brings something new, the first test fails and names it: `python tools/refresh_schemas.py` takes it in.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pulumi_connect_domains.model.schema import schema_of
from refresh_schemas import differences
from service_model import RESOURCES, modelled, regions

STANDARD = {*Draft202012Validator.VALIDATORS, "$schema", "title", "description", "format", "default", "readOnly"}
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "validation.md"
REMOVALS = ({"send"}, {"omit"}, {"untag"}, {"keep"})

resources = pytest.mark.parametrize("resource", RESOURCES)


def nodes(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every node of the schema below its root, and its path."""
    for name, member in schema.get("properties", {}).items():
        place = f"{path}.{name}".lstrip(".")
        yield place, member
        yield from nodes(member, place)
    if isinstance(schema.get("items"), dict):
        yield f"{path}[]", schema["items"]
        yield from nodes(schema["items"], f"{path}[]")


@resources
def test_schema_and_model_agree(resource: str) -> None:
    assert differences(schema_of(resource), modelled(RESOURCES[resource])) == []


@resources
def test_the_regions_are_those_of_the_endpoint_data(resource: str) -> None:
    assert schema_of(resource)["regions"] == regions(RESOURCES[resource].service)


@resources
def test_every_member_of_the_three_operations_is_there_or_left_out_with_a_reason(resource: str) -> None:
    schema, model = schema_of(resource), modelled(RESOURCES[resource])
    left_out = schema.get("leftOut", {})
    assert model["properties"].keys() == (schema["properties"].keys() & model["properties"].keys()) | left_out.keys()
    assert all(len(reason.split()) > 3 for reason in left_out.values())


@resources
def test_it_is_a_json_schema_whose_own_keywords_are_documented(resource: str) -> None:
    schema = schema_of(resource)
    documented = set(re.findall(r"^\| `(\w+)` \|", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE))
    # ECMA's \p{L}, which JSON Schema means by a pattern, is no regular expression to the format checker's `re`.
    Draft202012Validator.check_schema(schema, format_checker=FormatChecker(()))
    for path, node in [("", schema), *nodes(schema)]:
        assert node.keys() - STANDARD <= documented, path


@resources
def test_every_property_is_described(resource: str) -> None:
    for path, node in nodes(schema_of(resource)):
        assert node["description"].endswith("."), path


@resources
def test_every_optional_input_that_aws_sees_says_what_its_removal_does(resource: str) -> None:
    schema = schema_of(resource)
    for name, member in schema["properties"].items():
        settled = name in schema["required"] or {"readOnly", "providerOnly", "autoName"} & member.keys()
        assert ("removal" in member) == (not settled), name
        if "removal" in member:
            assert set(member["removal"]) in REMOVALS, name


@resources
def test_what_is_sent_on_removal_is_valid_itself(resource: str) -> None:
    for member in schema_of(resource)["properties"].values():
        if "send" in member.get("removal", {}):
            Draft202012Validator(member).validate(member["removal"]["send"])


@resources
def test_outputs_come_from_somewhere(resource: str) -> None:
    """A computed property is a member of the answer, or says where in the answer it stands, or that the provider makes it."""
    schema, model = schema_of(resource), modelled(RESOURCES[resource])["properties"]
    paths = {path for path, node in nodes(schema) if node.get("readOnly")}
    for name, member in schema["properties"].items():
        if member.get("readOnly"):
            assert name in model or member["source"] is None or member["source"] in paths, name


@resources
def test_what_is_stable_is_computed_and_tells_one_domain_from_another(resource: str) -> None:
    """A preview takes a stable output from state: an update that changed it would make the preview untrue."""
    stable = {path for path, node in nodes(schema_of(resource)) if node.get("stable")}
    assert (
        stable == {"customerprofiles": {"arn", "created_at"}, "voiceid": {"domain_id", "arn", "created_at"}}[resource]
    )
    assert all(schema_of(resource)["properties"][name]["readOnly"] for name in stable)


@resources
def test_rules_speak_of_places_that_there_are(resource: str) -> None:
    schema = schema_of(resource)
    known = {path for path, _ in nodes(schema)} | {""}
    for rule in schema["rules"]:
        for place in rule["on"]:
            assert place in known, rule["id"]
            for path in (*rule["when"], rule.get("at", "")):
                assert f"{place}.{path}".strip(".") in known, rule["id"]


# -- what the first test would say -------------------------------------------------------------------------------------

PARTINGS = {
    "a limit moved": (("default_expiration_days", "maximum"), 2000, "default_expiration_days: maximum is 1098 here"),
    "a word of an enum added": (
        ("rule_based_matching", "properties", "status", "enum"),
        ["ACTIVE"],
        "rule_based_matching.status: enum is",
    ),
    "a member added": (
        ("matching", "properties", "shade"),
        {"type": "string"},
        "matching.shade: in the model, not here",
    ),
    "a top-level member added": (("shade",), {"type": "boolean"}, "shade: in the model, not here"),
    "a member gone": (("data_store",), None, "data_store: here, not in the model"),
    "a limit gone": (("domain_name", "maxLength"), None, "domain_name: maxLength is 64 here, null in the model"),
    "a tag's key changed": (("tags", "propertyNames", "maxLength"), 127, "tags (propertyNames): maxLength is 128 here"),
    "a member becomes required": (("matching", "required"), ["enabled", "job_schedule"], "matching: required is"),
}


@pytest.mark.parametrize(("keys", "value", "said"), PARTINGS.values(), ids=PARTINGS.keys())
def test_a_model_that_parts_from_the_schema_is_told_by_name(keys: tuple[str, ...], value: object, said: str) -> None:
    model = copy.deepcopy(modelled(RESOURCES["customerprofiles"]))
    place: Any = model["properties"]
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    if value is None:
        del place[keys[-1]]
    assert any(line.startswith(said) for line in differences(schema_of("customerprofiles"), model))


def test_a_member_left_out_that_the_model_no_longer_has_is_told() -> None:
    model = copy.deepcopy(modelled(RESOURCES["voiceid"]))
    del model["properties"]["client_token"]
    assert differences(schema_of("voiceid"), model) == ["client_token: left out, yet no member of the model"]
