"""What is imported is declared, with the lowest version that works; and both files of pinned versions hold what is declared."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from lowest import EXTRAS, declared, lowest
from packaging.requirements import Requirement

from .conftest import ROOT

PACKAGE = ROOT / "provider" / "pulumi_connect_domains"
ENGINE = ROOT / "provider" / "pulumi_local_engine"
SHARED = {"google.protobuf": "protobuf", "google.rpc": "googleapis-common-protos"}
"""Modules in a folder that several distributions share."""
OURS = {
    PACKAGE.name,
    ENGINE.name,
    "tests",
    *(path.name for path in (ROOT / "tests/contract/packages").iterdir()),
    *(path.stem for folder in ("tools", "tests/traces") for path in (ROOT / folder).rglob("*.py")),
    *(path.stem for folder in ("tests/upgrades", "tests/*/preloaded") for path in ROOT.glob(f"{folder}/*.py")),
    *(path.parent.name for path in (ROOT / "tools").glob("*/__init__.py")),
    *(path.stem for path in (ROOT / "examples").rglob("*.py")),
}
WITHOUT_FLOORS = {"pulumi-connect-domains", "types-jsonschema", "types-protobuf", "types-pyyaml", "types-regex"}
PINNED = [ROOT / "constraints.txt", ROOT / "constraints-lowest.txt", ROOT / "constraints-bill.txt"]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file below the folder, and each module of others that it imports."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((str(path.relative_to(ROOT)), each.name) for each in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                yield str(path.relative_to(ROOT)), node.module


LATER = {"compression"}
"""Of the standard library from Python 3.14 on."""

_distributions = cache(packages_distributions)  # it reads what every distribution has installed, which takes seconds


def undeclared(folder: Path, names: set[str]) -> list[str]:
    """The imports of modules that come with none of the distributions."""
    distributions = _distributions()
    wrong = []
    for path, module in imported(folder):
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names or top in LATER or top in OURS:
            continue
        shared = [each for prefix, each in SHARED.items() if module == prefix or module.startswith(f"{prefix}.")]
        owners = {canonical(each) for each in shared or distributions.get(top, [top])}
        if not owners & names:
            wrong.append(f"{path} imports {module}")
    return wrong


def names(*extras: str) -> set[str]:
    return {canonical(each.name) for each in declared(*extras)}


def test_what_the_base_install_imports_is_declared() -> None:
    only_local = (str(PACKAGE.relative_to(ROOT) / "local"), str(PACKAGE.relative_to(ROOT) / "testing"))
    assert [each for each in undeclared(PACKAGE, names()) if not each.startswith(only_local)] == []


def test_what_the_extra_local_imports_is_declared() -> None:
    only_testing = str(PACKAGE.relative_to(ROOT) / "testing")
    assert [each for each in undeclared(PACKAGE, names("local")) if not each.startswith(only_testing)] == []
    assert undeclared(ENGINE, names("local")) == []


def test_what_the_test_kit_imports_is_declared() -> None:
    assert undeclared(PACKAGE, names("local", "testing")) == []


@pytest.mark.parametrize("folder", ["tests", "tools", "benchmarks"])
def test_what_tests_and_tools_import_is_declared(folder: str) -> None:
    known = names(*EXTRAS) | {
        "dill",
        "tomli",
    }  # dill comes with the SDK, which pickles with it; tomli with older Pythons' hatchling
    assert undeclared(ROOT / folder, known) == []


def test_every_dependency_has_a_lowest_version() -> None:
    checked = [each for each in declared(*EXTRAS) if each.name not in WITHOUT_FLOORS]
    assert [str(each) for each in checked if [one.operator for one in each.specifier].count(">=") != 1] == []


def pins(path: Path) -> dict[str, set[str]]:
    """The pinned versions of each distribution; some have several, for different Pythons."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([a-z0-9-]+)==([^\s;]+)", path.read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def test_the_lowest_versions_are_those_that_are_tested() -> None:
    pinned = pins(ROOT / "constraints-lowest.txt")
    wanted = [Requirement(each) for each in lowest()]
    found = {each.name: pinned.get(canonical(each.name), set()) for each in wanted}
    assert [
        str(each) for each in wanted if len(found[each.name]) != 1 or not each.specifier.contains(*found[each.name])
    ] == []


@pytest.mark.parametrize("path", PINNED, ids=[path.name for path in PINNED])
def test_pins_are_names_versions_and_hashes_and_nothing_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(" \\\n", " ")
    line = re.compile(r"[a-z0-9-]+==[^\s;]+( ; [^#@]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert [each for each in text.splitlines() if not line.fullmatch(each)] == []


def test_what_is_declared_is_pinned_in_a_version_that_is_allowed() -> None:
    pinned = pins(ROOT / "constraints.txt")
    wanted = [each for each in declared(*EXTRAS) if each.name != "pulumi-connect-domains"]
    wrong = [
        str(each) for each in wanted if not all(map(each.specifier.contains, pinned.get(canonical(each.name), {"0"})))
    ]
    assert wrong == []


def test_nothing_is_pinned_for_the_tests_that_slows_every_import_of_jsonschema() -> None:
    slow = "rfc3987-syntax"  # a grammar that is compiled at import; jsonschema imports it where it is installed
    assert [path.name for path in PINNED if slow in pins(path)] == ["constraints-bill.txt"]
