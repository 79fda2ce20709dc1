"""docs/reference/support.md: the ranges that are supported, from pyproject.toml and from the check of the Pulumi CLI."""

from __future__ import annotations

from lowest import table as project_table
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from pulumi_connect_domains.doctor.versions import CLI_RANGE
from pulumi_connect_domains.reporting.markdown import table
from wrap import wrapped

from .reference import filled

NOTICE = "<!-- Written by `make generate` from pyproject.toml and tools/generate/support.py: change those, not this page. -->"
FILE = "docs/reference/support.md"
SHOWN = {"pulumi": "Pulumi's Python SDK (`pulumi`)", "boto3": "`boto3`", "botocore": "`botocore`"}


def files() -> dict[str, str]:
    """The page with its text."""
    project = project_table("project")
    found = {each.name: each.specifier for each in map(Requirement, project["dependencies"])}
    tested = [
        each.rpartition(" ")[2]
        for each in project["classifiers"]
        if each.startswith("Programming Language :: Python :: 3.")
    ]
    rows = [
        ["Python", words(SpecifierSet(project["requires-python"])), f"CI runs the tests on {', '.join(tested)}"],
        ["the Pulumi CLI", words(CLI_RANGE), "CI runs the tests of whole programs on it, and on the local engine"],
        *(
            [shown, words(found[name]), "CI runs the tests on the lowest and on the newest version"]
            for name, shown in SHOWN.items()
        ),
    ]
    parts = [
        NOTICE,
        "# Supported versions",
        table(["part", "supported", "how that is known"], rows),
        filled(
            "`connect-domains doctor` compares what you have with these ranges. All other dependencies are in pyproject.toml; `make "
            "test-lowest` runs the tests with the lowest version of each, all of them together."
        ),
        "## When a version is no longer supported",
        "- **Python**: a version goes in the first minor release after its end of life.\n"
        "- **Pulumi and boto3**: a version goes when it is older than a year and something needs a newer one. A change of the lowest\n"
        "  version is a minor release, and stands in the changelog.\n"
        "- **A new major version of Pulumi** is supported only after the tests have passed on it. Until then pip and `doctor` refuse it.",
        "## What of this package may change",
        "- **Never**: the type tokens, and the path of the pickled provider class. Both stand in your state.\n"
        "- **In a major release only**: names and meanings of arguments, outputs, commands, options, exit codes, rules of warnings, and\n"
        "  fields of JSON reports.\n"
        "- **In a minor release**: new arguments, outputs, options, warnings and fields. Whatever goes in the next major release causes a\n"
        "  warning for at least one minor release and three months before.\n"
        "- **At any time**: the words of messages, and everything that is not named on the pages of the reference.",
        filled("How to move from one version to the next is told in [Upgrade](../upgrade.md)."),
    ]
    return {FILE: wrapped("\n\n".join(parts) + "\n")}


def words(specifiers: SpecifierSet) -> str:
    """`3.10 or newer`, `3.268.0 or newer, below 4`."""
    names = {">=": "{} or newer", "<": "below {}"}
    ordered = sorted(specifiers, key=lambda each: each.operator != ">=")
    return ", ".join(names[each.operator].format(each.version) for each in ordered)
