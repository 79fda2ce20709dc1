"""Where Pulumi looks for the native provider's plugin, in its order."""

from __future__ import annotations

import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest
from pulumi_connect_domains.stacks import plugins
from pulumi_connect_domains.stacks.plugins import EXECUTABLE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "home"


def test_the_home_is_the_user_s_as_the_system_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PULUMI_HOME", raising=False)
    monkeypatch.setenv("HOME", "/elsewhere")
    monkeypatch.setattr(pwd, "getpwuid", lambda _: SimpleNamespace(pw_dir="/home/ada"))
    assert plugins.home() == Path("/home/ada/.pulumi")
    monkeypatch.setattr(pwd, "getpwuid", lambda _: {}["nobody"])
    assert plugins.home() == Path("/elsewhere/.pulumi")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PULUMI_HOME", "relative")
    assert plugins.home() == tmp_path / "relative"


def test_only_folders_of_ours_are_found_at_home(home: Path) -> None:
    for name in ("resource-connect-domains-v1.0.0", "resource-connect-v1.0.0", "language-connect-domains-v1.0.0"):
        (home / "plugins" / name).mkdir(parents=True)
    (home / "plugins" / "resource-connect-domains-v2.0.0").touch()
    [found] = plugins.installed()
    assert (found.where, found.version, found.is_there) == ("home", "1.0.0", False)
    found.executable.touch()
    assert found.is_there


@pytest.mark.parametrize("below", ["", "src/deep"])
def test_the_project_counts_before_path_and_path_before_home(
    below: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "plugins" / "resource-connect-domains-v1.0.0").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / EXECUTABLE).touch(mode=0o755)
    folder = tmp_path / "project" / below
    folder.mkdir(parents=True)
    (tmp_path / "project" / "Pulumi.yaml").write_text(
        "name: x\nplugins: {providers: [{name: random, path: a}, {name: connect-domains, path: .venv/bin, version: 1.2.3}]}"
    )
    project, on_path, at_home = plugins.found(str(folder))
    assert (project.where, project.folder, project.version) == (
        "project",
        tmp_path / "project" / ".venv" / "bin",
        "1.2.3",
    )
    assert (on_path.where, on_path.folder) == ("PATH", tmp_path / "bin")
    assert at_home.where == "home"
    monkeypatch.setenv("PULUMI_IGNORE_AMBIENT_PLUGINS", "true")
    assert [each.where for each in plugins.found(str(folder))] == ["project", "home"]


@pytest.mark.parametrize(
    "text",
    ["", "[", "name: x", "plugins: 3", "plugins: {providers: 3}", "plugins: {providers: [3, {name: connect-domains}]}"],
)
def test_a_project_that_names_none_has_none(text: str, home: Path, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(text)
    assert plugins.found(str(tmp_path)) == []
