"""`connect-domains review`: previews in, the pull-request comment out, exit code back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ..reporting import out, streams
from ..reporting.out import Out
from ..stacks import files
from ..stacks.files import Unreadable
from .model import Review

if TYPE_CHECKING:
    from .sight import Look

DATA_LOSS = 2
INCOMPLETE = 1
FORMATS = ("markdown", "json", "text")
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
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="markdown",
    show_default=True,
    help="What goes to standard output.",
)
@click.option(
    "--out",
    "outs",
    metavar="FORMAT=FILE",
    multiple=True,
    help="Write to a file instead (- is standard output); may be repeated.",
)
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
    outs = [out.parse(text, FORMATS) for text in given["outs"]] or [Out(given["format_"], out.STANDARD_OUTPUT)]
    marker = given["marker"].strip()
    if not marker.isprintable() or not 0 < len(marker) <= MARKER_CHARACTERS or "--" in marker or ">" in marker:
        raise click.UsageError(
            f"--marker: a line of at most {MARKER_CHARACTERS} characters without -- and > was expected, since it goes into an HTML comment"
        )
    if given["assume_role"] and not given["live"]:
        raise click.UsageError("--assume-role: AWS is asked with --live only")
    found = _read(names, _look(given["assume_role"]) if given["live"] else None)
    for each in found.unread:
        streams.tell(f"error: {each.source}: {each.reason}")

    def write(to: Out) -> None:
        # Scripts that read JSON get a document in any case; people get a comment only where there is something to say.
        is_wanted = given["always"] or found.is_worth_a_comment or to.format == "json"
        text = _text(found, to.format, marker, given["step_summary"]) if is_wanted else ""
        if to.is_file:
            out.to_file(to.file, text)
        else:
            streams.write(text, "json" if to.format == "json" else "text")

    out.write_all(outs, write)
    if found.is_incomplete:
        return INCOMPLETE
    return DATA_LOSS if found.loses_data and given["fail_on"] == "data-loss" else 0


def _look(role: str) -> Look:
    from ..operations.calls import Calls
    from .sight import Live

    return Live(Calls(role), on_bug=streams.tell)


def _read(names: tuple[str, ...], look: Look | None) -> Review:
    from ..registry import by_token
    from .assessment import assessed
    from .model import StackReview, Unread
    from .reading import parse

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


def _text(found: Review, name: str, marker: str, step_summary: str | None) -> str:
    from . import document, text

    if name == "markdown":
        return _comment(found, marker, step_summary)
    as_text: dict[str, Callable[[Review], str]] = {"json": document.written, "text": text.written}
    return as_text[name](found)


def _comment(found: Review, marker: str, step_summary: str | None) -> str:
    """The comment; where it had to be cut, the step summary has the whole afterwards."""
    from . import markdown

    where = "The whole review is in the job's summary." if step_summary else ""
    comment, is_cut = markdown.written(found, marker, elsewhere=where)
    if is_cut and step_summary:
        whole, _ = markdown.written(found, marker, STEP_SUMMARY_BYTES)
        if len(whole.encode()) > STEP_SUMMARY_BYTES:  # a character is three bytes at most
            whole, _ = markdown.written(found, marker, STEP_SUMMARY_BYTES // 3)
        try:
            with open(step_summary, "a", encoding="utf-8") as summary:
                summary.write(whole)
        except OSError as error:
            raise click.ClickException(
                f"--step-summary {step_summary}: cannot be written: {error.strerror or error}"
            ) from None
    return comment
