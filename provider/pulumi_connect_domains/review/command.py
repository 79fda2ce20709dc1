"""`connect-domains review`: previews in, the pull-request comment out, exit code back."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ..model.errors import Unreadable
from ..reporting import output
from ..reporting.formats import Screen, write_report
from ..stacks import files
from ..stacks.project import project_file
from .formats import FORMATS
from .model import Review

if TYPE_CHECKING:
    from .sight import Look

DATA_LOSS = 2
INCOMPLETE = 1
MARKER_CHARACTERS = 200
STEP_SUMMARY_BYTES = 1_000_000
"""Of the step summary; GitHub takes 1 MiB a step. Source: GitHub's documentation of job summaries."""


@click.command(name="review")
@click.argument("files", metavar="[FILE ...]", nargs=-1)
@click.option("--live", is_flag=True, help="Ask AWS what the domains hold that would be deleted, instead of the state.")
@click.option(
    "--assume-role",
    metavar="ARN",
    default="",
    help="With --live, as this role: 'arn:aws:iam::{account}:role/NAME' for several accounts.",
)
@click.option("--always", is_flag=True, help="Write the comment even when nothing changes.")
@click.option(
    "--fail-on",
    type=click.Choice(["data-loss"]),
    help="Exit with 2 when data is lost, or may be: only AWS's word of now clears it.",
)
@FORMATS.options
@click.option(
    "--step-summary",
    metavar="FILE",
    envvar="GITHUB_STEP_SUMMARY",
    show_envvar=True,
    help="Where the whole review goes when the comment had to be cut; it is added at the end.",
)
@click.option(
    "--marker",
    default="connect-domains review",
    show_default=True,
    help="The comment's first, unseen line, to find it by.",
)
def review(**given: Any) -> int:
    """Turn what `pulumi preview --json` prints into a pull-request comment.

    FILE ... are previews (or `pulumi destroy --preview-only --json`), a stack each; - or nothing is standard input. Nothing is written when
    nothing changes.

    \b
    Exit codes: 0; 2 when data is lost, or may be, and --fail-on data-loss was given;
    1 a preview failed or could not be read (1 beats 2).
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
    found = _read(names, _look(given["assume_role"]) if given["live"] else None)
    for each in found.unread:
        output.tell(f"error: {each.source}: {each.reason}")
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


def _look(role: str) -> Look:
    from ..operations.command_calls import CommandCalls
    from .sight import Live

    return Live(CommandCalls(role), on_bug=output.tell)


def _read(names: tuple[str, ...], look: Look | None) -> Review:
    from ..registry import by_token
    from ..stacks.preview import parse
    from .assessment import assessed
    from .model import StackReview, Unread

    stacks: list[StackReview] = []
    unread: list[Unread] = []
    for file in names:
        name = "standard input" if file == files.STANDARD_INPUT else files.called(file)
        try:
            preview = parse(files.content(file), name)
        except Unreadable as error:
            unread.append(Unread(name, str(error)))
        else:
            stacks.append(assessed(preview, by_token(), look))
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
