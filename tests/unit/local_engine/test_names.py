"""Names of stacks, wherever they are given: none leads out of the backend's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run

OUTSIDE = (
    "organization/../..",
    "organization/../dev",
    "organization/demo/..",
    "..",
    ".",
    "organization/./dev",
    "organization/a/b/dev",
)


@pytest.fixture
def neighbours(run: Run, project: Path) -> dict[Path, str]:
    """Files around the backend's folder, and in it those of other stacks: none may change."""
    run("stack", "init", "dev")
    run("stack", "init", "organization/other/dev")
    below = project.parent / "state/.pulumi"
    files = {
        project.parent / "state/dev.json": "{}",
        project.parent / "state/.pulumi.json": "{}",
        below / "locks/organization/demo/dev/x.json": '{"pid": 1, "username": "u", "hostname": "h", "timestamp": "t"}',
        below / "locks/organization/other/dev/x.json": '{"pid": 1, "username": "u", "hostname": "h", "timestamp": "t"}',
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {path: path.read_text() for path in project.parent.rglob("*") if path.is_file()}


def contents(project: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in project.parent.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("stack", "init", "NAME"), id="init"),
        pytest.param(("stack", "select", "NAME"), id="select"),
        pytest.param(("stack", "rm", "--yes", "--force", "NAME"), id="rm"),
        pytest.param(("cancel", "--yes", "NAME"), id="cancel"),
        pytest.param(("stack", "export", "--stack", "NAME"), id="export"),
        pytest.param(("config", "set", "--stack", "NAME", "k", "v"), id="config"),
        pytest.param(("up", "--yes", "--stack", "NAME"), id="up"),
        pytest.param(("destroy", "--yes", "--remove", "--stack", "NAME"), id="destroy"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_changes(
    run: Run, project: Path, neighbours: dict[Path, str], arguments: tuple[str, ...], name: str
) -> None:
    refused = run(*(name if argument == "NAME" else argument for argument in arguments))
    assert refused.code == 1
    assert "is not a valid name: letters, digits" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert contents(project) == neighbours


def test_names_in_variables_and_projects_are_held_to_the_same_rules(
    run: Run, project: Path, neighbours: dict[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_STACK", "organization/../..")
    assert "not a valid name" in run("cancel", "--yes").stderr
    monkeypatch.delenv("PULUMI_STACK")
    (project / "Pulumi.yaml").write_text("name: ../..\nruntime: python\n")
    assert "'../..' is not a valid name" in run("stack", "init", "dev").stderr
    assert run("stack", "ls", "--json").stdout == "[]\n", "files elsewhere are no stacks"


@pytest.mark.parametrize("name", ["dev", "a..b", "..a", "v1.2", "A_b-c.json", "x" * 100])
def test_names_that_the_cli_takes_are_taken(run: Run, name: str) -> None:
    assert run("stack", "init", name).code == 0
    assert run("stack", "select", name).code == 0
    assert run("cancel", "--yes", name).code == 0
    assert run("stack", "rm", "--yes", name).code == 0


def test_a_link_that_leads_elsewhere_is_refused(run: Run, project: Path) -> None:
    run("stack", "init", "dev")
    elsewhere = project.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.json").write_text("{}")
    locks = project.parent / "state/.pulumi/locks/organization/demo"
    (locks / "dev").rmdir()
    (locks / "dev").symlink_to(elsewhere)
    for command in (("cancel", "--yes"), ("up", "--yes", "--skip-preview")):
        refused = run(*command)
        assert (refused.code, "is outside of the backend's folder" in refused.stderr) == (1, True)
    assert [path.name for path in elsewhere.iterdir()] == ["kept.json"]


def test_files_that_are_no_stacks_are_not_listed(run: Run, project: Path) -> None:
    run("stack", "init", "dev")
    (project.parent / "state/.pulumi/stacks/demo/not a stack.json").write_text("nothing")
    assert '"dev"' in run("stack", "ls", "--json").stdout
