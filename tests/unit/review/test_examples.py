"""examples/pull-request: the workflows are what their systems accept. tests/unit/actions runs what they use."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[3] / "examples" / "pull-request"
WORKFLOW = EXAMPLE / "github" / "preview.yml"
PIPELINE = EXAMPLE / "gitlab" / ".gitlab-ci.yml"


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-workflows", WORKFLOW), ("vendor.gitlab-ci", PIPELINE)],
    ids=["github", "gitlab"],
)
def test_the_workflows_follow_their_schemas(schema: str, file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    subprocess.run(command, check=True, capture_output=True)


def test_yaml_is_linted() -> None:
    rules = {
        "line-length": {"max": 160},
        "document-start": "disable",
        "truthy": {"check-keys": False},
        "comments": {"min-spaces-from-content": 1},
    }
    given = json.dumps({"extends": "default", "rules": rules})
    subprocess.run([sys.executable, "-m", "yamllint", "--strict", "-d", given, str(EXAMPLE)], check=True)


@pytest.mark.skipif(
    shutil.which("actionlint") is None, reason="no actionlint on PATH: the workflow was checked by its schema only"
)
def test_actionlint() -> None:
    done = subprocess.run(["actionlint", str(WORKFLOW)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
