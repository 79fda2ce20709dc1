"""Where a project's file and other files are, as seen from the root of their repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi_connect_domains.stacks.project import declared_at, project_file, seen_from_root

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
    ],
)
def test_a_resource_is_declared_where_the_project_calls(calls: list[str], place: str) -> None:
    assert declared_at({"stackTrace": [{"sourcePosition": each} for each in calls]}) == place


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
