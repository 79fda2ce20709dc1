"""package-schema.json is one of Pulumi's package schemas, and says of resources and settings what schema.json and the settings say."""

from __future__ import annotations

import ast
import copy
import json
import re
import subprocess
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from generate import package_schema, words
from jsonschema import Draft202012Validator
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import places_of
from pulumi_connect_domains.model.wording import camel_case
from pulumi_connect_domains.operations.vocabulary import SETTINGS
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.testing.engine import find_cli

FORMAT = json.loads(Path(__file__).with_name("package-schema.schema.json").read_text(encoding="utf-8"))
FILE = resources.files("pulumi_connect_domains") / "package-schema.json"
PACKAGE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
TYPES = resource_types()

each_type = pytest.mark.parametrize("type", TYPES.values(), ids=TYPES)


def mistakes(package: dict[str, Any]) -> list[str]:
    return [error.json_path for error in Draft202012Validator(FORMAT).iter_errors(package)]


def references(node: object) -> Iterator[str]:
    """Every `$ref` within the node."""
    if isinstance(node, dict):
        for key, item in node.items():
            yield from [item] if key == "$ref" else references(item)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def texts(node: object) -> Iterator[str]:
    """Every description within the node."""
    if isinstance(node, dict):
        for key, item in node.items():
            yield from [item] if key == "description" and isinstance(item, str) else texts(item)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)


def resource(type: ResourceType) -> dict[str, Any]:
    found: dict[str, Any] = PACKAGE["resources"][f"connect-domains:{type.module}:{type.name}"]
    return found


# -- the format -------------------------------------------------------------------------------------------------------


def test_it_has_the_form_of_a_package_schema() -> None:
    Draft202012Validator.check_schema(FORMAT)
    assert mistakes(PACKAGE) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), "1.0"),
        (("types", "JobSchedule"), {"type": "object"}),
        (
            ("resources", "connect-domains:voiceid:Domain", "properties", "kms_key"),
            {"type": "string", "description": "Text."},
        ),
        (("resources", "connect-domains:voiceid:Domain", "properties", "arn"), {"description": "Text."}),
        (
            ("resources", "connect-domains:voiceid:Domain", "properties", "arn"),
            {"type": "text", "description": "Text."},
        ),
        (("config", "variables", "region"), {"type": "string"}),
        (("language", "java"), {}),
        (("language", "csharp"), {"rootNamespace": "Pulumi", "respectSchemaVersion": True}),
    ],
    ids=[
        "a version",
        "a type without a token",
        "snake_case",
        "no type",
        "an unknown type",
        "no words",
        "Java without a package",
        "C# without namespaces",
    ],
)
def test_a_package_schema_of_another_form_is_found(place: tuple[str, ...], value: object) -> None:
    package = copy.deepcopy(PACKAGE)
    node = package
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    assert mistakes(package) != []


def test_every_reference_leads_to_a_type_and_every_type_is_referred_to() -> None:
    assert {each.removeprefix("#/types/") for each in references(PACKAGE)} == PACKAGE["types"].keys()


def test_each_language_has_a_name_of_its_own_for_each_module() -> None:
    """Without them SDKs would have Pulumi's own names: the package `com.pulumi`, the namespace `Pulumi`."""
    language = PACKAGE["language"]
    modules = {type.module for type in TYPES.values()}
    assert language["csharp"]["namespaces"].keys() == {PACKAGE["name"], *modules}
    assert len({*language["csharp"]["namespaces"].values()}) == len(modules) + 1
    assert not language["csharp"]["rootNamespace"].startswith("Pulumi.")
    assert not language["java"]["basePackage"].startswith("com.pulumi")
    assert language["python"]["packageName"] != "pulumi_connect_domains"  # our own
    assert not language["nodejs"]["packageName"].startswith("@pulumi/")


@pytest.fixture
def cli() -> str:
    """The path of the real Pulumi CLI."""
    found = find_cli()
    if isinstance(found, str):
        pytest.skip(f"{found}; only the description of the format in this repository has been held against the file")
    return str(found.path)


def test_pulumi_itself_finds_nothing_wrong_with_it(cli: str) -> None:
    said = subprocess.run([cli, "schema", "check", str(FILE)], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "warning" not in (said.stdout + said.stderr).lower()


@each_type
def test_pulumi_makes_a_python_class_of_each_resource(cli: str, type: ResourceType, tmp_path: Path) -> None:
    command = [cli, "package", "gen-sdk", str(FILE), "--language", "python", "--out", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    made = (
        tmp_path
        / "python"
        / package_schema.LANGUAGES["python"]["packageName"]
        / type.module
        / f"{type.name.lower()}.py"
    )
    classes = [node for node in ast.parse(made.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
    methods = {node.name: node for each in classes for node in each.body if isinstance(node, ast.FunctionDef)}
    arguments = {each.arg for each in methods["_internal_init"].args.args}
    assert arguments >= words.arguments(type.schema).keys()
    assert methods.keys() >= type.schema.members.keys()


# -- what it says -----------------------------------------------------------------------------------------------------


@each_type
def test_a_resource_has_the_arguments_and_outputs_of_its_class(type: ResourceType) -> None:
    schema, said = type.schema, resource(type)
    assert said["inputProperties"].keys() == {camel_case(name) for name in words.arguments(schema)}
    assert said["properties"].keys() == {camel_case(name) for name in schema.members}
    assert said["requiredInputs"] == [camel_case(name) for name in schema.required]
    assert set(said["requiredInputs"]) <= set(said["required"]) <= said["properties"].keys()
    assert said["aliases"] == [{"type": type.type_token}]


@each_type
def test_what_replaces_is_marked(type: ResourceType) -> None:
    schema, said = type.schema, resource(type)
    expected = {camel_case(name) for name, of in schema.members.items() if of.create_only}
    for group in ("inputProperties", "properties"):
        assert {name for name, each in said[group].items() if each.get("replaceOnChanges")} == expected


@each_type
def test_every_enum_has_its_words_and_takes_others_too(type: ResourceType) -> None:
    enums = {tuple(of.enum) for _, of in places_of(type.schema) if of.enum}
    types = [each for token, each in PACKAGE["types"].items() if token.split(":")[1] == type.module and "enum" in each]
    assert {tuple(word["value"] for word in each["enum"]) for each in types} == enums


def test_every_setting_is_config_and_an_argument_of_the_provider() -> None:
    expected = {camel_case(name) for name in SETTINGS if name not in package_schema.OLDER} | {"silence"}
    assert PACKAGE["config"]["variables"].keys() == PACKAGE["provider"]["inputProperties"].keys() == expected
    secret = {name for name, each in PACKAGE["config"]["variables"].items() if each.get("secret")}
    assert secret == {"accessKey", "secretKey", "token"}


def test_texts_name_properties_as_the_programs_of_other_languages_do() -> None:
    names = {str(place[-1]) for type in TYPES.values() for place, _ in places_of(type.schema)}
    snakes = {name for text in texts(PACKAGE) for name in re.findall(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b", text)}
    assert snakes & names == set()
    assert "Example" not in " ".join(texts(PACKAGE))
    assert not [text for text in texts(PACKAGE) if "True" in text or "False" in text]
