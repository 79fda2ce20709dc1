"""schema.json and the installed botocore say the same of every member, in both directions.

The day an upgrade of boto3 brings something new, the first test fails and names it: `python tools/refresh_schemas.py` takes it in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pulumi_connect_domains.model.loading import document_of
from pulumi_connect_domains.model.resource_type import ResourceType
from refresh_schemas import differences
from service_model import modelled, regions

from .resources import TYPES, needs

STANDARD = {*Draft202012Validator.VALIDATORS, "$schema", "title", "description", "format", "default", "readOnly"}
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "contributing" / "schema-keywords.md"
REMOVALS = ({"send"}, {"omit"}, {"untag"}, {"keep"})

each_type = pytest.mark.parametrize("type", TYPES.values(), ids=TYPES)


def nodes(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every node of the schema below its root, and its path."""
    for name, member in schema.get("properties", {}).items():
        place = f"{path}.{name}".lstrip(".")
        yield place, member
        yield from nodes(member, place)
    if isinstance(schema.get("items"), dict):
        yield f"{path}[*]", schema["items"]
        yield from nodes(schema["items"], f"{path}[*]")


@each_type
def test_schema_and_model_agree(type: ResourceType) -> None:
    assert differences(document_of(type.package), modelled(type)) == []


@each_type
def test_the_regions_are_those_of_the_endpoint_data(type: ResourceType) -> None:
    needs(type.schema.regions, "it names no Regions")
    assert document_of(type.package)["regions"] == regions(type.service)


@each_type
def test_every_member_of_its_operations_is_there_or_left_out_with_a_reason(type: ResourceType) -> None:
    schema, model = document_of(type.package), modelled(type)
    left_out = schema.get("leftOut", {})
    assert model["properties"].keys() == (schema["properties"].keys() & model["properties"].keys()) | left_out.keys()
    assert all(len(reason.split()) > 3 for reason in left_out.values())


@each_type
def test_it_is_a_json_schema_whose_own_keywords_are_documented(type: ResourceType) -> None:
    schema = document_of(type.package)
    documented = set(re.findall(r"^\| `(\w+)` \|", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE))
    # ECMA's \p{L}, which JSON Schema means by a pattern, is no regular expression to the format checker's `re`.
    Draft202012Validator.check_schema(schema, format_checker=FormatChecker(()))
    for path, node in [("", schema), *nodes(schema)]:
        assert node.keys() - STANDARD <= documented, path


@each_type
def test_every_property_is_described(type: ResourceType) -> None:
    for path, node in nodes(document_of(type.package)):
        assert node["description"].endswith("."), path


@each_type
def test_every_optional_input_that_aws_sees_says_what_its_removal_does(type: ResourceType) -> None:
    schema = document_of(type.package)
    for name, member in schema["properties"].items():
        settled = name in schema["required"] or {"readOnly", "providerOnly", "autoName"} & member.keys()
        assert ("removal" in member) == (not settled), name
        if "removal" in member:
            assert set(member["removal"]) in REMOVALS, name


@each_type
def test_what_is_sent_on_removal_is_valid_itself(type: ResourceType) -> None:
    for member in document_of(type.package)["properties"].values():
        if "send" in member.get("removal", {}):
            Draft202012Validator(member).validate(member["removal"]["send"])


@each_type
def test_outputs_come_from_somewhere(type: ResourceType) -> None:
    """A computed property is a member of the answer, or says where in the answer it stands, or that the provider makes it."""
    schema, model = document_of(type.package), modelled(type)["properties"]
    paths = {path for path, node in nodes(schema) if node.get("readOnly")}
    for name, member in schema["properties"].items():
        if member.get("readOnly"):
            assert name in model or member["source"] is None or member["source"] in paths, name


@each_type
def test_what_is_stable_is_computed_and_tells_one_resource_from_another(type: ResourceType) -> None:
    """A preview takes a stable output from state: an update that changed it would make the preview untrue."""
    schema = type.schema
    stable = {name for name, of in schema.members.items() if of.stable}
    assert stable.issuperset(schema.identified_by)
    assert schema.versioned_by not in stable
    assert all(schema.members[name].read_only for name in stable)


@each_type
def test_the_id_and_the_times_are_properties_that_there_are(type: ResourceType) -> None:
    schema = type.schema
    times = [name for name in (schema.created_output, schema.versioned_by) if name]
    assert all(schema.outputs[name].is_time for name in times)
    assert schema.id_property == "" or schema.members[schema.id_property].kind == "string"


@each_type
def test_every_type_has_a_region_that_a_change_of_replaces(type: ResourceType) -> None:
    """The operations put the Region that counts among the inputs of every resource."""
    region = type.schema.inputs["region"]
    assert (region.create_only, region.provider_only, "region" in type.schema.required) == (True, True, False)


@each_type
def test_every_rule_tells_in_a_sentence_when_it_warns(type: ResourceType) -> None:
    said: dict[str, set[str]] = {}
    for rule in type.schema.rules:
        said.setdefault(rule.id, set()).add(rule.says)
    assert all(len(texts) == 1 and re.fullmatch(r"[A-Z`b].{20,}\.", *texts) for texts in said.values()), said


@each_type
def test_rules_speak_of_places_that_there_are(type: ResourceType) -> None:
    schema = document_of(type.package)
    known = {path for path, _ in nodes(schema)} | {""}
    for rule in schema.get("rules", ()):
        for place in rule["on"]:
            assert place in known, rule["id"]
            for path in (*rule["when"], rule.get("at", "")):
                assert f"{place}.{path}".strip(".") in known, rule["id"]
