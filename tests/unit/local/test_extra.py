"""Without the extra [local]: every local command, and the test kit, say in one line what to install."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

SENTENCE = "this needs the extra [local]: pip install 'pulumi-connect-domains[local]'"
OF_A_FIXTURE = "this needs the extra [testing]: pip install 'pulumi-connect-domains[testing]'"
WITHOUT_PYTEST = "ModuleNotFoundError: the test kit needs pytest: pip install 'pulumi-connect-domains[testing]'"
OF_THE_EXTRA = ("moto", "cryptography", "flask", "flask_cors", "werkzeug")
PYTEST = ("pytest", "_pytest", "xdist")


def environment_without(folder: Path, packages: tuple[str, ...]) -> Path:
    """The Python of a virtual environment that has everything that this one has, but for these packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists())
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    there = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        name = entry.name.split("-")[0].split(".")[0].lower()
        if name not in packages and not (there / entry.name).exists():
            (there / entry.name).symlink_to(entry)
    return python


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the base install."""
    return environment_without(tmp_path_factory.mktemp("bare") / "venv", (*OF_THE_EXTRA, *PYTEST))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path / 'state'}")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "pw")
    return tmp_path


COMMANDS = [
    "local", "local start", "local status", "local stop", "local pulumi version", "local -- pulumi version",
    "local pulumi stack init dev", "local pulumi config set --secret a b", "local pulumi up --yes", "local pulumi --help",
]  # fmt: skip


@pytest.mark.parametrize("line", COMMANDS)
def test_a_local_command_says_in_one_line_what_to_install(bare: Path, project: Path, line: str) -> None:
    command = [bare, "-m", "pulumi_connect_domains", *line.split()]
    finished = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert (finished.returncode, finished.stdout, finished.stderr) == (1, "", f"Error: {SENTENCE}\n")


@pytest.mark.parametrize("line", ["--help", "local --help", "drift --help", "iam-policy"])
def test_the_other_commands_need_nothing_more(bare: Path, project: Path, line: str) -> None:
    finished = subprocess.run([bare, "-m", "pulumi_connect_domains", *line.split()], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr


def test_the_local_aws_of_a_test_says_so_too(bare: Path) -> None:
    program = "from pulumi_connect_domains.local.aws import LocalAws; LocalAws.start()"
    finished = subprocess.run([bare, "-c", program], capture_output=True, text=True)
    assert finished.stderr.splitlines()[-1] == f"pulumi_connect_domains.local.aws.client.LocalAwsError: {SENTENCE}"


def test_the_test_kit_without_pytest_says_so(bare: Path) -> None:
    finished = subprocess.run([bare, "-c", "import pulumi_connect_domains.testing"], capture_output=True, text=True)
    assert finished.stderr.splitlines()[-1] == WITHOUT_PYTEST


def test_the_fixtures_without_the_extra_say_so(tmp_path: Path) -> None:
    python = environment_without(tmp_path / "venv", OF_THE_EXTRA)
    (tmp_path / "test_it.py").write_text(
        "def test_aws(local_aws): ...\ndef test_stack(pulumi_stack): ...\ndef test_neither(): ...\n"
    )
    command = [python, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    assert "1 passed, 2 errors" in said, said
    assert said.count(f"\n{OF_A_FIXTURE}\n") == 2
    assert "Traceback" not in said


@pytest.mark.parametrize("separator", [[], ["--"]])
def test_with_the_extra_every_spelling_reaches_the_engine(project: Path, separator: list[str]) -> None:
    command = [sys.executable, "-m", "pulumi_connect_domains", "local", *separator, "pulumi", "version"]
    finished = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "v3.260.0+local\n", "")
