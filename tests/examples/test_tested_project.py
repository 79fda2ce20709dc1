"""examples/tested-project: its tests pass as a user runs them, and find what they are there to find."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from .conftest import Example

GetExample = Callable[[str], Example]


def test_its_tests_pass_as_the_readme_says(example: GetExample) -> None:
    project = example("tested-project")
    [commands] = project.blocks
    passed = re.search(r"(\d+) passed", project.run(commands))
    assert passed
    assert int(passed[1]) == 8
    assert "eight tests pass" in project.readme


@pytest.mark.long
def test_its_tests_find_a_mistake(example: GetExample) -> None:
    project = example("tested-project")
    domains = project.folder / "domains.py"
    text = domains.read_text()
    changed = text.replace("force_destroy=not is_production", "force_destroy=True").replace(
        '"max_allowed_rule_level_for_matching": 2', '"max_allowed_rule_level_for_merging": 1'
    )
    assert changed != text
    domains.write_text(changed)
    shown = project.run("pytest", fails=True)
    failed = re.findall(r"FAILED \S+::(\w+)", shown)
    assert set(failed) == {"test_nothing_is_merged_by_itself", "test_the_customers_of_production_are_not_deleted"}


def test_its_workflow_follows_the_schema_and_runs_what_the_readme_runs(example: GetExample) -> None:
    project = example("tested-project")
    workflow = project.folder / ".github" / "workflows" / "test.yml"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(workflow)]
    subprocess.run(command, check=True, capture_output=True)
    runs = re.findall(r"- run: (.+)", workflow.read_text())
    assert "\n".join(runs) == project.blocks[0]
