"""Where a project's file and other files are, as seen from the root of their repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi_connect_domains.stacks.project import (
    Project,
    declared_at,
    project,
    project_file,
    python_project,
    seen_from_root,
)

PACKAGE = "project:///../../usr/lib/python3.13/site-packages/pulumi_connect_domains"
RECORDED = [f"{PACKAGE}/host/resource.py#47", f"{PACKAGE}/customerprofiles/domain/resource.py#193"]
"""The innermost calls of every declaration, as CLI 3.260.0 has them: the constructors of this package."""


@pytest.mark.parametrize(
    ("calls", "place"),
    [
        pytest.param(
            [*RECORDED, "project:///parts.py#4", "project:///__main__.py#9"], "parts.py:4", id="in a function"
        ),
        pytest.param([*RECORDED, "project:///my%20lib/parts.py#4,12"], "my lib/parts.py:4", id="with a column"),
        pytest.param(
            ["project:///.venv/lib/python3.13/site-packages/a.py#1", "project:///__main__.py#9"],
            "__main__.py:9",
            id="a library below",
        ),
        pytest.param(
            ["project:///../shared/parts.py#4", "project:///__main__.py#9"], "__main__.py:9", id="a folder beside"
        ),
        pytest.param(RECORDED, "", id="none in the project"),
        pytest.param(
            ["file:///x.py#1", "project:///x.py", "project:///x.py#0", "project:////etc/x.py#1", ""],
            "",
            id="other forms",
        ),
        pytest.param(
            [
                "project:///node_modules/@pulumi/pulumi/resource.js#490,24",
                "project:///sdks/connect-domains/bin/customerprofiles/domain.js#67,9",
                "project:///index.ts#5,13",
            ],
            "index.ts:5",
            id="in TypeScript, with an SDK that `pulumi package add` made",
        ),
        pytest.param(
            [
                "project:///../../go/pkg/mod/github.com/pulumi/pulumi/sdk/v3/go/pulumi/run.go#12",
                "project:///main.go#11",
            ],
            "main.go:11",
            id="in Go",
        ),
        pytest.param(
            ["project:///vendor/github.com/a/b/domain.go#80", "project:///vendor/parts.py#3"],
            "vendor/parts.py:3",
            id="libraries of Go that are kept in the project",
        ),
    ],
)
def test_a_resource_is_declared_where_the_project_calls(calls: list[str], place: str) -> None:
    assert declared_at({"stackTrace": [{"sourcePosition": each} for each in calls]}) == place


def test_a_call_that_is_in_no_file_says_nothing() -> None:
    assert declared_at({"stackTrace": [{}, {"sourcePosition": "project:///index.ts#5,13"}]}) == "index.ts:5"


@pytest.mark.parametrize(
    ("position", "place"),
    [("project:///index.ts#5,13", "index.ts:5"), ("project:///node_modules/@acme/parts/index.js#5,13", "")],
)
def test_older_sdks_name_the_innermost_call_alone(position: str, place: str) -> None:
    assert declared_at({"sourcePosition": position}) == place


@pytest.mark.parametrize(
    "entry", [{}, {"stackTrace": None}, {"stackTrace": "x"}, {"stackTrace": [{}, 7, {"sourcePosition": 7}]}]
)
def test_an_entry_without_calls_says_nothing(entry: dict[str, object]) -> None:
    assert declared_at(entry) == ""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a project in `infra`, which is the current folder."""
    root = tmp_path / "repository"
    for folder in (root / ".git", root / "infra" / "below"):
        folder.mkdir(parents=True)
    (root / "infra" / "Pulumi.yaml").write_text("name: shop\n")
    monkeypatch.chdir(root / "infra")
    return root


@pytest.mark.parametrize("folder", [".", "below", "../infra"])
def test_the_projects_file_is_seen_from_the_root(folder: str, repository: Path) -> None:
    assert project_file(folder) == "infra/Pulumi.yaml"


def test_other_endings_count(repository: Path) -> None:
    (repository / "Pulumi.yml").write_text("name: other\n")
    assert project_file(str(repository)) == "Pulumi.yml"


def test_without_a_project_it_is_the_one_that_would_be_there(repository: Path) -> None:
    (repository / "infra" / "Pulumi.yaml").unlink()
    assert project_file(".") == "infra/Pulumi.yaml"
    assert project_file("nowhere") == "infra/nowhere/Pulumi.yaml"


def test_a_project_above_the_repository_is_not_its_own(repository: Path) -> None:
    (repository / "infra" / "Pulumi.yaml").unlink()
    (repository.parent / "Pulumi.yaml").write_text("name: other\n")
    assert project_file(".") == "infra/Pulumi.yaml"


def test_outside_of_a_repository_the_root_is_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work" / "infra").mkdir(parents=True)
    (tmp_path / "work" / "infra" / "Pulumi.yaml").write_text("name: shop\n")
    monkeypatch.chdir(tmp_path / "work")
    assert project_file("infra") == "infra/Pulumi.yaml"
    assert project_file("..") == "Pulumi.yaml"


def test_files_are_seen_from_the_root(repository: Path, tmp_path: Path) -> None:
    assert seen_from_root("below/domain.yaml") == "infra/below/domain.yaml"
    assert seen_from_root(str(repository / "domain.yaml")) == "domain.yaml"
    assert seen_from_root(str(tmp_path / "elsewhere.yaml")) == str(tmp_path / "elsewhere.yaml")
    assert seen_from_root("a\0b") == "a\0b"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name: shop\nruntime: python\n", Project("shop", "python")),
        ("name: shop\nruntime:\n  name: nodejs\n  options: {typescript: true}\n", Project("shop", "nodejs")),
        ("name: shop\n", Project("shop")),
        ("name: [shop]\nruntime: 7\n", Project()),
        ("- shop\n", Project()),
        ("name: {\n", Project()),
        ("", Project()),
        ("a: 1\n---\nb: 2\n", Project()),
    ],
)
def test_the_project_says_its_name_and_runtime(text: str, found: Project, repository: Path) -> None:
    (repository / "infra" / "Pulumi.yaml").write_text(text)
    assert project("below") == found
    assert python_project(".") == ("shop" if found.is_in_python else "")


def test_without_a_file_nothing_is_said_of_the_project(tmp_path: Path) -> None:
    assert project(str(tmp_path / "nowhere")) == Project()
