"""mypy and pyright (as basedpyright) find nothing in the examples, with the settings that they have when nobody sets any."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import EXAMPLES

FOLDERS = sorted({file.parent for file in EXAMPLES.glob("*/*.py")})
STUBS = Path(__file__).parent / "stubs"
"""Types for what an example needs and this environment cannot have."""


def programs() -> Iterator[Path]:
    """Every file of the examples that somebody runs; they import the others."""
    for folder in FOLDERS:
        yield from (each for each in (*folder.glob("*.py"), *folder.glob("tests/*.py")))


def test_mypy_finds_nothing(tmp_path: Path) -> None:
    """All in one call. pulumi-aws counts as Any here: mypy would read all of its 1,500 modules; pyright reads those that are used."""
    pytest.importorskip("mypy")
    settings = "[mypy]\npython_version = 3.10\nnamespace_packages = true\nexplicit_package_bases = true\n"
    for package in ("pulumi_aws", "boto3"):
        settings += f"[mypy-{package}.*]\nfollow_imports = skip\nignore_missing_imports = true\n"
    (tmp_path / "mypy.ini").write_text(settings)
    entries = []
    for folder in FOLDERS:  # mypy takes a folder for a package, and wants a name that can be one
        package = tmp_path / f"example_{folder.name.replace('-', '_')}"
        package.symlink_to(folder)
        entries += [str(package / "__main__.py"), *(str(each) for each in sorted(package.glob("tests/*.py")))]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", str(tmp_path / "cache"), *entries],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": os.pathsep.join(str(folder) for folder in (STUBS, *FOLDERS))},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"no issues found in {len(entries)} source files" in done.stdout


def test_pyright_finds_nothing(tmp_path: Path) -> None:
    pytest.importorskip("basedpyright")
    environments = [{"root": str(folder), "extraPaths": [str(folder)]} for folder in FOLDERS]
    settings = {
        "include": [str(folder) for folder in FOLDERS],
        "executionEnvironments": environments,
        "stubPath": str(STUBS),
        "typeCheckingMode": "standard",
        "pythonVersion": "3.10",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [str(Path(sysconfig.get_path("scripts")) / "basedpyright"), "--outputjson"]
    done = subprocess.run(
        [*command, "--project", str(tmp_path), "--pythonpath", sys.executable], capture_output=True, text=True
    )
    document = json.loads(done.stdout)
    assert document["summary"]["filesAnalyzed"] == len(list(programs())), done.stdout
    errors = [each for each in document["generalDiagnostics"] if each["severity"] == "error"]
    assert [
        (Path(each["file"]).parent.name, each["range"]["start"]["line"] + 1, each["message"]) for each in errors
    ] == []
