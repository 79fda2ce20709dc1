"""Outside of the backend, the project and a folder of its own the local engine writes nothing: above all nothing of the CLI's."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from .conftest import Run

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("stack", "init", "dev"),
    ("stack", "init", "prod"),
    ("stack", "select", "dev"),
    ("config", "set", "--secret", "k", "v"),
    ("stack", "ls", "--all"),
    ("up", "--yes"),
    ("cancel", "--yes"),
    ("destroy", "--yes"),
    ("stack", "rm", "--yes", "prod"),
)


@pytest.mark.parametrize("variable", ["PULUMI_HOME", "HOME"])
def test_the_clis_home_stays_as_it_is(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    user = tmp_path / "user"
    home = user / ".pulumi"
    for name, content in {
        "credentials.json": {"current": "https://api.pulumi.com", "accessTokens": {"https://api.pulumi.com": "pul-x"}},
        "workspaces/demo-0-workspace.json": {"stacks": {"https://api.pulumi.com": "acme/demo/prod"}},
        "config.json": {"backends": {}},
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(json.dumps(content))
    monkeypatch.setenv("HOME", str(user))
    monkeypatch.setenv("USERPROFILE", str(user))
    monkeypatch.delenv("PULUMI_HOME")
    if variable == "PULUMI_HOME":
        monkeypatch.setenv("PULUMI_HOME", str(home))
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in user.rglob("*") if path.is_file()}
    (project / "__main__.py").write_text("")
    for command in COMMANDS:
        assert run(*command).code == 0, command
    for command in (("logout", "--all"), ("login", "file://~"), ("logout",)):
        refused = run(*command)
        assert (refused.code, refused.stdout) == (1, "")
        assert refused.stderr.startswith(f"error: the local engine has no command '{command[0]}'")
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in user.rglob("*") if path.is_file()}
    assert {path: after.get(path) for path in before} == before
    assert {path.relative_to(home).parts[0] for path in after.keys() - before.keys()} <= {"local-engine"}


def test_the_backend_is_named_by_variable_or_project_and_never_by_the_clis_login(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(os.environ["PULUMI_HOME"])
    home.mkdir()
    (home / "credentials.json").write_text(json.dumps({"current": f"file://{tmp_path / 'real'}"}))
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    refused = run("stack", "init", "dev")
    assert (refused.code, refused.stderr.startswith("error: no backend: set PULUMI_BACKEND_URL")) == (1, True)
    assert not (tmp_path / "real").exists()
    url = f"file://{tmp_path / 'elsewhere'}"
    (project / "Pulumi.yaml").write_text(f"name: demo\nruntime: python\nbackend:\n  url: {url}\n")
    assert run("stack", "init", "dev").code == 0
    assert (tmp_path / "elsewhere/.pulumi/stacks/demo/dev.json").exists()
