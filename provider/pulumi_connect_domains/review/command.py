"""`connect-domains review`: previews in, the pull-request comment out, exit code back."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ..model.errors import Unreadable
from ..reporting import output, progress
from ..reporting.command_line import FILE, Choice, Command, Example
from ..reporting.formats import Screen, write_report
from ..stacks import files
from ..stacks.project import project_file
from .formats import FORMATS
from .model import Review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model.resource_type import ResourceType
    from .sight import Look

DATA_LOSS = 2
INCOMPLETE = 1
MARKER_CHARACTERS = 200
STEP_SUMMARY_BYTES = 1_000_000
"""Of the step summary; GitHub takes 1 MiB a step. Source: GitHub's documentation of job summaries."""


@click.command(
    cls=Command,
    name="review",
    exit_codes={
        0: "Every preview was read. Data may be lost all the same, unless --fail-on data-loss is given.",
        1: "A preview failed or could not be read, or the review could not be written. It also wins over 2.",
        2: "With --fail-on data-loss: data will be lost, or may be.",
    },
    examples=[
        Example("One stack", "pulumi preview --json | connect-domains review"),
        Example(
            "Several stacks, into a file for the comment",
            "connect-domains review dev.json prod.json --out markdown=comment.md",
        ),
        Example(
            "Fail when customer data would be lost, by what AWS holds now",
            "connect-domains review prod.json --live --fail-on data-loss",
        ),
        Example("On a terminal", "connect-domains review prod.json --format text"),
    ],
)
@click.argument("files", metavar="[FILE]...", type=FILE, nargs=-1)
@click.option("--live", is_flag=True, help="Ask AWS, not the state, how much the domains hold that would be deleted.")
@click.option(
    "--assume-role",
    metavar="ARN",
    default="",
    help="With --live: read with this role. {account} in it stands for the account of each domain.",
)
@click.option("--always", is_flag=True, help="Write the comment even when nothing changes.")
@click.option(
    "--fail-on",
    type=Choice(["data-loss"]),
    help="Exit with 2 when data will be lost, or may be. That a domain is empty counts only with --live or after a refresh.",
)
@FORMATS.options
@click.option(
    "--step-summary",
    metavar="FILE",
    type=FILE,
    envvar="GITHUB_STEP_SUMMARY",
    show_envvar=True,
    help="Add the whole review to the end of this file when the comment is too long and was cut.",
)
@click.option(
    "--marker",
    default="connect-domains review",
    show_default=True,
    help="The first line of the comment, which nobody sees. Tools find the comment by it.",
)
def review(**given: Any) -> int:
    """Turn what `pulumi preview --json` prints into a pull-request comment.

    Each FILE is the preview of one stack, or what `pulumi destroy --preview-only --json` prints. Without one, or for -, standard input is
    read. Nothing is written when nothing changes.
    """
    names = given["files"] or (files.STANDARD_INPUT,)
    if files.STANDARD_INPUT in names and sys.stdin.isatty():
        raise click.UsageError(
            "what is to be reviewed? a FILE with the output of `pulumi preview --json`, or that output piped in"
        )
    outs = FORMATS.outs(given["format_"], given["outs"])
    marker = given["marker"].strip()
    if not marker.isprintable() or not 0 < len(marker) <= MARKER_CHARACTERS or "--" in marker or ">" in marker:
        raise click.UsageError(
            f"--marker: a line of at most {MARKER_CHARACTERS} characters without -- and > was expected, since it goes into an HTML comment"
        )
    if given["assume_role"] and not given["live"]:
        raise click.UsageError("--assume-role: AWS is asked with --live only")
    bugs: list[str] = []
    with progress.shown() as show:
        found = _read(names, _look(given["assume_role"], show, bugs) if given["live"] else None)
    for trace in bugs:
        output.tell(trace)
    for each in found.unread:
        output.tell(f"error: {each.source}: {each.reason}")
    for stack in found.stacks:
        if stack.errors:
            output.tell(f"error: {stack.source}: the preview itself failed; the review says why")
    says_something = given["always"] or found.is_worth_a_comment
    summary = given["step_summary"]
    elsewhere = "The whole review is in the job's summary." if summary else ""
    screen = Screen(marker=marker, elsewhere=elsewhere, project_file=project_file(os.curdir))
    problem = ""
    if summary and says_something and any(out.format.name == "markdown" for out in outs):
        problem = _add_whole(found, screen, summary)
    if problem:  # no comment may point to a summary that lacks the review
        outs = [out for out in outs if out.format.name != "markdown"]
    write_report(found, outs, screen, says_something=says_something)
    if problem:
        raise click.ClickException(problem)
    if found.is_incomplete:
        return INCOMPLETE
    return DATA_LOSS if found.loses_data and given["fail_on"] == "data-loss" else 0


def _look(role: str, show: progress.Show, bugs: list[str]) -> Look:
    """Asks AWS, and shows how many domains it has asked for; `bugs` gets the traceback of each mistake of this program."""
    from itertools import count

    from ..operations.command_calls import CommandCalls
    from .sight import Live, Sight

    live, number = Live(CommandCalls(role), on_bug=bugs.append), count()

    def look(type: ResourceType, id: str, known: Mapping[str, object]) -> Sight:
        show("asking AWS about domains", next(number), 0)
        return live(type, id, known)

    return look


def _read(names: tuple[str, ...], look: Look | None) -> Review:
    from ..registry import by_token
    from ..stacks.hosts import TYPE_BEGINS
    from ..stacks.preview import parse
    from ..stacks.project import python_project
    from .assessment import assessed
    from .model import StackReview, Unread

    stacks: list[StackReview] = []
    unread: list[Unread] = []
    for file in names:
        name = "standard input" if file == files.STANDARD_INPUT else files.called(file)
        try:
            content = files.content(file)
            preview = parse(content, name)
        except Unreadable as error:
            unread.append(Unread(name, str(error)))
        else:
            around = python_project(os.curdir) if TYPE_BEGINS.encode() in content else ""
            stacks.append(assessed(preview, by_token(), look, around))
    return Review(tuple(stacks), tuple(unread))


def _add_whole(found: Review, screen: Screen, step_summary: str) -> str:
    """Adds the whole review to the end of the step summary, if the comment had to be cut. Returns why it could not, or ""."""
    from .formats.markdown_format import comment

    _, is_cut = comment(found, screen)
    if not is_cut:
        return ""
    whole, _ = comment(found, Screen(most_characters=STEP_SUMMARY_BYTES, marker=screen.marker))
    if len(whole.encode()) > STEP_SUMMARY_BYTES:  # a character is three bytes at most
        whole, _ = comment(found, Screen(most_characters=STEP_SUMMARY_BYTES // 3, marker=screen.marker))
    try:
        with open(step_summary, "a", encoding="utf-8") as summary:
            summary.write(whole)
    except OSError as error:
        return f"--step-summary {step_summary}: cannot be written: {error.strerror or error}"
    return ""
