"""The modules that are written for a resource work for any contract: those of the bare resources, which have no words for people, too."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pulumi
import pytest
from generate import classes, python, shapes, types
from pulumi.runtime import mocks
from pulumi_connect_domains.model.loading import schema_from
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.registry import resource_types

BARE = [ResourceType("bare.cases.domain"), ResourceType("bare.cases.template")]
TEXT = {"description": "A text.", "type": "string"}


def structure(**members: dict[str, Any]) -> dict[str, Any]:
    return {"description": "A part.", "type": "object", "properties": members}


# -- structures -------------------------------------------------------------------------------------------------------


def test_structures_come_after_those_that_they_hold_and_are_named_after_their_property() -> None:
    rules = {"description": "Rules.", "type": "array", "items": structure(rule=TEXT)}
    schema = schema_from(
        {"type": "object", "properties": {"matching": structure(job_schedule=structure(time=TEXT), policies=rules)}}
    )
    assert [each.name for each in shapes.input_structures(schema)] == ["JobSchedule", "Policy", "Matching"]


def test_the_same_structure_at_two_places_is_one_type() -> None:
    both = {"one": structure(target=structure(time=TEXT)), "other": structure(target=structure(time=TEXT))}
    names = [each.name for each in shapes.input_structures(schema_from({"type": "object", "properties": both}))]
    assert names == ["Target", "One", "Other"]


@pytest.mark.parametrize(
    "other",
    [
        structure(time={**TEXT, "description": "Another text."}),
        structure(time={**TEXT, "maxLength": 3}),
        structure(time={**TEXT, "type": "integer"}),
        structure(time=TEXT, more=TEXT),
        {**structure(time=TEXT), "required": ["time"]},
    ],
    ids=["words", "limits", "kinds", "members", "what is required"],
)
def test_two_structures_of_one_name_that_differ_are_an_error(other: dict[str, Any]) -> None:
    both = {"one": structure(target=structure(time=TEXT)), "other": structure(target=other)}
    with pytest.raises(ValueError, match=r"one\.target and other\.target differ, so they cannot both be a Target"):
        shapes.input_structures(schema_from({"type": "object", "properties": both}))


def test_what_aws_computes_within_an_input_is_in_neither_type() -> None:
    both = {
        "rules": structure(enabled=TEXT, status={**TEXT, "readOnly": True}),
        "rules_status": {**TEXT, "readOnly": True, "source": "rules.status"},
    }
    schema = schema_from({"type": "object", "properties": both})
    assert [list(each.members) for each in shapes.input_structures(schema)] == [["enabled"]]
    assert [list(each.members) for each in shapes.output_structures(schema)] == [["enabled"]]


# -- modules ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package of the bare resources, with every module written anew; api.py and what lies beside it are those of the tests."""
    source = Path(importlib.import_module("bare.cases").__file__ or "").parent
    package = tmp_path / "generated" / "cases"
    for type in BARE:
        folder = package / type.package.rpartition(".")[2]
        folder.mkdir(parents=True)
        (folder / "schema.json").write_text(
            (source / folder.name / "schema.json").read_text(encoding="utf-8"), encoding="utf-8"
        )
        (folder / "__init__.py").touch()
    own = [ResourceType(type.package.replace("bare.", "generated.")) for type in BARE]
    (package.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for type in own:
        folder = tmp_path.joinpath(*type.package.split("."))
        for name, text in {**types.modules(type.schema), "resource.py": classes.resource(type)}.items():
            (folder / name).write_text(text, encoding="utf-8")
    (package / "__init__.py").write_text(classes.package(own), encoding="utf-8")
    yield importlib.import_module("generated.cases")
    for name in [name for name in sys.modules if name.partition(".")[0] == "generated"]:
        del sys.modules[name]


def test_two_resources_of_one_package_can_be_declared_and_checked(generated: ModuleType) -> None:
    assert set(generated.__all__) == {
        *("Domain", "DomainProvider", "Template", "TemplateProvider"),
        *("RequiredField", "validate", "template_outputs", "template_validate"),
    }
    assert generated.RequiredField.__module__ == "generated.cases.template.inputs"
    assert generated.template_outputs.RequiredField.__module__ == "generated.cases.template.outputs"
    assert [failure.path for failure in generated.template_validate({"status": "Gone"})] == [
        "domain_id",
        "name",
        "status",
    ]
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = generated.Nothing


def test_a_generated_class_registers_its_arguments(generated: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[tuple[str, dict[str, Any]]] = []

    class Recording(mocks.Mocks):
        def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
            return {}

        def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> Any:
            registered.append((args.typ, {key: value for key, value in args.inputs.items() if key != "__provider"}))
            return args.name, args.inputs

    mocks.set_mocks(Recording(), preview=False)

    @pulumi.runtime.test
    def program() -> None:
        generated.Template("complaints", domain_id="d", name="Complaints", required_fields=[{"field_id": "title"}])

    program()
    assert registered == [
        (
            "pulumi-python:dynamic/cases:Template",
            {"domain_id": "d", "name": "Complaints", "required_fields": [{"field_id": "title"}]},
        )
    ]


@pytest.mark.parametrize("type", [*resource_types().values(), *BARE], ids=lambda type: type.key)
def test_the_constructor_explains_every_argument(type: ResourceType) -> None:
    text = classes.resource(type)
    documented = text.partition("Args:\n")[2].partition("Raises:")[0]
    for name, of in type.schema.inputs.items():
        if not of.merged_from:
            assert f"            {name}: {of.description.split()[0]}" in documented, name


# -- text -------------------------------------------------------------------------------------------------------------


def test_docstrings_break_between_words_and_never_within_code() -> None:
    code = '`{"team": "a team with a long name", "env": "prod"}`'
    text = python.docstring([f"{'word ' * 18}{code}"], {"Args": {"tags": [f"{'word ' * 15}{code}", "A second fact."]}})
    assert code in text
    assert all(len(line) <= python.WIDTH for line in text.splitlines())
    assert "\n            A second fact.\n" in text


def test_a_backslash_in_a_docstring_stays_a_backslash() -> None:
    said, namespace = "A pattern: `\\d+`.", dict[str, Any]()
    exec(f"def made():\n{python.docstring([said])}", namespace)
    assert namespace["made"].__doc__ == said
