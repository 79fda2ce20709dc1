"""The package is no plugin, and says so: otherwise Pulumi looks for a plugin `connect-domains` on the network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import PulumiEngine

from .conftest import ROOT
from .language_host import plugins_wanted

PACKAGE = "pulumi_connect_domains"


def test_the_wheel_holds_the_file_that_says_so(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert json.loads(archive.read(f"{PACKAGE}/pulumi-plugin.json")) == {"resource": False}


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    folder = ROOT / "provider" / PACKAGE
    files = {path.relative_to(folder.parent).as_posix() for path in folder.rglob("*") if path.is_file()}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith(f"{PACKAGE}/")}
    assert packed == {name for name in files if "__pycache__" not in name}


def test_the_installed_wheel_is_not_taken_for_a_plugin(installed: Path) -> None:
    assert "connect-domains" not in plugins_wanted(installed)


def test_the_environment_of_make_demo_is_not_taken_for_a_plugin() -> None:
    assert "connect-domains" not in plugins_wanted(sys.executable)


def test_a_pulumi_package_without_the_file_is_taken_for_a_plugin(tmp_path: Path) -> None:
    """The rule that makes the file necessary; were it gone, the tests above would prove nothing."""
    add_package(tmp_path, "pulumi-other")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    assert "other" in plugins_wanted(sys.executable, environment)


# -- the Pulumi CLI itself -------------------------------------------------------------------------------------------


@pytest.fixture
def downloads() -> Iterator[list[str]]:
    """The plugins that Pulumi asked a server for, by name. The server, which has none of them, is on this machine."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.extend(re.findall(r"pulumi-resource-(.+?)-v\d", self.path))
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asked.append(f"http://127.0.0.1:{server.server_port}")
        yield asked
        server.shutdown()


@pytest.fixture
def environment(cli: PulumiEngine, downloads: list[str], local_aws: LocalAws, tmp_path: Path) -> dict[str, str]:
    """What the quickstart runs in: a local AWS, a home and a state of its own, and every download sent to our server."""
    (tmp_path / "state").mkdir()
    return {
        **os.environ,
        **local_aws.environment(),
        "PATH": f"{cli.path.parent}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES": f".*={downloads.pop()}",
    }


@pytest.fixture
def quickstart(cli: PulumiEngine, environment: dict[str, str], tmp_path: Path) -> Path:
    """The project at the root of this repository, with a stack."""
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "quickstart", project / "examples" / "quickstart")
    shutil.copy(ROOT / "Pulumi.yaml", project)
    pulumi(cli, project, environment, "stack", "init", "dev")
    return project


COMMANDS = {
    "a preview": ("preview",),
    "an installation of plugins": ("plugin", "install"),
    "an installation": ("install",),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("how", ["the wheel", "the environment of make demo"])
def test_the_cli_asks_no_server_for_a_plugin_of_ours(
    how: str,
    command: tuple[str, ...],
    cli: PulumiEngine,
    quickstart: Path,
    environment: dict[str, str],
    downloads: list[str],
    request: pytest.FixtureRequest,
) -> None:
    python = request.getfixturevalue("installed") if how == "the wheel" else Path(sys.executable)
    done = pulumi(cli, quickstart, {**environment, "PULUMI_PYTHON_CMD": str(python)}, *command, fails=None)
    assert set(downloads) <= plugins_wanted(python) - {
        "connect-domains"
    }  # pulumi-aws has a plugin, where it is installed too
    assert bool(done.returncode) is bool(downloads and "install" in command), done.stdout + done.stderr
    if command == ("preview",):
        assert "pulumi-python:dynamic/customerprofiles:Domain" in done.stdout


def test_the_cli_asks_for_the_plugin_of_a_package_without_the_file(
    cli: PulumiEngine,
    quickstart: Path,
    environment: dict[str, str],
    downloads: list[str],
    installed: Path,
    tmp_path: Path,
) -> None:
    """The rule as the CLI has it: when this fails, the file is needed no more."""
    add_package(tmp_path / "packages", "pulumi-other")
    elsewhere = {"PULUMI_PYTHON_CMD": str(installed), "PYTHONPATH": str(tmp_path / "packages")}
    pulumi(cli, quickstart, {**environment, **elsewhere}, "preview", fails=None)
    assert "other" in downloads


def add_package(folder: Path, name: str) -> None:
    """An installed distribution of that name is in the folder."""
    module = folder / name.replace("-", "_")
    module.mkdir(parents=True)
    (module / "__init__.py").touch()
    described = folder / f"{module.name}-1.0.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n", encoding="utf-8")


def pulumi(
    cli: PulumiEngine, project: Path, environment: dict[str, str], *arguments: str, fails: bool | None = False
) -> subprocess.CompletedProcess[str]:
    """The finished command. `fails` says whether it has to fail; None: it may."""
    command = [str(cli.path), *arguments, "--non-interactive"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=300)
    assert fails is None or bool(done.returncode) is fails, done.stdout + done.stderr
    return done
