"""The package's shape: what every resource's folder holds, and that imports go one way."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pulumi_connect_domains
import pytest
from pulumi_connect_domains import registry

PACKAGE = Path(pulumi_connect_domains.__file__).parent
RESOURCES = set(registry.PACKAGES)
TOP = {"cli", "__main__"}
COMMANDS = {"model", "aws", "operations", "host", "stacks", "reporting", "registry", "interrupts"}
MAY_IMPORT: dict[str, set[str]] = {
    "interrupts": set(),
    "model": set(),
    "aws": {"model"},
    "stacks": {"model", "interrupts"},
    "reporting": {"model"},
    "operations": {"model", "aws"},
    "host": {"operations", "model"},
    **{service: {"model", "operations", "host"} for service in RESOURCES},
    "provider": {"host"},
    "registry": {"model", *RESOURCES},
    **dict.fromkeys(("drift", "adopt", "review", "validate", "iam_policy"), COMMANDS),
    "local": COMMANDS,
    "testing": COMMANDS | {"local"},
}
"""What a package may import beside itself; `__version__` anybody may."""


STILL_TO_TURN = {
    "model/documents.py imports operations.configuration",
    "model/resource_type.py imports operations.call",
    "model/tags.py imports operations.configuration",
    "operations/call.py imports host.context",
    "operations/operations.py imports host",
    "operations/operations.py imports host.marks",
    "operations/settings.py imports host.marks",
    "operations/silence.py imports host.marks",
}


def modules() -> Iterator[tuple[Path, str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        yield path, first, ast.parse(path.read_text())


def imported(path: Path, tree: ast.Module) -> Iterator[str]:
    """The package's own modules that a module imports, as paths from the package's root: `core.wire`."""
    here = path.relative_to(PACKAGE).with_suffix("").parts
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = here[: len(here) - node.level]
            target = [*base, *(node.module.split(".") if node.module else [])]
            names = [alias.name for alias in node.names] if not node.module else [""]
            for name in names:
                yield ".".join([*target, name] if name else target)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pulumi_connect_domains"):
            yield ".".join((node.module or "").split(".")[1:])


def test_imports_go_one_way() -> None:
    wrong = []
    for path, first, tree in modules():
        if first in TOP or first == "__init__":
            continue
        for target in imported(path, tree):
            to = target.split(".")[0]
            if to and to != "__version__" and to not in {first, *MAY_IMPORT[first]}:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {target}")
    assert [each for each in wrong if each not in STILL_TO_TURN] == []


def test_the_local_engine_imports_nothing_of_ours() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {target}"
        for path, first, tree in modules()
        if path.is_relative_to(PACKAGE / "local" / "engine")
        for target in imported(path, tree)
        if not target.startswith("local.engine")
    ]
    assert wrong == []


def test_aws_sdk_is_imported_in_one_place_of_the_provider() -> None:
    importers = {
        str(path.relative_to(PACKAGE))
        for path, first, tree in modules()
        if first != "local"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(_is_sdk(alias.name) for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and not node.level and _is_sdk(node.module or ""))
    }
    assert {name for name in importers if not name.startswith("aws/")} == set()


def _is_sdk(module: str) -> bool:
    return module.split(".")[0] in ("boto3", "botocore")


def test_what_all_resources_share_names_no_service_outside_docstrings() -> None:
    words = ("customerprofiles", "customer-profiles", "customer_profiles", "voiceid", "voice-id", "voice_id")
    named = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {node.value!r}"
        for path, first, tree in modules()
        if first in ("model", "aws", "operations", "host")
        for node in ast.walk(_without_docstrings(tree))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if any(word in node.value.lower() for word in words)
    ]
    assert named == []


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if hasattr(node, "body") and isinstance(node.body, list):
            node.body = [
                each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            ]
    return tree


@pytest.mark.parametrize("package", registry.PACKAGES)
def test_a_resources_folder_holds_the_same_files(package: str) -> None:
    files = {path.name for path in (PACKAGE / package / "domain").iterdir() if path.name != "__pycache__"}
    assert files == {"__init__.py", "schema.json", "resource.py", "outputs.py", "api.py"}


def test_importing_the_package_brings_neither_boto3_nor_jsonschema() -> None:
    probe = (
        "import sys; from pulumi_connect_domains import Provider, customerprofiles, voiceid; "
        "print([name for name in ('boto3', 'botocore', 'jsonschema', 'regex', 'rich', 'moto') if name in sys.modules])"
    )
    command = [sys.executable, "-c", probe]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"
