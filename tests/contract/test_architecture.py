"""The package's shape: which room may import which, that nothing goes in circles, and what is named in one place only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pulumi_connect_domains
import pytest
from jsonschema import Draft202012Validator
from pulumi_connect_domains import registry
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property

from .modules import Module, Package, circling

PACKAGE = Path(pulumi_connect_domains.__file__).parent
OURS = Package(PACKAGE)
SERVICES = set(registry.SERVICES)
TYPES = list(registry.resource_types().values())
COMMANDS = {"drift", "adopt", "review", "validate", "iam_policy", "doctor", "completion", "plugin"}
BELOW_COMMANDS = {"model", "aws", "operations", "host", "stacks", "reporting", "registry", "interrupts"}
MAY_IMPORT: dict[str, set[str]] = {
    "interrupts": set(),
    "model": set(),
    "aws": {"model"},
    "stacks": {"model", "interrupts"},
    "reporting": {"model"},
    "operations": {"model", "aws"},
    "host": {"operations", "model"},
    **{service: {"model", "operations", "host"} for service in SERVICES},
    "provider": {"host", "operations", "model"},
    "registry": {"model"},
    "native": {"model", "aws", "operations", "host", "stacks", "registry", "provider"} | SERVICES,
    **dict.fromkeys(COMMANDS, BELOW_COMMANDS | {"native"}),
    "local": BELOW_COMMANDS,
    "testing": BELOW_COMMANDS | {"local"},
    "cli": BELOW_COMMANDS | COMMANDS | {"local"},
    "__main__": {"cli"},
    "": SERVICES | {"provider", "registry"},
}
"""What a room may import beside itself; `__version__` anybody may. A room is a folder or a module of the package; "" is the package."""


# -- who imports whom -------------------------------------------------------------------------------------------------


def modules() -> Mapping[str, Module]:
    """Every module of the package, by its name."""
    return OURS.modules


def test_imports_go_one_way() -> None:
    assert OURS.forbidden(MAY_IMPORT) == []


PAGE = Path(__file__).parents[2] / "docs" / "contributing" / "architecture.md"


def rooms_of_the_page() -> Iterator[tuple[list[str], str]]:
    """The rows of the page's table of rooms: the rooms of a row, and what they may import."""
    _, found, rest = PAGE.read_text(encoding="utf-8").partition("| room | what is in it |")
    assert found
    for line in rest.split("\n\n", 1)[0].splitlines()[2:]:
        first, *_, last = (cell.strip() for cell in line.strip("|").split("|"))
        yield [name.rstrip("/").removesuffix(".py") for name in re.findall("`([^`]+)`", first)], last


def test_the_page_on_the_architecture_says_the_same() -> None:
    above: set[str] = set()
    for rooms, may_import in rooms_of_the_page():
        for room in rooms:
            if may_import == "all of the above":
                assert MAY_IMPORT[room] <= above, room
            else:
                assert MAY_IMPORT[room] == set(re.findall("`([^`]+)`", may_import)), room
        above |= {*rooms}
    assert above == MAY_IMPORT.keys() - {"cli", "__main__", ""}


def test_the_native_host_imports_all_that_it_may() -> None:
    """So its list is no longer than it has to be."""
    imported = {
        target.partition(".")[0] for each in modules().values() if each.room == "native" for target in each.imported
    }
    assert imported - {"native", ""} >= MAY_IMPORT["native"]


def test_there_is_no_import_in_a_circle() -> None:
    assert OURS.circles == {}


def test_a_circle_is_found() -> None:
    assert circling({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == {"b": {"c"}, "c": {"b"}}


def test_the_local_engine_is_met_by_its_command_and_by_the_test_kit_alone() -> None:
    importers = {str(module) for module in modules().values() if module.uses("pulumi_local_engine")}
    assert {name for name in importers if not name.startswith("testing/")} == {"local/command.py"}


def test_a_package_of_a_service_imports_no_other() -> None:
    wrong = [
        f"{module} imports {target}"
        for module in modules().values()
        if module.room in SERVICES
        for target in module.imported
        if target.partition(".")[0] in SERVICES - {module.room}
    ]
    assert wrong == []


# -- who imports which library ----------------------------------------------------------------------------------------


def test_aws_sdk_is_imported_in_one_place_of_the_provider() -> None:
    importers = {module.room for module in modules().values() if module.uses("boto3", "botocore")}
    assert importers <= {"aws", "local"}


def test_pulumi_is_imported_where_its_host_is_met_and_where_programs_declare_resources() -> None:
    """The test kit runs programs, so it knows Pulumi too."""
    importers = {str(module) for module in modules().values() if module.uses("pulumi")}
    folders = [_folder(type.package) for type in TYPES]
    declaring = {"provider.py", *(f"{folder}/resource.py" for folder in folders)}
    nested = {f"{folder}/inputs.py" for folder in folders}  # only where inputs have members of their own
    others = {name for name in importers if not name.startswith(("host/", "native/", "testing/"))}
    assert declaring <= others <= declaring | nested


def test_the_dynamic_provider_is_known_to_the_host_alone() -> None:
    importers = {module.room for module in modules().values() if module.uses("pulumi.dynamic")}
    assert importers - {"local"} == {"host"}


CORE = [name for name in sorted(modules()) if name.partition(".")[0] in ("model", "aws", "operations")]


@pytest.mark.parametrize("without", ["pulumi", "boto3"])
def test_what_any_host_can_use_loads_no(without: str) -> None:
    """No Pulumi, since other hosts have none; no SDK of AWS before the first call, for it takes long to load."""
    probe = "\n".join(
        [
            "import importlib, sys",
            *(f"importlib.import_module('{PACKAGE.name}.{name}')" for name in CORE),
            f"print('{without}' in sys.modules)",
        ]
    )
    assert _printed(probe) == "False"


def test_importing_the_package_brings_neither_boto3_nor_jsonschema() -> None:
    names = ", ".join(["Provider", *registry.SERVICES])
    probe = (
        f"import sys; from pulumi_connect_domains import {names}; "
        "print([name for name in ('boto3', 'botocore', 'jsonschema', 'regex', 'rich', 'moto') if name in sys.modules])"
    )
    assert _printed(probe) == "[]"


def _printed(program: str) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


# -- what is named in one place only ----------------------------------------------------------------------------------

WRITTEN_AGAINST = {"local/aws/client.py": "LocalAws.voiceid, a method of the test kit's public surface"}
"""Where a service is named all the same, and why."""


def texts(module: Module) -> Iterator[tuple[int, str]]:
    """The text constants of a module with their lines; no docstrings, and not what is imported for types alone."""
    for node in ast.walk(_without_docstrings_and_types(ast.parse(module.path.read_text()))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _without_docstrings_and_types(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if hasattr(node, "body") and isinstance(node.body, list):
            node.body = [each for each in node.body if not _is_docstring(each) and not _is_for_types(each)]
    return tree


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _names_of_services() -> set[str]:
    """How services are spelled: `customerprofiles`, `customer-profiles`, `customer_profiles`."""
    names = {name for type in TYPES for name in (type.key, type.module, type.service)}
    return names | {name.replace("-", "_") for name in names}


def test_no_module_but_the_registry_names_a_service() -> None:
    """Beside it: the services' own folders, here and at the local AWS, and what the package says that it offers."""
    services, own = (
        _names_of_services(),
        ("registry", *SERVICES, *(f"{room}.{each}" for room in ("local.aws", "native") for each in SERVICES)),
    )
    wrong = [
        f"{module}:{line}: {text!r}"
        for name, module in modules().items()
        if not any(name == each or name.startswith(f"{each}.") for each in own) and str(module) not in WRITTEN_AGAINST
        for line, text in texts(module)
        if any(service in text.lower() for service in services)
        if not (name in ("", "native") and text in pulumi_connect_domains.__all__)
    ]
    wrong += [
        f"{module} imports {target}"
        for name, module in modules().items()
        if name not in ("", "native") and not any(name == each or name.startswith(f"{each}.") for each in own)
        for target in module.imported
        if any(target == each or target.startswith(f"{each}.") for each in own if each != "registry")
    ]
    assert wrong == []


ANY_TYPES = {
    "arn": "each type that has an ARN calls it so",
    "region": "each type has one, of this name",
    "name": "the word that Pulumi, AWS and reports have for the names of other things",
}
"""Names of properties that any module may spell, and why."""

OTHER_TAGS = {
    "adopt/command.py": "the values of its option --tag",
    "adopt/moves.py": "what the other providers call them",
    "aws/refusals.py": "what AWS calls them in requests, and both services' types in their documents",
    "aws/roles.py": "a member of AssumeRole",
    "native/servicer.py": "a member of the setting default_tags",
    "operations/forms.py": "a member of the setting default_tags",
    "operations/vocabulary.py": "a member of the setting assume_roles",
}
"""Where `tags` is spelled, and what it means there."""


def _names_of_properties() -> set[str]:
    """The names of all settings and outputs, and of what is in them where those are of several words: `status` alone may mean anything."""

    def inner(of: Property) -> Iterator[str]:
        for each in (*of.members.values(), *filter(None, [of.items])):
            yield from (*each.members, *inner(each))

    return {
        name
        for type in TYPES
        for name in (*type.schema.members, *(each for each in inner(type.schema) if "_" in each))
        if name not in ANY_TYPES
    }


def test_no_module_but_a_resources_own_spells_the_name_of_a_property() -> None:
    """The local AWS speaks AWS's language, and has a folder for each service."""
    names = _names_of_properties()
    assert {"created_at", "domain_id", "tags_all", "s3_bucket_name"} <= names
    spelled = [
        (str(module), line, text)
        for module in modules().values()
        if module.room not in SERVICES | {"local"}
        for line, text in texts(module)
        if text in names
    ]
    tags = [each for each in spelled if each[0] in OTHER_TAGS and each[2] in ("tags", "tags_all")]
    assert [each for each in spelled if each not in tags] == []
    assert {module for module, *_ in tags} == OTHER_TAGS.keys()


def _keywords() -> set[str]:
    """The keys of schema.json that are no plain words, such as createOnly: our own, and JSON Schema's. Not those within a rule, whose
    conditions `advice` reads, nor other providers' names."""

    def keys(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, item in node.items():
                yield key
                yield from keys(item) if key not in ("rules", "movesFrom") else ()
        elif isinstance(node, list):
            for item in node:
                yield from keys(item)

    found = {key for type in TYPES for key in keys(dict(type.schema.document))}
    return {key for key in found if key.isalpha() and key != key.lower() and key[0].islower()}


NAMED_BY_JSONSCHEMA = {*Draft202012Validator.VALIDATORS, "readOnly", "reservedPrefix"}
"""The keywords that a value can break. jsonschema calls functions by these names, and names them in its errors."""


def test_no_module_but_the_loader_spells_a_keyword_of_the_schemas() -> None:
    """The two modules that work with jsonschema spell those that a value can break, and no others."""
    keywords = _keywords()
    assert {"createOnly", "readOnly", "patternSays", "maxLength"} <= keywords
    wrong = [
        f"{module}:{line}: {text!r}"
        for name, module in modules().items()
        if name != "model.loading" and not name.startswith("local.")
        for line, text in texts(module)
        if text in keywords
        and not (name in ("model.validation.keywords", "model.validation.messages") and text in NAMED_BY_JSONSCHEMA)
    ]
    assert wrong == []


# -- folders ----------------------------------------------------------------------------------------------------------


def _folder(package: str) -> str:
    return "/".join(package.split(".")[1:])


@pytest.mark.parametrize("type", TYPES, ids=registry.resource_types())
def test_a_resources_folder_holds_the_same_files(type: ResourceType) -> None:
    """`schema.json` and `api.py` are written by hand; `make generate` writes the others."""
    files = {path.name for path in (PACKAGE / _folder(type.package)).iterdir() if path.name != "__pycache__"}
    assert files == {"__init__.py", "schema.json", "api.py", "resource.py", *_modules_of_structures(type)}


def _modules_of_structures(type: ResourceType) -> set[str]:
    """The modules of its structures."""
    nested = [of for of in type.schema.members.values() if of.kind == "object"]
    inputs = {"inputs.py"} if any(not of.read_only for of in nested) else set()
    return inputs | ({"outputs.py"} if nested else set())
