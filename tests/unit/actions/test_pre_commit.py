""".pre-commit-hooks.yaml: read by pre-commit itself, and run by it on a repository of the test's own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .runner import ROOT

HOOKS = ROOT / ".pre-commit-hooks.yaml"


def hook() -> dict[str, Any]:
    (found,) = yaml.safe_load(HOOKS.read_text())
    return dict(found)


def pre_commit(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "PRE_COMMIT_HOME": str(cwd / ".cache"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose only hook is ours, run in the environment of the tests: pre-commit's own would be installed from an index."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    local = {"repo": "local", "hooks": [{**hook(), "language": "system"}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [local]}))
    return tmp_path


def commit(repository: Path, **documents: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """What the hook says of these documents; in their names `__` stands for a slash and `_` for a dot."""
    for name, content in documents.items():
        file = repository / name.replace("__", "/").replace("_", ".")
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump(content))
    subprocess.run(["git", "-C", str(repository), "add", "--all"], check=True)
    return pre_commit("run", "--all-files", cwd=repository)


def test_pre_commit_reads_the_hooks(tmp_path: Path) -> None:
    done = pre_commit("validate-manifest", str(HOOKS), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hook_is_installed_from_this_repository() -> None:
    assert hook()["language"] == "python"
    assert hook()["entry"].split()[0] in (ROOT / "pyproject.toml").read_text().partition("[project.scripts]")[2]


def test_a_document_without_a_mistake_passes(repository: Path) -> None:
    done = commit(repository, crm_connect_domain_yaml={"default_expiration_days": 30})
    # `_` became a dot, so the name is crm.connect.domain.yaml, which no hook is for
    assert "(no files to check)Skipped" in done.stdout
    done = commit(repository, **{"connect-domains__crm_yaml": {"default_expiration_days": 30}})
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout


def test_a_mistake_fails_and_is_named(repository: Path) -> None:
    done = commit(
        repository,
        **{
            "crm_connect-domain_yaml": {"default_expiration_days": 1099},
            "connect-domains__good_json": {"default_expiration_days": 30},
            "other_yaml": {"default_expiration_days": 1099},
        },
    )
    assert done.returncode == 1
    assert "crm.connect-domain.yaml: default_expiration_days: 1099 is too big; at most 1098 days" in done.stdout
    assert "other.yaml" not in done.stdout


@pytest.mark.parametrize(
    ("file", "is_checked"),
    [
        ("connect-domains/crm.yaml", True),
        ("infra/connect-domains/eu/crm.json", True),
        ("crm.connect-domain.yml", True),
        ("my-connect-domains/crm.yaml", False),
        ("connect-domain.yaml", False),
        ("Pulumi.yaml", False),
    ],
)
def test_which_files_are_checked(file: str, is_checked: bool) -> None:
    assert bool(re.search(hook()["files"], file)) == is_checked
