"""Versions against the supported ranges: of Python, of packages, and of whatever `pulumi` is on PATH."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from pulumi_connect_domains.doctor import versions
from pulumi_connect_domains.doctor.model import Check
from pulumi_connect_domains.testing.engine import write_launcher

ROOT = Path(__file__).parents[3]


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_everything_is_in_range_here() -> None:
    found = by_name([*versions.of_packages()])
    assert list(found) == ["python", "pulumi-sdk", "boto3", "other-packages"]
    assert {check.status for check in found.values()} == {"ok"}, found
    assert {check.advice for check in found.values()} == {""}


def test_the_ranges_are_those_of_the_package() -> None:
    found = by_name([*versions.of_packages()])
    [wanted] = [each for each in metadata.requires(versions.DISTRIBUTION) or () if Requirement(each).name == "pulumi"]
    lowest = next(str(each) for each in Requirement(wanted).specifier if each.operator == ">=")
    assert f"{metadata.version('pulumi')} (supported: {lowest}, <4)" == found["pulumi-sdk"].found


def test_a_version_out_of_range_and_a_package_that_is_missing_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    real = metadata.version

    def version(name: str) -> str:
        if name == "jinja2":
            raise metadata.PackageNotFoundError(name)
        return {"pulumi": "3.200.0", "boto3": "1.2.3", "click": "odd"}.get(name) or real(name)

    monkeypatch.setattr(metadata, "version", version)
    found = by_name([*versions.of_packages()])
    assert found["pulumi-sdk"].status == "failed"
    assert found["pulumi-sdk"].found.startswith("3.200.0 (supported: >=3.")
    assert found["pulumi-sdk"].advice.startswith("pip install 'pulumi")
    assert found["boto3"].status == "failed"
    others = found["other-packages"]
    assert others.status == "failed"
    assert "jinja2 is not installed" in others.found
    assert "click 'odd' is not a version that can be compared" in others.found


def test_an_old_python_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.python_version", lambda: "3.9.1")
    found = by_name([*versions.of_packages()])["python"]
    assert (found.status, found.found.partition(" ")[0]) == ("failed", "3.9.1")


def test_a_package_that_is_not_installed_as_one_is_a_warning() -> None:
    [found] = versions.of_packages("no-such-distribution")
    assert found.status == "warning"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH."""
    folder = tmp_path / "on path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        pytest.param("echo v3.254.0", "ok", "3.254.0 (supported: >=3.254.0, <4)", id="the lowest"),
        pytest.param("echo v3.260.0-dev.1+g12", "ok", "3.260.0-dev.1+g12 (supported", id="a build of its developers"),
        pytest.param("echo v3.253.9", "failed", "3.253.9 (supported: >=3.254.0, <4)", id="too old"),
        pytest.param("echo v4.0.0", "failed", "4.0.0 (supported: >=3.254.0, <4)", id="too new"),
        pytest.param("echo nonsense", "warning", "'nonsense' is not a version that can be compared", id="no version"),
        pytest.param("exit 0", "failed", "does not tell its version", id="nothing"),
        pytest.param("echo error: broken >&2; exit 3", "failed", "does not tell its version: broken", id="an error"),
        pytest.param("echo v3.260.0+local", "warning", "a stand-in", id="what says that it is the stand-in"),
    ],
)
def test_the_cli(path: Path, script: str, status: str, said: str) -> None:
    program(path, "pulumi", script)
    program(path, versions.LANGUAGE_HOST, "")
    [found] = versions.of_cli(10)
    assert (found.name, found.status) == ("pulumi-cli", status), found
    assert said in found.found
    assert bool(found.advice) is (status == "failed" or "stand-in" in said)


def test_no_cli_is_a_warning(path: Path) -> None:
    [found] = versions.of_cli(10)
    assert (found.status, found.found) == ("warning", "not found: no `pulumi` is on PATH")
    assert "supported: >=3.254.0, <4" in found.advice


def test_a_cli_that_cannot_run_python_fails(path: Path) -> None:
    program(path, "pulumi", "echo v3.260.0")
    [found] = versions.of_cli(10)
    assert found.status == "failed"
    assert f"{versions.LANGUAGE_HOST}, which runs Python programs" in found.found


def test_a_cli_that_does_not_answer_is_ended(path: Path) -> None:
    program(path, "pulumi", "exec /bin/sleep 60")
    [found] = versions.of_cli(0.3)
    assert (found.status, found.found) == ("failed", "the Pulumi CLI did not answer within 0.3 s")


def test_a_cli_that_cannot_be_run_fails(path: Path) -> None:
    program(path, "pulumi", "")
    (path / "pulumi").write_bytes(b"\x7fELF but broken")
    [found] = versions.of_cli(10)
    assert found.status == "failed"
    assert "cannot be run" in found.found


def test_the_local_engine_is_a_stand_in(path: Path) -> None:
    write_launcher(path)
    [found] = versions.of_cli(60)
    assert found.status == "warning"
    assert "the local engine of this package, not the Pulumi CLI" in found.found


def test_the_tests_of_programs_take_the_same_range_for_the_cli() -> None:
    from pulumi_connect_domains.testing import engine

    assert engine.MINIMUM == versions.MINIMUM
    assert f'\nname = "{versions.DISTRIBUTION}"\n' in (ROOT / "pyproject.toml").read_text()
