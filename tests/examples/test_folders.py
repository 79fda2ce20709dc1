"""No example lacks what makes it one, and the page that lists them lists them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from .conftest import EXAMPLES

FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())
SETUPS = {"drift-fleet", "drift-schedule", "policy-pack", "pull-request"}
"""Files for the machines of a team, with no program in them. Their tests are with those of what they run."""
PROJECTS = [folder for folder in FOLDERS if folder.name not in SETUPS]
FILES = {
    "python": {"requirements.txt", "__main__.py"},
    "nodejs": {"package.json", "tsconfig.json", "index.ts", ".gitignore"},
    "go": {"go.mod", "main.go", ".gitignore"},
    "yaml": {".gitignore"},
}
"""What a project of each runtime holds besides."""


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=path.name) for path in paths]


@pytest.mark.parametrize("folder", named(PROJECTS))
def test_a_project_has_its_files(folder: Path) -> None:
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    runtime = project["runtime"] if isinstance(project["runtime"], str) else project["runtime"]["name"]
    wanted = {"Pulumi.yaml", "README.md", *FILES[runtime]}
    assert [name for name in sorted(wanted) if not (folder / name).is_file()] == []
    assert project["name"] == f"connect-{folder.name}"
    assert project["description"]
    if runtime != "python":
        assert project["plugins"]["providers"] == [{"name": "connect-domains", "path": ".venv/bin"}]
        return
    required = (folder / "requirements.txt").read_text().splitlines()
    imports = set(
        re.findall(r"(?m)^(?:import|from) (pulumi_\w+)", "\n".join(each.read_text() for each in folder.glob("*.py")))
    )
    assert {name.replace("_", "-") for name in imports} <= {re.split("[<>=~]", line)[0] for line in required}


@pytest.mark.parametrize("folder", named(FOLDERS))
def test_an_example_has_a_page_and_a_test(folder: Path) -> None:
    assert (folder / "README.md").read_text().startswith("# ")
    tests = EXAMPLES.parent / "tests"
    assert any(f'"{folder.name}"' in each.read_text() for each in tests.rglob("test_*.py") if each != Path(__file__))


def test_the_list_of_examples_is_whole() -> None:
    page = (EXAMPLES / "README.md").read_text()
    assert sorted(re.findall(r"^\| \[(.+?)\]\(\1/README\.md\)", page, re.MULTILINE)) == [each.name for each in FOLDERS]


def test_the_project_at_the_root_is_the_quickstart() -> None:
    root, own = (
        yaml.safe_load((folder / "Pulumi.yaml").read_text()) for folder in (EXAMPLES.parent, EXAMPLES / "quickstart")
    )
    assert root == {**own, "main": "examples/quickstart"}


def test_links_between_examples_and_to_files_of_the_repository_lead_somewhere() -> None:
    """Pages of the documentation are checked with the documentation."""
    dead = [
        f"{page.parent.name}: {link}"
        for page in EXAMPLES.rglob("README.md")
        for link in re.findall(r"\]\(([^)#]+)", page.read_text())
        if "://" not in link and "docs/" not in link and not (page.parent / link).exists()
    ]
    assert dead == []
