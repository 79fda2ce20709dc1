"""Versions, against the ranges that are supported. For Python and its packages these stand in this package's own metadata."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from ..model.errors import ConfigurationError
from ..stacks.cli import LANGUAGE_HOST, MINIMUM, NEXT_MAJOR, STAND_IN, Pulumi
from .model import Check

DISTRIBUTION = "pulumi-connect-domains"
NAMED = {"pulumi": "pulumi-sdk", "boto3": "boto3"}
"""The packages that have a check of their own, and its name. All others share one."""

CLI_RANGE = SpecifierSet(f">={'.'.join(map(str, MINIMUM))},<{NEXT_MAJOR[0]}")
INSTALL_CLI = "install it from https://www.pulumi.com/docs/install/"


def of_packages(distribution: str = DISTRIBUTION) -> Iterator[Check]:
    """Python and the packages that are imported, each against its range."""
    try:
        wanted = metadata.metadata(distribution)["Requires-Python"] or ""
        required = [Requirement(each) for each in metadata.requires(distribution) or ()]
    except metadata.PackageNotFoundError:
        yield Check("packages", "warning", f"{distribution} is not installed as a package", "pip install it")
        return
    yield _compared("python", platform.python_version(), SpecifierSet(wanted), "use a Python in this range")
    used = [each for each in required if not each.marker or each.marker.evaluate({"extra": ""})]
    found = {each.name: _package(NAMED.get(each.name, each.name), each) for each in used}
    yield from (found[name] for name in NAMED if name in found)
    others = [check for name, check in found.items() if name not in NAMED]
    wrong = [check for check in others if check.status != "ok"]
    if wrong:
        said = "; ".join(f"{check.name} {check.found}" for check in wrong)
        yield Check("other-packages", "failed", said, "; ".join(check.advice for check in wrong))
    else:
        yield Check("other-packages", "ok", f"{len(others)} packages, each in its supported range")


def of_cli(seconds: float) -> list[Check]:
    """The Pulumi CLI on PATH. It is not needed for everything, so a missing one is a warning."""
    name = "pulumi-cli"
    try:
        pulumi = Pulumi.find(".", "")
    except ConfigurationError:
        return [
            Check(
                name, "warning", "not found: no `pulumi` is on PATH", f"{INSTALL_CLI}; supported: {_words(CLI_RANGE)}"
            )
        ]
    try:
        answer = pulumi.run("version", seconds=seconds)
    except ConfigurationError as error:
        return [Check.of_error(name, error)]
    version = answer.output.decode("utf-8", "replace").strip()
    if answer.code or not version:
        return [Check(name, "failed", f"{pulumi.program} does not tell its version: {answer.first_error}", INSTALL_CLI)]
    if version.endswith(STAND_IN):
        found = f"{version}, a stand-in: {pulumi.program} is the local engine of this package, not the Pulumi CLI"
        return [Check(name, "warning", found, f"for real stacks, {INSTALL_CLI}")]
    check = _compared(name, version.removeprefix("v"), CLI_RANGE, INSTALL_CLI)
    if check.status == "ok" and not pulumi.has_python:
        found = f"{check.found}; but {LANGUAGE_HOST}, which runs Python programs, is neither beside it nor on PATH"
        return [Check(name, "failed", found, INSTALL_CLI)]
    return [check]


def _package(name: str, wanted: Requirement) -> Check:
    pip = f"pip install '{wanted.name}{wanted.specifier}'"
    try:
        return _compared(name, metadata.version(wanted.name), wanted.specifier, pip)
    except metadata.PackageNotFoundError:
        return Check(name, "failed", "is not installed", pip)


def _compared(name: str, version: str, supported: SpecifierSet, advice: str) -> Check:
    shown = f"{version} (supported: {_words(supported)})"
    try:
        is_in_range = supported.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return Check(
            name, "warning", f"{version!r} is not a version that can be compared; supported: {_words(supported)}"
        )
    return Check(name, "ok", shown) if is_in_range else Check(name, "failed", shown, advice)


def _words(supported: SpecifierSet) -> str:
    """The range in one order: the lowest version first."""
    return ", ".join(sorted(map(str, supported), key=lambda each: (not each.startswith(">"), each))) or "any"
