"""What `connect-domains drift` and `drift merge` have in common: the options about the report, the report in its places, the exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import click

from ..reporting import output
from ..reporting.command_line import FILE
from ..reporting.formats import Out, Screen, write_report
from ..stacks.hosts import TYPE_BEGINS
from ..stacks.project import project_file, python_project
from .formats import FORMATS
from .model import DRIFT, Report
from .wording import summary

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--exit-zero", is_flag=True, help="Exit with 0 where there is drift. Errors still exit with 1."),
    click.option(
        "--since",
        metavar="REPORT",
        type=FILE,
        default="",
        help="Tell new, lasting and mended drift, compared with this earlier JSON report.",
    ),
    FORMATS.options,
    click.option(
        "--check-name",
        metavar="NAME",
        default="drift",
        show_default=True,
        help="This check's label in its metrics, where one machine runs several.",
    ),
    click.option("-v", "--verbose", is_flag=True, help="List the domains that are in sync, too."),
)


def options(command: Decorated) -> Decorated:
    """The command with the options about the report."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class Saying(NamedTuple):
    """How a report is to be said, by the options."""

    given: dict[str, Any]
    outs: list[Out]
    earlier: Report | None

    def say(self, report: Report) -> int:
        """Writes the report to its places. What comes back is the exit code."""
        if self.earlier:
            from .since import compared

            report = compared(report, self.earlier)
        if any(TYPE_BEGINS in domain.urn for domain in report.attention):
            report = replace(report, python_project=python_project(self.given["cwd"]))
        if Out(FORMATS.named("text")) not in self.outs:  # which ends with the same line
            output.tell(summary(report))
        screen = Screen(
            shows_all=self.given["verbose"],
            project_file=project_file(self.given["cwd"]),
            check_name=self.given["check_name"],
        )
        write_report(report, self.outs, screen)
        return 0 if self.given["exit_zero"] and report.exit_code == DRIFT else report.exit_code


def by_options(given: dict[str, Any]) -> Saying:
    """How the report is to be said. Mistakes come up here, before anything is asked for. Raises: UsageError, ConfigurationError."""
    outs = FORMATS.outs(given["format_"], given["outs"])
    earlier = None
    if given["since"]:
        from .report_file import from_file
        from .since import wrong

        earlier = from_file(given["since"], "--since", wrong)
    return Saying(given, outs, earlier)
