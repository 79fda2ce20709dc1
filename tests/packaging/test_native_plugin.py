"""The installed wheel as a plugin: its executable, the launcher of `plugin install`, and that the Pulumi CLI finds both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.stacks.plugins import EXECUTABLE
from pulumi_connect_domains.testing import PulumiEngine

TOKEN = "connect-domains:customerprofiles:Domain"
PROJECT = {
    "name": "shop",
    "runtime": "yaml",
    "resources": {"crm": {"type": TOKEN, "properties": {"defaultExpirationDays": 30}}},
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Pulumi's home, with a blank in its name."""
    return tmp_path / "pulumi home"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program in YAML, beside a module that has the name of one of Python's own."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(PROJECT))
    (folder / "types.py").write_text("raise SystemExit('types of the project')\n")
    return folder


def run(program: Path, *arguments: str, home: Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The finished command. The environment's Python path is not handed on: what is found is what the wheel has installed."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PULUMI_BACKEND_URL")}
    environment = {**kept, "PULUMI_HOME": str(home), "PULUMI_SKIP_UPDATE_CHECK": "true", **variables}
    return subprocess.run(
        [str(program), *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def launcher(home: Path) -> Path:
    [found] = (home / "plugins").glob(f"*/{EXECUTABLE}")
    return found


def test_the_launcher_starts_the_installed_provider_from_any_folder(installed: Path, home: Path, project: Path) -> None:
    command = installed.with_name("connect-domains")
    done = run(command, "plugin", "install", home=home, folder=home.parent)
    assert done.returncode == 0, done.stderr
    process = subprocess.Popen([launcher(home)], cwd=project, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    with process:
        assert process.stdout.readline().strip().isdigit()
        process.terminate()
    assert process.returncode == 0


def test_the_doctor_finds_the_launcher_to_be_this_version(installed: Path, home: Path, tmp_path: Path) -> None:
    command = installed.with_name("connect-domains")
    run(command, "plugin", "install", home=home, folder=tmp_path)
    path = f"{tmp_path}:/usr/bin:/bin"  # which has no plugin
    report = run(command, "doctor", "--offline", "--format", "json", home=home, folder=tmp_path, PATH=path)
    [check] = [each for each in json.loads(report.stdout)["checks"] if each["name"] == "native-plugin"]
    assert check["status"] == "ok", check
    assert check["found"].startswith("Pulumi's home holds ")


@pytest.mark.parametrize("how", ["plugin install", "plugin install --print"])
def test_the_cli_finds_the_plugin(
    how: str, cli: PulumiEngine, installed: Path, home: Path, project: Path, local_aws: LocalAws, tmp_path: Path
) -> None:
    """Without a network, and without a warning."""
    if not shutil.which("pulumi-language-yaml", path=str(cli.path.parent)):
        pytest.skip("the Pulumi CLI has no language host for YAML")
    done = run(installed.with_name("connect-domains"), *how.split(), home=home, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    if how.endswith("--print"):
        (project / "Pulumi.yaml").write_text(yaml.safe_dump({**PROJECT, **yaml.safe_load(done.stdout)}))
        assert not home.exists()
    (tmp_path / "state").mkdir()
    variables = {
        **local_aws.environment(),
        "PATH": f"{cli.path.parent}:/usr/bin:/bin",
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    run(cli.path, "stack", "init", "dev", home=home, folder=project, **variables)
    up = run(cli.path, "up", "--yes", "--non-interactive", home=home, folder=project, **variables)
    assert up.returncode == 0, up.stdout + up.stderr
    assert "warning" not in up.stdout
    assert len(local_aws.domains("customer-profiles")) == 1
