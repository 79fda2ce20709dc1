"""`connect-domains doctor`: arguments in, report out, exit code back."""

from __future__ import annotations

import click

from ..reporting import output, progress
from ..reporting.command_line import Command, Example, cwd
from ..reporting.formats import write_report
from .formats import FORMATS


@click.command(
    cls=Command,
    exit_codes={
        0: "Everything works that was looked at. There may be warnings.",
        1: "Something does not work.",
    },
    examples=[
        Example("This machine, with this shell's credentials", "connect-domains doctor"),
        Example("With the config of a stack", "connect-domains doctor --stack dev"),
        Example("Without asking AWS", "connect-domains doctor --offline"),
        Example("For a bug report, or a program", "connect-domains doctor --format json"),
    ],
)
@click.option("--stack", metavar="NAME", default="", help="Use this stack's config; the Pulumi CLI is asked for it.")
@cwd
@click.option("--region", metavar="REGION", default="", help="Look at this Region.")
@click.option("--profile", metavar="NAME", default="", help="Use this AWS profile.")
@click.option("--assume-role", metavar="ARN", default="", help="Assume this role.")
@click.option("--offline", is_flag=True, help="Ask AWS nothing.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(1, 300),
    default=15,
    show_default=True,
    help="The time limit of each check.",
)
@FORMATS.options
def doctor(
    stack: str,
    cwd: str,
    region: str,
    profile: str,
    assume_role: str,
    offline: bool,
    timeout: float,
    format_: str,
    outs: tuple[str, ...],
) -> int:
    """Check what deployments need: versions, Region, credentials, AWS, and Pulumi's provider host.

    Nothing is changed. AWS is asked whose the credentials are, and for one entry of each service's list. No credential is shown.
    """
    from .examination import Examination
    from .here import Wanted

    places = FORMATS.outs(format_, outs)
    wanted = Wanted(stack, cwd, region.strip(), profile, assume_role)
    bugs: list[str] = []
    with progress.shown() as show:
        report = Examination(wanted, offline, timeout).run(
            on_check=lambda done, of: show("checking", done, of), on_bug=bugs.append
        )
    for trace in bugs:
        output.tell(trace)
    write_report(report, places)
    return report.exit_code
