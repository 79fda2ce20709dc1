"""The wheel as a user gets it: built from this folder, and installed into an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from pulumi_connect_domains.testing import PulumiEngine, find_cli

ROOT = Path(__file__).parents[2]
NOT_DEPENDENCIES = ("pulumi_connect_domains", "_editable_impl_pulumi_connect_domains", "pulumi_aws")


@pytest.fixture
def cli() -> PulumiEngine:
    """The Pulumi CLI; without one the test is skipped."""
    found = find_cli()
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new virtual environment that holds the wheel, what it depends on, and no package with a plugin."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip())
    for each in Path(sysconfig.get_path("purelib")).iterdir():
        if not each.name.startswith(NOT_DEPENDENCIES):
            (packages / each.name).symlink_to(each)
    pip("--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    return python


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
