"""The threat model in SECURITY.md is held by tests that exist, and nothing that the package reads is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECURITY = ROOT / "SECURITY.md"
HEADING = "| An attacker has | They could try | What stops it | Tests |"
LINK = re.compile(r"\[(test_\w+)\]\((tests/[\w/]+/test_\w+\.py)\)")
PACKAGES = ("pulumi_connect_domains", "pulumi_local_engine")
LOADERS = {"dill", "marshal", "shelve", "cloudpickle", "jsonpickle"}
UNSAFE = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "system",
    "popen",
    "unsafe_load",
    "full_load",
    "load_all",
    "unsafe_load_all",
}
PICKLE_OF_THE_TEST_KIT = "pulumi_connect_domains/testing/__init__.py"
"""It only puts Python's pickler back as it was, which Pulumi's SDK changes."""


def rows(text: str) -> list[list[str]]:
    """The cells of the table's rows."""
    _, found, rest = text.partition(f"{HEADING}\n")
    assert found, "the table is there"
    lines = rest.split("\n\n", 1)[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def missing(text: str) -> Iterator[str]:
    """What is wrong with the rows: one without a test, and tests that nothing would collect."""
    for *cells, tests in rows(text):
        links = LINK.findall(tests)
        if len(cells) != 3 or not all(cells[1:]):
            yield f"{cells}: not four cells"
        if not links or LINK.sub("", tests).strip(" ,"):
            yield f"{cells[1]}: not a list of tests"
        for name, file in links:
            if name not in collected(file):
                yield f"{file}::{name}"


def collected(file: str) -> set[str]:
    """The names of the tests that the file defines; those that are always skipped are none."""
    path = ROOT / file
    if not path.exists():
        return set()
    functions = [each for each in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(each, ast.FunctionDef)]
    return {
        each.name
        for each in functions
        if not any(re.search(r"\bmark\.(skip|xfail)\b", ast.unparse(mark)) for mark in each.decorator_list)
    }


def test_every_row_of_the_threat_model_has_tests_that_exist() -> None:
    text = SECURITY.read_text(encoding="utf-8")
    assert len(rows(text)) >= 20
    assert list(missing(text)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[test_no_web_page_reaches]", "[test_no_page_reaches]", "tests/unit/local/aws/test_local_gate.py::test_no_page_reaches"),
        ("(tests/unit/local/aws/test_local_gate.py)", "(tests/unit/test_gone.py)", "tests/unit/test_gone.py::test_no_web_page_reaches"),
    ],
    ids=["a test that was renamed", "a file that was moved"],
)  # fmt: skip
def test_a_test_that_is_gone_is_found(before: str, after: str, said: str) -> None:
    assert said in missing(SECURITY.read_text(encoding="utf-8").replace(before, after))


def test_what_is_not_protected_is_said() -> None:
    """The hardest limit by name: a state is code to Pulumi's own host."""
    _, found, rest = SECURITY.read_text(encoding="utf-8").partition("### What is not protected\n")
    assert found
    assert "can run code" in rest


def test_no_module_runs_what_it_reads() -> None:
    """Nothing is unpickled or evaluated, and no shell is started."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / "provider" / package).rglob("*.py")):
            name = path.relative_to(ROOT / "provider").as_posix()
            found += [f"{name}: {each}" for each in unsafe(path.read_text(encoding="utf-8"))]
    assert found == [f"{PICKLE_OF_THE_TEST_KIT}: import pickle"]


def unsafe(source: str) -> Iterator[str]:
    """What in the source loads code from data, or starts a shell."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (f"import {each.name}" for each in node.names if each.name in {"pickle", *LOADERS})
        elif isinstance(node, ast.ImportFrom) and node.module in {"pickle", *LOADERS}:
            yield f"from {node.module}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            is_unsafe = called.rpartition(".")[2] in UNSAFE or called in ("yaml.load", "pickle.loads")
            if (is_unsafe and called not in ("re.compile", "regex.compile")) or any(
                each.arg == "shell" for each in node.keywords
            ):
                yield called


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from dill import loads",
        "eval(x)",
        "yaml.load(x)",
        "os.system(x)",
        "subprocess.run(x, shell=True)",
    ],
)
def test_what_runs_code_is_found(source: str) -> None:
    assert list(unsafe(source))
